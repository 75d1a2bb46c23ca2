"""`logtui doctor` names what is wrong with a store, and what to do; it changes nothing."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.asking import DAY_ONE, add, event, own_store
from tests.cli.conftest import Outcome, Run

from logtui.core.clock import DAY, HOUR, SECOND

NOW = DAY_ONE + 3 * DAY + 12 * HOUR
"""What the fixture's clock says: 2026-10-04T12:00:00Z."""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    store = own_store(tmp_path / "store", [event(0), event(DAY), event(3 * DAY)])
    for path in [store, *store.rglob("*")]:
        os.utime(path, (NOW // SECOND, NOW // SECOND))
    return store


def found(outcome: Outcome) -> list[dict[str, Any]]:
    return [json.loads(line) for line in outcome.out.decode().splitlines()]


def test_a_sound_store_has_nothing_to_do(logtui: Run, store: Path) -> None:
    outcome = logtui("doctor", store)

    assert (outcome.code, outcome.out, outcome.err) == (0, b"", "logtui: nothing is wrong\n")


def _empty_segment(store: Path) -> None:
    (store / "date=2026-10-01" / "i-empty.parquet").touch()


def _no_date(store: Path) -> None:
    directory = store / "date=2026-13-45"
    directory.mkdir()
    (directory / "i-x.parquet").touch()


def _stray_staged(store: Path) -> None:
    _aged(store / ".logtui" / "tmp" / "dead.tmp", 2 * HOUR)


def _unfinished_compaction(store: Path) -> None:
    path = store / "date=2026-10-01" / "c-1.replaces"
    path.write_text('{"inputs": []}')
    _aged(path, HOUR)


def _rejects(store: Path) -> None:
    (store / ".logtui" / "rejects").mkdir()
    (store / ".logtui" / "rejects" / "r.ndjson").write_text("{}\n")


def _open_to_all(store: Path) -> None:
    (store / "date=2026-10-01").chmod(0o777)


def _future_day(store: Path) -> None:
    add(store, [event(10 * DAY)])


def _future_event(store: Path) -> None:
    add(store, [event(3 * DAY + 14 * HOUR)])


def _written_before_it_happened(store: Path) -> None:
    add(store, [replace(event(2 * DAY), ingested_at=DAY_ONE + DAY)])


def _many_small(store: Path) -> None:
    for number in range(65):
        add(store, [event(DAY + number)])


def _aged(path: Path, age: int) -> None:
    path.touch()
    os.utime(path, ((NOW - age) // SECOND, (NOW - age) // SECOND))


@pytest.mark.parametrize(
    ("spoil", "grade", "area", "where", "advice"),
    [
        (_empty_segment, "error", "files", "date=2026-10-01/i-empty.parquet", "backup"),
        (_no_date, "error", "files", "date=2026-13-45", "logtui ingest"),
        (_stray_staged, "warning", "leftovers", ".logtui/tmp/dead.tmp", "removes them"),
        (_unfinished_compaction, "warning", "leftovers", "date=2026-10-01/c-1.replaces", "logtui compact"),
        (_rejects, "warning", "rejects", ".logtui/rejects/r.ndjson", "ingest what matters"),
        (_open_to_all, "error", "permissions", "date=2026-10-01", "chmod"),
        (_future_day, "warning", "clocks", "date=2026-10-11", "clock"),
        (_future_event, "warning", "clocks", "date=2026-10-04/", "clock"),
        (_written_before_it_happened, "warning", "clocks", "date=2026-10-03/", "clock"),
        (_many_small, "warning", "layout", "date=2026-10-02", "logtui compact"),
    ],
)
def test_what_is_wrong_is_named_with_its_place_and_a_remedy(
    logtui: Run, store: Path, spoil: Callable[[Path], None], grade: str, area: str, where: str, advice: str
) -> None:
    spoil(store)

    outcome = logtui("doctor", store, "--format", "ndjson")

    wanted = [each for each in found(outcome) if each["area"] == area and each["grade"] == grade]
    assert outcome.code == 1
    assert any(path.startswith(where) for each in wanted for path in each["paths"])
    assert any(advice in each["advice"] for each in wanted)


def test_a_staged_file_of_a_living_writer_is_no_leftover(logtui: Run, store: Path) -> None:
    """A slow writer holds a lock on what it writes."""
    _stray_staged(store)
    with (store / ".logtui" / "tmp" / "dead.tmp").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        assert logtui("doctor", store).code == 0


def test_a_staged_file_that_just_changed_is_no_leftover(logtui: Run, store: Path) -> None:
    _aged(store / ".logtui" / "tmp" / "young.tmp", 60 * SECOND)

    assert logtui("doctor", store).code == 0


def test_silent_damage_is_found_when_asked_for(logtui: Run, store: Path) -> None:
    """A flipped bit inside a page shows only when everything is read."""
    (segment,) = (store / "date=2026-10-01").iterdir()
    content = bytearray(segment.read_bytes())
    content[100] ^= 1
    segment.write_bytes(content)
    os.utime(segment, (NOW // SECOND, NOW // SECOND))

    quick, thorough = logtui("doctor", store), logtui("doctor", store, "--check", "--format", "ndjson")

    assert (quick.code, thorough.code) == (0, 1)
    assert found(thorough)[0]["paths"] == [f"date=2026-10-01/{segment.name}"]


def test_a_note_needs_nothing_done(logtui: Run, store: Path) -> None:
    store.chmod(0o755)

    outcome = logtui("doctor", store)

    assert outcome.code == 0
    assert b"note: permissions: every user of this machine may read the events" in outcome.out


def test_hostile_names_are_shown_not_obeyed(logtui: Run, store: Path) -> None:
    (store / "date=2026-10-01" / "i-\x1b[31m\n.parquet").touch()

    outcome = logtui("doctor", store)

    assert b"\x1b" not in outcome.out
    assert "␛".encode() in outcome.out


def test_every_place_is_listed_for_programs_and_a_few_for_people(logtui: Run, store: Path) -> None:
    for number in range(9):
        (store / "date=2026-10-01" / f"i-{number}.parquet").touch()

    text, listed = logtui("doctor", store), found(logtui("doctor", store, "--format", "ndjson"))

    assert b"and 4 more (all of them: --format json)" in text.out
    assert len(listed[0]["paths"]) == 9


def test_a_store_of_another_tool_is_looked_over_too(logtui: Run, store: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (segment,) = (store / "date=2026-10-01").iterdir()
    (foreign / "a.parquet").write_bytes(segment.read_bytes())
    (foreign / "b.parquet").write_text("junk")

    outcome = logtui("doctor", foreign, "--format", "json", clock=None)

    (bad,) = [each for each in json.loads(outcome.out) if each["grade"] == "error"]
    assert bad["paths"] == ["b.parquet"]


def test_nothing_is_changed(logtui: Run, store: Path) -> None:
    _stray_staged(store)
    before = {path: path.stat() for path in store.rglob("*") if path.is_file()}

    logtui("doctor", store, "--check")

    after = {path: path.stat() for path in store.rglob("*") if path.is_file()}
    assert [(path, state.st_mtime_ns, state.st_ino) for path, state in after.items()] == [
        (path, state.st_mtime_ns, state.st_ino) for path, state in before.items()
    ]


def test_a_missing_store_is_refused(logtui: Run, tmp_path: Path) -> None:
    outcome = logtui("doctor", tmp_path / "no")

    assert outcome.code == 1
    assert "there is no store at" in outcome.err
