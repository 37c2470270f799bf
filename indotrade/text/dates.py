"""Partial dates (`2022`, `2022-04`, `2022-04-22`): the days that one covers, and its parts."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache


@lru_cache(maxsize=4096)
def days(date: str) -> tuple[str, str]:
    """Return the first and the last day of a partial date.

    >>> days("2022-02")
    ('2022-02-01', '2022-02-28')

    Raises ValueError where there is no such date.
    """
    first = datetime.date.fromisoformat((date + "-01-01")[:10])
    if len(date) == 10:
        return date, date
    if len(date) == 4:
        return f"{date}-01-01", f"{date}-12-31"
    if first.month == 12:  # after the last one there is no other in the calendar
        return first.isoformat(), f"{date}-31"
    last = first.replace(month=first.month + 1) - datetime.timedelta(days=1)
    return first.isoformat(), last.isoformat()


def spanned(period: str) -> tuple[str, str]:
    """Return the first and the last day of a partial date, or of an interval of two.

    >>> spanned("2018-02-20/2018-03")
    ('2018-02-20', '2018-03-31')

    Raises ValueError where there is no such date.
    """
    begin, _, end = period.partition("/")
    return days(begin)[0], days(end or begin)[1]


def parts(date: str | None) -> list[int]:
    """Return year, month and day, as many as are known; none where `date` is none.

    >>> parts("2022-02"), parts("yesterday")
    ([2022, 2], [])
    """
    match = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", date or "", re.ASCII)
    numbers = [int(part) for part in match.groups() if part] if match else []
    in_range = all(1 <= number <= most for number, most in zip(numbers, (9999, 12, 31), strict=False))
    return numbers if in_range else []
