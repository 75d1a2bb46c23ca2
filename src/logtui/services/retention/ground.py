"""What every step of retention works on: the store, the clock, and the way to read and copy its events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from logtui.core.cancel import CancelToken
from logtui.core.clock import Clock
from logtui.core.errors import StoreError
from logtui.core.event import Event
from logtui.storage.ledger import Ledger, read_ledger
from logtui.storage.ledger_state import Standing, standing_of
from logtui.storage.listing import reason
from logtui.storage.marker import Marker, read_marker


class Rows(Protocol):
    """Reads events of one day, and stores events in another store."""

    def matching(self, day: int, query: str, *, token: CancelToken) -> Iterator[Sequence[Event]]:
        """Yield the events of a UTC day (its first microsecond) that match, with their payloads.

        Raises:
            StoreError: not all of the day's events could be read, so nobody can tell which match.
        """
        ...

    def store(self, place: Path, parts: Iterator[Sequence[Event]]) -> int:
        """Store events once each in the store at `place`, which is made if missing; return how many came."""
        ...


@dataclass(frozen=True, slots=True)
class RetainedStore:
    """A store whose days are kept by a policy."""

    root: Path
    clock: Clock
    open_rows: Callable[[], AbstractContextManager[Rows]]

    def marker(self) -> Marker:
        """Return the store's marker.

        Raises:
            StoreError: there is none, so that nothing may be deleted here.
        """
        if not self.root.exists():
            raise StoreError(f"there is no store at {self.root}: check the path")
        if not self.root.is_dir():
            raise StoreError(f"{self.root}: is not a directory; retention works on stores of date partitions")
        try:
            marker = read_marker(self.root)
        except OSError as error:
            raise StoreError(f"the store {self.root} cannot be read: {reason(error)}") from error
        if marker is None:
            raise StoreError(
                f"{self.root}: logtui did not make this store; "
                f"look at it with `logtui retention adopt {self.root}` first"
            )
        return marker

    def standing(self) -> Standing:
        """Return what the ledger amounts to.

        Raises:
            StoreError: it is damaged: nothing is deleted on its word.
        """
        return standing_of(self.ledger())

    def ledger(self) -> Ledger:
        """Return the ledger, which must be whole."""
        ledger = read_ledger(self.root)
        ledger.require_whole()
        return ledger
