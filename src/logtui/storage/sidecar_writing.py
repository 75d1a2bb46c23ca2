"""Making a segment's sidecars while it is written, and publishing them before it has its name.

Events matter more: nothing that goes wrong here stops a segment from being published. It then has no sidecar, which
`logtui doctor` tells and `logtui compact` makes up for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol

import pyarrow as pa

from logtui.storage.partitions import CONTROL_DIRECTORY
from logtui.storage.publishing import DIRECTORY_MODE, Flush, staged
from logtui.storage.sidecars import DIRECTORY, Identity, Kind, remove_sidecars, sidecar_path

_HARMLESS = (OSError, pa.ArrowException, MemoryError)
"""What may go wrong with a sidecar, in place of which the segment has none."""


class Builder(Protocol):
    """Makes one sidecar from the events of a segment. Used by one thread at a time, for one segment."""

    @property
    def kind(self) -> Kind:
        """Which one."""
        ...

    @property
    def columns(self) -> Sequence[str]:
        """What it looks at, so that no other columns are read to make up for a sidecar that is missing."""
        ...

    def add(self, group: pa.Table) -> None:
        """Take in the next row group: its rows as they are stored, with `columns` at least."""
        ...

    def write(self, file: IO[bytes], about: Identity) -> None:
        """Write the sidecar, all of it, in parts that `sealed` made."""
        ...


class Sidecars:
    """The sidecars of one segment that is being written."""

    def __init__(self, builders: Sequence[Builder]) -> None:
        self._builders = list(builders)

    @property
    def columns(self) -> list[str]:
        """The columns that their builders look at."""
        return sorted({name for builder in self._builders for name in builder.columns})

    def add(self, group: pa.Table) -> None:
        """Take in the next row group."""
        for builder in list(self._builders):
            try:
                builder.add(group)
            except _HARMLESS:
                self._builders.remove(builder)

    @contextmanager
    def adding(self, group: pa.Table) -> Iterator[None]:
        """Take in the next row group while the caller writes it: most of either is Arrow's, beside Python's lock."""
        if not self._builders:
            yield
            return
        with ThreadPoolExecutor(1, thread_name_prefix="sidecars") as pool:
            task = pool.submit(self.add, group)
            yield
            task.result()

    @contextmanager
    def published(self, root: Path, segment: str, about: Identity, flush: Flush) -> Iterator[None]:
        """Publish them around the publishing of their segment: they go again if that fails.

        Args:
            segment: its name relative to the store.
        """
        # Whoever publishes a segment again is told so; its sidecars stay as they are.
        is_new = not (root / segment).exists()
        if is_new:
            # Of an attempt to publish it that ended too early, and may have been of other events.
            remove_sidecars(root, [segment])
            self.publish(root, segment, about, flush)
        try:
            yield
        except BaseException:
            if is_new:
                remove_sidecars(root, [segment])
            raise

    def publish(self, root: Path, segment: str, about: Identity, flush: Flush) -> None:
        """Write those that can be written, and give them their names. One that is there is replaced."""
        for builder in self._builders:
            with suppress(*_HARMLESS):
                _publish(builder, root, segment, about, flush)


def _publish(builder: Builder, root: Path, segment: str, about: Identity, flush: Flush) -> None:
    target = Path(sidecar_path(root, segment, builder.kind))
    _make_directories(root, target.parent, flush)
    with staged(root) as temporary:
        with temporary.open("r+b") as file:
            builder.write(file, about)
        flush(temporary)
        temporary.replace(target)
    flush(target.parent)


def _make_directories(root: Path, place: Path, flush: Flush) -> None:
    for directory in (root / CONTROL_DIRECTORY / DIRECTORY, place):
        try:
            directory.mkdir(DIRECTORY_MODE)
        except FileExistsError:
            continue
        flush(directory.parent)
