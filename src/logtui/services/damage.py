"""Looking for silent damage in a whole store, beside the question that is asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from logtui.core.cancel import CancelToken
from logtui.core.page import Problem
from logtui.storage.checksums import verify
from logtui.storage.listing import open_listing
from logtui.storage.sidecar_keeping import damaged_kinds
from logtui.storage.sidecars import sidecar_name


def find_damage(store: Path, *, token: CancelToken) -> Iterator[Problem]:
    """Read every file of the store whole, and yield what is damaged as it is found.

    Raises:
        StoreError: the store cannot be listed.
    """
    listing = open_listing(store)
    for directory in listing.directories():
        segments = listing.contents(directory).segments
        yield from verify(((each.name, Path(each.path)) for each in segments), token=token)


def find_damaged_sidecars(store: Path, *, token: CancelToken) -> Iterator[str]:
    """Read every sidecar of the store whole, and yield the path of each that is not as it was written.

    Raises:
        StoreError: the store cannot be listed.
    """
    listing = open_listing(store)
    for directory in listing.directories() if listing.is_own else ():
        for segment in listing.contents(directory).segments:
            token.check()
            for kind in damaged_kinds(listing.root, segment.name, segment.size):
                yield sidecar_name(segment.name, kind)
