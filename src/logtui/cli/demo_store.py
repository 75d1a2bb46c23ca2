"""Making a large store where the person wants it: it appears whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from logtui.cli import diagnostics
from logtui.cli.diagnostics import ExitCode, ProgressLine
from logtui.core.cancel import CancelToken
from logtui.core.errors import StoreError, UsageError
from logtui.services.demo.bulk import Order, make
from logtui.services.output_place import store_around
from logtui.session import make_store
from logtui.storage.throwaway import ThrowAway

_DIRECTORY_MODE = 0o750


def make_demo_store(place: Path, order: Order, token: CancelToken) -> int:
    """Make a store at `place`, which must be missing or an empty directory.

    Raises:
        UsageError: the place lies in another store.
        StoreError: the place is taken or cannot be written to; nothing is left there.
        Cancelled: likewise.
    """
    _check(place)
    line = ProgressLine()
    with _unfinished(place) as directory:  # it can be made again, so nothing is flushed
        written = 0
        try:
            for events in make(make_store(directory, is_durable=False), order, token=token):
                written += events
                line.say(f"{written:,} of {order.events:,} events written")
        finally:
            line.erase()
    diagnostics.note(f"made {place}: {order.events:,} events, {order.days:,} days")
    return ExitCode.DONE


def _check(place: Path) -> None:
    if not place.parent.is_dir():
        raise StoreError(f"{place}: cannot be made, {place.parent} is not a directory")
    try:
        if place.is_symlink() or (place.exists() and (not place.is_dir() or any(place.iterdir()))):
            raise StoreError(f"{place}: is there already and not an empty directory; name another place")
    except OSError as error:
        raise StoreError(f"{place}: {(error.strerror or str(error)).lower()}") from error
    around = store_around(place)
    if around is not None:
        raise UsageError(f"{place}: lies in the logtui store {around}; name a place outside it")


@contextmanager
def _unfinished(place: Path) -> Iterator[Path]:
    """Give a directory beside `place` that takes its name in the end, or is removed when something fails."""
    try:
        directory = ThrowAway(f".{place.name}-", place.parent)
    except OSError as error:
        raise StoreError(f"cannot make {place}: {(error.strerror or str(error)).lower()}") from error
    try:
        yield directory.path
        directory.path.chmod(_DIRECTORY_MODE)
        _take_place(directory, place)
    except BaseException:
        directory.remove()
        raise


def _take_place(directory: ThrowAway, place: Path) -> None:
    try:
        directory.keep_as(place)
    except OSError as error:
        raise StoreError(f"{place}: was taken meanwhile: {(error.strerror or str(error)).lower()}") from error
