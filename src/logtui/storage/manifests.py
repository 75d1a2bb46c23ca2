"""Manifests: what a closed day held when it was sealed, segment by segment, and the digest of the manifest before.

`.logtui/manifests/2026-10-04.json`, canonical JSON. The ledger has the manifest's digest, so that neither can be
changed without the other.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from logtui.core.cancel import CancelToken
from logtui.core.errors import SegmentError, StoreError
from logtui.core.retention.partition import Live, Partition
from logtui.core.times import day_of
from logtui.storage.census import look_into
from logtui.storage.control_files import control, write_control
from logtui.storage.hashing import hash_file, hash_files
from logtui.storage.ledger import Body
from logtui.storage.listing import reason

DIRECTORY = "manifests"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class SealedSegment:
    """One segment as it was sealed. Times are microseconds since the epoch, of its first and last event."""

    name: str
    size: int
    rows: int | None
    """None where its footer could not be read: the file is sealed as it is."""
    first: int | None
    last: int | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one day held."""

    day: str
    segments: tuple[SealedSegment, ...]
    previous: str
    """Digest of the manifest that was sealed before this one, of whatever day."""

    def content(self) -> bytes:
        """Return the bytes of its file: equal manifests have equal bytes."""
        fields = {
            "format": _FORMAT,
            "day": self.day,
            "segments": [asdict(segment) for segment in self.segments],
            "previous": self.previous,
        }
        return json.dumps(fields, separators=(",", ":")).encode() + b"\n"

    @property
    def digest(self) -> str:
        """SHA-256 of its file."""
        return hashlib.sha256(self.content()).hexdigest()

    @property
    def rows(self) -> int:
        """Events in it."""
        return sum(segment.rows or 0 for segment in self.segments)

    @property
    def byte_count(self) -> int:
        """Size of its segments."""
        return sum(segment.size for segment in self.segments)


def manifest_name(day: str) -> str:
    """Return the file name of a day's manifest."""
    return f"{day}.json"


def manifest_path(root: Path, day: str) -> Path:
    """Return where a day's manifest is."""
    return control(root, DIRECTORY, manifest_name(day))


def is_sealed(root: Path, day: str) -> bool:
    """Tell whether a day has a manifest, so that what changes in it must be in the ledger."""
    return manifest_path(root, day).exists()


def read_manifest(root: Path, day: str) -> tuple[Manifest, str]:
    """Return a day's manifest and the digest of its file as it is.

    Raises:
        FileNotFoundError: the day has none.
        StoreError: it cannot be read or understood.
    """
    path = manifest_path(root, day)
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
            content = file.read()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {reason(error)}") from error
    digest = hashlib.sha256(content).hexdigest()
    try:
        fields = json.loads(content)
        segments = tuple(SealedSegment(**segment) for segment in fields["segments"])
        return Manifest(str(fields["day"]), segments, str(fields["previous"])), digest
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{path}: is damaged") from error


def write_manifest(root: Path, manifest: Manifest) -> None:
    """Put a manifest in its place, durably.

    Raises:
        StoreError: it cannot be written.
    """
    write_control(root, DIRECTORY, manifest_name(manifest.day), content=manifest.content())


def make_manifests(
    root: Path, partitions: Sequence[Partition], *, token: CancelToken
) -> Iterator[tuple[Partition, Manifest | StoreError]]:
    """Read the live segments of partitions whole, and say what each holds; `previous` is left empty.

    Raises:
        Cancelled: the token was cancelled.
    """
    paths = [(f"{root}/{each.name}/{live.name}", live.size) for each in partitions for live in each.live]
    digests = hash_files(paths, token=token)
    for partition in partitions:
        assert partition.day is not None
        sealed: list[SealedSegment] = []
        error: StoreError | None = None
        for live in partition.live:
            digest = next(digests)
            if isinstance(digest, OSError):
                error = StoreError(f"{partition.name}/{live.name}: cannot be read: {reason(digest)}")
            else:
                sealed.append(SealedSegment(live.name, live.size, live.rows, live.first, live.last, digest))
        yield partition, error or Manifest(day_of(partition.day), tuple(sealed), "")


def seal_files(directory: Path, names: Sequence[str], *, token: CancelToken) -> list[Body]:
    """Say what these segments of one directory are now, as the ledger holds it.

    Raises:
        StoreError: one cannot be read.
    """
    found: list[Body] = []
    for name in names:
        path = f"{directory}/{name}"
        try:
            digest = hash_file(path, token)
            live = look_into(path, Live(name, os.lstat(path).st_size))
        except (OSError, SegmentError) as error:
            why = reason(error) if isinstance(error, OSError) else str(error)
            raise StoreError(f"{path}: cannot be read: {why}") from error
        found.append({"name": name, "size": live.size, "rows": live.rows, "sha256": digest})
    return found
