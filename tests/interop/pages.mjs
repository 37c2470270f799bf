// Opens the pages that `--format html` makes in a browser, on a wide and a narrow screen, by day and by night.
//
//     npm install axe-core puppeteer-core && node pages.mjs INDOTRADE [FOLDER]
//
// Needs Chromium as `chromium` (or $CHROMIUM), and the two packages where node finds them (NODE_PATH). Nothing may be
// fetched or run, nothing may be wider than the screen, and axe may find nothing that keeps somebody from reading.
// With FOLDER each page is left there as a picture, to be looked at.

import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const find = createRequire(join(process.cwd(), "here.js"));
const axe = find("axe-core");
const puppeteer = find("puppeteer-core");

const [program, pictures] = process.argv.slice(2);
const PAGES = {
    claims: ["list"],
    claim: ["show", "agro-imports-from-japan"],
    indonesian: ["search", "kopi", "--lang", "id"],
    sources: ["source"],
    sectors: ["sector"],
    measure: ["measure", "agro-export-value-to-japan"],
    program: ["program", "sme-center"],
    info: ["info"],
};
const SCREENS = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } };

const folder = mkdtempSync(join(tmpdir(), "pages-"));
const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    userDataDir: join(folder, "profile"),
    args: [
        "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ],
});
const faults = [];
let looked = 0;
try {
    for (const [name, asked] of Object.entries(PAGES)) {
        const file = join(folder, `${name}.html`);
        writeFileSync(file, execFileSync(program, [...asked, "--format", "html"], { maxBuffer: 1 << 28 }));
        for (const [screen, viewport] of Object.entries(SCREENS)) {
            for (const scheme of ["light", "dark"]) {
                const where = `${name}, ${screen}, ${scheme}`;
                const page = await browser.newPage();
                const asks = [];
                page.on("request", (request) => asks.push(request.url()));
                page.on("console", (message) => faults.push(`${where}: ${message.text()}`));
                page.on("pageerror", (error) => faults.push(`${where}: ${error}`));
                await page.setViewport(viewport);
                await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
                await page.setBypassCSP(true); // for axe alone, which is run in the page
                await page.goto(pathToFileURL(file).href);
                if (asks.length !== 1) faults.push(`${where}: fetches ${asks.slice(1)}`);
                const scripts = await page.$$eval("script:not([type='application/ld+json'])", (all) => all.length);
                if (scripts) faults.push(`${where}: has a script`);
                for (const text of await page.$$eval("script", (all) => all.map((it) => it.textContent))) JSON.parse(text);
                const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
                if (wide > 0) faults.push(`${where}: ${wide} pixels wider than the screen`);
                await page.evaluate(axe.source);
                const { violations } = await page.evaluate(() => axe.run());
                for (const { id, impact, nodes } of violations)
                    if (["serious", "critical"].includes(impact))
                        faults.push(`${where}: ${impact}: ${id}: ${nodes.slice(0, 3).map((it) => it.html).join(" ")}`);
                    else console.log(`${where}: ${impact}: ${id}`);
                if (pictures) await page.screenshot({ path: join(pictures, `${name}-${screen}-${scheme}.png`), fullPage: name === "claim" });
                await page.close();
                looked += 1;
            }
        }
    }
} finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
}
for (const fault of faults) console.error(fault);
console.log(`${looked} pages looked at, ${faults.length} faults`);
process.exitCode = faults.length ? 1 : 0;
