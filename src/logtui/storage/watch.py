"""Tells when files of a store, or others, change: by notifications where there are any, by looking now and then else.

A notification is a hint, never the truth: the first wait, and one every few seconds, asks for a full listing, which
finds what a notification lost (a file in a directory that had just been made, a queue that overflowed).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from logtui.storage.engine import Watcher
from logtui.storage.mounts import file_system
from logtui.storage.partitions import CONTROL_DIRECTORY

_STEP_MS = 50
"""Changes are handed out once none came for so long; also how often a wait looks for its end."""
_DEBOUNCE_MS = 100
"""Changes are handed out after so long at the latest."""
_LISTING_SECONDS = 5.0
"""How often a full listing is asked for although notifications work."""
_NEW_DIRECTORY_SECONDS = 0.3
"""When to ask for one after a directory was made: its first files may have come before it was watched."""
_POLL_SECONDS = 0.5
_NOTICED = (".parquet", ".replaces")
ANY_NAME = ("",)

NOTHING: frozenset[str] = frozenset()


def watch(store: Path) -> Watcher:
    """Return a watcher for a store. Nothing is started or imported before the first `wait`."""
    path = store.resolve()
    return PollingWatcher() if file_system(path).is_remote else NotifiedWatcher(path)


def watch_directories(directories: Sequence[Path], *, is_recursive: bool) -> Watcher:
    """Return a watcher for all files in directories; the same holds for it."""
    paths = [path.resolve() for path in directories]
    if any(file_system(path).is_remote for path in paths):
        return PollingWatcher()
    return NotifiedWatcher(*paths, noticed=ANY_NAME, is_recursive=is_recursive)


class PollingWatcher:
    """Asks for a full listing now and then."""

    def __init__(self) -> None:
        self._closed = threading.Event()

    def wait(self, timeout: float) -> frozenset[str] | None:
        self._closed.wait(min(timeout, _POLL_SECONDS))
        return NOTHING if self._closed.is_set() or timeout < _POLL_SECONDS else None

    def close(self) -> None:
        self._closed.set()


class NotifiedWatcher:
    """Waits for the system's notifications; turns into a `PollingWatcher` where they cannot be had."""

    def __init__(self, *places: Path, noticed: tuple[str, ...] = _NOTICED, is_recursive: bool = True) -> None:
        """Take a store, or directories, or one file; and how the names of files end that count."""
        self._places = places
        self._ends = noticed
        self._is_recursive = is_recursive
        self._closed = threading.Event()
        self._in_use = threading.Lock()
        self._source: _Notifications | None = None
        self._fallback: PollingWatcher | None = None
        self._listing_due = 0.0

    def wait(self, timeout: float) -> frozenset[str] | None:
        with self._in_use:
            if self._closed.is_set():
                return NOTHING
            if self._fallback is not None:
                return self._fallback.wait(timeout)
            if self._source is None:
                self._start()
                return None
            try:
                return self._wait(self._source, time.monotonic() + timeout)
            finally:
                if self._closed.is_set():
                    self._source.close()

    def close(self) -> None:
        self._closed.set()
        if self._fallback is not None:
            self._fallback.close()
        # A wait that is under way sees the flag and closes the source itself.
        if self._in_use.acquire(blocking=False):
            try:
                if self._source is not None:
                    self._source.close()
            finally:
                self._in_use.release()

    def _start(self) -> None:
        try:
            self._source = _notifications(self._places, is_recursive=self._is_recursive)
        except (OSError, UnicodeEncodeError):
            # No watches left (fs.inotify.max_user_watches), a file system without notifications, or a name that is no
            # text, which the library cannot take.
            self._fallback = PollingWatcher()
        self._listing_due = time.monotonic() + _LISTING_SECONDS

    def _wait(self, source: _Notifications, deadline: float) -> frozenset[str] | None:
        while True:
            now = time.monotonic()
            if now >= self._listing_due:
                self._listing_due = now + _LISTING_SECONDS
                return None
            until = min(deadline, self._listing_due)
            # 0 would mean forever.
            found = source.watch(_DEBOUNCE_MS, _STEP_MS, max(1, int((until - now) * 1000)), self._closed)
            if found == "signal":
                raise KeyboardInterrupt
            changed = NOTHING if isinstance(found, str) else self._noticed(found)
            if changed or self._closed.is_set() or time.monotonic() >= deadline:
                return changed

    def _noticed(self, found: set[tuple[int, str]]) -> frozenset[str]:
        controls = tuple(f"{place}/{CONTROL_DIRECTORY}/" for place in self._places)
        changed = {path for _, path in found if not f"{path}/".startswith(controls)}
        files = {path for path in changed if path.endswith(self._ends)}
        directories = {path for path in changed - files if Path(path).is_dir()}
        if directories:
            self._listing_due = min(self._listing_due, time.monotonic() + _NEW_DIRECTORY_SECONDS)
        return frozenset(files | directories)


class _Notifications(Protocol):
    """The part of `watchfiles.RustNotify` that is used."""

    def watch(
        self, debounce_ms: int, step_ms: int, timeout_ms: int, stop_event: threading.Event | None, /
    ) -> set[tuple[int, str]] | str: ...

    def close(self) -> None: ...


def _notifications(places: Sequence[Path], *, is_recursive: bool) -> _Notifications:
    # Importing it takes as long as opening the store, so it happens in the thread that waits.
    from watchfiles._rust_notify import RustNotify

    directories = [str(place.parent if place.is_file() else place) for place in places]
    recursive = is_recursive and not any(place.is_file() for place in places)
    return RustNotify(directories, False, False, 300, recursive, True)
