"""The words and signs of printed figures, in Indonesian, English and Japanese, and what each does in a figure."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple


class Word(NamedTuple):
    """What a word, or a few of them, does in a figure.

    By `kind`, its `value`: of a `number`, the Decimal; of `times`, the factor; of a `share` of one, the Decimal;
    of a `unit`, and of `money` that may stand on either side of the number, what the records call it; of what
    stands `before`, `after` or `around` a number, its bound; of what may `join` the ends of a range, its bound
    where it begins a figure instead. After `year` comes one, before and after a `month` the rest of the date;
    a number before `dated` is one, too; after `ordinal`, and before or after a `part`, it is no figure.
    """

    kind: str
    value: Any = None
    language: str | None = None
    """The language whose word it is; None where it is at home in several."""


def _counted(names: str, start: int = 0, step: int = 1) -> dict[Any, str]:
    """Return the names of numbers by what they are: 0, 1, 2."""
    return {start + step * place: name for place, name in enumerate(names.split())}


SHORT = {"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
"""Letters that are factors where they touch the number, or where it is money; elsewhere `m` and `t` are units."""

_WORDS: dict[str, dict[str | None, dict[Any, str]]] = {
    "number": {
        "id": _counted("nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas selusin")
        | {100: "seratus", 10**3: "seribu", 10**6: "sejuta", 10**9: "semiliar", 10**12: "setriliun"},
        "en": _counted(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
            " sixteen seventeen eighteen nineteen"
        )
        | _counted("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
        | {
            12: "twelve|a dozen",
            100: "a hundred",
            10**3: "a thousand",
            10**6: "a million",
            10**9: "a billion",
            10**12: "a trillion",
        },
        "ja": _counted("〇|零 一 二 三 四 五 六 七 八 九"),
    },
    "times": {
        "id": {
            10: "puluh|puluhan",
            12: "lusin",
            20: "kodi",
            100: "ratus|ratusan",
            10**3: "ribu|rb|ribuan",
            10**6: "juta|jt|jutaan",
            10**9: "miliar|milyar|mlr|miliaran|milyaran",
            10**12: "triliun|trilyun|triliunan",
        },
        "en": {
            12: "dozen",
            100: "hundred",
            10**3: "thousand",
            10**6: "million|millions|mn|mln",
            10**9: "billion|billions|bn",
            10**12: "trillion|trillions|tn|trn",
        },
        "ja": {10: "十", 100: "百", 10**3: "千", 10**4: "万|萬", 10**8: "億", 10**12: "兆"},
    },
    "share": {
        "id": {"0.5": "setengah|separuh|separo", "0.25": "seperempat", "0.75": "tiga perempat"},
        "en": {
            "0.5": "half|half a|half an|a half|one half|and a half",
            "0.25": "a quarter|one quarter",
            "0.75": "three quarters|three-quarters",
        },
        "ja": {"0.5": "半分|半数"},
    },
    "twice": {"en": {2: "twice"}},
    "belas": {"id": {None: "belas"}},
    "tenths": {"ja": {None: "割"}},
    "unit": {
        "id": {
            "percent": "persen",
            "percentage points": "poin persen|poin persentase",
            "times": "kali|kali lipat",
            "people": "orang|jiwa|tenaga kerja|pekerja|warga|peserta",
            "firms": "ukm|ikm|umkm|perusahaan|usaha",
            "countries": "negara",
            "vehicles": "kendaraan|mobil",
            "hectares": "hektar|hektare",
            "sheets": "lembar",
            "cubic metres": "meter kubik",
            "years": "tahun",
            "months": "bulan",
            "days": "hari",
            "hours": "jam",
            "USD": "dolar|dolar as|dolar amerika|dolar amerika serikat",
            "AUD": "dolar australia",
            "SGD": "dolar singapura",
            "HKD": "dolar hong kong|dolar hongkong",
            "TWD": "dolar taiwan",
            "CAD": "dolar kanada",
        },
        "en": {
            "percent": "percent|per cent|pct",
            "percentage points": "percentage point|percentage points",
            "times": "times|fold",
            "people": "people|persons|person|workers|participants",
            "firms": "firms|firm|companies|company|smes|businesses",
            "countries": "countries|country",
            "vehicles": "vehicles|cars",
            "hectares": "hectares|hectare",
            "sheets": "sheets",
            "tonnes": "tons|tonnes|tonne|metric tons",
            "cubic metres": "cubic metres|cubic meters",
            "years": "years|year",
            "months": "months|month",
            "days": "days|day",
            "hours": "hours|hour",
            "USD": "dollar|dollars|us dollar|us dollars|u.s. dollar|u.s. dollars|american dollars",
            "AUD": "australian dollars|australian dollar",
            "SGD": "singapore dollars|singapore dollar",
            "HKD": "hong kong dollars",
            "CAD": "canadian dollars|canadian dollar",
            "GBP": "pounds sterling",
        },
        "ja": {
            "percent": "パーセント",
            "percentage points": "ポイント|パーセントポイント|%ポイント",
            "times": "倍",
            "people": "人|名",
            "firms": "社",
            "countries": "か国|カ国|ヵ国|ヶ国|ケ国",
            "tonnes": "トン",
            "kilograms": "キロ|キログラム",
            "hectares": "ヘクタール",
            "sheets": "枚",
            "years": "年|年間",
            "months": "か月|カ月|ヵ月|ヶ月|ケ月|か月間|カ月間",
            "days": "日間",
            "hours": "時間",
            "USD": "ドル|米ドル",
            "JPY": "円",
            "EUR": "ユーロ",
            "CNY": "元|人民元",
            "KRW": "ウォン",
            "IDR": "ルピア",
            None: "台|件|個|本|店|軒|隻|頭|冊|回|つ|種類|品目|点",  # what is counted is not in the counter
        },
        None: {
            "percent": "%",
            "tonnes": "ton",
            "units": "unit|units",
            "kilograms": "kg|kilogram|kilograms",
            "hectares": "ha",
            "kilometres": "km",
            "IDR": "rupiah",
            "JPY": "yen",
            "EUR": "euro|euros",
            "GBP": "poundsterling|pound sterling",
            "CNY": "yuan|renminbi",
            "KRW": "won",
            "THB": "baht",
            "MYR": "ringgit",
        },
    },
    "money": {
        None: {
            "USD": "usd|$|us$",
            "AUD": "aud|a$|au$",
            "SGD": "sgd|s$|sg$",
            "HKD": "hkd|hk$",
            "TWD": "twd|nt$",
            "CAD": "cad|c$|ca$",
            "NZD": "nzd|nz$",
            "BRL": "brl|r$",
            "IDR": "idr|rp",
            "JPY": "jpy|¥",
            "EUR": "eur|€",
            "GBP": "gbp|£",
            "CNY": "cny|rmb",
            "MYR": "myr|rm",
            "KRW": "krw|₩",
            "THB": "thb|฿",
            "INR": "inr|₹",
            "PHP": "php|₱",
            "VND": "vnd|₫",
            "CHF": "chf",
        },
    },
    "before": {
        "id": {
            "exact": "tepat|persis",
            "about": "sekitar|kira-kira|kurang lebih|lebih kurang|hampir|nyaris|kisaran|berkisar",
            "at-least": "minimal|sedikitnya|setidaknya|setidak-tidaknya|sekurang-kurangnya|paling sedikit"
            "|tidak kurang dari|tak kurang dari|paling tidak",
            "more-than": "lebih dari|lebih daripada|di atas|melebihi|melampaui|melewati",
            "up-to": "maksimal|maksimum|paling banyak|kurang dari|di bawah|tidak lebih dari|tak lebih dari"
            "|sebanyak-banyaknya",
        },
        "en": {
            "exact": "exactly|precisely",
            "about": "about|around|roughly|approximately|approx|some|nearly|almost|an estimated|close to|circa|ca",
            "at-least": "at least|no less than|no fewer than|not less than|a minimum of",
            "more-than": "more than|over|above|exceeding|in excess of|upwards of|greater than|well over",
            "up-to": "up to|at most|no more than|not more than|less than|fewer than|under|below|as many as"
            "|as much as|a maximum of",
        },
        "ja": {
            "exact": "ちょうど",
            "about": "約|およそ|おおよそ|ほぼ|概ね",
            "at-least": "少なくとも|最低",
            "up-to": "最大|最高|最多",
        },
        None: {"about": "±|≈|≒", "at-least": "≥|≧|minimum", "more-than": ">", "up-to": "≤|≦|<|maximum"},
    },
    "after": {
        "id": {"about": "-an", "at-least": "atau lebih|ke atas", "up-to": "ke bawah"},
        "en": {"about": "or so|-odd|-ish", "at-least": "or more|and more|and above", "up-to": "or less"},
        "ja": {
            "about": "程度|前後|ほど|近く|弱",
            "at-least": "以上",
            "more-than": "超|を超える|を超え|超え|を上回る|余り|あまり|余|強",
            "up-to": "以下|以内|未満|まで",
        },
        None: {"more-than": "+"},
    },
    "around": {"id": {"more-than": "lebih"}},
    "join": {
        "id": {"up-to": "hingga|sampai|sampai dengan|s/d", None: "ke"},
        "en": {None: "to"},
        "ja": {None: "から|ないし|乃至"},
        None: {"about": "~"},
    },
    "between": {"id": {None: "antara"}, "en": {None: "between"}},
    "and": {"id": {None: "dan"}, "en": {None: "and"}},
    "dash": {None: {None: "-"}},
    "minus": {None: {None: "minus|マイナス"}},
    "year": {
        "id": {None: "pada|sejak|awal|akhir|pertengahan|semenjak|selama"},
        "en": {None: "in|since|during|until|early|late|fiscal"},
        "ja": {None: "西暦"},
        None: {None: "per|fy"},
    },
    "month": {
        None: {
            None: "januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember"
            "|january|february|march|may|june|july|august|october|december"
            "|jan|feb|mar|apr|jun|jul|agu|agt|aug|sep|sept|okt|oct|nov|des|dec"
        }
    },
    "dated": {"ja": {None: "月|日|年度"}},
    "ordinal": {
        "id": {None: "pukul|pasal|nomor|tanggal|tgl"},
        "en": {None: "number|article"},
        "ja": {None: "第|数|何|幾|平成|令和|昭和"},
        None: {None: "no"},
    },
    "part": {
        "id": {None: "pertiga|perempat|perlima|perenam|pertujuh|perdelapan|persembilan|persepuluh"},
        "en": {
            None: "third|thirds|quarter|quarters|fifth|fifths|sixths|sevenths|eighths|ninths|tenth|tenths"
        },
        "ja": {None: "分の"},
    },
    "other": {"id": {None: "salah satu"}, "en": {None: "one of|no one"}},
}
"""By kind and language: the value, and the words that have it, folded."""


@cache
def words() -> dict[str, Word]:
    """Return every word and phrase that is known, by how it is written; made when it is first asked for."""
    found = {}
    for kind, by_language in _WORDS.items():
        exact = kind in ("number", "times", "share", "twice")
        for language, by_value in by_language.items():
            for value, names in by_value.items():
                word = Word(kind, Decimal(value) if exact else value, language)
                found.update(dict.fromkeys(names.split("|"), word))
    return found
