"""The partner process of an import (`services.ingest.partner`), a fork of the process that a person started."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, NoReturn

import msgspec

from logtui.cli.importing import Import
from logtui.core.errors import StoreError
from logtui.services.ingest.batch import Batch
from logtui.services.ingest.intake import Intake, Tally
from logtui.services.ingest.kept_memory import keep_freed_memory
from logtui.services.ingest.line_ranges import LineRange, Places, read_range
from logtui.services.ingest.partner import WORTH_A_PROCESS, Partner
from logtui.services.ingest.partner_messages import Answer, Order, Refused
from logtui.services.ingest.rare_collections import rare_collections
from logtui.services.ingest.reading import InputReader
from logtui.services.ingest.recipe import Recipe
from logtui.services.ingest.rejects import Reject
from logtui.services.ingest.sources import Source
from logtui.session import open_sink
from logtui.storage.event_sink import EventSink, PartlyWrittenError, Written
from logtui.storage.event_writer import EventWriter  # noqa: F401 - loaded before there is something to do
from logtui.storage.expiry import Expiry
from logtui.storage.key_exchange import KeyExchange


class _Kept:
    """Rejects that are for the first process to write down."""

    def __init__(self) -> None:
        self.refused: list[Refused] = []
        self.places = Places()

    def add(self, reject: Reject) -> None:
        self.refused.append(Refused(*self.places.of(reject.line), reject.reason, reject.record))

    def flush(self) -> None:
        pass


class PartnerProcess:
    """Does what orders say, one after the other."""

    def __init__(
        self, store: Path, recipe: Recipe, exchange: KeyExchange | None = None, *, with_sidecars: bool = False
    ) -> None:
        self._store = store
        self._with_sidecars = with_sidecars
        self._exchange = exchange
        self._recipe = recipe
        self._too_late = Expiry(self._store, self._clock).reason
        self._notes: list[str] = []
        self._sink: EventSink | None = None
        self._told = self._heard = 0

    def run(self, order: Order) -> Answer:
        """Import some lines."""
        self._told, self._heard = order.now, time.monotonic_ns()
        tally, rejects, error = Tally(), _Kept(), ""
        intake = Intake(rejects, tally)
        form = self._recipe.named(order.form)
        reader = InputReader("", self._recipe, intake, self._clock, self._notes.append, self._too_late, form=form)

        def write_full(_: int) -> None:
            if intake.batch.is_full:
                tally.written += self._write(intake.batch)

        try:
            with _opened(order) as descriptor:
                read_range(descriptor, LineRange(order.offset, order.end), reader, rejects.places, write_full)
            if intake.batch.rows:
                tally.written += self._write(intake.batch)
        except StoreError as failure:
            error = str(failure)
            if isinstance(failure, PartlyWrittenError):
                tally.written += failure.written
        done = tally.written
        notes, self._notes = self._notes, []
        return Answer(
            tally.events, done.written, done.duplicates, done.segments, done.differing,
            dict(reader.formats), rejects.refused, notes, error, done.unindexed,
        )  # fmt: skip

    def _write(self, batch: Batch) -> Written:
        # Not before: the first process makes the store while this one starts.
        if self._sink is None:
            self._sink = open_sink(
                self._store,
                tell=self._notes.append,
                clock=self._clock,
                exchange=self._exchange,
                with_sidecars=self._with_sidecars,
            )
        return self._sink.write(batch.take())

    def _clock(self) -> int:
        """The first process's clock as it was when it gave the order, which goes on since."""
        return self._told + (time.monotonic_ns() - self._heard) // 1000


@contextmanager
def _opened(order: Order) -> Iterator[int]:
    """Open the file that is meant; where that is no more to be had, end, and leave the order to the first process."""
    try:
        descriptor = os.open(order.path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise SystemExit from error
    try:
        status = os.fstat(descriptor)
        if (status.st_dev, status.st_ino) != (order.device, order.inode):
            raise SystemExit
        yield descriptor
    finally:
        os.close(descriptor)


def serve(process: PartnerProcess, orders: BinaryIO, answers: BinaryIO) -> None:
    """Answer orders until there are no more, or nobody listens."""
    keep_freed_memory()
    with rare_collections(), suppress(BrokenPipeError):
        for line in orders:
            answers.write(msgspec.json.encode(process.run(msgspec.json.decode(line, type=Order))) + b"\n")
            answers.flush()


@contextmanager
def partner_for(task: Import, sources: Sequence[Source]) -> Iterator[tuple[Import, Partner | None]]:
    """Give the task, and a partner for it if that pays for these inputs."""
    partner = None
    if task.limit is None and any(source.size >= WORTH_A_PROCESS for source in sources) and _can_fork():
        task = replace(task, exchange=KeyExchange())
        partner = _forked(task)
    try:
        yield task, partner
    finally:
        if partner is not None:
            partner.close()


def _can_fork() -> bool:
    """Tell whether a fork would get a processor of its own, and be whole: it has no thread but the one that forks."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return False
    return len(os.sched_getaffinity(0)) > 1


def _forked(task: Import) -> Partner | None:
    orders, answers = os.pipe(), os.pipe()
    try:
        pid = os.fork()
    except OSError:
        for descriptor in (*orders, *answers):
            os.close(descriptor)
        return None
    if pid == 0:
        _be_partner(task, (orders[0], answers[1]), (orders[1], answers[0]))
    os.close(orders[0])
    os.close(answers[1])

    def end() -> None:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)

    return Partner(os.fdopen(orders[1], "wb"), os.fdopen(answers[0], "rb"), end)


def _be_partner(task: Import, ours: tuple[int, int], theirs: tuple[int, int]) -> NoReturn:
    """Never come back: what the caller would do then is the first process's."""
    try:
        # The keys of the terminal are for the first process, which ends this one.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for descriptor in theirs:
            os.close(descriptor)
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in range(3):
            os.dup2(nothing, descriptor)
        if task.exchange is not None:
            task.exchange.turn()
        process = PartnerProcess(task.store, task.recipe, task.exchange, with_sidecars=task.with_sidecars)
        serve(process, os.fdopen(ours[0], "rb"), os.fdopen(ours[1], "wb"))
    finally:
        os._exit(0)
