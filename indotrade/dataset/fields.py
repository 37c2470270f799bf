"""What the fields of records are made of: ids, texts by language, dates; and how a record is read and written as JSON."""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated, Any

from msgspec import Meta, Struct
from msgspec.json import Decoder, Encoder

from indotrade.text.escape import json_safe

Text = Annotated[str, Meta(min_length=1)]
_ID = r"^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$(?!\n)"
_AN_ID = "an id: letters and digits, joined by - . or _"
Id = Annotated[str, Meta(pattern=_ID, max_length=120, description=_AN_ID)]
Reference = Annotated[str, Meta(max_length=120, description=_AN_ID, extra_json_schema={"pattern": _ID})]
"""The id of something else. That this is there is held by a rule, and then it has the form of an id: to hold that here as well
would take a third of the time that a claim is read in."""
Period = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}(-[0-9]{2}){0,2}(/[0-9]{4}(-[0-9]{2}){0,2})?$(?!\n)",
        description="an ISO 8601 date, or an interval of two: 2022, 2022-04-22, 2018-02-20/2018-02-22",
    ),
]
_TAG = r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$"
LanguageCode = Annotated[
    str, Meta(pattern=_TAG + r"(?!\n)", description="a BCP 47 language code: id, en, ja")
]
Texts = Annotated[
    dict[str, Text],
    Meta(
        min_length=1,
        description="a text by language: BCP 47 codes, each with the text in that language",
        extra_json_schema={"propertyNames": {"pattern": _TAG}},  # held by a rule: here it takes 2 ms
    ),
]
"""A text by language, in the order of the dataset's languages once it is read."""


class Record(Struct, frozen=True, forbid_unknown_fields=True):
    """A record that refuses fields which it does not know."""


@cache
def decoder(record: Any) -> Decoder[Any]:
    """Return what decodes a record: made when it is first used, for that takes as long as to read the bundled claims."""
    return Decoder(record)


_encode = Encoder().encode


def record(value: Any) -> str:
    """Return a record as one line of JSON that is safe to show."""
    return json_safe(_encode(value).decode())


def is_language(code: str) -> bool:
    """Return whether a text has the form of a BCP 47 language code.

    >>> is_language("id"), is_language("zh-Hant"), is_language("Indonesian")
    (True, True, False)
    """
    return re.fullmatch(_TAG, code) is not None
