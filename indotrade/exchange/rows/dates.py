"""Dates as people write them: `17/06/2021`, `17 Juni 2021`, `June 17, 2021`, `2021年6月17日`, or the number that Excel keeps."""

from __future__ import annotations

import re

from indotrade.exchange.spreadsheets.sheets import Number
from indotrade.text import fold
from indotrade.text.dates import days

_MONTHS = (
    "january jan januari", "february feb februari pebruari peb", "march mar maret mrt", "april apr", "may mei",
    "june jun juni", "july jul juli", "august aug agustus agu agt ags agust", "september sep sept",
    "october oct oktober okt", "november nov nopember nop", "december dec desember des",
)  # fmt: skip
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_WEEKDAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun"
    " senin selasa rabu kamis jumat jum at sabtu minggu ahad sen sel rab kam sab min hari on pada tanggal"
    " tgl of the".split()
)
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
_TIME = re.compile(r"(?:,|\s|t)\s*(?:(?:pukul|pkl\.?|jam|at)\s+)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\b.*$")
_PARTS = re.compile(r"(\d{1,4})\s*[/.\-]\s*(\d{1,4})(?:\s*[/.\-]\s*(\d{1,4}))?")
_JAPANESE = re.compile(
    r"(?:(令和|平成|昭和)\s*)?(\d{1,4}|元)\s*年(?:\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?)?"
)
_BETWEEN = re.compile(
    r"\s+(?:-|–|—|to|until|till|through|sampai|hingga|s/d|s\.d\.)\s+|\s*(?:–|—|〜|～|から)\s*"
)
_SERIAL = range(20_000, 80_000)
"""Numbers that Excel has for days from 1954 to 2119: no year is one of them."""


class Ambiguous(ValueError):
    """A date that is one day where the day stands first, and another where the month does."""


def read(text: str, day_first: bool | None = None) -> str:
    """Return a date as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.

    >>> read("Kamis, 17 Juni 2021"), read("June 2021"), read("03/04/2021", day_first=True)
    ('2021-06-17', '2021-06', '2021-04-03')

    Raises Ambiguous where it can be two days and `day_first` does not decide, ValueError where it is no date.
    """
    if isinstance(text, Number):
        return _numbered(text)
    folded = fold.fold(text).strip("()[] .,")
    if match := _JAPANESE.fullmatch(folded.replace(" ", "").partition("(")[0]):
        era, year, *rest = match.groups()
        number = (1 if year == "元" else int(year)) + _ERAS.get(era, 0)
        return _valid(number, *(int(part) for part in rest if part))
    folded = _TIME.sub("", folded)
    if (match := re.match(r"([a-z']+)[\s,.(]+(?=\d)", folded)) and match[1].strip("'") in _WEEKDAYS:
        folded = folded[match.end() :]
    if re.fullmatch(r"\d{4}", folded):
        return _valid(int(folded))
    if match := _PARTS.fullmatch(folded):
        return _divided([part for part in match.groups() if part], day_first)
    return _worded(folded)


def _numbered(number: str) -> str:
    """Return the date that a number in a cell is: a year, or how Excel counts days."""
    from indotrade.exchange.spreadsheets.workbook import day

    if re.fullmatch("[12][0-9]{3}", number):
        return _valid(int(number))
    if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", number) and int(float(number)) in _SERIAL:
        return day(float(number))
    raise ValueError(number)


def _valid(year: int, month: int | None = None, day: int | None = None) -> str:
    date = "-".join([f"{year:04}", *(f"{part:02}" for part in (month, day) if part is not None)])
    if not 1000 <= year <= 9999:
        raise ValueError(date)
    days(date)
    return date


def _divided(parts: list[str], day_first: bool | None) -> str:
    numbers = [int(part) for part in parts]
    if len(parts[0]) == 4:
        return _valid(*numbers)
    if len(parts[-1]) != 4 or any(len(part) > 2 for part in parts[:-1]):  # of 21 nobody knows the century
        raise ValueError("/".join(parts))
    if len(numbers) == 2:
        return _valid(numbers[1], numbers[0])
    first, second, year = numbers
    if first > 12 or first == second:
        day_first = True
    elif second > 12:
        day_first = False
    elif day_first is None:
        raise Ambiguous("/".join(parts))
    return _valid(year, second, first) if day_first else _valid(year, first, second)


def _worded(folded: str) -> str:
    words = [re.sub(r"^(\d{1,2})(?:st|nd|rd|th)$", r"\1", word) for word in fold.split(folded)]
    words = [word for word in words if word not in _WEEKDAYS]
    months = [MONTHS[word] for word in words if word in MONTHS]
    numbers = [word for word in words if word not in MONTHS]
    if len(months) != 1 or not 1 <= len(numbers) <= 2 or not all(word.isdigit() for word in numbers):
        raise ValueError(folded)
    *before, year = sorted(numbers, key=len)
    if len(year) != 4 or any(len(day) > 2 for day in before):
        raise ValueError(folded)
    return _valid(int(year), months[0], *map(int, before))


def says_order(text: str) -> bool | None:
    """Return whether a date shows that the day stands first, or (False) the month; None where it does not show it."""
    match = None if isinstance(text, Number) else _PARTS.fullmatch(fold.fold(text).strip("()[] .,"))
    if not match or not match[3] or len(match[1]) > 2 or len(match[3]) != 4:
        return None
    first, second = int(match[1]), int(match[2])
    return True if 12 < first < 32 and second <= 12 else False if 12 < second < 32 and first <= 12 else None


def period(text: str, day_first: bool | None = None) -> str:
    """Return a date or an interval as ISO 8601 has it: `2018/2020`. Raises as `read` does.

    >>> period("2018-2020"), period("Jan 2021 - Mar 2021"), period("2022")
    ('2018/2020', '2021-01/2021-03', '2022')
    """
    if re.fullmatch(r"\d{4}(-\d\d){0,2}/\d{4}(-\d\d){0,2}", text):
        ends = text.split("/")
    elif match := re.fullmatch(r"\s*(\d{4})\s*[-–/]\s*(\d{4})\s*", text):
        ends = [match[1], match[2]]
    else:
        ends = _BETWEEN.split(text.strip())
    read_ends = [read(end if not isinstance(text, Number) else text, day_first) for end in ends]
    if len(read_ends) > 2:
        raise ValueError(text)
    return "/".join(read_ends)
