"""From inputs to the store: each is framed, read with its format, and written in batches while the next is read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from logtui.core.cancel import CancelToken
from logtui.core.clock import Clock
from logtui.core.errors import StoreError
from logtui.services.ingest.background_sink import BackgroundSink
from logtui.services.ingest.decompression import DamagedError, Read, decompressed
from logtui.services.ingest.framing import AnyFramer
from logtui.services.ingest.intake import EnoughError, Intake, Tally
from logtui.services.ingest.line_ranges import (
    LineNumbers,
    LineRange,
    Places,
    Renumbered,
    cut,
    last_line_end,
    read_range,
)
from logtui.services.ingest.parquet_rows import is_parquet, read_parquet
from logtui.services.ingest.partner import Partner, Shared
from logtui.services.ingest.partner_messages import Answer, Order
from logtui.services.ingest.rare_collections import rare_collections
from logtui.services.ingest.reading import InputReader, TooLate, never_too_late
from logtui.services.ingest.recipe import Recipe
from logtui.services.ingest.record import Piece, Record
from logtui.services.ingest.rejects import Reject, RejectSink
from logtui.services.ingest.sources import Opened, Source, opened
from logtui.storage.event_sink import EventSink, Written

_AGE = 1.0
"""Seconds that events of a pipe wait for company."""


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
        partner: Partner | None = None,
    ) -> None:
        """Prepare an import.

        Args:
            limit: events after which it ends.
            partner: reads parts of large files.
        """
        self.tally = Tally()
        self._sink = BackgroundSink(sink)
        self._rejects = rejects
        self._recipe = recipe
        self._around = around
        self._partner = partner if limit is None else None
        self._by_partner = Written(0, 0, 0)
        self._is_shared = False
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
            with suppress(EnoughError), rare_collections():
                for source in sources:
                    self._import(source)
            self._flush()
            self._sink.wait()
        finally:
            self._sink.close()
            self.tally.written = self._sink.written + self._by_partner

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
        partner = self._partner if self._partner is not None and self._partner.is_for(source) else None
        try:
            for data in decompressed(self._counted(source.read)):
                if data is None:
                    reader.settle()
                self._take(framer.feed(data or b""), reader, is_pipe=not source.is_regular)
                if partner is not None and reader.format is not None:
                    is_end = self._share(partner, source, framer, reader)
                    partner = None
                    if is_end:
                        break
        except (OSError, DamagedError) as error:
            damage = error
        # Also where the input breaks off: what was whole counts.
        self._take(framer.finish(), reader, is_pipe=not source.is_regular)
        reader.settle()
        if damage is not None:
            raise damage

    def _share(self, partner: Partner, source: Opened, framer: AnyFramer, reader: InputReader) -> bool:
        """Read the whole lines of a file together with the partner; return whether they end where the file does."""
        lines, form, descriptor = framer.lines, reader.format, source.descriptor
        if lines is None or form is None:
            return False
        status = os.fstat(descriptor)
        offset = os.lseek(descriptor, 0, os.SEEK_CUR) - lines.held
        end = last_line_end(descriptor, offset, status.st_size)
        numbers = LineNumbers(descriptor, offset, lines.line)
        self.tally.bytes_read -= lines.held

        def order(part: LineRange) -> Order:
            path, now = os.fsencode(source.path or ""), self._around.clock()
            return Order(path, status.st_dev, status.st_ino, part.offset, part.end, form.name, now)

        def merge(part: LineRange, answer: Answer) -> None:
            self.tally.bytes_read += part.size
            reader.formats.update(answer.formats)
            for each in answer.rejects:
                line = numbers.at(each.offset) + each.line
                self._intake.reject(Reject(reader.name, line, each.reason, each.record))
            self._merge(answer)

        shared = Shared(partner, cut(descriptor, offset, end), order, merge)

        def go_on(count: int) -> None:
            self.tally.bytes_read += count
            self._around.token.check()
            shared.look()
            self._go_on(is_pipe=False)

        self._is_shared = True
        places = Places()

        def number(line: int) -> int:
            block, before = places.of(line)
            return numbers.at(block) + before

        part_reader = reader.of_part(Renumbered(self._intake, reader.name, number))
        while (part := shared.next(self._around.token.check)) is not None:
            read_range(descriptor, part, part_reader, places, go_on)
            self._flush()
        self._is_shared = False
        os.lseek(descriptor, end, os.SEEK_SET)
        is_end = end >= os.fstat(descriptor).st_size
        framer.go_on_at(lines.line if is_end else numbers.at(end))
        return is_end

    def _merge(self, answer: Answer) -> None:
        """Count what the partner did."""
        self.tally.events += answer.events
        done = Written(answer.written, answer.duplicates, answer.segments, answer.differing, answer.unindexed)
        self._by_partner += done
        for note in answer.notes:
            self._tell(note)
        if answer.error:
            raise StoreError(answer.error)

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
            if self._is_shared:
                # The other processor has its own work, and two threads would wait for Python's lock.
                self._sink.wait()
        self.tally.written = self._sink.written + self._by_partner

    def _tell(self, text: str) -> None:
        """Pass a note on, unless the same was said of another input."""
        about = text.rpartition(": ")[2]
        if about not in self._known:
            self._known.add(about)
            self._around.tell(text)
