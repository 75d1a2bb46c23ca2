"""`logtui compact`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.storage.test_compaction import AT, MONDAY, PARTITION, compaction, fill, live, names

from logtui.cli.commands.compact import size
from logtui.cli.compacting import compact_once
from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, SECOND, frozen_clock, system_clock
from logtui.core.errors import Cancelled
from logtui.services.compact import Compaction
from logtui.session import make_store
from logtui.storage.compaction import LocalCompactor

AFTER = "2026-11-01T00:00:00Z"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    make_store(tmp_path / "store")
    fill(tmp_path / "store")
    return tmp_path / "store"


class TestOnce:
    def test_small_segments_become_one(self, logtui: Run, store: Path) -> None:
        """And one line says what was done."""
        expected = live(store)
        outcome = logtui("compact", store, "--grace", "0s", clock=AFTER)

        assert (outcome.code, outcome.out) == (0, b"")
        assert outcome.err.startswith("logtui: merged 4 segments of 1 day into 1: 20 events, ")
        assert outcome.err.count("\n") == 1
        assert [name[0] for name in names(store)] == ["c"]
        assert live(store) == expected
        assert logtui("compact", store, clock=AFTER).err == "logtui: nothing to merge\n"

    def test_a_dry_run_shows_what_would_be_done_and_does_nothing(self, logtui: Run, store: Path) -> None:
        before = names(store)
        outcome = logtui("compact", store, "--dry-run", clock=AFTER)
        (day,) = [json.loads(line) for line in outcome.out.splitlines()]

        assert {key: day[key] for key in ("day", "segments", "after", "events_to_merge")} == {
            "day": MONDAY, "segments": 4, "after": 1, "events_to_merge": 20,
        }  # fmt: skip
        assert names(store) == before
        assert logtui("compact", store, "--dry-run", "--format", "table", clock=AFTER).out.startswith(b"day ")

    def test_a_day_that_still_grows_is_left_until_there_is_more(self, logtui: Run, store: Path) -> None:
        assert logtui("compact", store, clock=f"{MONDAY}T12:00:00Z").err == "logtui: nothing to merge\n"

    def test_only_the_days_that_were_named(self, logtui: Run, store: Path) -> None:
        assert "nothing to merge" in logtui("compact", store, "--day", "2026-10-06", clock=AFTER).err
        assert "merged 4" in logtui("compact", store, "--day", MONDAY, "--grace", "0s", clock=AFTER).err

    def test_a_damaged_segment_is_named_and_the_exit_code_says_so(self, logtui: Run, store: Path) -> None:
        torn = store / PARTITION / names(store)[0]
        torn.write_bytes(torn.read_bytes()[:-9])
        outcome = logtui("compact", store, "--grace", "0s", clock=AFTER)

        assert outcome.code == 1
        assert "merged 3 segments" in outcome.err
        assert f"{PARTITION}/{torn.name}" in outcome.err
        assert torn.exists()

    def test_a_second_one_at_the_same_time_is_refused(self, logtui: Run, store: Path) -> None:
        with compaction(store).compactor.maintaining():
            outcome = logtui("compact", store, clock=AFTER)

        assert outcome.code == 1
        assert f"process {os.getpid()} on " in outcome.err

    def test_the_inputs_wait_once_for_readers_that_began_before(self, store: Path) -> None:
        """Only after the wait are they removed; other days are merged before it, not after."""
        waits: list[int] = []

        def wait(duration: int, _: CancelToken) -> None:
            waits.append(duration)
            assert sorted(name[0] for name in names(store)) == ["c", "c", "i", "i", "i", "i"]
            now[0] += duration

        now = [system_clock() + SECOND]
        compactor = LocalCompactor(store, clock=lambda: now[0])
        round_ = Compaction(compactor, frozen_clock(AT + 40 * DAY), grace=60 * SECOND)
        assert compact_once(round_, CancelToken(), wait=wait) == 0
        assert [57 * SECOND < each <= 60 * SECOND for each in waits] == [True]
        assert [name[0] for name in names(store)] == ["c"]

    def test_an_interrupted_wait_leaves_the_rest_to_the_next_run(
        self, logtui: Run, store: Path, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        expected = live(store)

        def wait(_: int, token: CancelToken) -> None:
            token.cancel()
            token.check()

        with pytest.raises(Cancelled):
            compact_once(compaction(store, grace=60 * SECOND), CancelToken(), wait=wait)

        assert "the next run removes what they replace" in capsysbinary.readouterr().err.decode()
        assert live(store) == expected
        logtui("compact", store, "--grace", "0s", clock=AFTER)
        assert [name[0] for name in names(store)] == ["c"]


class TestUsage:
    @pytest.mark.parametrize(
        ("arguments", "complaint"),
        [
            (["--watch", "--dry-run"], "exclude each other"),
            (["--target", "12"], "expected a size from 1M on"),
            (["--grace", "soon"], "is not a duration"),
            (["--day", "2026-02-30"], "is not a day"),
        ],
    )
    def test_mistakes_are_told(self, logtui: Run, store: Path, arguments: list[str], complaint: str) -> None:
        outcome = logtui("compact", store, *arguments)

        assert outcome.code == 2
        assert complaint in outcome.err

    def test_without_a_store(self, logtui: Run) -> None:
        assert "no store" in logtui("compact").err

    def test_a_directory_that_logtui_did_not_make_is_left_alone(self, logtui: Run, tmp_path: Path) -> None:
        outcome = logtui("compact", tmp_path)

        assert (outcome.code, "not a store that logtui made" in outcome.err) == (1, True)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(("text", "expected"), [("1M", 1 << 20), ("256MB", 1 << 28), ("1GiB", 1 << 30)])
    def test_sizes(self, text: str, expected: int) -> None:
        assert size(text) == expected


def test_a_watch_compacts_until_it_is_told_to_end(store: Path) -> None:
    """As a service: what comes later is merged too, and SIGTERM ends it between two steps."""
    expected = live(store)
    command = [sys.executable, "-m", "logtui", "compact", str(store), "--watch", "--grace", "0s", "--now", AFTER]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        said = running.stderr.readline()
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 128 + signal.SIGTERM

    assert "merged 4 segments" in said
    assert live(store) == expected
