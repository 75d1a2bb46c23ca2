"""The pieces of text that the word filter knows, and their numbers. Pure; the writer and the reader share it.

A word may be found anywhere, also inside of longer words, so the filter knows pieces of text and not tokens. Text is
read two bytes at a time. Of every second position, the five characters that begin there are a piece if they look like
language; of every eighth, the eight that begin there are one if they are hexadecimal digits, as in digests and long
numbers. A text that is looked for may lie at any position, so it has one list of pieces for each way in which it can
lie, and one of the lists must be there as a whole.

What looks like language is a matter of three letters each. Ids are random: two of three pieces of letters in them are
like nothing that a word consists of, and would fill the filter with what nobody looks for.

A change of anything here changes which pieces there are: raise those of `VERSIONS` with it.
"""

from __future__ import annotations

from enum import Enum
from functools import cache

from logtui.storage.words.language import PAIRS, TRIPLES

SIGNS = 40
"""Of which language consists for the filter: letters without case, digits, and four more that stand for all others."""

_DIGITS, _OTHERS, _MARKS, _REST, _FOREIGN = 26, 36, 37, 38, 39

FOLDED_INTO_ASCII = {"\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}": "i", "\N{KELVIN SIGN}": "k"}
"""What folds to an ASCII letter and is none (see `core/query/fold`)."""


def _sign_of_bytes() -> bytes:
    signs = bytearray([_FOREIGN] * 256)
    signs[0x20:0x7F] = bytes([_REST] * (0x7F - 0x20))
    for sign, chars in ((_OTHERS, b".:/\\"), (_MARKS, b"-_@+")):
        for char in chars:
            signs[char] = sign
    for number in range(26):
        signs[ord("a") + number] = signs[ord("A") + number] = number
    for number in range(10):
        signs[ord("0") + number] = _DIGITS + number
    return bytes(signs)


SIGN_OF = _sign_of_bytes()
"""A byte of UTF-8 -> its sign."""

_LETTERS = 26


def _bits(signs: range | tuple[int, ...]) -> int:
    return sum(1 << sign for sign in signs)


_ALL_LETTERS, _ALL_DIGITS = _bits(range(_DIGITS)), _bits(range(_DIGITS, _OTHERS))
_BESIDE_ANY = _bits((_OTHERS, _MARKS, _REST))
_KNOWN_PAIRS, _KNOWN_TRIPLES = int.from_bytes(PAIRS, "little"), int.from_bytes(TRIPLES, "little")


def _letters_before(number: int, known: int) -> int:
    """Return a bit for each letter that stands before others in words. `number`: of the others, less the letter."""
    return known >> _LETTERS * number & _ALL_LETTERS


@cache
def _neighbours_before(sign: int) -> int:
    """Return a bit for each sign that stands before this one in language, numbers and punctuation."""
    if sign == _FOREIGN:
        return 0
    if sign >= _OTHERS:
        return _ALL_LETTERS | _ALL_DIGITS | _BESIDE_ANY
    if sign >= _DIGITS:
        return _ALL_DIGITS | _BESIDE_ANY
    return _letters_before(sign, _KNOWN_PAIRS) | _BESIDE_ANY


@cache
def plain_before(second: int, third: int) -> int:
    """Return a bit for each sign that looks like language before two others.

    Long numbers do not: there are as many as ids.
    """
    before = _neighbours_before(second) if _neighbours_before(third) >> second & 1 else 0
    if second < _DIGITS and third < _DIGITS:
        # What is known of three letters counts for more than what is known of two.
        return before & ~_ALL_LETTERS | _letters_before(second + _LETTERS * third, _KNOWN_TRIPLES)
    are_digits = _DIGITS <= second < _OTHERS and _DIGITS <= third < _OTHERS
    return before & ~_ALL_DIGITS if are_digits else before


def is_plain(first: int, second: int, third: int) -> bool:
    """Tell whether three signs look like language."""
    return bool(plain_before(second, third) >> first & 1)


class Table(Enum):
    """The sets of pieces. `anchors` says what is in the second one."""

    PLAIN = 0
    ANCHORED = 1
    HEX = 2


STEP = {Table.PLAIN: 2, Table.HEX: 8}
"""A piece begins at each position that is a multiple of this."""
LENGTH = {Table.PLAIN: 5, Table.HEX: 8}
SLOT_BITS = {Table.PLAIN: 20, Table.ANCHORED: 17, Table.HEX: 17}
"""Of the number of a piece. A file may keep fewer of them, the lower ones."""

ALL_BITS = 0xFFFFFFFFFFFFFFFF
"""Of a number of eight bytes."""
TRIPLE_FACTOR, TRIPLE_SHIFT, TRIPLE_MIX = 0x9E3779B1, 15, 0x85EBCA77
HEX_FACTOR = 0x9E3779B97F4A7C15


def triple_weight(number: int) -> int:
    """Return an odd number of 32 bits for a triple of signs."""
    mixed = number * TRIPLE_FACTOR & 0xFFFFFFFF
    return ((mixed ^ mixed >> TRIPLE_SHIFT) * TRIPLE_MIX & 0xFFFFFFFF) | 1


def slots_of(text: str, table: Table) -> list[frozenset[int]]:
    """Return, for each way in which a folded text may lie, the numbers of its pieces; none if one has no pieces.

    All the numbers of at least one set are in the table of the pieces of any text that holds this one.

    Args:
        table: the plain one or the hexadecimal one.
    """
    data = text.encode()
    slot_of = _plain_slot if table is Table.PLAIN else _hex_slot
    length, step = LENGTH[table], STEP[table]
    ways = []
    for first in range(step):
        found = (slot_of(data[at : at + length]) for at in range(first, len(data) - length + 1, step))
        way = frozenset(slot for slot in found if slot is not None)
        if not way:
            return []
        ways.append(way)
    return ways


def triple(first: int, second: int, third: int) -> int:
    """Return the number of three signs, below `SIGNS ** 3`."""
    return first + SIGNS * second + SIGNS * SIGNS * third


def _plain_slot(piece: bytes) -> int | None:
    one, two, three, four, five = (SIGN_OF[byte] for byte in piece)
    if not (is_plain(one, two, three) and is_plain(three, four, five)):
        return None
    weights = triple_weight(triple(one, two, three)), triple_weight(triple(three, four, five))
    return (weights[0] * weights[1] & 0xFFFFFFFF) >> 32 - SLOT_BITS[Table.PLAIN]


EVERY_BYTE = 0x0101010101010101
SMALL, FIRST_IN_ID, HIGH = 0x20 * EVERY_BYTE, 0x2D * EVERY_BYTE, 0x80 * EVERY_BYTE
"""What makes letters small; the first sign of ids, from where on they are (`-`, digits, letters, a few more); what no
ASCII has."""


def id_number(piece: bytes) -> int | None:
    """Return eight bytes with small letters as one number, the first byte lowest; None if they are no part of an id."""
    small = int.from_bytes(piece, "little") | SMALL
    return None if ((small - FIRST_IN_ID) | small) & HIGH else small


def _hex_slot(piece: bytes) -> int | None:
    number = id_number(piece)
    if number is None or not _HEX.issuperset(number.to_bytes(len(piece), "little")):
        return None
    return (number * HEX_FACTOR & ALL_BITS) >> 64 - SLOT_BITS[Table.HEX]


_HEX = frozenset(b"0123456789abcdef")
