"""Where an export or a checkpoint may go: never over what it is made from.

A file that is renamed over a segment loses that segment's events, and any other file in a store is a problem for every
reader from then on. So a whole store is out of bounds, whatever name leads into it.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from logtui.core.errors import UsageError
from logtui.storage.listing import is_own_store

_DESCRIPTOR = re.compile(r"/dev/fd/([0-9]{1,9})|/proc/(?:self|thread-self)/fd/([0-9]{1,9})")
_STREAMS = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_DISKS_AND_SOCKETS = {stat.S_IFBLK: "a disk", stat.S_IFSOCK: "a socket"}


def descriptor_named(path: Path) -> int | None:
    """Return the open file that a name such as `/dev/stdout` or `/dev/fd/63` stands for; None for any other name."""
    name = str(path)
    match = _DESCRIPTOR.fullmatch(name)
    return int(match[1] or match[2]) if match else _STREAMS.get(name)


def check_output(path: Path, store: Path) -> None:
    """Refuse an output that cannot be a file, or that would change the store that is read or any store of ours.

    Raises:
        UsageError: with what is wrong and what to do.
    """
    if descriptor_named(path) is not None:
        return
    state = _state(path)
    if state is not None:
        _refuse_kind(path, state)
    _refuse_store(path, store, state)


def check_checkpoint(path: Path, store: Path) -> None:
    """Likewise, for a file that is read back later.

    Raises:
        UsageError: with what is wrong and what to do.
    """
    state = _state(path)
    if descriptor_named(path) is not None or (state is not None and not stat.S_ISREG(state.st_mode)):
        raise UsageError(f"{path}: a checkpoint is a regular file; name one that logtui may make")
    _refuse_store(path, store, state)


def store_around(place: Path) -> Path | None:
    """Return the logtui store in which a path lies, links resolved; None if it lies in none."""
    return next((each for each in Path(os.path.realpath(place)).parents if is_own_store(each)), None)


def _state(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:  # it does not exist yet, or writing it will tell why it cannot be
        return None


def _refuse_kind(path: Path, state: os.stat_result) -> None:
    if stat.S_ISDIR(state.st_mode):
        raise UsageError(f"{path}: is a directory; name a file in it")
    kind = _DISKS_AND_SOCKETS.get(stat.S_IFMT(state.st_mode))
    if kind:
        raise UsageError(f"{path}: is {kind}; name a file")


def _refuse_store(path: Path, store: Path, target: os.stat_result | None) -> None:
    read = _state(store)
    if read is None:
        return  # opening the store will say so
    if target is not None and os.path.samestat(target, read):
        raise UsageError(f"{path}: is the file that is read; name another one")
    for directory in Path(os.path.realpath(path)).parents:
        state = _state(directory)
        if state is not None and os.path.samestat(state, read):
            raise UsageError(f"{path}: lies in the store that is read; name a file outside {store}")
    around = store_around(path)
    if around is not None:
        raise UsageError(f"{path}: lies in the logtui store {around}; name a file outside it")
    if target is not None and target.st_nlink > 1 and (name := _other_name(target, store)):
        raise UsageError(f"{path}: is the same file as {name} in the store that is read; name another one")


def _other_name(target: os.stat_result, store: Path) -> str | None:
    """Return the path, relative to the store, of a file in it that is the target by another name (a hard link)."""
    for directory, _, names in os.walk(store):
        for name in names:
            state = _state(Path(directory, name))
            if state is not None and os.path.samestat(state, target):
                return str(Path(directory, name).relative_to(store))
    return None
