"""Moving partitions out of a store and back, and deleting what was moved: the only code that removes events.

A day leaves by one rename within the file system, so a reader sees all of it or nothing. Everything goes through
directory descriptors, links are never followed, and nothing on another mount is touched. What a run is about to do is
written down before it begins (`intent.json`), so that the next run can finish what a crash cut off.

    .logtui/trash/<run>/intent.json, date=2026-10-04/…, manifests/2026-10-04.json, index/date=2026-10-04/…
    .logtui/trash/<run>.gone/          cannot be restored any more; being deleted
"""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from logtui.core.errors import StoreError
from logtui.core.retention.partition import File, Partition
from logtui.storage.census import directory_fd
from logtui.storage.control_files import as_store_error, control, flush_directory, make_directory, write_control
from logtui.storage.listing import reason
from logtui.storage.manifests import DIRECTORY as MANIFESTS
from logtui.storage.mount_points import mount_of
from logtui.storage.partitions import CONTROL_DIRECTORY
from logtui.storage.sidecars import DIRECTORY as SIDECARS

DIRECTORY = "trash"
INTENT = "intent.json"
RESTORING = "restoring.json"
_GONE = ".gone"


class ChangedError(StoreError):
    """A partition is not what the plan said; it was left alone."""


def begin_run(root: Path, run: str, intent: object) -> None:
    """Make a run's place in the trash and write down what it is about to do.

    Raises:
        StoreError: it cannot be written; nothing was done.
    """
    with as_store_error(f"{control(root, DIRECTORY)}: cannot be written"):
        make_directory(root, DIRECTORY, run)
        make_directory(root, DIRECTORY, run, MANIFESTS)
    write_control(root, DIRECTORY, run, INTENT, content=json.dumps(intent).encode())


def read_note(root: Path, run: str, name: str = INTENT) -> Any | None:
    """Return what `begin_run` wrote down, or another note beside it; None where there is none."""
    try:
        return json.loads(control(root, DIRECTORY, run, name).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise StoreError(f"{control(root, DIRECTORY, run, name)}: cannot be read: {error}") from error


def write_note(root: Path, run: str, name: str, content: object) -> None:
    """Write another note beside the intent, durably."""
    write_control(root, DIRECTORY, run, name, content=json.dumps(content).encode())


def remove_note(root: Path, run: str, name: str) -> None:
    """Remove a note."""
    with suppress(FileNotFoundError):
        control(root, DIRECTORY, run, name).unlink()
        flush_directory(control(root, DIRECTORY, run))


def runs(root: Path) -> tuple[str, ...]:
    """Return the runs that have a place in the trash and can be restored from, oldest first."""
    return tuple(name for name in _entries(root) if not name.endswith(_GONE))


def condemned(root: Path) -> tuple[str, ...]:
    """Return the runs whose deletion has begun."""
    return tuple(name.removesuffix(_GONE) for name in _entries(root) if name.endswith(_GONE))


def moved(root: Path, run: str) -> frozenset[str]:
    """Return the names of the partitions that are in a run's place."""
    try:
        return frozenset(name for name in os.listdir(control(root, DIRECTORY, run)) if name.startswith("date="))
    except FileNotFoundError:
        return frozenset()


def move_out(root: Path, run: str, partition: Partition) -> None:
    """Move one whole partition into a run's place, if it is still what the plan saw. Not flushed; see `flush_run`.

    Raises:
        ChangedError: it is not, and was left alone.
        StoreError: the system refuses.
    """
    name = partition.name
    with directory_fd(root) as top, _run_fd(top, run) as place:
        try:
            inside = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=top)
        except OSError as error:
            raise ChangedError(f"{name}: {reason(error)}") from error
        try:
            if mount_of(inside) != mount_of(top):
                raise ChangedError(f"{name}: is a mount point")
            if files_in(inside) != partition.files:
                raise ChangedError(f"{name}: changed since the plan was made")
            seen = os.fstat(inside)
            with as_store_error(f"{name}: cannot be moved to the trash"):
                os.rename(name, name, src_dir_fd=top, dst_dir_fd=place)
            if not os.path.samestat(os.stat(name, dir_fd=place, follow_symlinks=False), seen):
                # Somebody put something else in its place between the two lines.
                os.rename(name, name, src_dir_fd=place, dst_dir_fd=top)
                raise ChangedError(f"{name}: was replaced while it was looked at")
        finally:
            os.close(inside)


def move_files(root: Path, run: str, name: str, files: Sequence[str], *, is_back: bool = False) -> None:
    """Move some files of a partition into a run's place, or back; those that went before are passed over. Flushed."""
    with directory_fd(root) as top, _run_fd(top, run) as place:
        source, target = (place, top) if is_back else (top, place)
        with suppress(FileExistsError):
            os.mkdir(name, 0o750, dir_fd=target)
        with (
            directory_fd(name, within=source) as old,
            directory_fd(name, within=target) as new,
            as_store_error(f"{name}: cannot be moved"),
        ):
            for file in files:
                with suppress(FileNotFoundError):
                    os.rename(file, file, src_dir_fd=old, dst_dir_fd=new)
            flush_directory(new)
            flush_directory(old)


def files_of(root: Path, run: str, name: str) -> tuple[str, ...]:
    """Return the names of the files of a partition that are in a run's place."""
    with directory_fd(root) as top, _run_fd(top, run) as place, directory_fd(name, within=place) as inside:
        return tuple(sorted(os.listdir(inside)))


def has_files(root: Path, run: str, name: str) -> bool:
    """Tell whether a run's place holds anything of a partition."""
    try:
        return bool(files_of(root, run, name))
    except StoreError:
        return False


def move_hold(root: Path, run: str, place: Path) -> None:
    """Move the store of a hold's events into a run's place, and flush both."""
    with as_store_error(f"{place}: cannot be moved to the trash"):
        place.rename(control(root, DIRECTORY, run, f"hold-{place.name}"))
        flush_directory(place.parent)
        flush_directory(control(root, DIRECTORY, run))


def move_back(root: Path, run: str, name: str) -> None:
    """Move one whole partition from a run's place back into the store, and flush both.

    Raises:
        StoreError: a partition of this name is there again, or the system refuses.
    """
    with directory_fd(root) as top, _run_fd(top, run) as place:
        try:
            # An empty directory is replaced, anything else refuses.
            os.rename(name, name, src_dir_fd=place, dst_dir_fd=top)
        except OSError as error:
            raise StoreError(
                f"{name}: cannot be restored: {reason(error)}; events of this day were written meanwhile: "
                "move that directory away, restore, then ingest its files"
            ) from error
        flush_directory(top)
        flush_directory(place)


def move_manifest(root: Path, run: str, name: str, *, is_back: bool = False) -> None:
    """Move a day's manifest with its day; a day without one is passed over."""
    store, trash = control(root, MANIFESTS, name), control(root, DIRECTORY, run, MANIFESTS, name)
    source, target = (trash, store) if is_back else (store, trash)
    with suppress(FileNotFoundError):
        source.replace(target)


def move_sidecars(root: Path, run: str, name: str, *, is_back: bool = False) -> None:
    """Move a partition's sidecars with it: they tell of its events, so they leave when these do.

    Where they cannot be moved they are removed; the days that come back are then read more slowly.
    """
    store, trash = control(root, SIDECARS, name), control(root, DIRECTORY, run, SIDECARS, name)
    source, target = (trash, store) if is_back else (store, trash)
    try:
        target.parent.mkdir(0o750, exist_ok=True)
        source.rename(target)
    except OSError:
        shutil.rmtree(source, ignore_errors=True)


def flush_run(root: Path, run: str) -> None:
    """Bring all that was moved to the disk: the names in the store, and those in the run's place."""
    with as_store_error("the moved directories cannot be flushed to the disk"):
        for place in (control(root, DIRECTORY, run), control(root, DIRECTORY, run, MANIFESTS), root):
            flush_directory(place)
        if control(root, MANIFESTS).is_dir():
            flush_directory(control(root, MANIFESTS))


def condemn(root: Path, run: str) -> None:
    """Take a run's place out of what can be restored; from here on it may be half deleted."""
    place = control(root, DIRECTORY, run)
    with as_store_error(f"{place}: cannot be removed"):
        place.rename(place.with_name(run + _GONE))
        flush_directory(place.parent)


def delete(root: Path, run: str) -> Iterator[str]:
    """Delete a condemned run's place and yield what had to be left, with the reason."""
    with (
        directory_fd(root) as top,
        directory_fd(CONTROL_DIRECTORY, within=top) as inner,
        directory_fd(DIRECTORY, within=inner) as trash,
    ):
        yield from remove_tree(trash, run + _GONE, mount_of(top))
        flush_directory(trash)


def remove_tree(parent: int, name: str, mount: tuple[int, str]) -> Iterator[str]:
    """Delete a directory and the regular files in it; yield what is left: links, other mounts, what is refused."""
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
    except FileNotFoundError:
        return
    except OSError as error:
        yield f"{name}: {reason(error)}"
        return
    try:
        if mount_of(descriptor) != mount:
            yield f"{name}: is another mount, and was left alone"
            return
        for entry in os.listdir(descriptor):
            mode = os.stat(entry, dir_fd=descriptor, follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode):
                yield from remove_tree(descriptor, entry, mount)
            elif stat.S_ISREG(mode):
                try:
                    os.unlink(entry, dir_fd=descriptor)
                except OSError as error:
                    yield f"{entry}: {reason(error)}"
            else:
                yield f"{entry}: is no regular file, and was left alone"
    finally:
        os.close(descriptor)
    with suppress(OSError):  # what is left in it was named
        os.rmdir(name, dir_fd=parent)


def files_in(descriptor: int) -> tuple[File, ...]:
    """Return what an open partition holds, as `census` would; anything but a regular file makes it differ."""
    found: list[File] = []
    with os.scandir(descriptor) as entries:
        for entry in entries:
            state = entry.stat(follow_symlinks=False)
            size = state.st_size if stat.S_ISREG(state.st_mode) else -1
            found.append(File(entry.name, size, state.st_mtime_ns, state.st_ino))
    return tuple(sorted(found, key=lambda file: file.name))


def _entries(root: Path) -> list[str]:
    try:
        return sorted(
            entry.name for entry in os.scandir(control(root, DIRECTORY)) if entry.is_dir(follow_symlinks=False)
        )
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(f"{control(root, DIRECTORY)}: cannot be read: {reason(error)}") from error


@contextmanager
def _run_fd(top: int, run: str) -> Iterator[int]:
    """Open a run's place step by step, so that no link on the way is followed."""
    with (
        directory_fd(CONTROL_DIRECTORY, within=top) as inner,
        directory_fd(DIRECTORY, within=inner) as trash,
        directory_fd(run, within=trash) as place,
    ):
        yield place
