"""The pieces beside certain signs: after `_`, as in `user_2abC…`, before `@`, as in addresses, and before `-`, as in
UUIDs. Pure.

Where such a piece begins does not depend on where the text around it does. So a text that is looked for lies in one
way, not in eight, and there are few of these pieces: whole ids and addresses are told from all others.

After `_` come two pieces, the near eight characters and the far eight behind them; before the others comes one, and as
it is alone, it has twice the slots.

A change of anything here changes which pieces there are: raise `VERSIONS[Kind.IDS]` with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from logtui.storage.words.pieces import ALL_BITS, LENGTH, SLOT_BITS, SMALL, Table, id_number

AFTER, BEFORE = ord("_"), (ord("@"), ord("-"))
"""Pieces lie after this sign, and before these."""
_FACTORS = (
    0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93,
    0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3,
)  # fmt: skip
FACTORS_AFTER, FACTORS_BEFORE = _FACTORS[:3], _FACTORS
"""What the number of a piece is multiplied by, one for each of its slots."""
SLOT_SHIFT = 64 - SLOT_BITS[Table.ANCHORED]
"""Makes a slot of the product."""

_LENGTH = LENGTH[Table.HEX]


def small(sign: int) -> int:
    """Return what the filter knows a byte as: letters are small, and some signs are the same as others."""
    return sign | SMALL & 0xFF


@dataclass(frozen=True, slots=True)
class Anchored:
    """Numbers of pieces."""

    after: frozenset[int]
    before: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.after or self.before)

    def slots(self) -> frozenset[int]:
        """Return their slots."""
        return _hashed(self.after, FACTORS_AFTER) | _hashed(self.before, FACTORS_BEFORE)


def anchored_pieces(text: str) -> Anchored:
    """Return the pieces in a folded text that are known of every text that holds it."""
    data = text.encode()
    after: set[int] = set()
    before: set[int] = set()
    for at, sign in enumerate(data):
        if sign == AFTER:
            pieces = [data[at + 1 : at + 1 + _LENGTH], data[at + 1 + _LENGTH : at + 1 + 2 * _LENGTH]]
            # The writer looks at what both of them are parts of.
            after.update(_known(sign, pieces))
        elif sign in BEFORE and at >= _LENGTH:
            before.update(_known(sign, [data[at - _LENGTH : at]]))
    return Anchored(frozenset(after), frozenset(before))


def _known(sign: int, pieces: list[bytes]) -> list[int]:
    """Return the numbers of pieces, the nearest first; none if one is too short, is no id, or hides their sign."""
    numbers = [number for piece in pieces if len(piece) == _LENGTH and (number := id_number(piece)) is not None]
    is_hidden = small(sign) in map(small, pieces[0])
    return [] if is_hidden or len(numbers) < len(pieces) else numbers


def _hashed(numbers: frozenset[int], factors: tuple[int, ...]) -> frozenset[int]:
    return frozenset((number * factor & ALL_BITS) >> SLOT_SHIFT for number in numbers for factor in factors)
