"""The pieces that lie beside certain signs: after `_`, as in `user_2abC…`, and before `@`, as in addresses. Pure.

Where such a piece begins does not depend on where the text around it does. So a text that is looked for lies in one
way, not in eight, and there are few of these pieces: whole ids and addresses are told from all others. Of each there
are two, the near eight characters and the far eight behind them. They are in the table of anchored pieces with two
slots each, and in the striped one, which says also in which stripe of the row group they are.

A change of anything here changes which pieces there are: raise `VERSIONS[Kind.ANCHORS]` with it.
"""

from __future__ import annotations

from collections.abc import Iterable

from logtui.storage.words.pieces import ALL_BITS, EVERY_BYTE, ID_FACTOR, SLOT_BITS, hashed, id_number

AFTER, BEFORE = ord("_"), ord("@")
"""Pieces lie after this sign, and before this one."""
SMALL_BEFORE = (BEFORE | 0x20) * EVERY_BYTE
"""The second one as it is where letters were made small."""

SECOND_FACTOR = 0xC2B2AE3D27D4EB4F
STRIPE_BITS = 3
STRIPES, STRIPE_ROWS = 1 << STRIPE_BITS, 2_048
"""Of a row group, and rows of each: those of a page of its columns (`segment_layout`), which can be read alone."""
STRIPED_BITS = SLOT_BITS - STRIPE_BITS

_LENGTH = 8


def anchored_pieces(text: str) -> frozenset[int]:
    """Return the numbers of the pieces in a folded text that are known of every text that holds it."""
    data = bytes(2 * _LENGTH) + text.encode()
    found: set[int] = set()
    for at in range(2 * _LENGTH, len(data)):
        if data[at] == AFTER:
            near, far = _numbers(data[at + 1 : at + 1 + _LENGTH], data[at + 1 + _LENGTH : at + 1 + 2 * _LENGTH], AFTER)
            # The writer looks at what both of them are parts of.
            found.update((near, far) if near is not None and far is not None else ())
        elif data[at] == BEFORE:
            near, far = _numbers(data[at - _LENGTH : at], data[at - 2 * _LENGTH : at - _LENGTH], BEFORE)
            found.update(number for number in (near, far) if number is not None)
    return frozenset(found)


def _numbers(near: bytes, far: bytes, sign: int) -> tuple[int | None, int | None]:
    """Return the numbers of two pieces; None for what is no id, or too short, or whose sign another one hides."""
    if len(near) < _LENGTH or {sign, sign | 0x20} & set(near):
        return None, None
    number = id_number(near)
    return number, None if number is None or len(far) < _LENGTH else id_number(far)


def anchored_slots(numbers: Iterable[int]) -> frozenset[int]:
    """Return the slots of pieces in the anchored table."""
    return frozenset(hashed(number, factor) for number in numbers for factor in (ID_FACTOR, SECOND_FACTOR))


def striped_slots(numbers: Iterable[int]) -> frozenset[int]:
    """Return the slots of pieces in the striped table, each the first of its stripes'."""
    return frozenset((number * SECOND_FACTOR & ALL_BITS) >> 64 - STRIPED_BITS << STRIPE_BITS for number in numbers)
