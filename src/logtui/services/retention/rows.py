"""Reads the events that must outlive their day, and stores them elsewhere: over the engine and writer ports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY
from logtui.core.errors import StoreError
from logtui.core.event import Event
from logtui.core.page import Selection, TimeRange
from logtui.core.query.parser import parse
from logtui.core.times import day_of
from logtui.services.search import Search
from logtui.storage.checksums import verify
from logtui.storage.engine import Engine
from logtui.storage.event_sink import EventSink
from logtui.storage.listing import open_listing
from logtui.storage.partitions import partition_name


class EngineRows:
    """`Rows` of one open store."""

    def __init__(self, root: Path, engine: Engine, search: Search, open_sink: Callable[[Path], EventSink]) -> None:
        self._root = root
        self._engine = engine
        self._search = search
        self._open_sink = open_sink
        self._checked: set[int] = set()

    def matching(self, day: int, query: str, *, token: CancelToken) -> Iterator[Sequence[Event]]:
        """See `Rows.matching`."""
        self._require_undamaged(day, token)
        selection = self._search.select(parse(query), token=token)
        times = TimeRange(day, day + DAY).intersect(selection.range)
        for page in self._search.pages(
            Selection(selection.condition, times), limit=None, token=token, with_payload=True
        ):
            if page.events:
                yield page.events
        self._require_readable(day)

    def store(self, place: Path, parts: Iterator[Sequence[Event]]) -> int:
        """See `Rows.store`."""
        sink = self._open_sink(place)
        try:
            count = 0
            for part in parts:
                sink.write(part)
                count += len(part)
            return count
        finally:
            sink.close()

    def _require_undamaged(self, day: int, token: CancelToken) -> None:
        """The engine reads over flipped bits, so every page is checked before what it says is taken for the truth."""
        if day in self._checked:
            return
        listing = open_listing(self._root)
        for directory in listing.directories():
            if directory.day == day:
                segments = listing.contents(directory).segments
                for problem in verify(((each.name, Path(each.path)) for each in segments), token=token):
                    raise StoreError(f"{problem.path} {problem.message}, so its events cannot be looked through")
        self._checked.add(day)

    def _require_readable(self, day: int) -> None:
        name = partition_name(day_of(day))
        for problem in self._engine.problems():
            if problem.is_loss and problem.path.startswith(name):
                raise StoreError(f"{problem.path}: {problem.message}")
