"""Follows files into a store: what is appended to them is stored within a second, over rotation, restarts and crashes.

Events are stored first and the checkpoint moves after them. A crash in between reads the last lines again, and their
events have ids that are stored already.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from logtui.core.errors import Cancelled, StoreError
from logtui.services.ingest.decompression import is_compressed
from logtui.services.ingest.follow_checkpoint import Checkpoint, Place, load_checkpoint, save_checkpoint
from logtui.services.ingest.intake import Intake, Tally
from logtui.services.ingest.pipeline import Surroundings
from logtui.services.ingest.reading import InputReader
from logtui.services.ingest.recipe import Recipe
from logtui.services.ingest.record import Piece
from logtui.services.ingest.rejects import RejectSink
from logtui.services.ingest.sources import paths_of
from logtui.services.ingest.tailed_file import Identity, TailedFile, find_again, siblings_of
from logtui.storage.engine import Watcher
from logtui.storage.event_sink import EventSink, PartlyWrittenError

_AGE = 0.8
"""Seconds that an event waits for company; with the time that writing takes, less than one."""
_LOOK = 0.5
"""Seconds between looks at the files where nothing tells of their changes."""
_SHORTEST = 0.01
_COARSE = 1_000_000_000
"""Nanoseconds by which the times of files may be wrong."""
_PATIENCE = 5.0
"""Seconds that a file is watched after it lost its name: its writer may not have noticed yet."""


class Follower:
    """Follows files until it is cancelled."""

    def __init__(
        self,
        names: Sequence[str],
        sink: EventSink,
        rejects: RejectSink,
        recipe: Recipe,
        around: Surroundings,
        *,
        checkpoint: Path,
        watcher: Watcher,
    ) -> None:
        self.tally = Tally()
        self._names = names
        self._sink = sink
        self._rejects = rejects
        self._recipe = recipe
        self._around = around
        self._checkpoint = checkpoint
        self._watcher = watcher
        self._intake = Intake(rejects, self.tally)
        self._files: dict[Identity, TailedFile] = {}
        self._readers: dict[Identity, InputReader] = {}
        self._nameless: dict[Identity, float] = {}
        """Files that none of the names means any more -> since when."""
        self._passed_over: set[Identity] = set()
        self._told: set[str] = set()
        self._looked_at = time.time_ns()
        self._saved: tuple[Place, ...] | None = None

    def run(self) -> None:
        """Follow.

        Raises:
            StoreError: events, rejects or the checkpoint cannot be stored.
            Cancelled: the token was cancelled; everything that was read is stored.
        """
        try:
            self._find_again()
            self._look_for_files()
            # Before anything is stored: a file that is renamed after a crash is then known to have been followed.
            self._save()
            while not self._around.token.is_cancelled:
                self._look_for_files()
                has_more = self._read_files()
                self._flush_if_due()
                self._around.progress(self.tally)
                if not has_more:
                    self._wait()
            self._flush()
            raise Cancelled
        finally:
            for file in self._files.values():
                file.close()

    # -- which files

    def _find_again(self) -> None:
        saved = load_checkpoint(self._checkpoint)
        if saved is None:
            return
        for place in saved.places:
            path = find_again(place)
            if path is None:
                if place.offset:
                    self._tell(
                        f"{place.path}: is not the file any more that was read up to byte {place.offset:,}; "
                        "what came behind that is lost, if anything did"
                    )
            else:
                self._open(path, partial(TailedFile, place=place))
        for path in {Path(place.path) for place in saved.places} | {Path(name) for name in self._names}:
            self._open_missed(path, saved.looked_at)

    def _look_for_files(self) -> None:
        before, self._looked_at = self._looked_at, time.time_ns()
        named: set[Identity] = set()
        for name in self._names:
            try:
                paths = list(paths_of(name))
            except StoreError as error:
                self._problem(str(error))
                continue
            for path in paths:
                identity = _identity(path)
                if identity is None:
                    continue
                named.add(identity)
                if identity in self._files:
                    self._files[identity].path = path
                elif identity not in self._passed_over:
                    is_rotated = any(file.path == path for file in self._files.values())
                    self._open(path, TailedFile)
                    if is_rotated:
                        self._open_missed(path, before)
        for identity in list(self._files):
            if identity in named:
                self._nameless.pop(identity, None)
            else:
                self._nameless.setdefault(identity, time.monotonic())

    def _open_missed(self, path: Path, since: int) -> None:
        """Open files that had the name of `path` for so short a time that nobody looked, such as two rotations ago."""
        for sibling in siblings_of(path):
            identity = _identity(sibling)
            if identity and identity not in self._files and identity not in self._passed_over:
                with suppress(OSError):
                    if sibling.stat().st_mtime_ns >= since - _COARSE:
                        self._open(sibling, TailedFile)

    def _open(self, path: Path, make: Callable[[Path], TailedFile]) -> None:
        try:
            file = make(path)
        except OSError as error:
            self._problem(f"{path}: {(error.strerror or str(error)).lower()}")
            return
        if file.identity in self._files:
            file.close()
            return
        if is_compressed(file.begun):
            self._passed_over.add(file.identity)
            self._tell(f"{path}: is compressed and does not grow; import it without --follow")
            file.close()
            return
        self._files[file.identity] = file
        self._readers[file.identity] = InputReader(
            str(path), self._recipe, self._intake, self._around.clock, self._tell, self._around.too_late
        )

    # -- reading

    def _read_files(self) -> bool:
        """Read a piece of each file, and tell whether one has more."""
        has_more = False
        for identity, file in list(self._files.items()):
            if self._intake.batch.is_full:
                return True
            if file.was_replaced():
                self._go_on_after_truncation(file)
            if file.has_more():
                self._take(identity, file.read())
                has_more = has_more or file.has_more()
                if identity in self._nameless:
                    self._nameless[identity] = time.monotonic()
            elif identity in self._nameless and time.monotonic() - self._nameless[identity] >= _PATIENCE:
                self._take(identity, file.finish())
                self._flush()
                self._forget(identity)
        return has_more

    def _take(self, identity: Identity, pieces: Iterable[Piece]) -> None:
        reader = self._readers[identity]
        for piece in pieces:
            reader.take(piece)
        reader.settle()

    def _go_on_after_truncation(self, file: TailedFile) -> None:
        place = file.place
        copy = find_again(place)
        self._around.tell(f"{file.path}: was truncated; reading it from its beginning")
        file.begin_anew()
        if copy is not None and _identity(copy) not in self._files:
            self._open(copy, partial(TailedFile, place=place))

    def _forget(self, identity: Identity) -> None:
        self._files.pop(identity).close()
        self.tally.formats += self._readers.pop(identity).formats
        del self._nameless[identity]

    # -- storing

    def _flush_if_due(self) -> None:
        batch = self._intake.batch
        if batch.is_full or batch.age >= _AGE or not batch.rows:
            self._flush()

    def _flush(self) -> None:
        self._rejects.flush()
        if self._intake.batch.rows:
            try:
                self.tally.written += self._sink.write(self._intake.batch.take().combine_chunks())
            except PartlyWrittenError as error:
                self.tally.written += error.written
                raise
        self._save()

    def _save(self) -> None:
        places = tuple(file.place for file in self._files.values())
        if places != self._saved:
            save_checkpoint(self._checkpoint, Checkpoint(places, self._looked_at))
            self._saved = places

    def _wait(self) -> None:
        batch = self._intake.batch
        timeout = min(_LOOK, _AGE - batch.age) if batch.rows else _LOOK
        with suppress(Cancelled), self._around.token.interrupting(self._watcher.close):
            self._watcher.wait(max(timeout, _SHORTEST))

    # -- telling

    def _tell(self, text: str) -> None:
        """Say something once."""
        if text not in self._told:
            self._told.add(text)
            self._around.tell(text)

    def _problem(self, text: str) -> None:
        """Say once what hinders; it may pass."""
        if text not in self._told:
            self.tally.problems += 1
            self._tell(text)


def _identity(path: Path) -> Identity | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - a tuple is enough
    except OSError:
        return None
    return status.st_dev, status.st_ino
