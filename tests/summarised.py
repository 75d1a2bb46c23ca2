"""Summaries for stores of any size: the writers make them for large segments only."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from logtui.storage.sidecars import Identity, Kind, sidecar_path
from logtui.storage.summary_building import SummaryBuilder


def summarise(root: Path, segments: list[str] | None = None) -> None:
    """Give segments (names relative to the store; without any, all that have none) the summaries that writers make."""
    for path in sorted(root.glob("date=*/*.parquet")):
        name = f"{path.parent.name}/{path.name}"
        if (segments is None and not summary_path(root, name).exists()) or (segments is not None and name in segments):
            _summarise(root, path, name)


def summary_path(root: Path, segment: str) -> Path:
    """Where the summary of a segment is."""
    return Path(sidecar_path(root, segment, Kind.SUMMARY))


def _summarise(root: Path, path: Path, name: str) -> None:
    builder = SummaryBuilder()
    with pq.ParquetFile(path) as file:
        rows = file.metadata.num_rows
        for number in range(file.num_row_groups):
            builder.add(file.read_row_group(number))
    target = summary_path(root, name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as sidecar:
        builder.write(sidecar, Identity(rows, path.stat().st_size))
