"""Files and directories that must not outlive the process that made them, and that a later one removes if they do.

A process that is killed cleans nothing up. What it made is recognised by its name, owner and mark, and known to be
dead because nobody holds its lock: the system lets go of the lock when the process ends, in whatever way.

Each start of the program passes here, so what only a directory needs is imported where one is made or removed.
"""

from __future__ import annotations

import fcntl
import os
import re
from contextlib import suppress
from pathlib import Path

_MARK = ".logtui-throw-away"
"""In every directory of ours: a name alone may be somebody else's."""
_RANDOM = "[a-z0-9_]{8}"
"""What `tempfile` puts behind a prefix."""
_ATTEMPTS = 10
"""Another process that sweeps in the moment before the lock is taken removes the directory."""


class ThrowAway:
    """A directory of this process that only this user may read."""

    def __init__(self, prefix: str, within: Path | None = None) -> None:
        """Make it, after removing those of the same prefix whose processes are dead.

        Args:
            within: where; None is the system's place for temporary files.

        Raises:
            OSError: it cannot be made.
        """
        import tempfile

        place = within or Path(tempfile.gettempdir())
        sweep(place, re.compile(re.escape(prefix) + _RANDOM))
        self.path, self._lock = _made(prefix, place)
        (self.path / _MARK).touch(0o600)

    def remove(self) -> None:
        """Remove it with all that it holds. Idempotent."""
        import shutil

        shutil.rmtree(self.path, ignore_errors=True)
        self._let_go()

    def keep_as(self, path: Path) -> None:
        """Give it its final name: it is no throw-away any more.

        Raises:
            OSError: the name is taken.
        """
        (self.path / _MARK).unlink()
        self.path.rename(path)
        self._let_go()

    def _let_go(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)


def _made(prefix: str, place: Path) -> tuple[Path, int | None]:
    import tempfile

    for _ in range(_ATTEMPTS):
        path = Path(tempfile.mkdtemp(prefix=prefix, dir=place))
        lock = held(path)
        if lock is not None or path.exists():
            break  # without a lock: the file system has none, and so nobody will take it for dead
    return path, lock


def held(path: Path) -> int | None:
    """Return a descriptor that holds the lock of a file or directory; None if another process has it, or it is gone."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(descriptor), os.lstat(path)):
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None


def sweep(place: Path, pattern: re.Pattern[str]) -> None:
    """Remove what dead processes of this user left in a directory under names that match. Never raises `OSError`."""
    with suppress(OSError), os.scandir(place) as entries:
        for entry in entries:
            if pattern.fullmatch(entry.name) and entry.stat(follow_symlinks=False).st_uid == os.geteuid():
                _remove_dead(Path(entry.path))


def sweep_temporary() -> None:
    """Remove what dead processes of this user left in the place for temporary files."""
    import tempfile

    sweep(Path(tempfile.gettempdir()), re.compile(rf"logtui-(?:[a-z]+-)?{_RANDOM}"))


def _remove_dead(path: Path) -> None:
    descriptor = held(path)
    if descriptor is None:
        return
    try:
        with suppress(OSError):
            if not path.is_dir():
                path.unlink()
            elif (path / _MARK).is_file():
                import shutil

                shutil.rmtree(path, ignore_errors=True)
            else:
                path.rmdir()  # killed before it left its mark; anything else that is not empty stays
    finally:
        os.close(descriptor)
