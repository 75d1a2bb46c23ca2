"""Turns the pieces of one input into events: chooses its format from the first records, then reads each record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from logtui.core.clock import DAY, Clock
from logtui.core.event import Event
from logtui.core.times import day_start, format_instant
from logtui.services.ingest.formats.format import Fields, Format
from logtui.services.ingest.formats.vendor import VendorFormat
from logtui.services.ingest.json_lines import records_of
from logtui.services.ingest.json_object import NotJsonError, parse
from logtui.services.ingest.nesting import inner_pieces, values_on_line
from logtui.services.ingest.own_schema import read_block
from logtui.services.ingest.parquet_rows import rows_of
from logtui.services.ingest.recipe import OWN, Recipe
from logtui.services.ingest.record import Lines, Piece, Record, Rejected, Spoiled
from logtui.services.ingest.rejects import Reject
from logtui.services.ingest.vendor_block import read_vendor_block

if TYPE_CHECKING:
    import pyarrow as pa

AHEAD = DAY
"""How far in the future an event's time may lie; clocks differ, but not by more."""
_FIRST, _END = day_start("0001-01-01"), day_start("9999-12-31") + DAY
_SAMPLE = 64
"""Records by which a format is chosen."""
_DEEPEST = 4
"""Levels of records inside of records."""
_NOT_AN_OBJECT = "not a JSON object"


TooLate = Callable[[int, str], str]
"""Takes time and type of an event; returns why it is too old to be stored, or "" if it is not."""


def never_too_late(_: int, __: str, /) -> str:
    """Take events of any age."""
    return ""


class Collector(Protocol):
    """Takes what was read."""

    def add(self, event: Event) -> None: ...

    def add_table(self, table: pa.Table) -> None: ...

    def reject(self, reject: Reject) -> None: ...


class InputReader:
    """Reads one input."""

    def __init__(
        self,
        name: str,
        recipe: Recipe,
        collector: Collector,
        clock: Clock,
        tell: Callable[[str], None],
        too_late: TooLate = never_too_late,
        *,
        form: Format | None = None,
    ) -> None:
        """Prepare.

        Args:
            name: what messages call the input.
            tell: gets them.
            too_late: knows which days have expired.
            form: the format, where it is known already; None: the one that the first records show.
        """
        self.name = name
        self._recipe = recipe
        self._collector = collector
        self._clock = clock
        self._tell = tell
        self._too_late = too_late
        self._format = form
        self._constants: dict[str, Any] = dict(recipe.constants)
        self._held: list[Piece] = []
        self._sample: list[Fields] = []
        self.formats: Counter[str] = Counter()
        """Title of a format -> records that were read with it."""

    @property
    def format(self) -> Format | None:
        """The format that was chosen."""
        return self._format

    def of_part(self, collector: Collector) -> InputReader:
        """Return a reader of a part of this input, whose records count for this one."""
        part = InputReader(
            self.name, self._recipe, collector, self._clock, self._tell, self._too_late, form=self._format
        )
        part.formats = self.formats
        return part

    def take(self, piece: Piece) -> None:
        """Read a piece, or keep it while the format is not known."""
        if self._format is None:
            self._held.append(piece)
            self._look_at(piece)
            if len(self._sample) < _SAMPLE:
                return
            self.settle()
        else:
            self._read(piece)

    def settle(self) -> None:
        """Choose the format by what has come, and read that; does nothing when that was done before."""
        if self._format is None and self._sample:
            self._format = self._recipe.choose(self._sample)
            self._tell_about(self._format)
        held, self._held = self._held, []
        for piece in held:
            self._read(piece)

    def take_table(self, table: pa.Table, line: int) -> None:
        """Take events that are in the store's schema already."""
        table = self._with_constants(table)
        if self._is_within_limits(table) and not any(table[name].null_count for name in _REQUIRED):
            self.formats[OWN.title] += table.num_rows
            self._collector.add_table(table)
        else:
            self._format = self._format or self._recipe.other
            for record in rows_of(table, line):
                self._record(record)

    # -- choosing

    def _look_at(self, piece: Piece) -> None:
        records = records_of(piece) if isinstance(piece, Lines) else (piece,)
        for record in records:
            if len(self._sample) >= _SAMPLE:
                return
            if isinstance(record, Record):
                self._look_into(record)

    def _look_into(self, record: Record, depth: int = 0) -> None:
        try:
            value = parse(record.text)
        except NotJsonError:
            return
        inner = inner_pieces(value, record) if depth < _DEEPEST else None
        for piece in (inner or ())[:_SAMPLE]:
            if isinstance(piece, Record):
                self._look_into(piece, depth + 1)
        if inner is None and isinstance(value, Mapping):
            self._sample.append(value)

    def _tell_about(self, form: Format) -> None:
        if form is not self._recipe.format:
            self._tell(f"{self.name}: read as {form.title} (--format {form.name})")
        times = [form.time(fields) for fields in self._sample]
        if any(time is not None and not time.has_zone for time in times):
            self._tell(f"{self.name}: times without a zone are read as UTC")

    # -- reading

    def _read(self, piece: Piece) -> None:
        if isinstance(piece, Lines):
            for lines, table in self._tables(piece):
                if table is not None and self._format is not None and self._is_within_limits(table):
                    self.formats[self._format.title] += table.num_rows
                    self._collector.add_table(self._with_constants(table))
                else:
                    for record in records_of(lines):
                        self._record(record)
        elif isinstance(piece, Record):
            self._record(piece)
        else:
            self._reject(piece.record, piece.reason)

    def _tables(self, block: Lines) -> Iterable[tuple[Lines, pa.Table | None]]:
        """Return the lines of a block with their events, or with None where each record is to be read by itself."""
        form = self._format
        if isinstance(form, VendorFormat):
            return read_vendor_block(form, block, self._clock(), is_only=form is self._recipe.format)
        return ((block, read_block(block.data, self._clock()) if form is OWN else None),)

    def _record(self, record: Record, depth: int = 0) -> None:
        try:
            value = parse(record.text)
        except NotJsonError as error:
            pieces = values_on_line(record) if depth < _DEEPEST else None
            if pieces is None:
                self._reject(record, str(error))
            else:
                self._pieces(pieces, depth + 1)
            return
        pieces = inner_pieces(value, record) if depth < _DEEPEST else None
        if pieces is not None:
            self._pieces(pieces, depth + 1)
        elif isinstance(value, dict):
            self._object(value, record)
        else:
            self._reject(record, _NOT_AN_OBJECT)

    def _pieces(self, pieces: list[Piece], depth: int) -> None:
        for piece in pieces:
            if isinstance(piece, Record):
                self._record(piece, depth)
            elif isinstance(piece, Spoiled):
                self._reject(piece.record, piece.reason)

    def _object(self, fields: Fields, record: Record) -> None:
        form = self._format
        if form is None or form is self._recipe.other or not form.recognises(fields):
            form = self._recipe.format_of(fields)
        self.formats[form.title] += 1
        now = self._clock()
        for found in form.events(fields, record, now):
            reason = found.reason if isinstance(found, Rejected) else self._beyond_limits(found, now)
            if reason:
                self._reject(record, reason)
            elif isinstance(found, Event):
                self._collector.add(replace(found, **self._constants) if self._constants else found)

    def _beyond_limits(self, event: Event, now: int) -> str:
        return _beyond_limits(event.event_time, now) or self._too_late(event.event_time, event.event_type)

    def _reject(self, record: Record, reason: str) -> None:
        self._collector.reject(Reject(self.name, record.line, reason, record.text))

    def _is_within_limits(self, table: pa.Table) -> bool:
        import pyarrow as pa
        import pyarrow.compute as pc

        times = pc.min_max(table["event_time"].cast(pa.int64())).as_py()
        is_within = times["min"] >= _FIRST and times["max"] <= min(self._clock() + AHEAD, _END - 1)
        return bool(table.num_rows) and is_within and not self._too_late(times["min"], "")

    def _with_constants(self, table: pa.Table) -> pa.Table:
        import pyarrow as pa

        for name, value in self._recipe.constants.items():
            column = pa.array([value], pa.string()).take(pa.array([0] * table.num_rows, pa.int32()))
            table = table.set_column(table.schema.get_field_index(name), table.schema.field(name), column)
        return table


_REQUIRED = ("event_time", "event_id", "event_type", "payload", "ingested_at")


def _beyond_limits(at: int, now: int) -> str | None:
    if at > now + AHEAD:
        return f"event_time: {format_instant(at)} lies more than a day in the future"
    if not _FIRST <= at < _END:
        return f"event_time: {format_instant(at)} is not in the years 1 to 9999"
    return None
