"""Listing of what other tools wrote: a tree of Parquet files, or one file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from logtui.core.errors import StoreError
from logtui.core.page import Problem
from logtui.storage.listing import SUFFIX, Contents, Directory, Segment, day_start, newest_first, reason

_SKIPPED = (".", "_")
"""How names begin that are not data by common agreement: `_SUCCESS`, `_delta_log`, `.trash`, `.part-0.crc`."""


class ForeignListing:
    """Lists every `*.parquet` below a directory. Directories that are links are not entered."""

    is_own = False

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self._problems: tuple[Problem, ...] = ()

    def require_files(self) -> None:
        """Raise `StoreError` when there is no Parquet file at all: the path is a mistake then."""
        directories = self.directories()
        found = [self.contents(each) for each in directories]
        if not any(each.segments for each in found):
            wrong = [*self._problems, *(problem for each in found for problem in each.problems)]
            detail = f" ({wrong[0].path or self.root}: {wrong[0].message})" if wrong else ""
            raise StoreError(f"there is no .parquet file in {self.root}{detail}")

    def directories(self) -> tuple[Directory, ...]:
        problems: list[Problem] = []
        found = list(self._walk(self._directory("", None), problems))
        self._problems = tuple(problems)
        return newest_first(found)

    def contents(self, directory: Directory) -> Contents:
        segments: list[Segment] = []
        problems: list[Problem] = []
        try:
            with os.scandir(directory.path) as entries:
                for entry in entries:
                    if entry.name.endswith(SUFFIX) and not entry.name.startswith(_SKIPPED):
                        self._judge(entry, directory, segments, problems)
        except (FileNotFoundError, NotADirectoryError):
            return Contents()
        except OSError as error:
            problem = Problem(directory.name, f"the directory cannot be read: {reason(error)}")
            return Contents(problems=(problem,), is_readable=False)
        return Contents(tuple(segments), problems=tuple(problems))

    def directories_of(self, changed: str) -> tuple[Directory, ...] | None:
        if not changed.endswith(SUFFIX) or not changed.startswith(self.root + "/"):
            return None
        parts = changed[len(self.root) + 1 :].split("/")[:-1]
        if any(part.startswith(_SKIPPED) for part in parts):
            return ()
        day = None
        for part in parts:
            day = day if (own := day_start(part)) is None else own
        return (self._directory("/".join(parts), day),)

    def problems(self) -> tuple[Problem, ...]:
        return self._problems

    def _walk(self, top: Directory, problems: list[Problem]) -> Iterator[Directory]:
        waiting = [top]
        while waiting:
            directory = waiting.pop()
            yield directory
            try:
                with os.scandir(directory.path) as entries:
                    children = [entry for entry in entries if not entry.name.startswith(_SKIPPED)]
            except FileNotFoundError:
                continue
            except OSError as error:
                if not directory.name:
                    raise StoreError(f"the store {self.root} cannot be read: {reason(error)}") from error
                continue
            for entry in children:
                waiting.extend(self._child(entry, directory, problems))

    def _child(self, entry: os.DirEntry[str], parent: Directory, problems: list[Problem]) -> Iterator[Directory]:
        name = f"{parent.name}/{entry.name}".lstrip("/")
        if entry.is_symlink():
            if _leads_to_directory(entry):
                problems.append(self._link(entry, name))
        elif entry.is_dir(follow_symlinks=False):
            day = day_start(entry.name)
            if day is None and entry.name.startswith("date="):
                problems.append(Problem(name, "is not a calendar day (date=YYYY-MM-DD)", is_loss=False))
            yield self._directory(name, parent.day if day is None else day)

    def _judge(
        self, entry: os.DirEntry[str], directory: Directory, segments: list[Segment], problems: list[Problem]
    ) -> None:
        name = f"{directory.name}/{entry.name}".lstrip("/")
        try:
            if entry.is_symlink():
                if not _leads_to_directory(entry):
                    problems.append(self._link(entry, name))
            elif entry.is_file(follow_symlinks=False):
                state = entry.stat(follow_symlinks=False)
                segments.append(Segment(entry.path, name, state.st_size, state.st_ino, state.st_mtime_ns, directory))
            elif not entry.is_dir(follow_symlinks=False):
                problems.append(Problem(name, "is not a regular file, so it is not read"))
        except FileNotFoundError:
            return
        except OSError as error:
            problems.append(Problem(name, f"cannot be read: {reason(error)}"))

    def _link(self, entry: os.DirEntry[str], name: str) -> Problem:
        try:
            target = str(Path(entry.path).resolve(strict=True))
        except FileNotFoundError:
            return Problem(name, "is a link to a file that is not there", is_loss=False)
        except (OSError, RuntimeError):
            # Python 3.11 and 3.12 raise RuntimeError for a loop.
            return Problem(name, "is a link that leads nowhere, so it is not read", is_loss=False)
        if target == self.root or target.startswith(self.root + "/"):
            return Problem(name, "is a link to another place in the store, which is read there", is_loss=False)
        return Problem(name, "is a link that leaves the store, so it is not followed")

    def _directory(self, name: str, day: int | None) -> Directory:
        # What others mean by a day (local time, time of arrival) is not known: only the footers bound the times.
        return Directory(f"{self.root}/{name}" if name else self.root, name, day)


def _leads_to_directory(link: os.DirEntry[str]) -> bool:
    try:
        return link.is_dir()
    except OSError:
        # A loop, or a place that may not be looked at.
        return False


class FileListing:
    """Lists one Parquet file as a store of its own."""

    is_own = False

    def __init__(self, path: Path) -> None:
        self.root = str(path.parent)
        self._path = path
        self._only = Directory(self.root, "")

    def directories(self) -> tuple[Directory, ...]:
        return (self._only,)

    def contents(self, directory: Directory) -> Contents:
        try:
            state = self._path.stat()
        except FileNotFoundError:
            return Contents()
        except OSError as error:
            return Contents(problems=(Problem(self._path.name, f"cannot be read: {reason(error)}"),), is_readable=False)
        path, name = str(self._path), self._path.name
        return Contents((Segment(path, name, state.st_size, state.st_ino, state.st_mtime_ns, directory),))

    def directories_of(self, changed: str) -> tuple[Directory, ...] | None:
        return (self._only,) if changed == str(self._path) else ()

    def problems(self) -> tuple[Problem, ...]:
        return ()
