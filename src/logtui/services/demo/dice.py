"""Choices that are the same for the same seed, on every machine and Python.

Only `random()` is promised by Python to keep its sequence, so everything is made of it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_HEX = "0123456789abcdef"
_ID_LENGTH = 27


class Dice:
    """A seeded source of choices."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random

    def chance(self, probability: float) -> bool:
        """Return True this often."""
        return self._random() < probability

    def between(self, low: int, high: int) -> int:
        """Return a whole number, both ends included."""
        return low + int(self._random() * (high - low + 1))

    def pick(self, options: Sequence[T]) -> T:
        """Return one of them, all equally likely."""
        return options[int(self._random() * len(options))]

    def weighted(self, options: Sequence[T], weights: Sequence[float]) -> T:
        """Return one of them, as likely as its weight says."""
        sums = list(accumulate(weights))
        at = self._random() * sums[-1]
        return next(option for option, reached in zip(options, sums, strict=True) if at < reached)

    def resource_id(self, prefix: str) -> str:
        """Return an id as Clerk makes them: `user_2g7np7Hrk0SN6kj5EDMLDaKNL0S`."""
        return f"{prefix}_3" + self._text(_BASE62, _ID_LENGTH - 1)

    def trace_id(self) -> str:
        """Return 32 hexadecimal digits."""
        return self._text(_HEX, 32)

    def digits(self, count: int) -> str:
        """Return decimal digits."""
        return self._text("0123456789", count)

    def _text(self, alphabet: str, length: int) -> str:
        size, draw = len(alphabet), self._random
        return "".join([alphabet[int(draw() * size)] for _ in range(length)])
