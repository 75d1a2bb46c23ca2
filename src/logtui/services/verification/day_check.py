"""Checking one sealed day: what should be in it, what is in it, and whether both are the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from logtui.core.errors import StoreError
from logtui.core.retention.partition import Partition
from logtui.services.verification.findings import Finding, Kind
from logtui.storage.ledger_state import Sealed
from logtui.storage.listing import reason
from logtui.storage.manifests import DIRECTORY as MANIFESTS
from logtui.storage.manifests import Manifest, manifest_name, read_manifest
from logtui.storage.partitions import is_replaces, partition_name


class DayCheck:
    """The check of one day, in three steps: names and manifest, then every file as it is read, then the verdict."""

    def __init__(self, root: Path, day: str, sealed: Sealed, partition: Partition | None) -> None:
        self.directory = root / partition_name(day)
        self.to_read: list[tuple[str, int]] = []
        """Files of which the digest is needed, and their sizes."""
        self._root = root
        self._day = day
        self.name = partition_name(day)
        self._sealed = sealed
        self._partition = partition
        self._expected: dict[str, str] = {}
        self._leftovers: dict[str, str] = {}
        self._has_problem = False
        self._size = 0

    def before_reading(self) -> Iterator[Finding]:
        """Yield what names, sizes and the manifest tell."""
        manifest = None
        try:
            manifest, digest = read_manifest(self._root, self._day)
            if digest != self._sealed.manifest:
                yield self._problem(self._manifest_path, Kind.CHANGED, "is not the manifest that the ledger knows")
        except FileNotFoundError:
            yield self._problem(self._manifest_path, Kind.MISSING, "the manifest is gone")
        except StoreError as error:
            yield self._problem(self._manifest_path, Kind.CHANGED, f"cannot be understood: {error}")
        if manifest is not None:
            self._expect(manifest)
        yield from self._compare_names()

    def compare(self, name: str, digest: str | OSError) -> Iterator[Finding]:
        """Yield what the bytes of one file tell."""
        if isinstance(digest, OSError):
            yield self._problem(f"{self.name}/{name}", Kind.UNREADABLE, f"cannot be read: {reason(digest)}")
        elif digest != (self._expected.get(name) or self._leftovers.get(name)):
            yield self._problem(f"{self.name}/{name}", Kind.CHANGED, "its content is not what was sealed")

    def verdict(self) -> Iterator[Finding]:
        """Yield that all is well, if it is."""
        if not self._has_problem:
            changes = ""
            if self._sealed.added or self._sealed.removed:
                added, removed = len(self._sealed.added), len(self._sealed.removed)
                changes = f"; since the seal {added} came and {removed} went, as the ledger records"
            message = f"{len(self.to_read)} segments are what was sealed{changes}"
            yield Finding(self.name, Kind.VERIFIED, message, len(self.to_read), self._size)

    @property
    def _manifest_path(self) -> str:
        return f".logtui/{MANIFESTS}/{manifest_name(self._day)}"

    def _expect(self, manifest: Manifest) -> None:
        digests = {segment.name: segment.sha256 for segment in manifest.segments} | dict(self._sealed.added)
        self._expected = {name: digest for name, digest in digests.items() if name not in self._sealed.removed}
        # Compaction removes its inputs some time after it has replaced them.
        self._leftovers = {name: digest for name, digest in digests.items() if name in self._sealed.removed}

    def _compare_names(self) -> Iterator[Finding]:
        partition = self._partition
        if partition is None:
            yield self._problem(self.name, Kind.MISSING, "the whole day is gone, and no entry of the ledger says why")
            return
        if partition.problem:
            yield self._problem(self.name, Kind.UNEXPECTED, partition.problem)
        present = {file.name: file.size for file in partition.files}
        for name in sorted(self._expected.keys() - present.keys()):
            yield self._problem(f"{self.name}/{name}", Kind.MISSING, "was sealed, and is gone")
        known = self._expected.keys() | self._leftovers.keys()
        for name in sorted(present.keys() - known):
            if not (is_replaces(name) and self._is_recorded(name)):
                yield self._problem(f"{self.name}/{name}", Kind.UNEXPECTED, "was not there when the day was sealed")
        self.to_read = [(name, present[name]) for name in sorted(present.keys() & known)]
        self._size = sum(size for _, size in self.to_read)

    def _is_recorded(self, side_file: str) -> bool:
        """Tell whether a side file belongs to a compaction that the ledger knows."""
        segment = side_file.removesuffix(".replaces") + ".parquet"
        try:
            inputs = set(json.loads((self.directory / side_file).read_bytes())["inputs"])
        except (OSError, ValueError, KeyError, TypeError):
            return False
        return segment in self._sealed.added and inputs <= self._sealed.removed

    def _problem(self, path: str, kind: Kind, message: str) -> Finding:
        self._has_problem = True
        return Finding(path, kind, message)


def files_to_hash(check: DayCheck) -> list[tuple[str, int]]:
    """Return path and size of every file that a check needs the digest of."""
    return [(f"{check.directory}/{name}", size) for name, size in check.to_read]
