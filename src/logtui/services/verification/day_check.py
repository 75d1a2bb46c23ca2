"""Checking one sealed day: what should be in it, what is in it, and whether both are the same bytes."""

from __future__ import annotations

import json
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
    """The check of one day: names and manifest at once, then every file as it is read, then the verdict."""

    def __init__(self, root: Path, day: str, sealed: Sealed, partition: Partition | None) -> None:
        self.day = day
        self.name = partition_name(day)
        self.directory = root / self.name
        self.to_read: list[tuple[str, int]] = []
        """Files of which the digest is needed, and their sizes."""
        self.findings: list[Finding] = []
        self._root = root
        self._sealed = sealed
        self._partition = partition
        self._expected: dict[str, str] = {}
        self._leftovers: dict[str, str] = {}
        self._check_manifest()
        self._compare_names()

    @property
    def has_problem(self) -> bool:
        return any(finding.is_problem for finding in self.findings)

    def compare(self, name: str, digest: str | OSError) -> None:
        """Take the digest of one file of `to_read`, or why it cannot be read."""
        if isinstance(digest, OSError):
            self._find(f"{self.name}/{name}", Kind.UNREADABLE, f"cannot be read: {reason(digest)}")
        elif digest != (self._expected.get(name) or self._leftovers.get(name)):
            self._find(f"{self.name}/{name}", Kind.CHANGED, "its content is not what was sealed")

    def conclude(self) -> None:
        """Find that all is well, if it is."""
        if self.has_problem:
            return
        changes = ""
        if self._sealed.added or self._sealed.removed:
            added, removed = len(self._sealed.added), len(self._sealed.removed)
            changes = f"; since the seal {added} came and {removed} went, as the ledger records"
        message = f"{len(self.to_read)} segments are what was sealed{changes}"
        size = sum(size for _, size in self.to_read)
        self.findings.append(Finding(self.name, Kind.VERIFIED, message, len(self.to_read), size))

    def _check_manifest(self) -> None:
        path = f".logtui/{MANIFESTS}/{manifest_name(self.day)}"
        try:
            manifest, digest = read_manifest(self._root, self.day)
        except FileNotFoundError:
            self._find(path, Kind.MISSING, "the manifest is gone")
            return
        except StoreError as error:
            self._find(path, Kind.CHANGED, f"cannot be understood: {error}")
            return
        if digest != self._sealed.manifest:
            self._find(path, Kind.CHANGED, "is not the manifest that the ledger knows")
        self._expect(manifest)

    def _expect(self, manifest: Manifest) -> None:
        digests = {segment.name: segment.sha256 for segment in manifest.segments} | dict(self._sealed.added)
        self._expected = {name: digest for name, digest in digests.items() if name not in self._sealed.removed}
        # Compaction removes its inputs some time after it has replaced them.
        self._leftovers = {name: digest for name, digest in digests.items() if name in self._sealed.removed}

    def _compare_names(self) -> None:
        partition = self._partition
        if partition is None:
            self._find(self.name, Kind.MISSING, "the whole day is gone, and no entry of the ledger says why")
            return
        if partition.problem:
            self._find(self.name, Kind.UNEXPECTED, partition.problem)
        present = {file.name: file.size for file in partition.files}
        for name in sorted(self._expected.keys() - present.keys()):
            self._find(f"{self.name}/{name}", Kind.MISSING, "was sealed, and is gone")
        known = self._expected.keys() | self._leftovers.keys()
        for name in sorted(present.keys() - known):
            if not (is_replaces(name) and self._is_recorded(name)):
                self._find(f"{self.name}/{name}", Kind.UNEXPECTED, "was not there when the day was sealed")
        self.to_read = [(name, present[name]) for name in sorted(present.keys() & known)]

    def _is_recorded(self, side_file: str) -> bool:
        """Tell whether a side file belongs to a compaction that the ledger knows."""
        segment = side_file.removesuffix(".replaces") + ".parquet"
        try:
            inputs = set(json.loads((self.directory / side_file).read_bytes())["inputs"])
        except (OSError, ValueError, KeyError, TypeError):
            return False
        return segment in self._sealed.added and inputs <= self._sealed.removed

    def _find(self, path: str, kind: Kind, message: str) -> None:
        self.findings.append(Finding(path, kind, message))


def files_to_hash(check: DayCheck) -> list[tuple[str, int]]:
    """Return path and size of every file that a check needs the digest of."""
    return [(f"{check.directory}/{name}", size) for name, size in check.to_read]
