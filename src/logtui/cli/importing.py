"""Importing from the command line: opens the store, the rejects and the inputs, and runs what the person asked for."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from logtui.cli import diagnostics
from logtui.cli.diagnostics import ExitCode
from logtui.cli.ingest_talk import Talk
from logtui.core.cancel import CancelToken
from logtui.core.clock import SECOND, Clock
from logtui.core.errors import StoreError
from logtui.core.times import format_instant
from logtui.services.ingest.follow import Follower
from logtui.services.ingest.follow_checkpoint import default_checkpoint
from logtui.services.ingest.intake import Tally
from logtui.services.ingest.partner import Partner
from logtui.services.ingest.pipeline import Pipeline, Surroundings
from logtui.services.ingest.recipe import Recipe
from logtui.services.ingest.rejects import Rejects
from logtui.services.ingest.sources import Source, directory_of, is_directory, is_glob
from logtui.session import make_store, open_sink
from logtui.storage.event_sink import EventSink
from logtui.storage.expiry import Expiry
from logtui.storage.key_exchange import KeyExchange
from logtui.storage.marker import is_to_be_made
from logtui.storage.partitions import CONTROL_DIRECTORY
from logtui.storage.watch import watch_directories


@dataclass(frozen=True, slots=True)
class Import:
    """What is to be read, and where it goes."""

    store: Path
    names: Sequence[str]
    recipe: Recipe
    clock: Clock
    rejects: Path | None
    """Where to put what cannot be stored; None: into the store."""
    limit: int | None = None
    exchange: KeyExchange | None = None
    """With a partner's sink."""
    with_sidecars: bool = False
    """Whether to make at once most of what makes searching fast."""

    def run(self, sources: Sequence[Source], partner: Partner | None, token: CancelToken) -> int:
        """Import everything, and end.

        Args:
            sources: what the names mean.
            partner: reads parts of large files.

        Raises:
            StoreError: events cannot be stored.
            Cancelled: the token was cancelled.
        """
        talk = Talk()
        with self._opened() as (sink, rejects):
            around = Surroundings(self.clock, token, talk.note, talk.show, Expiry(self.store, self.clock).reason)
            pipeline = Pipeline(sink, rejects, self.recipe, around, limit=self.limit, partner=partner)
            with _summing_up(talk, pipeline.tally, rejects):
                pipeline.run(sources)
        if pipeline.tally.written.unindexed:
            talk.note(f"logtui compact {self.store} makes searching them fast (or ingest with --index)")
        return ExitCode.DONE if pipeline.tally.is_complete else ExitCode.PROBLEM

    def follow(self, token: CancelToken, checkpoint: Path | None) -> int:
        """Import, and go on as the files grow, until the token is cancelled.

        Raises:
            StoreError: events cannot be stored.
            Cancelled: the token was cancelled.
        """
        for name in self.names:
            if not directory_of(name).is_dir():
                raise StoreError(f"{name}: cannot be followed, {directory_of(name)} is not a directory")
        talk = Talk()
        is_recursive = any(is_glob(name) or is_directory(name) for name in self.names)
        with self._opened() as (sink, rejects):
            place = checkpoint or default_checkpoint(self.store / CONTROL_DIRECTORY, self.names)
            watcher = watch_directories([directory_of(name) for name in self.names], is_recursive=is_recursive)
            around = Surroundings(self.clock, token, talk.note, talk.show, Expiry(self.store, self.clock).reason)
            follower = Follower(self.names, sink, rejects, self.recipe, around, checkpoint=place, watcher=watcher)
            talk.note(f"following {', '.join(self.names)} into {self.store}; ctrl+c ends it")
            try:
                with _summing_up(talk, follower.tally, rejects):
                    follower.run()
            finally:
                watcher.close()
        return ExitCode.DONE

    @contextmanager
    def _opened(self) -> Iterator[tuple[EventSink, Rejects]]:
        sink = open_store(self.store, self.clock, self.exchange, with_sidecars=self.with_sidecars)
        rejects = Rejects(self._rejects_place)
        try:
            yield sink, rejects
        finally:
            rejects.close()
            sink.close()

    def _rejects_place(self) -> Path:
        if self.rejects is not None:
            return self.rejects
        now = format_instant(self.clock() // SECOND * SECOND).replace(":", "")
        return self.store / CONTROL_DIRECTORY / "rejects" / f"{now}-{uuid.uuid4().hex[:8]}.ndjson"


def open_store(
    store: Path, clock: Clock, exchange: KeyExchange | None = None, *, with_sidecars: bool = False
) -> EventSink:
    """Open a store for writing; make it first if there is none, and say so.

    Raises:
        StoreError: the place holds something else, or cannot be written to.
    """
    try:
        is_missing = not store.exists()
        if is_missing and not store.parent.is_dir():
            raise StoreError(f"{store}: cannot be made, {store.parent} is not a directory")
        if not is_missing and not store.is_dir():
            raise StoreError(f"{store}: is not a directory; the first argument is the store to write into")
        is_empty = is_missing or is_to_be_made(store)
    except OSError as error:
        raise StoreError(f"{store}: {(error.strerror or str(error)).lower()}") from error
    if is_empty:
        make_store(store)
        diagnostics.note(f"made the store {store}")
    return open_sink(store, tell=diagnostics.note, clock=clock, exchange=exchange, with_sidecars=with_sidecars)


@contextmanager
def _summing_up(talk: Talk, tally: Tally, rejects: Rejects) -> Iterator[None]:
    """Say what came of it, also when it ended in the middle."""
    try:
        yield
    except StoreError as error:
        talk.sum_up(tally, rejects.place)
        raise StoreError(f"{error}; what was stored stays, and running it again adds only the rest") from error
    except BaseException:
        talk.sum_up(tally, rejects.place)
        raise
    talk.sum_up(tally, rejects.place)
