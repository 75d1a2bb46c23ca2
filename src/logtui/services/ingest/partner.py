"""A second process for an import of large files, because Python runs one thread at a time.

Both read parts of the file and store what is in them; the store takes events of several writers. A partner that dies
leaves its part to the first process: what it had stored is then left out as known.
"""

from __future__ import annotations

import os
import select
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import BinaryIO

import msgspec

from logtui.services.ingest.json_lines import AROUND
from logtui.services.ingest.line_ranges import LineRange
from logtui.services.ingest.partner_messages import Answer, Order
from logtui.services.ingest.sources import Opened

WORTH_A_PROCESS = 32 << 20
"""Bytes of a file; to start a process takes as long as to import some of them."""
_AHEAD = 2
"""Orders that a partner has: while the first process writes, it does not look."""
_TICK = 0.1
"""Seconds after which who waits for an answer looks whether to go on."""


class Partner:
    """The process, as who started it sees it."""

    def __init__(
        self, orders: BinaryIO, answers: BinaryIO, end: Callable[[], None], worth: int = WORTH_A_PROCESS
    ) -> None:
        """Take what it reads, what it writes, and what ends it, whatever it does.

        Args:
            worth: bytes of the files that it is for, at least.
        """
        self.is_alive = True
        self._orders, self._answers = orders, answers
        self._end = end
        self._worth = worth

    def is_for(self, file: Opened) -> bool:
        """Tell whether a file is large, and begins as lines of JSON do."""
        if not file.is_regular or file.path is None or os.fstat(file.descriptor).st_size < self._worth:
            return False
        return os.pread(file.descriptor, 64, 0).lstrip(AROUND).startswith(b"{")

    def give(self, order: Order) -> None:
        """Have lines imported."""
        try:
            self._orders.write(msgspec.json.encode(order) + b"\n")
            self._orders.flush()
        except BrokenPipeError:
            self.is_alive = False

    def answer(self, wait: float = 0) -> Answer | None:
        """Return the answer to the last order, or None if there is none after so many seconds."""
        if not self.is_alive or not select.select([self._answers], [], [], wait)[0]:
            return None
        line = self._answers.readline()
        # An end in the middle of an answer is an end.
        self.is_alive = line.endswith(b"\n")
        return msgspec.json.decode(line, type=Answer) if self.is_alive else None

    def close(self) -> None:
        """End it."""
        self.is_alive = False
        self._end()
        with suppress(BrokenPipeError):
            self._orders.close()
        self._answers.close()


class Shared:
    """Parts of a file of which some go to a partner; who has it reads the others."""

    def __init__(
        self,
        partner: Partner,
        parts: Iterable[LineRange],
        order: Callable[[LineRange], Order],
        merge: Callable[[LineRange, Answer], None],
    ) -> None:
        """Take the parts in their order; `merge` gets the answers."""
        self._partner = partner
        self._parts = deque(parts)
        self._order = order
        self._merge = merge
        self._given: deque[LineRange] = deque()

    def look(self, wait: float = 0) -> None:
        """Take the answers that are there, and give the partner more; to be called often.

        Args:
            wait: seconds that it may take until there is one.
        """
        while self._given:
            answer = self._partner.answer(wait)
            if answer is None:
                break
            self._merge(self._given.popleft(), answer)
        if not self._partner.is_alive:
            self._parts.extendleft(reversed(self._given))
            self._given.clear()
        while self._parts and self._partner.is_alive and len(self._given) < _AHEAD:
            self._partner.give(self._order(self._parts[0]))
            self._given.append(self._parts.popleft())

    def next(self, check: Callable[[], None]) -> LineRange | None:
        """Return a part to be read here; None when all are read.

        Args:
            check: raises when the import is to end.
        """
        self.look()
        while not self._parts and self._given:
            check()
            self.look(_TICK)
        return self._parts.popleft() if self._parts else None
