"""Following a store: the events of its new segments.

What it costs depends on what is new, not on what is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from logtui.core.cancel import CancelToken
from logtui.core.page import Fresh, Order, Page, Problem, Selection
from logtui.storage.duckdb import questions
from logtui.storage.duckdb.reader import Inquiry, Reader, Vanished
from logtui.storage.duckdb.scope import Scope
from logtui.storage.duckdb.source import Source
from logtui.storage.duckdb.sql import Sql, all_of
from logtui.storage.duckdb.walk import Route, Walk
from logtui.storage.engine import Position
from logtui.storage.facts import Facts
from logtui.storage.growth import Known, grow
from logtui.storage.inventory import Candidate, Inventory
from logtui.storage.listing import Directory, Segment
from logtui.storage.views import MOST_LOOKS, Batch


@dataclass(frozen=True, slots=True)
class _Look:
    """What one look at the store found."""

    new: tuple[Candidate, ...]
    known: dict[str, Known]
    """By directory; what to go on from once `new` was given out."""
    is_reset: bool
    unseen: tuple[Segment, ...]
    """Compacted segments with events that cannot be told from those that were given out."""


class SegmentFollow:
    """A place in the store's growth. Used by one thread."""

    def __init__(self, reader: Reader, inventory: Inventory, since: Position | None) -> None:
        self._reader = reader
        self._inventory = inventory
        self._known: dict[str, Known] = {}
        self._known = _known_from(since) if since is not None else self._look(None, is_first=True).known

    @property
    def position(self) -> Position:
        return frozenset(name for known in self._known.values() for name in known.given)

    def fresh(
        self, selection: Selection, *, limit: int, token: CancelToken, changed: Iterable[str] | None = None
    ) -> Fresh:
        scope = Scope.of(selection)
        paths = None if changed is None else tuple(changed)
        for _ in range(MOST_LOOKS):
            token.check()
            look = self._look(paths)
            try:
                found = self._read(look, scope, limit, token)
            except Vanished:
                paths = None
                continue
            self._known = look.known
            return found
        return Fresh((), 0, is_reset=True)

    def catch_up(
        self,
        selection: Selection,
        *,
        token: CancelToken,
        changed: Iterable[str] | None = None,
        with_payload: bool = False,
    ) -> Iterator[Page]:
        scope = Scope.of(selection)
        look = self._look(None if changed is None else tuple(changed))
        route = Route(scope, Order.OLDEST_FIRST, with_payload=with_payload)
        yield from Walk(self._reader, Batch(look.new), route, token).pages(None, None)
        for segment in look.unseen:
            self._inventory.remark(Problem(segment.name, _UNSEEN))
        # Only now: a part that was never delivered is given again.
        self._known = look.known

    def _look(self, changed: tuple[str, ...] | None, *, is_first: bool = False) -> _Look:
        """Compare directories with what is known of them; a first look takes all that is there as known."""
        directories, known = self._directories(changed)
        new: list[Candidate] = []
        unseen: list[Segment] = []
        is_reset = False
        for directory in directories:
            growth = grow(
                self._known.get(directory.name, _UNKNOWN),
                self._inventory.contents(directory),
                is_own=self._inventory.listing.is_own,
                is_whole=lambda segment: is_first or self._facts(segment) is not None,
                lineage_of=lambda segment: {} if is_first else self._inventory.lineage(segment),
            )
            known[directory.name] = growth.known
            is_reset |= growth.is_reset
            if not is_first:
                new.extend(self._candidates(growth.new))
                unseen.extend(growth.unseen)
        return _Look(tuple(new), known, is_reset, tuple(unseen))

    def _directories(self, changed: tuple[str, ...] | None) -> tuple[list[Directory], dict[str, Known]]:
        """Return the directories to list, and what stays known of the others."""
        found: dict[str, Directory] = {}
        for path in changed or ():
            concerned = self._inventory.listing.directories_of(path)
            if concerned is None:
                changed = None
                break
            found.update((each.name, each) for each in concerned)
        if changed is not None:
            return list(found.values()), dict(self._known)
        found = {each.name: each for each in self._inventory.directories().listed}
        # Those that are gone are listed too, and found empty.
        gone = [Directory(f"{self._inventory.listing.root}/{name}", name) for name in self._known if name not in found]
        return [*found.values(), *gone], {}

    def _candidates(self, segments: Iterable[Segment]) -> Iterator[Candidate]:
        for segment in segments:
            facts = self._facts(segment)
            if facts is not None:
                yield Candidate(segment, facts)

    def _facts(self, segment: Segment) -> Facts | None:
        try:
            return self._inventory.facts(segment)
        except FileNotFoundError:
            return None

    def _read(self, look: _Look, scope: Scope, limit: int, token: CancelToken) -> Fresh:
        """Raises `Vanished` when a new segment is gone before it was read."""
        candidates = Batch(look.new).candidates(scope.times)
        if not candidates:
            return Fresh((), 0, look.is_reset)
        where = all_of([questions.during(scope.times), scope.where])

        def newest(source: Source) -> Sql:
            return questions.listing(source, where, order=Order.NEWEST_FIRST, limit=limit, with_payload=False)

        answer = self._reader.ask_of(candidates, Inquiry(scope.times, newest, scope.where), token)
        count = len(answer.rows)
        is_cut = count == limit
        if is_cut:
            inquiry = Inquiry(scope.times, lambda source: questions.counting(source, where), scope.where)
            counted = self._reader.ask_of(candidates, inquiry, token).rows
            count = int(counted[0][0]) if counted else count
        events = questions.events_of(
            answer.rows, answer.source, after=None, is_cut=is_cut, all_tied=not self._reader.is_own
        )
        return Fresh(events, count, look.is_reset)


_UNKNOWN = Known()
_UNSEEN = "was merged from segments that came and went unread, so some of its events were not followed: search for them"


def _known_from(position: Position) -> dict[str, Known]:
    by_directory: dict[str, dict[str, Segment | None]] = {}
    for name in position:
        by_directory.setdefault(name.rpartition("/")[0], {})[name] = None
    return {directory: Known(given) for directory, given in by_directory.items()}
