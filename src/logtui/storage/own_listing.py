"""Listing of a store that logtui wrote: strict names, compaction side files, everything else reported."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from pathlib import Path

from logtui.core.clock import DAY
from logtui.core.errors import StoreError
from logtui.core.page import Problem, TimeRange
from logtui.storage.listing import SUFFIX, Contents, Directory, Segment, day_start, newest_first, reason
from logtui.storage.partitions import CONTROL_DIRECTORY, is_compacted, is_replaces, is_segment, replaces_name

_SETTLED_NS = 3_000_000_000
"""A directory that changed less than this long ago is listed again: clocks of file systems are coarse, and a second
change within one tick would not show."""


MANY = 1_000
"""Segments in one partition: reading the footers of more takes longer than answering most questions."""


class OwnListing:
    """Lists `date=` partitions; a partition is listed again only when its directory changed."""

    is_own = True

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self._problems: tuple[Problem, ...] = ()
        self._directories: tuple[int | None, tuple[Directory, ...]] = (None, ())
        self._contents: dict[str, tuple[int, Contents]] = {}

    def directories(self) -> tuple[Directory, ...]:
        try:
            changed = Path(self.root).stat().st_mtime_ns
            known = self._directories
            if known[0] != changed:
                known = changed if _is_settled(changed) else None, self._read()
                self._directories = known
        except OSError as error:
            raise StoreError(f"the store {self.root} cannot be read: {reason(error)}") from error
        return known[1]

    def _read(self) -> tuple[Directory, ...]:
        found: list[Directory] = []
        problems: list[Problem] = []
        with os.scandir(self.root) as entries:
            listed = list(entries)
        for entry in listed:
            if entry.name == CONTROL_DIRECTORY:
                continue
            day = day_start(entry.name)
            if day is not None and entry.is_dir(follow_symlinks=False):
                found.append(self._directory(entry.name, day))
            elif problem := _stray_in_root(entry, day):
                problems.append(problem)
        self._problems = tuple(problems)
        return newest_first(found)

    def contents(self, directory: Directory) -> Contents:
        try:
            changed = os.lstat(directory.path).st_mtime_ns
            known = self._contents.get(directory.path)
            if known is not None and known[0] == changed:
                return known[1]
            is_settled = _is_settled(changed)
            contents = _contents(directory)
        except (FileNotFoundError, NotADirectoryError):
            self._contents.pop(directory.path, None)
            return Contents()
        except OSError as error:
            problem = Problem(directory.name, f"the directory cannot be read: {reason(error)}")
            return Contents(problems=(problem,), is_readable=False)
        if is_settled:
            self._contents[directory.path] = (changed, contents)
        return contents

    def directories_of(self, changed: str) -> tuple[Directory, ...] | None:
        if not changed.startswith(self.root + "/"):
            return None
        first = changed[len(self.root) + 1 :].split("/", 1)[0]
        day = day_start(first)
        return () if day is None else (self._directory(first, day),)

    def problems(self) -> tuple[Problem, ...]:
        return self._problems

    def _directory(self, name: str, day: int) -> Directory:
        return Directory(f"{self.root}/{name}", name, day, TimeRange(day, day + DAY))


def _is_settled(changed_ns: int) -> bool:
    return time.time_ns() - changed_ns > _SETTLED_NS


def _stray_in_root(entry: os.DirEntry[str], day: int | None) -> Problem | None:
    if day is not None:
        return Problem(entry.name, "is not a directory, so its day is not read")
    if entry.name.startswith("date="):
        return Problem(entry.name, "is not a calendar day (date=YYYY-MM-DD), so it is not read")
    return _stray(entry, entry.name, "is no partition of this store, so it is not read")


def _stray(entry: os.DirEntry[str], name: str, message: str) -> Problem | None:
    may_hold_events = entry.name.endswith(SUFFIX) or _holds_parquet(entry)
    if entry.name.startswith(".") and not may_hold_events:
        return None
    return Problem(name, message, is_loss=may_hold_events)


def _holds_parquet(entry: os.DirEntry[str]) -> bool:
    try:
        if not entry.is_dir(follow_symlinks=False):
            return False
        return any(path.suffix == SUFFIX for path in Path(entry.path).iterdir())
    except OSError:
        return True


def _contents(directory: Directory) -> Contents:
    segments: list[Segment] = []
    problems: list[Problem] = []
    side_files: set[str] = set()
    with os.scandir(directory.path) as entries:
        for entry in entries:
            if is_replaces(entry.name):
                side_files.add(entry.name)
            elif is_segment(entry.name) and entry.is_file(follow_symlinks=False):
                segments.extend(_segment(entry, directory))
            elif problem := _stray_in_partition(entry, directory):
                problems.append(problem)
    inputs, damaged = _inputs(directory, segments, side_files)
    dead = frozenset[str]().union(*inputs.values())
    live = tuple(each for each in segments if each.name not in dead)
    if len(live) > MANY:
        message = f"holds {len(live):,} segments, which makes every question about it slow: run logtui compact"
        problems.append(Problem(directory.name, message, is_loss=False))
    return Contents(
        live,
        inputs,
        tuple(each for each in segments if each.name in dead),
        (*problems, *damaged),
    )


def _segment(entry: os.DirEntry[str], directory: Directory) -> Iterable[Segment]:
    try:
        state = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return
    name = f"{directory.name}/{entry.name}"
    yield Segment(entry.path, name, state.st_size, state.st_ino, state.st_mtime_ns, directory)


def _stray_in_partition(entry: os.DirEntry[str], directory: Directory) -> Problem | None:
    name = f"{directory.name}/{entry.name}"
    if is_segment(entry.name):
        return Problem(name, "is not a regular file, so it is not read")
    return _stray(entry, name, "is no segment of this store, so it is not read")


def _inputs(
    directory: Directory, segments: Iterable[Segment], side_files: set[str]
) -> tuple[dict[str, frozenset[str]], list[Problem]]:
    """Return what each compacted segment replaces. A side file without its segment was never committed."""
    inputs: dict[str, frozenset[str]] = {}
    problems: list[Problem] = []
    for segment in segments:
        name = segment.name.removeprefix(f"{directory.name}/")
        if not is_compacted(name) or replaces_name(name) not in side_files:
            continue
        side_file = Path(directory.path, replaces_name(name))
        try:
            replaced = json.loads(side_file.read_text("utf-8"))["inputs"]
            inputs[segment.name] = frozenset(f"{directory.name}/{each}" for each in replaced)
        except FileNotFoundError:
            # Compaction removes it last: the inputs are gone already.
            continue
        except (OSError, ValueError, KeyError, TypeError):
            message = "cannot be read, so events that were merged may be shown twice: run logtui compact"
            problems.append(Problem(f"{directory.name}/{side_file.name}", message, is_loss=False))
    return inputs, problems
