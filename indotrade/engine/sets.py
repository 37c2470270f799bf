"""Sets of claims as whole numbers: a bit for each claim, at its number, and what is kept of them in a database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from array import array

_BITS, _NUMBERS = b"\0", b"\1"
"""What a kept set begins with: one that has many claims is kept as its bits, one with few as their numbers."""

_NUMERALS = bytes(max(digit - 48, 0) for digit in range(256))
_DIGITS = bytes(min(numeral + 48, 255) for numeral in range(256))


def of(numbers: Iterable[int], room: int) -> int:
    """Return the set of some claims, whose numbers are less than `room`."""
    digits = bytearray(b"0") * room
    for number in numbers:
        digits[~number] = 49  # "1"
    return int(digits, 2) if room else 0


def members(claims: int) -> Iterator[int]:
    """Yield the numbers of a set's claims, the least first."""
    digits = f"{claims:b}"
    place = digits.rfind("1")
    while place >= 0:
        yield len(digits) - 1 - place
        place = digits.rfind("1", 0, place)


def packed(numbers: array[int], room: int) -> bytes:
    """Return a set as it is kept."""
    if numbers.itemsize * len(numbers) <= room // 8:
        return _NUMBERS + numbers.tobytes()
    return _BITS + of(numbers, room).to_bytes(room // 8 + 1, "little")


def unpacked(kept: Iterable[bytes], room: int) -> int:
    """Return all claims of some sets that were kept."""
    united, numbers = 0, list[int]()
    for claims in kept:
        if claims[:1] == _BITS:
            united |= int.from_bytes(claims[1:], "little")
        else:
            numbers += _numbers(claims)
    return united | of(numbers, room) if numbers else united


def _numbers(kept: bytes) -> memoryview:
    """Return the numbers of a set that is kept as those."""
    return memoryview(kept)[1:].cast("I")


def is_sound(kept: bytes, room: int) -> bool:
    """Return whether a set is kept as `packed` does it, and has no claims but those whose numbers are less than `room`.

    >>> from array import array
    >>> [is_sound(packed(array("I", [number]), 64), 40) for number in (39, 40)]
    [True, False]
    """
    if kept[:1] == _BITS:
        return len(kept) == room // 8 + 2 and not kept[-1] >> room % 8
    return kept[:1] == _NUMBERS and len(kept) % 4 == 1 and max(_numbers(kept), default=0) < room


def joined(kept: Iterable[bytes], room: int) -> bytes:
    """Return all claims of some sets that were kept, as they are kept."""
    return _BITS + unpacked(kept, room).to_bytes(room // 8 + 1, "little")


def shared(kept: bytes, claims: int, digits: str) -> int:
    """Return how many claims a set that was kept has in common with another, of which the digits are given as well."""
    if kept[:1] == _BITS:
        return (int.from_bytes(kept[1:], "little") & claims).bit_count()
    most = len(digits)
    return sum(digits[~number] == "1" for number in _numbers(kept) if number < most)


def spread(claims: int, room: int) -> bytes:
    """Return a set as a byte for each number less than `room`: 1 where it is in the set."""
    return f"{claims:0{room}b}"[::-1].encode().translate(_NUMERALS)


def gathered(flags: bytes | bytearray) -> int:
    """Return the set of the numbers at which a byte is 1, where no other is but 0."""
    return int(flags[::-1].translate(_DIGITS), 2)


def both(one: bytes | bytearray, other: bytes | bytearray) -> bytes:
    """Return what the bits of two sets of bytes have in common, which are of the same length."""
    return (int.from_bytes(one, "little") & int.from_bytes(other, "little")).to_bytes(len(one), "little")


def either(one: bytes | bytearray, other: bytes | bytearray) -> bytes:
    """Return all bits of two sets of bytes, which are of the same length."""
    return (int.from_bytes(one, "little") | int.from_bytes(other, "little")).to_bytes(len(one), "little")
