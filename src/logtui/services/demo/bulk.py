"""Makes large stores that look like the bundled data; the days are divided among processes.

What a segment holds depends on the order and its span alone, so it is the same however many processes there are.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from multiprocessing import active_children, connection, get_context, parent_process
from typing import TYPE_CHECKING

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, MINUTE
from logtui.core.errors import StoreError
from logtui.services.demo.rhythm import Span, liveliness, quantiles
from logtui.storage.sink import SegmentSink

if TYPE_CHECKING:
    from logtui.services.demo.bulk_tables import Patterns
    from logtui.services.demo.population import Population

MOST_IN_SEGMENT = 524_288
"""Bounds what a process holds in memory; a day with more gets several segments, one after the other in time."""
_PATIENCE = 0.1
"""Seconds until a cancelled order is noticed."""
WORTH_PROCESSES = 50_000
"""Below this many events, starting processes takes longer than they save."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made: the newest event is from just before `now`."""

    events: int
    days: int
    seed: int
    now: int


def make(sink: SegmentSink, order: Order, *, token: CancelToken, processes: int | None = None) -> Iterator[int]:
    """Write all events; yields how many more were written, as it goes on.

    Raises:
        StoreError: the disk is full or something else is wrong; the store is then incomplete.
        Cancelled: likewise.
    """
    spans = spans_of(order)
    processes = processes or os.cpu_count() or 1
    if order.events < WORTH_PROCESSES or processes == 1:
        for span in spans:
            token.check()
            yield _write(sink, order, span)
        return
    workers = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_die_with_parent)
    try:
        # The largest first, so that no process is left with one at the end.
        spans.sort(key=lambda span: -span.events)
        yield from _results({workers.submit(_write, sink, order, span) for span in spans}, token)
    except BaseException as error:
        for worker in active_children():
            worker.kill()
        if isinstance(error, BrokenProcessPool):
            raise StoreError("a process was killed, perhaps for lack of memory; order fewer events a day") from error
        raise
    finally:
        workers.shutdown(wait=True, cancel_futures=True)


def _results(pending: set[Future[int]], token: CancelToken) -> Iterator[int]:
    while pending:
        done, pending = wait(pending, timeout=_PATIENCE, return_when=FIRST_COMPLETED)
        token.check()
        yield from (future.result() for future in done)


def spans_of(order: Order) -> list[Span]:
    """Divide the events among the days as lively as they are; the last day ends at `now`."""
    # A day that has only just begun would be no more than a splinter.
    midnight = (order.now - MINUTE) // DAY * DAY
    days = [(at, min(at + DAY, order.now)) for at in range(midnight, midnight - order.days * DAY, -DAY)]
    spans = []
    for (start, end), events in zip(days, _shares(order.events, days), strict=True):
        parts = -(-events // MOST_IN_SEGMENT)
        cuts = [round(cut) for cut in quantiles(start, end, parts)] if parts else []
        pieces = list(pairwise(cuts))
        spans += [Span(*piece, count) for piece, count in zip(pieces, _shares(events, pieces), strict=True) if count]
    return spans


def _shares(total: int, pieces: list[tuple[int, int]]) -> list[int]:
    """Divide a number as lively as the pieces of time are, without losing any."""
    weights = [liveliness(start, end) for start, end in pieces]
    shares, given, reached = [], 0, 0.0
    for weight in weights:
        reached += weight
        shares.append(round(total * min(reached / sum(weights), 1.0)) - given)
        given += shares[-1]
    return shares


def _write(sink: SegmentSink, order: Order, span: Span) -> int:
    from logtui.services.demo.bulk_tables import table_of_span
    from logtui.services.demo.noise import Noise

    table = table_of_span(span, *_material(order), Noise(f"{order.seed} {span.start}"))
    sink.publish(span.day, table, name=f"demo-{span.start}")
    return span.events


@cache
def _material(order: Order) -> tuple[Patterns, Population]:
    """What all spans are made from; once in each process."""
    from logtui.services.demo.bulk_tables import Patterns
    from logtui.services.demo.month import play
    from logtui.services.demo.population import Population
    from logtui.services.demo.templates import chains_of

    _, events = play()
    return Patterns(chains_of(events)), Population.for_events(order.events, order.seed)


def _die_with_parent() -> None:
    """Watch the process that gave the order: whoever kills it does not want its helpers to stay."""
    parent = parent_process()
    if parent is not None:
        sentinel = parent.sentinel

        def watch() -> None:
            connection.wait([sentinel])
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()
