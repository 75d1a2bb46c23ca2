"""`logtui ingest --dry-run`: how the first events are read, column by column, before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from logtui.cli import diagnostics, output
from logtui.cli.diagnostics import ExitCode
from logtui.cli.ingest_talk import SaidRejects
from logtui.core.cancel import CancelToken
from logtui.core.clock import Clock
from logtui.core.columns import COLUMNS, Kind
from logtui.core.event import Event
from logtui.core.times import format_utc
from logtui.services.ingest.json_object import NotJsonError, parse
from logtui.services.ingest.pipeline import Pipeline, Surroundings
from logtui.services.ingest.recipe import Recipe
from logtui.services.ingest.sources import find_sources
from logtui.services.ingest.times import read_time
from logtui.services.rows import Row
from logtui.storage.event_sink import Written

if TYPE_CHECKING:
    import pyarrow as pa

_SHOWN = 60
"""Characters of a payload."""


class _Preview:
    """An `EventSink` that keeps what it gets."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def write(self, events: Sequence[Event] | pa.Table) -> Written:
        from logtui.storage.arrow_schema import events_of

        self.events += events if isinstance(events, Sequence) else events_of(events)
        return Written(0, 0, 0)

    def close(self) -> None:
        pass


def preview(names: Sequence[str], recipe: Recipe, clock: Clock, count: int, token: CancelToken) -> int:
    """Show the first `count` events: each column, its value, and where in the record that stands.

    Raises:
        StoreError: an input is missing.
    """
    sink = _Preview()
    around = Surroundings(clock, token, diagnostics.note)
    rejects = SaidRejects()
    pipeline = Pipeline(sink, rejects, recipe, around, limit=count)
    pipeline.run(find_sources(names))
    rows = [row for number, event in enumerate(sink.events, 1) for row in _rows(number, event)]
    if rows:
        output.write_rows(rows, output.shape("table", ("event", "column", "value", "from")))
    rejects.sum_up()
    diagnostics.note(f"dry run: nothing was stored; these are the first {len(sink.events):,} events")
    return ExitCode.DONE if pipeline.tally.is_complete else ExitCode.PROBLEM


def _rows(number: int, event: Event) -> Iterator[Row]:
    leaves = list(_leaves(_parsed(event.payload)))
    for column in COLUMNS:
        value = getattr(event, column.name)
        if column.name == "ingested_at" or value is None:
            continue
        if column.kind is Kind.JSON:
            text = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}… ({len(value):,} characters)"
            yield number, column.name, text, None
        elif column.kind is Kind.TIME:
            yield number, column.name, format_utc(value), _first(leaves, _micros, value)
        else:
            yield number, column.name, value, _first(leaves, str, value)


def _parsed(payload: str | None) -> Any:
    try:
        return parse((payload or "").encode())
    except NotJsonError:
        return None


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each leaf with its path, those that are nearest to the top first."""
    items: list[tuple[str, Any]] = []
    if isinstance(value, Mapping):
        items = [(f"{path}.{key}" if path else key, item) for key, item in value.items()]
    elif isinstance(value, list):
        items = [(f"{path}[{at}]", item) for at, item in enumerate(value)]
    yield from (item for item in items if not isinstance(item[1], Mapping | list))
    for inner, item in items:
        yield from _leaves(item, inner)


def _first(leaves: Sequence[tuple[str, Any]], meaning: Callable[[Any], object], value: object) -> str | None:
    """Return where the first leaf stands that means a value."""
    return next((path for path, leaf in leaves if meaning(leaf) == value), None)


def _micros(leaf: Any) -> int | None:
    time = read_time(leaf)
    return None if time is None else time.micros
