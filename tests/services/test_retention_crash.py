"""A crash at any step: each day is whole or gone, the next run finishes, and the ledger agrees with the disk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.retained import apply, day, problems, retained
from tests.services.retention_killed import DAYS, EXPIRED, KEPT, do

from logtui.core.cancel import CancelToken
from logtui.services.retention.recovering import recover
from logtui.services.verification.sealing import seal_store
from logtui.storage.listing import open_listing

# Every step is killed in benchmarks/crash_retention.py; here, some of them, and other ones for each deed.
STRIDES = {"drop": 9, "reduce": 23, "hold": 37, "purge": 11, "restore": 9, "unreduce": 13, "seal": 17, "release": 7}
_WHOLE, _LEFT = 4, 1


def crashed(deed: str, place: Path, stride: int, first: int = 1) -> list[Path]:
    """Return stores on which the deed was killed, each at another step."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "tests.services.retention_killed", deed, str(place), str(first), str(stride)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, cwd=root)
    assert done.stdout == "0\n", done.stderr
    return sorted((path for path in place.iterdir() if path.name.isdigit()), key=lambda path: int(path.name))


def rows(root: Path, back: int) -> int:
    """Events of a day as a reader finds them; 0 where it is gone."""
    listing = open_listing(root)
    return sum(
        pq.read_table(segment.path, partitioning=None).num_rows
        for directory in listing.directories()
        if directory.name == f"date={day(back)}"
        for segment in listing.contents(directory).segments
    )


@pytest.mark.parametrize("deed", STRIDES)
def test_a_crash_leaves_whole_days_and_the_next_run_finishes(tmp_path: Path, deed: str) -> None:
    """Killed at every so many-th step: no half day, no doubled one; afterwards ledger, disk and seals agree."""
    stores = crashed(deed, tmp_path, STRIDES[deed])

    assert len(stores) > 3
    for root in stores:
        left = _LEFT if deed in ("reduce", "unreduce") else 0
        seen = {back: rows(root, back) for back in (*EXPIRED, *KEPT)}
        assert all(seen[back] == _WHOLE for back in KEPT)
        assert all(seen[back] in (_WHOLE, left) for back in EXPIRED), (root, seen)

        recover(retained(root), token=CancelToken())
        if deed in ("restore", "unreduce", "release"):
            check_undone(root, deed, left)
        elif deed != "seal":
            apply(root, DAYS)
            check_done(root, left)
        seal_store(retained(root), token=CancelToken())
        assert problems(root) == [], root


def check_done(root: Path, left: int) -> None:
    assert {back: rows(root, back) for back in EXPIRED} == dict.fromkeys(EXPIRED, left)
    standing = retained(root).standing()
    assert set(standing.dropped) == {day(back) for back in EXPIRED}
    assert sum(dropped.rows for dropped in standing.dropped.values()) == _WHOLE * len(EXPIRED)


def check_undone(root: Path, deed: str, left: int) -> None:
    """A restore that was begun is finished by the next run; one that had not begun can still be done."""
    standing = retained(root).standing()
    if deed == "release":
        if "ada" in standing.holds:
            do(root, deed)
        return
    if standing.dropped:
        assert all(rows(root, back) == left for back in EXPIRED)
        do(root, deed)
    assert retained(root).standing().dropped == {}
    assert {back: rows(root, back) for back in EXPIRED} == dict.fromkeys(EXPIRED, _WHOLE)
