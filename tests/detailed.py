"""The made-up dataset again, with the detail that real records have: what screens are drawn from.

Long sentences that fold, notes, evidence on both sides, figures to compare, publishers in two scripts. Nothing in it
is true, and no correction of the bundled data changes it.
"""

from __future__ import annotations

from typing import Any

from samples import changed, claim, entry, evidence, figure, label, said, source, text


def records() -> dict[str, Any]:
    """Return the records of a valid dataset, by file without its ending; the caller may change them."""
    return changed({**_SOURCES, **_VOCABULARY, **_CLAIMS})


def _crates(value: str, period: str | None, **more: Any) -> dict[str, Any]:
    return figure(value, "crates", measure="clove-crates", period=period, **more)


_SOURCES: dict[str, Any] = {
    "dataset.title": "Claims about a harbour and its cloves, with their evidence",
    "sources.0.editor": "B. Editor",
    "sources.0.via": "Hill Wire",
    "sources.0.title": "Harbour of Sukamaju sends more cloves than ever, and looks for buyers abroad",
    "sources.0.url": "https://harbour-news.example/2024/05/02/harbour-of-sukamaju-sends-more-cloves-than-ever-and-looks-for-buyers-abroad",
    "sources.0.access_note": "Read as an archived copy, which showed the body only; the headline is that of the front page.",
    "sources.0.licence_note": "The text belongs to its publisher; only facts and figures from it are used here.",
    "sources.1.access_note": "Neither a headline nor a date was seen.",
    "sources.2.publisher.original": "税関",
    "sources.2.title": "輸入統計表",
    "sources.2.language": "ja",
    "sources.2.basis": "inferred",
    "sources.3.title": "Three ports, one spice",
    "sources.5": source(
        "pier-almanac",
        "evidence",
        "The Pier Almanac",
        title="Thirty years of cloves – “the best” and the worst…",
        authors=["C. Chronicler", "D. Deputy"],
        published="2023-12",
        basis="printed",
        access_note="Read in part.",
    ),
    "sources.6": source("growers-bulletin", "evidence", "Bulletin of the Growers", language="id"),
}

_VOCABULARY: dict[str, Any] = {
    "vocabulary.sectors.0.about": text("Spices of any kind, whole or ground.", "Rempah apa pun, utuh atau bubuk."),
    "vocabulary.sectors.5": entry(
        "small-workshops",
        label("Small and medium workshops", "Bengkel kecil dan menengah", "中小工房"),
        aliases=["SMW"],
        parent=None,
        hs=[],
    ),
    "vocabulary.programs.0.about": text(
        "A fair at the pier, to which the cooperatives invite buyers from abroad once a year, in the week after the harvest.",
        "Pekan raya di dermaga, yang setahun sekali mengundang pembeli dari luar negeri, pada pekan sesudah panen.",
    ),
    "vocabulary.programs.0.organizers": ["cooperative", "younger-cooperative"],
    "vocabulary.measures.2": entry(
        "stored-tonnes", label("Tonnes in cold storage", "Ton dalam gudang dingin", "冷蔵トン")
    ),
}  # fmt: skip

_CLAIMS: dict[str, Any] = {
    "claims.0.note": text(
        "The year is not printed; the evidence counts the same month.",
        "Tahunnya tidak dicetak; buktinya menghitung bulan yang sama.",
    ),
    "claims.0.anchors": ["v1:0123456789abcdef", "v1:fedcba9876543210"],
    "claims.0.evidence": [
        evidence(
            "customs-table",
            "supports",
            says=text("Counts 641 crates of cloves from Sukamaju.", "Mencatat 641 peti cengkih dari Sukamaju."),
            strength="primary",
            figure=_crates("641", "2024-03"),
        ),
        evidence(
            "pier-almanac",
            "context",
            says=text(
                "Gives what the harbour sent in the best month of the year before, by the books of its master.",
                "Memberi jumlah yang dikirim pada bulan terbaik tahun sebelumnya, menurut catatan kepalanya.",
            ),
            figure=_crates("480", "2023", bound="about"),
        ),
        evidence(
            "growers-bulletin",
            "context",
            says=text("Has the same number for that month.", "Memuat angka yang sama untuk bulan itu."),
            strength="secondary-copy",
            figure=_crates("480", "2023", bound="about"),
        ),
        evidence(
            "pier-almanac",
            "context",
            says=text("The record of all years.", "Rekor sepanjang masa."),
            figure=_crates("1210", "1998-04/1998-05", bound="more-than"),
        ),
        evidence(
            "rival-gazette",
            "context",
            says=text("Tells a number without a date.", "Menyebut angka tanpa tanggal."),
            figure=_crates("320", None),
        ),
        evidence("office-note", "same-report", says=text("The office repeats it.", "Kantor itu mengulanginya.")),
    ],
    "claims.1.statement": text(
        "No other port between the hills and the strait ships cloves, which is why every buyer has to come to this one.",
        "Tidak ada pelabuhan lain di antara bukit dan selat yang mengirim cengkih, sehingga setiap pembeli harus datang ke sini.",
    ),
    "claims.1.evidence": [
        evidence(
            "rival-gazette",
            "conflicts",
            says=text(
                "Two other ports ship cloves, one of them since before the pier of Sukamaju was built.",
                "Dua pelabuhan lain mengirim cengkih, salah satunya sejak sebelum dermaga Sukamaju dibangun.",
            ),
        ),
        evidence(
            "customs-table",
            "conflicts",
            says=text("Lists cloves under three ports.", "Mencantumkan cengkih pada tiga pelabuhan."),
            strength="primary",
            figure=figure("3", "ports", period="2024-03"),
        ),
        evidence(
            "growers-bulletin",
            "supports",
            says=text("Calls the port the only one.", "Menyebutnya satu-satunya pelabuhan."),
            strength="official",
        ),
    ],
    "claims.3.note": text(
        "A word is missing: 2.5 dollars a year is what nobody works for, and the books of the year before have 2.4 million.",
        "Satu kata hilang: 2,5 dolar setahun bukan upah siapa pun, dan catatan tahun sebelumnya memuat 2,4 juta.",
    ),
    "claims.3.evidence": [
        evidence(
            "pier-almanac",
            "context",
            says=text("Has the wages of the year before.", "Memuat upah tahun sebelumnya."),
            figure=figure("2400000", "USD", measure="wages", period="2023"),
        ),
        evidence("office-note", "same-report", says=text("Prints no number.", "Tidak memuat angka.")),
    ],
    "claims.5.figure.measure": "stored-tonnes",
    "claims.5.evidence": [
        evidence(
            "growers-bulletin",
            "conflicts",
            says=text("The store opened with 700 tonnes.", "Gudang itu dibuka dengan 700 ton."),
            strength="official",
            figure=figure("700", "tonnes", measure="stored-tonnes", period="2025"),
        )
    ],
    "claims.9": claim(
        "workshops-look-abroad",
        statement=text(
            "Small and medium workshops, which until now sold at the fair alone, look for buyers in Nagahama.",
            "Bengkel kecil dan menengah, yang selama ini hanya menjual di pekan raya, mencari pembeli di Nagahama.",
        ),
        kind="event",
        sectors=["small-workshops", "weaving"],
        countries=["nagahama"],
        programs=["harbour-fair"],
        organizations=["cooperative", "younger-cooperative"],
        said=said("2024-05-02", at="harbour-fair"),
        paragraph=5,
    ),
}  # fmt: skip
