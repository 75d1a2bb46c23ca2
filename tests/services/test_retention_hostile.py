"""Hostile stores: nothing outside is touched, and everything odd is named."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from tests.retained import apply, day, make_days, picture, plan, problems, retained

from logtui.core.cancel import CancelToken
from logtui.core.errors import LockedError, StoreError
from logtui.core.retention.partition import State
from logtui.services.retention.applying import apply_plan
from logtui.services.retention.planning import Override


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A directory of somebody else."""
    place = tmp_path / "outside"
    place.mkdir()
    (place / "precious.parquet").write_text("outside")
    return place


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A store with three days, of which one has expired."""
    return make_days(tmp_path / "store", (0, 1, 2, 9))


def states(root: Path) -> dict[str, tuple[State, str]]:
    return {each.partition.name: (each.state, each.reason) for each in plan(root, 5).entries}


def test_a_link_in_place_of_a_partition_is_not_followed(root: Path, outside: Path) -> None:
    (root / f"date={day(20)}").symlink_to(outside)

    assert states(root)[f"date={day(20)}"] == (State.UNREADABLE, "is a link; links are not followed")
    assert apply(root, 5).dropped == 1
    assert (root / f"date={day(20)}").is_symlink()
    assert (outside / "precious.parquet").exists()


def test_a_partition_with_a_link_in_it_stays(root: Path, outside: Path) -> None:
    (root / f"date={day(9)}" / "i-x.parquet").symlink_to(outside / "precious.parquet")
    before = picture(root, but=(".logtui",))

    assert apply(root, 5).dropped == 0
    assert picture(root, but=(".logtui",)) == before
    assert "i-x.parquet, which is a link" in states(root)[f"date={day(9)}"][1]


@contextmanager
def mounted(source: Path, target: Path, *options: str) -> Iterator[None]:
    before = _mounts()
    if subprocess.run(["mount", *options, str(source), str(target)], capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount")
    try:
        yield
    finally:
        # A directory that is moved takes the mounts in it along, so its place may be another one by now.
        here = [place for place in _mounts() - before if f"/{target.parents[0].name}" in place]
        subprocess.run(["umount", *here], check=True)


def _mounts() -> set[str]:
    return {line.split()[1] for line in Path("/proc/self/mounts").read_text("utf-8").splitlines()}


@pytest.mark.parametrize("place", ["partition", "inside"])
def test_a_bind_mount_of_the_same_device_is_left_alone(root: Path, outside: Path, place: str) -> None:
    """It has the device number of the store, so only the mount itself tells."""
    target = root / f"date={day(9)}"
    if place == "inside":
        target /= "inner"
        target.mkdir()

    with mounted(outside, target, "--bind"):
        assert apply(root, 5).dropped == 0
        assert "mount" in states(root)[f"date={day(9)}"][1]
        assert (target / "precious.parquet").exists()


def test_a_partition_on_another_device_is_left_alone(root: Path) -> None:
    target = root / f"date={day(9)}"

    with mounted(Path("tmpfs"), target, "-t", "tmpfs"):
        (target / "i-x.parquet").write_text("other device")
        assert apply(root, 5).dropped == 0
        assert (target / "i-x.parquet").exists()


def test_a_mount_that_appears_in_the_trash_is_not_deleted_into(root: Path, outside: Path) -> None:
    applied = apply(root, 5)
    inner = root / ".logtui" / "trash" / applied.run / f"date={day(9)}" / "inner"
    inner.mkdir()

    with mounted(outside, inner, "--bind"):
        later = apply(root, 5, now=retained(root).clock() + 3 * 86_400_000_000)
        assert (outside / "precious.parquet").exists()
        assert any("mount" in problem.message for problem in later.problems)


def test_a_partition_replaced_by_a_link_at_the_last_moment_leaves_its_target_whole(
    root: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between looking and moving, somebody puts a link in the partition's place: the link is put back, nothing else."""
    name = f"date={day(9)}"
    real = os.rename

    def swapping(source: str, target: str, **options: int) -> None:
        if source == name and (root / name).is_dir() and not (root / name).is_symlink():
            real(root / name, root / "moved-by-the-attacker")
            (root / name).symlink_to(outside)
        real(source, target, **options)

    monkeypatch.setattr(os, "rename", swapping)
    applied = apply(root, 5)

    assert applied.dropped == 0
    assert "was replaced" in applied.problems[0].message
    assert (outside / "precious.parquet").exists()
    assert (root / name).is_symlink()


def test_a_partition_that_changes_after_the_plan_stops_the_apply(root: Path) -> None:
    """Nothing goes on the word of a plan that is no longer true."""
    shown = plan(root, 5)
    (root / f"date={day(9)}" / "i-late.parquet").write_bytes(b"late")

    with pytest.raises(StoreError, match="changed since the plan was shown"):
        apply_plan(retained(root), shown, Override(5), keep_trash=0, token=CancelToken())
    assert (root / f"date={day(9)}" / "i-late.parquet").exists()


def test_a_directory_that_may_not_be_moved_is_named_and_the_others_go(tmp_path: Path) -> None:
    """As an immutable one (chattr +i) refuses; the run goes on and says so."""
    root = make_days(tmp_path / "store", (0, 1, 2, 3, 9, 10))
    stubborn = root / f"date={day(9)}"
    if subprocess.run(["chattr", "+i", str(stubborn)], capture_output=True, check=False).returncode:
        pytest.skip("needs chattr")
    try:
        applied = apply(root, 5)
    finally:
        subprocess.run(["chattr", "-i", str(stubborn)], check=True)

    assert applied.dropped == 1
    assert [problem.path for problem in applied.problems] == [f"date={day(9)}"]
    assert set(retained(root).standing().dropped) == {day(10)}
    assert len(list(stubborn.iterdir())) == 1


def test_a_segment_that_is_being_read_is_read_to_its_end(root: Path) -> None:
    """A file that is open keeps its content, whatever happens to its name."""
    segment = next((root / f"date={day(9)}").iterdir())
    content = segment.read_bytes()
    with segment.open("rb") as file:
        first = file.read(10)
        apply(root, 5, keep_trash=0)
        assert first + file.read() == content


def test_two_maintainers_exclude_each_other(root: Path) -> None:
    from logtui.storage.locks import MAINTENANCE, holding

    with holding(root, MAINTENANCE), pytest.raises(LockedError, match="is at work on it"):
        apply(root, 5)


def test_a_trash_that_is_a_link_is_refused(root: Path, outside: Path) -> None:
    (root / ".logtui" / "trash").symlink_to(outside)

    with pytest.raises(StoreError, match="not a directory"):
        apply(root, 5)
    assert len(list(outside.iterdir())) == 1
    assert len(list(root.glob("date=*"))) == 4


def test_a_directory_without_the_marker_is_refused(tmp_path: Path) -> None:
    (tmp_path / "date=2020-01-01").mkdir()

    with pytest.raises(StoreError, match="retention adopt"):
        plan(tmp_path, 1)


@pytest.mark.parametrize(
    "name", ["date=..", "date=2026-02-30", "date=２０２６-01-01", "date=2026-01-01\n", "notes.txt"]
)
def test_what_is_no_date_is_reported_and_stays(root: Path, name: str) -> None:
    (root / name).mkdir()

    apply(root, 5)

    assert states(root)[name][0] is State.NOT_A_DATE
    assert (root / name).is_dir()


def test_a_full_disk_can_be_freed(tmp_path: Path) -> None:
    """With not a byte free, the reserve lets retention write what it must, and the days go."""
    disk = tmp_path / "disk"
    disk.mkdir()
    with mounted(Path("tmpfs"), disk, "-t", "tmpfs", "-o", "size=24m"):
        root = make_days(disk / "store", (0, 1, 2, 3, 9))
        apply(root, 20)
        assert (root / ".logtui" / "reserve").stat().st_size == 4 * 1024 * 1024
        _fill(disk / "junk")

        assert apply(root, 5, keep_trash=0).dropped == 1
        assert not (root / f"date={day(9)}").exists()
        assert problems(root) == []


def _fill(path: Path) -> None:
    """Write until not a byte is left."""
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            with suppress(OSError):
                while file.write(b"x" * size) == size:
                    pass
    assert os.statvfs(path).f_bavail == 0
