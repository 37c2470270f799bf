"""The words of the screens, in English and in Indonesian."""

from __future__ import annotations

import re

from indotrade.errors import Message as M

STATUS = {
    "single": M("single", "tunggal"),
    "corroborated": M("corroborated", "didukung"),
    "disputed": M("disputed", "dibantah"),
    "superseded": M("superseded", "tergantikan"),
    "misprint": M("misprint", "salah cetak"),
}
STATUS_MEANS = {
    "misprint": M(
        "the printed figure cannot be what was meant; it is kept as printed, with the likely reading",
        "angka yang tercetak tidak mungkin itu yang dimaksud; dibiarkan seperti tercetak, beserta bacaan yang"
        " kemungkinan benar",
    ),
    "superseded": M(
        "a forecast whose outcome is known",
        "prakiraan yang hasilnya sudah diketahui",
    ),
    "disputed": M(
        "an independent source asserts the contrary (for figures: same measure, unit, scope and date,"
        " another value); also where others support it",
        "ada sumber independen yang menyatakan sebaliknya (untuk angka: ukuran, satuan, cakupan, dan tanggal"
        " sama, nilai lain); juga bila ada yang mendukung",
    ),
    "corroborated": M(
        "an independent source asserts the same, and none the contrary",
        "ada sumber independen yang menyatakan hal sama, dan tidak ada yang sebaliknya",
    ),
    "single": M(
        "the article alone says so; no independent source was found that asserts or denies it",
        "hanya artikel itu yang menyatakannya; tidak ditemukan sumber independen yang menguatkan atau membantah",
    ),
}
KIND = {
    "figure": M("figure", "angka"),
    "forecast": M("forecast", "prakiraan"),
    "event": M("event", "peristiwa"),
    "plan": M("plan", "rencana"),
    "need": M("need", "kebutuhan"),
    "opinion": M("opinion", "pendapat"),
    "description": M("description", "uraian"),
}
RELATION = {
    "supports": M("Supports it", "Mendukung"),
    "conflicts": M("Speaks against it", "Bertentangan"),
    "context": M(
        "Context: another scope, date or definition", "Konteks: cakupan, tanggal, atau definisi lain"
    ),
    "same-report": M(
        "Same report: one voice with the article", "Laporan yang sama: satu suara dengan artikel"
    ),
}
BEARS = {
    "supports": M("supports", "mendukung"),
    "conflicts": M("conflicts", "bertentangan"),
    "context": M("context", "konteks"),
    "same-report": M("same report", "laporan sama"),
}
"""A relation in a word, as `RELATION` is its heading."""
STRENGTH = {
    "primary": M("primary", "primer"),
    "official": M("official", "resmi"),
    "press": M("press", "pers"),
    "secondary-copy": M("secondary copy", "salinan sekunder"),
}
BOUND = {
    "exact": M("{}", "{}"),
    "about": M("about {}", "sekitar {}"),
    "at-least": M("at least {}", "sedikitnya {}"),
    "more-than": M("more than {}", "lebih dari {}"),
    "up-to": M("up to {}", "hingga {}"),
}
UNIT = {
    "percent": M("percent", "persen"),
    "people": M("people", "orang"),
    "firms": M("firms", "perusahaan"),
    "countries": M("countries", "negara"),
    "tonnes": M("tonnes", "ton"),
    "sheets": M("sheets", "lembar"),
    "vehicles": M("vehicles", "kendaraan"),
    "parts": M("parts", "suku cadang"),
    "sectors": M("sectors", "sektor"),
    "borrowers": M("borrowers", "peminjam"),
    "cubic metres": M("cubic metres", "meter kubik"),
}
CURRENCY = {"USD": "US$", "IDR": "Rp", "JPY": "¥"}
WORD = {
    # column heads and labels
    "id": M("ID", "ID"),
    "claim": M("Claim", "Klaim"),
    "figure": M("Figure", "Angka"),
    "said": M("Speaker, date", "Pembicara, tanggal"),
    "status": M("Status", "Status"),
    "source": M("Source", "Sumber"),
    "kind": M("Kind", "Jenis"),
    "statement": M("Statement", "Pernyataan"),
    "as_printed": M("As printed", "Seperti tercetak"),
    "reading": M("Likely reading", "Kemungkinan"),
    "measure": M("Measure", "Ukuran"),
    "period": M("Period", "Periode"),
    "unstated": M("unstated", "tidak disebut"),
    "speaker": M("Speaker", "Pembicara"),
    "narration": M("narration", "narasi"),
    "narrator": M("the article's own narration", "narasi artikel sendiri"),
    "date": M("Date", "Tanggal"),
    "at": M("Made at", "Dinyatakan di"),
    "printed": M("printed", "tercetak"),
    "inferred": M("inferred", "disimpulkan"),
    "sectors": M("Sectors", "Sektor"),
    "countries": M("Countries", "Negara"),
    "programs": M("Programs", "Program"),
    "organizations": M("Organizations", "Organisasi"),
    "world": M("world", "dunia"),
    "flow": M("Trade flow", "Arus dagang"),
    "place": M("Printed in", "Tercetak di"),
    "paragraph": M("paragraph", "paragraf"),
    "anchors": M("Anchors", "Jangkar"),
    "note": M("Note", "Catatan"),
    "evidence": M("Evidence", "Bukti"),
    "no_evidence": M(
        "Evidence: none was found for or against.", "Bukti: tidak ditemukan yang mendukung atau membantah."
    ),
    "sources": M("Sources", "Sumber"),
    "citation": M("Citation", "Sitasi"),
    "this_claim": M("this claim", "klaim ini"),
    "for": M("for", "mendukung"),
    "against": M("against", "membantah"),
    "claims": M("Claims", "Klaim"),
    "name": M("Name", "Nama"),
    "country": M("Country", "Negara"),
    "sector": M("Sector", "Sektor"),
    "program": M("Program", "Program"),
    "when": M("When", "Kapan"),
    "where": M("Where", "Di mana"),
    "organizers": M("Organizers", "Penyelenggara"),
    "unknown": M("unknown", "tidak diketahui"),
    "type": M("Type", "Tipe"),
    "article": M("article", "artikel"),
    "rests": M("Claims that stand in it", "Klaim yang termuat di dalamnya"),
    "rests_evidence": M("Claims on which it bears", "Klaim yang disinggungnya"),
    "as_of": M("as of", "per"),
    "dataset": M("dataset", "dataset"),
    "sic": M("sic", "sic"),
    "probably": M("probably", "kemungkinan"),
    "chart": M("Comparable figures", "Angka yang sebanding"),
    "accessed": M("accessed", "diakses"),
    "licence": M("Licence", "Lisensi"),
    "languages": M("Languages", "Bahasa"),
    "more_at": M(
        "{} more claims were made at it: `indotrade list --at {}`.",
        "{} klaim lain dinyatakan di sana: `indotrade list --at {}`.",
    ),
    "shown_of": M("{} of {} claims", "{} dari {} klaim"),
    "results": M("Result", "Hasil"),
    "found_in": M("Found in paragraph", "Ditemukan di paragraf"),
    "attested": M("attested", "tertera"),
    "partly": M("partly ({} of {})", "tertera sebagian ({} dari {})"),
    "not found": M("not found", "tidak ditemukan"),
    "no_anchor": M("no anchor", "tanpa jangkar"),
    "file": M("File", "Berkas"),
    "line": M("Line", "Baris"),
    "record": M("Record", "Entri"),
    "field": M("Field", "Kolom"),
    "rule": M("Rule", "Aturan"),
    "message": M("What is wrong", "Yang salah"),
    "level": M("Level", "Tingkat"),
    "read_from": M("Read from", "Dibaca dari"),
    "index": M("Index", "Indeks"),
    "no_index": M(
        "none: small enough to be read at each start", "tidak ada: cukup kecil untuk dibaca setiap kali"
    ),
}


MISUSE = {
    r"No such option: (\S+)": M("no such option: {0}", "tidak ada opsi {0}"),
    r"No such option: (\S+) \(Possible options: (.*)\)": M(
        "no such option: {0}; did you mean {1}?", "tidak ada opsi {0}; maksud Anda {1}?"
    ),
    r"No such command '(.*)'": M("no such command '{0}'", "tidak ada perintah '{0}'"),
    r"No such command '(.*)'\. Did you mean (.*)\?": M(
        "no such command '{0}'; did you mean {1}?", "tidak ada perintah '{0}'; maksud Anda {1}?"
    ),
    r"Missing argument '(.*)'": M("missing argument '{0}'", "argumen '{0}' belum diberikan"),
    r"Invalid value for (.*): (.*) is not a valid int(?:eger)?(?: range)?": M(
        "{0} takes a whole number, not {1}", "{0} harus bilangan bulat, bukan {1}"
    ),
    r"Invalid value for (.*): (.*) is not in the range x>=(\d+)": M(
        "{0} takes a number from {2} on, not {1}", "{0} harus bilangan mulai dari {2}, bukan {1}"
    ),
    r"Option '(.*)' requires an argument": M("option {0} needs a value", "opsi {0} memerlukan nilai"),
    r"Option '(.*)' does not take a value": M("option {0} takes no value", "opsi {0} tidak memerlukan nilai"),
    r"Got unexpected extra argument\(s\) \((.*)\)": M(
        "got unexpected extra arguments: {0}", "argumen ini tidak dikenal: {0}"
    ),
}
"""What is said of a command line that cannot be parsed, by what Typer says of it."""


def misuse(message: str) -> M:
    """Return in both languages what Typer says of a command line; a sentence that is not known as it is."""
    message = message.rstrip(".")
    for pattern, told in reversed(MISUSE.items()):
        if found := re.fullmatch(pattern, message, re.DOTALL):
            parts = [part.replace("' / '", ", ").strip("'") for part in found.groups()]
            return M(told.en.format(*parts), told.id.format(*parts))
    message = message[:1].lower() + message[1:]
    return M(message, message)


def word(name: str, language: str) -> str:
    """Return a word of the screens."""
    return WORD[name].text(language)


def number(value: str, language: str) -> str:
    """Return a decimal string with separators: `45,000,000.5`, in Indonesian `45.000.000,5`."""
    whole, point, fraction = value.partition(".")
    sign = "-" if whole.startswith("-") else ""
    digits = whole.lstrip("-")
    groups = [digits[max(0, end - 3) : end] for end in range(len(digits), 0, -3)]
    if language == "id":
        return sign + ".".join(reversed(groups)) + ("," + fraction if point else "")
    return sign + ",".join(reversed(groups)) + point + fraction


def unit_word(unit: str, language: str) -> str:
    """Return a unit in a language: `people`, `orang`; a currency's sign, or what is not known as it is."""
    return CURRENCY.get(unit) or (UNIT[unit].text(language) if unit in UNIT else unit)


def quantity(value: str, unit: str, language: str) -> str:
    """Return a number with its unit: `US$45,000,000`, `300 percent`."""
    space = "" if unit in CURRENCY else " "
    parts = number(value, language), unit_word(unit, language)
    return space.join(reversed(parts) if unit in CURRENCY else parts)
