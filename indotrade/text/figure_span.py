"""One figure among the tokens of a text: from the sign or the bound before its number to the unit behind it."""

from __future__ import annotations

import re
from decimal import Decimal

from indotrade.text.figure_sums import EXACT, Sum, readings, room_of
from indotrade.text.figure_tokens import Token
from indotrade.text.figure_words import SHORT

END = Token("end", None, None, "", -1, -1)
"""What stands behind the last token, and before the first."""
_HAN_OR_KATAKANA = re.compile("[\u3400-\u9fff々\uf900-\ufaff\u30a1-\u30fa]")
HUNDREDS = {"十", "百", "千"}
"""Factors that are once themselves where nothing stands before them."""


class Figure:
    """A figure and the tokens that it is made of: from `first` to the one before `last`."""

    def __init__(self, tokens: list[Token], core: int, floor: int, language: str | None) -> None:
        self.tokens = tokens
        self.language = language
        self.first = self.core = core
        self.unit: str | None = None
        self.bound: str | None = None
        self.dated = False
        self._negative = False
        self._look_back(floor)
        self.number = Sum()
        self.last = core
        while self._goes_on(self._at(self.last)):
            self.last += 1
        self.end = self.last
        """The token behind the number itself."""
        self.values = self._values()
        self._look_on()
        if self._touches():
            self.values = ()
        self.dated = self.dated or self._is_dated()

    def _at(self, place: int) -> Token:
        return self.tokens[place] if 0 <= place < len(self.tokens) else END

    # --- what stands before

    def _look_back(self, floor: int) -> None:
        """Take the sign, the currency and the bound before the number; not beyond what belongs to another figure."""
        while self.first > floor:
            token, following = self._at(self.first - 1), self._at(self.first)
            begins = self.first - 1 > floor or floor == 0  # else it may join two figures
            if token.kind == "money" and not self.unit:
                self.unit = token.value
            elif not self.bound and (
                token.kind in ("before", "around") or (token.kind == "join" and token.value and begins)
            ):
                self.bound = token.value
            elif token.kind == "minus" or (
                token.kind == "dash"
                and token.end == following.start
                and begins
                and self._at(self.first - 2).end < token.start
            ):
                self._negative = True
            else:
                return
            self.first -= 1

    # --- the number

    def _goes_on(self, token: Token) -> bool:
        """Return whether a token is a further part of the number, after having taken it in."""
        number, following = self.number, self._at(self.last + 1)
        taken = False
        match token.kind:
            case "digits":
                taken = self._takes_digits(token, following)
            case "number":
                taken = number.add((token.value,), room_of(token.value))
            case "share" if number.room >= 1000:  # two million and a half
                taken = (
                    number.add((EXACT.multiply(token.value, number.factors[0]),), 0)
                    if number.factors
                    else False
                )
            case "share":
                taken = (not number.addends or number.room == 1) and number.add((token.value,), 0)
            case "twice" if not number.addends:
                self.unit = "times"
                taken = number.add((token.value,), 0)
            case "times" if token.text in HUNDREDS and number.room != 1:
                taken = number.add((token.value,), int(token.value))
            case "times" if number.addends:
                taken = number.multiply((token.value,))
                if token.text.endswith("an"):  # 70 ribuan
                    self.bound = self.bound or "about"
            case "tenths" if number.addends:
                self.unit = "percent"
                taken = number.multiply((Decimal(10),))
            case "belas":
                taken = number.make_teen()
            case "short" if number.addends and (factors := self._short(token, following)):
                taken = number.multiply(factors)
            case "dash":  # twenty-five
                taken = following.kind == "number" and following.value < number.room
            case "and" if token.language == "en" and self._at(self.first - 1).kind != "between":
                taken = following.kind == "number" and number.room >= 100  # three hundred and five
        return taken

    def _takes_digits(self, token: Token, following: Token) -> bool:
        number, before = self.number, self._at(self.last - 1)
        if number.addends and not (
            number.factors
            and (
                (before.language == "ja" and before.end == token.start)
                or (following.kind == "times" and following.value < number.factors[0])
            )
        ):
            return False
        scaled = following.kind in ("times", "short", "tenths") or following.value == "percent"
        values = readings(token.value, self.language, scaled=scaled)
        if number.addends:
            return bool(values) and number.add(values, 1)
        number.addends.append((values, 1))
        return True

    def _short(self, token: Token, following: Token) -> tuple[Decimal, ...]:
        """Return what a letter behind a number multiplies it by: `45m`, `Rp 2 M`, `$3k`; nothing where it is a unit."""
        money = self.unit or (following.value if following.kind in ("money", "unit") else None)
        money = money if re.fullmatch("[A-Z]{3}", money or "") else None
        touches = self._at(self.last - 1).end == token.start
        factor = Decimal(SHORT[token.value])
        if token.value == "m":
            milliard = Decimal(10**9)
            if self.language == "id" or money == "IDR":
                return (milliard, factor) if money else (factor, milliard, Decimal(1)) if touches else ()
            return (factor, milliard) if money else (factor, Decimal(1)) if touches else ()
        return (factor,) if money or (touches and token.value != "t") else ()

    def _values(self) -> tuple[Decimal, ...]:
        values = self.number.total()
        if self._at(self.end - 1).kind == "share" and len(self.number.addends) == 1:
            values = (*values, *(100 * value for value in values))  # half is 50 percent as well
        return tuple(value.copy_negate() for value in values) if self._negative else values

    # --- what stands behind

    def _look_on(self) -> None:
        """Take the unit and the bound behind the number."""
        while True:
            token, following = self._at(self.last), self._at(self.last + 1)
            if token.kind == "dated" or (token.text == "年" and self.is_year):
                self.dated = True
            elif token.kind in ("unit", "money"):
                if not self._is_unit(token, following):
                    return
                self.unit = self.unit or token.value
            elif token.kind == "short" and token.value == "t" and not self.unit:
                self.unit = "tonnes"
            elif token.kind in ("after", "around"):
                self.bound = self.bound or token.value
            elif not (token.kind == "dash" and following.kind == "unit" and self._tied(token, following)):
                return
            self.last += 1

    def _is_unit(self, token: Token, following: Token) -> bool:
        """Return whether a unit or a currency is this figure's: not that of the next, and no point in time."""
        if token.kind == "money" and following.kind == "digits":
            return False
        if token.value in ("years", "months", "days", "hours"):
            when = token.value == "years" and _is_year(following)  # 45 juta tahun 2018
            return not when and all(abs(value) < 1000 for value in self.values)
        return not self.unit or token.value == self.unit or (token.value or "").isupper()

    def _tied(self, token: Token, following: Token) -> bool:
        return self._at(self.last - 1).end == token.start and token.end == following.start

    # --- what it is not

    def _touches(self) -> bool:
        """Return whether the number is a part of something else: of a name, a code, a fraction, a vague number."""
        before, behind = self._at(self.first - 1), self._at(self.last)
        first, last = self._at(self.core), self._at(self.last - 1)
        if before.kind in ("ordinal", "part") or "part" in (behind.kind, self._at(self.end).kind):
            return True
        if self.first == self.core and before.end == first.start:
            name = self._at(self.first - 2) if before.kind == "dash" else before
            letters = name.text[-1:].isascii() and name.text[-1:].isalpha()
            if letters and (name is before or name.kind in ("other", "join")):  # B2B, COVID-19
                return True
            if before.kind == "other" and self._in_kanji(before):
                return True
        if behind.kind == "dash" and self._tied(behind, following := self._at(self.last + 1)):
            return following.kind in ("other", "part") and following.text[0].isalpha()
        return behind.text == "数" or (
            behind.kind == "other" and last.end == behind.start and self._in_kanji(behind)
        )

    def _in_kanji(self, beside: Token) -> bool:
        """Return whether the number is in kanji, and may be one word with what is beside it: 三菱, 統一."""
        return not any(token.text[0].isascii() for token in self.tokens[self.core : self.end]) and bool(
            _HAN_OR_KATAKANA.match(beside.text)
        )

    @property
    def is_year(self) -> bool:
        """Whether the number looks like a year."""
        return self.end == self.core + 1 and _is_year(self._at(self.core))

    def _is_dated(self) -> bool:
        """Return whether the number is a year or a day of a date."""
        before, behind = self._at(self.core - 1), self._at(self.last)
        bare = self.end == self.core + 1 and self._at(self.core).text.isdigit()
        if bare and (before.kind == "month" or behind.kind == "month"):
            return self.is_year or (len(self._at(self.core).text) <= 2 and not self.unit)
        if before.kind == "unit" and before.value == "years" and self._at(self.end).text == "-an":
            return True  # tahun 80-an
        if not self.is_year or self.unit or before is END or (self.bound and before.kind != "join"):
            return False
        if behind.kind in ("dash", "join") and self._at(self.last + 1).kind == "digits":
            return False  # the end of a range, which has its unit behind it
        counted = behind.kind == "other" and behind.text[0].isalpha()  # 1950 eksportir
        return not counted or before.kind in ("year", "join") or before.value == "years"


def _is_year(token: Token) -> bool:
    return token.kind == "digits" and bool(re.fullmatch("(19|20)[0-9]{2}", token.value))
