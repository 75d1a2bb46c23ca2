"""From inputs to the store: each is framed, read with its format, and written in batches while the next is read."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from logtui.core.cancel import CancelToken
from logtui.core.clock import Clock
from logtui.core.event import Event
from logtui.services.ingest.background_sink import BackgroundSink
from logtui.services.ingest.batch import Batch
from logtui.services.ingest.decompression import DamagedError, Read, decompressed
from logtui.services.ingest.framing import AnyFramer
from logtui.services.ingest.line_tables import has_line_tables
from logtui.services.ingest.line_worker import Order
from logtui.services.ingest.parquet_rows import is_parquet, read_parquet
from logtui.services.ingest.rare_collections import rare_collections
from logtui.services.ingest.read_ahead import (
    WORTH_A_PROCESS,
    LineNumbers,
    ReadAhead,
    has_processors,
    is_worth_a_process,
)
from logtui.services.ingest.reading import InputReader, TooLate, never_too_late
from logtui.services.ingest.recipe import Recipe
from logtui.services.ingest.record import Piece, Record
from logtui.services.ingest.rejects import Reject, RejectSink
from logtui.services.ingest.sources import Opened, Source, opened
from logtui.storage.event_sink import EventSink, Written

if TYPE_CHECKING:
    import pyarrow as pa

_AGE = 1.0
"""Seconds that events of a pipe wait for company."""
_VALUE = re.compile(r'"(?:[^"\\]|\\.)*"|[0-9]+')


@dataclass(slots=True)
class Tally:
    """What came of the inputs so far."""

    events: int = 0
    """Events that were read, stored or not yet."""
    written: Written = Written(0, 0, 0)
    reasons: Counter[str] = field(default_factory=Counter)
    """Why records were rejected, without the values that differ -> how many."""
    formats: Counter[str] = field(default_factory=Counter)
    """Title of a format -> records."""
    problems: int = 0
    """Inputs that could not be read, or not to their end."""
    bytes_read: int = 0
    bytes_known: int = 0
    """Of all inputs together; 0 where one of them does not tell."""

    @property
    def rejected(self) -> int:
        return self.reasons.total()

    @property
    def is_complete(self) -> bool:
        """Whether everything that came is stored."""
        return not self.reasons and not self.problems


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an import needs of the world."""

    clock: Clock
    token: CancelToken
    tell: Callable[[str], None]
    """Gets notes for the person."""
    progress: Callable[[Tally], None] = lambda _: None
    """Called after each piece."""
    too_late: TooLate = never_too_late
    """Which events are older than the store keeps."""


class _EnoughError(Exception):
    """As many events were read as were asked for."""


class Intake:
    """The `Collector` of a store: keeps a batch, and counts."""

    def __init__(self, rejects: RejectSink, tally: Tally, limit: int | None = None) -> None:
        self.batch = Batch()
        self._rejects = rejects
        self._tally = tally
        self._limit = sys.maxsize if limit is None else limit

    def add(self, event: Event) -> None:
        self.batch.add(event)
        self._count(1)

    def add_table(self, table: pa.Table) -> None:
        table = table.slice(0, self._limit - self._tally.events)
        self.batch.add_table(table)
        self._count(table.num_rows)

    def _count(self, events: int) -> None:
        self._tally.events += events
        if self._tally.events >= self._limit:
            raise _EnoughError

    def reject(self, reject: Reject) -> None:
        self._rejects.add(reject)
        self._tally.reasons[_VALUE.sub("…", reject.reason)] += 1


class Pipeline:
    """Imports inputs into one store, and ends with them."""

    def __init__(
        self,
        sink: EventSink,
        rejects: RejectSink,
        recipe: Recipe,
        around: Surroundings,
        *,
        limit: int | None = None,
        worth_a_process: int = WORTH_A_PROCESS,
    ) -> None:
        """Prepare an import.

        Args:
            limit: events after which it ends.
            worth_a_process: bytes from which on a file is read by another process; 0 for none.
        """
        self.tally = Tally()
        self._sink = BackgroundSink(sink)
        self._rejects = rejects
        self._recipe = recipe
        self._around = around
        self._worth_a_process = worth_a_process if limit is None and has_processors() else 0
        self._intake = Intake(rejects, self.tally, limit)
        self._known: set[str] = set()

    def run(self, sources: Sequence[Source]) -> None:
        """Import all of them. What is stored when it fails is in `tally`, and is not doubled by another run.

        Raises:
            StoreError: events or rejects cannot be stored.
            Cancelled: the token was cancelled.
        """
        sizes = [source.size for source in sources]
        self.tally.bytes_known = sum(sizes) if all(sizes) else 0
        try:
            with suppress(_EnoughError), rare_collections():
                for source in sources:
                    self._import(source)
            self._flush()
            self._sink.wait()
        finally:
            self._sink.close()
            self.tally.written = self._sink.written

    def _import(self, source: Source) -> None:
        reader = InputReader(
            source.name, self._recipe, self._intake, self._around.clock, self._tell, self._around.too_late
        )
        try:
            if source.path is not None and source.path.is_file() and is_parquet(source.path):
                self._import_parquet(source, reader)
            else:
                with opened(source, self._around.token) as file:
                    self._import_text(file, reader)
        except (OSError, DamagedError) as error:
            reason = str(error) if isinstance(error, DamagedError) else (error.strerror or str(error)).lower()
            self.tally.problems += 1
            self._around.tell(f"{source.name}: {reason}")
        finally:
            self.tally.formats += reader.formats

    def _import_text(self, source: Opened, reader: InputReader) -> None:
        framer = AnyFramer(self._recipe.columns)
        damage: Exception | None = None
        ahead = self._worker(source)
        try:
            for data in decompressed(self._counted(source.read)):
                if data is None:
                    reader.settle()
                self._take(framer.feed(data or b""), reader, is_pipe=not source.is_regular)
                if ahead is not None and reader.format is not None and ahead.is_ready():
                    is_end = self._read_ahead(ahead, source.descriptor, framer, reader)
                    ahead.close()
                    ahead = None
                    if is_end:
                        break
        except (OSError, DamagedError) as error:
            damage = error
        finally:
            if ahead is not None:
                ahead.close()
        # Also where the input breaks off: what was whole counts.
        self._take(framer.finish(), reader, is_pipe=not source.is_regular)
        reader.settle()
        if damage is not None:
            raise damage

    def _worker(self, source: Opened) -> ReadAhead | None:
        """Start another process that reads lines, where that pays."""
        if source.is_regular and self._worth_a_process and is_worth_a_process(source.descriptor, self._worth_a_process):
            with suppress(OSError):
                return ReadAhead(source.descriptor)
        return None

    def _read_ahead(self, ahead: ReadAhead, descriptor: int, framer: AnyFramer, reader: InputReader) -> bool:
        """Take what the other process reads, as far as it gets; return whether that is the end of the file."""
        lines, form = framer.lines, reader.format
        if lines is None or form is None or not has_line_tables(form):
            return False
        offset = os.lseek(descriptor, 0, os.SEEK_CUR) - lines.held
        self.tally.bytes_read -= lines.held
        numbers = LineNumbers(descriptor, offset, lines.line)
        order = Order(form.name, offset, reader.is_only, self._around.clock())
        for piece, behind in ahead.pieces(order, numbers):
            self._around.token.check()
            self.tally.bytes_read += behind - offset
            offset = behind
            reader.take(piece)
            self._go_on(is_pipe=False)
        is_end = os.lseek(descriptor, offset, os.SEEK_SET) >= os.fstat(descriptor).st_size
        framer.go_on_at(lines.line if is_end else numbers.at(offset))
        return is_end

    def _take(self, pieces: Iterable[Piece], reader: InputReader, *, is_pipe: bool) -> None:
        for piece in pieces:
            reader.take(piece)
            self._go_on(is_pipe=is_pipe)
        self._go_on(is_pipe=is_pipe)

    def _import_parquet(self, source: Source, reader: InputReader) -> None:
        assert source.path is not None
        line = 1
        for found in read_parquet(source.path):
            self._around.token.check()
            if isinstance(found, Record):
                reader.take(found)
            else:
                reader.take_table(found, line)
                line += found.num_rows
            self._go_on(is_pipe=False)
        reader.settle()
        self.tally.bytes_read += source.size

    def _counted(self, read: Read) -> Read:
        def counted() -> bytes | None:
            data = read()
            self.tally.bytes_read += len(data or b"")
            return data

        return counted

    def _go_on(self, *, is_pipe: bool) -> None:
        batch = self._intake.batch
        if batch.is_full or (is_pipe and batch.age > _AGE):
            self._flush()
        self._around.progress(self.tally)

    def _flush(self) -> None:
        self._rejects.flush()
        if self._intake.batch.rows:
            self._sink.put(self._intake.batch.take())
        self.tally.written = self._sink.written

    def _tell(self, text: str) -> None:
        """Pass a note on, unless the same was said of another input."""
        about = text.rpartition(": ")[2]
        if about not in self._known:
            self._known.add(about)
            self._around.tell(text)
