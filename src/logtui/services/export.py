"""Events in a chosen format: to any binary sink, or to a file that appears whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from logtui.core.columns import NAMES
from logtui.core.errors import UsageError
from logtui.core.event import Event
from logtui.core.page import Page, Progress
from logtui.services.atomic_file import replacing
from logtui.services.encoders import Csv, Encoder, JsonArray, JsonLines, Paint, Table
from logtui.services.rows import event_rows


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write events."""

    name: str
    suffixes: tuple[str, ...]
    """File names that mean this format when none is named."""
    meaning: str


FORMATS: tuple[Format, ...] = (
    Format("table", (".txt",), "aligned columns for reading"),
    Format("json", (".json",), "one array of objects"),
    Format("ndjson", (".ndjson", ".jsonl"), "one JSON object a line"),
    Format("csv", (".csv",), "quoted values, safe for spreadsheets"),
    Format("parquet", (".parquet",), "the schema of a store's own files"),
)
FORMAT_NAMES = tuple(form.name for form in FORMATS)


@dataclass(frozen=True, slots=True)
class Shape:
    """How events are to be written."""

    format: str
    columns: tuple[str, ...] = NAMES
    is_payload_text: bool = False
    """JSON formats give the payload as a string that holds its exact text, not as JSON."""
    is_raw: bool = False
    """CSV leaves every value as it is, also one that a spreadsheet takes for a formula. Terminals are still safe."""
    is_for_terminal: bool = False
    """Nothing that a terminal obeys is written, in any format; `is_ascii`: nor anything but ASCII."""
    is_ascii: bool = False
    paint: Paint | None = None

    @property
    def needs_payload(self) -> bool:
        return "payload" in self.columns


class EventWriter(Protocol):
    """Writes events in one format; `finish` completes it."""

    def write(self, events: Sequence[Event]) -> None: ...

    def finish(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Exported:
    """What went into a file: how many events, and whether more match than the limit let through."""

    count: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class ExportStep:
    """How far an export has come: events written so far, whether more match, and how much was searched."""

    count: int
    has_more: bool
    progress: Progress


def format_of(path: Path) -> str:
    """Return the format that the file's suffix means.

    Raises:
        UsageError: it means none.
    """
    for form in FORMATS:
        if path.suffix.lower() in form.suffixes:
            return form.name
    suffixes = ", ".join(suffix for form in FORMATS for suffix in form.suffixes)
    raise UsageError(f"{path}: the name tells no format; name a format, or end it in one of {suffixes}")


def make_encoder(shape: Shape) -> Encoder:
    """Return the encoder of a text format."""
    if shape.format == "table":
        return Table(shape.columns, paint=shape.paint, is_ascii=shape.is_ascii)
    if shape.format == "csv":
        return Csv(shape.columns, is_raw=shape.is_raw, is_for_terminal=shape.is_for_terminal, is_ascii=shape.is_ascii)
    embedded = frozenset[str]() if shape.is_payload_text else frozenset({"payload"})
    lines = JsonLines(shape.columns, embedded=embedded, is_for_terminal=shape.is_for_terminal, is_ascii=shape.is_ascii)
    return lines if shape.format == "ndjson" else JsonArray(lines)


def open_writer(sink: BinaryIO, shape: Shape) -> EventWriter:
    """Begin an output."""
    if shape.format == "parquet":
        from logtui.services.parquet_export import ParquetWriter

        return ParquetWriter(sink, shape.columns)
    return _TextWriter(sink, shape)


def export_file(pages: Iterable[Page], path: Path, shape: Shape) -> Exported:
    """Write all events of `pages` into a new file; a file that is there stays until the new one is complete.

    Raises:
        StoreError: the file cannot be written.
    """
    with replacing(path) as sink:
        return write_pages(pages, sink, shape)


def write_pages(pages: Iterable[Page], sink: BinaryIO, shape: Shape) -> Exported:
    """Write all events of `pages`, each part as soon as it is there."""
    written = Exported(0, has_more=False)
    for step in write_steps(pages, sink, shape):
        written = Exported(step.count, step.has_more)
    return written


def write_steps(pages: Iterable[Page], sink: BinaryIO, shape: Shape) -> Iterator[ExportStep]:
    """Write all events of `pages`, and tell after each part; the output is complete when this has ended."""
    count = 0
    writer = open_writer(sink, shape)
    for page in pages:
        writer.write(page.events)
        sink.flush()
        count += len(page.events)
        yield ExportStep(count, page.has_more, page.progress)
    writer.finish()


class _TextWriter:
    def __init__(self, sink: BinaryIO, shape: Shape) -> None:
        self._sink = sink
        self._columns = shape.columns
        self._encoder = make_encoder(shape)
        self._put(self._encoder.begin())

    def write(self, events: Sequence[Event]) -> None:
        self._put(self._encoder.rows(event_rows(events, self._columns)))

    def finish(self) -> None:
        self._put(self._encoder.end())

    def _put(self, text: str) -> None:
        # A lone surrogate cannot be UTF-8; its escape is how JSON spells it.
        self._sink.write(text.encode("utf-8", "backslashreplace"))
