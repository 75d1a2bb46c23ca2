"""What depends on the machine (disk, file system, users) is judged from facts alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from logtui.core.condition import Access, Condition, Disk, Grade, PartitionCondition
from logtui.services.doctor import examine

GIB = 1 << 30
SOUND = Condition(
    "/store",
    is_own=True,
    problems=(),
    partitions=(PartitionCondition("date=2026-10-01", 1, GIB, 0),),
    times=(),
    staged=(),
    rejects=(),
    orphans=(),
    access=(Access("", 0, 0o750, is_writable=True), Access("date=2026-10-01", 0, 0o750, is_writable=True)),
    disk=Disk("ext4", 100 * GIB, 50 * GIB, 1_000_000, is_notified=True),
)
NOW = 1_791_072_000_000_000


def areas(condition: Condition) -> list[tuple[Grade, str]]:
    return [(finding.grade, finding.area) for finding in examine(condition, NOW)]


def test_a_sound_condition_gives_no_findings() -> None:
    assert examine(SOUND, NOW) == []


@pytest.mark.parametrize(
    ("change", "grade", "says"),
    [
        ({"free": GIB // 2}, Grade.WARNING, "writing will fail soon"),
        ({"free": GIB + 1}, Grade.WARNING, "less than compacting the largest day needs"),
        ({"free_files": 12}, Grade.WARNING, "only 12 more files"),
        ({"kind": "nfs4", "is_notified": False}, Grade.NOTE, "(nfs4)"),
    ],
)
def test_the_disk_is_judged(change: dict[str, object], grade: Grade, says: str) -> None:
    (finding,) = examine(replace(SOUND, disk=replace(SOUND.disk, **change)), NOW)  # type: ignore[arg-type]

    assert finding.grade is grade
    assert says in finding.what


def test_a_file_system_without_a_number_of_files_is_not_short_of_them() -> None:
    assert areas(replace(SOUND, disk=replace(SOUND.disk, free_files=None))) == []


def test_a_day_that_only_another_user_may_write_to_is_told_apart_from_a_store_to_read() -> None:
    root, day = SOUND.access
    closed_day = replace(SOUND, access=(root, replace(day, is_writable=False)))
    closed = replace(SOUND, access=(replace(root, is_writable=False), replace(day, is_writable=False)))

    assert areas(closed_day) == [(Grade.WARNING, "permissions")]
    assert areas(closed) == [(Grade.NOTE, "permissions")]


def test_the_worst_comes_first() -> None:
    root, day = SOUND.access
    spoiled = replace(
        SOUND,
        access=(replace(root, mode=0o755), replace(day, mode=0o777)),
        disk=replace(SOUND.disk, free_files=1),
    )

    assert [grade for grade, _ in areas(spoiled)] == [Grade.ERROR, Grade.WARNING, Grade.NOTE]
