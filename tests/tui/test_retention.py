"""The retention screen: what is kept and why, and nothing goes without a typed word."""

from __future__ import annotations

from pathlib import Path

import pytest

from logtui.core.retention.partition import Hold
from logtui.core.retention.policy import Policy
from logtui.core.times import day_start
from logtui.services.retention.adopting import set_policy
from logtui.services.retention.holding import add_hold
from logtui.tui.screens.retention import RetentionScreen
from tests.retained import apply, day, make_days, problems, retained
from tests.tui.dialog_app import Below, looking_at
from tests.tui.explorer_pilot import explore


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Keeps five days; two have expired, one of them is held."""
    root = make_days(tmp_path / "store", (0, 1, 2, 3, 8, 9))
    set_policy(retained(root), Policy(5))
    add_hold(retained(root), Hold("case", "case 4711 [/nope]", day_start(day(9)), day_start(day(9))))
    return root


async def test_every_partition_stands_there_with_its_verdict(root: Path) -> None:
    """Policy, events as a bar, size, age, state, hold, and what would go is marked."""
    app = Below()
    async with looking_at(RetentionScreen(retained(root)), app, size=(120, 24)) as person:
        await person.until("keeps 5 days")
        assert "1 partition, 4 events" in app.text
        going = next(line for line in app.lines if day(8) in line)
        assert "✗" in going
        assert "████████" in going
        assert "older than 5 days" in going
        assert any(day(9) in line and "held" in line and "case: case 4711 [/nope]" in line for line in app.lines)
        assert any(day(0) in line and "open" in line for line in app.lines)
        assert app.is_harmless()


async def test_apply_takes_a_typed_word_and_can_be_undone(root: Path) -> None:
    app = Below()
    async with looking_at(RetentionScreen(retained(root)), app, size=(120, 24)) as person:
        await person.until("keeps 5 days")
        await person.press("a")
        await person.press(*"yes", "enter")
        assert "type drop" in app.text
        assert (root / f"date={day(8)}").exists()
        await person.press("backspace", "backspace", "backspace", *"drop", "enter")
        await person.until("removed 1 day, 4 events")
        assert not (root / f"date={day(8)}").exists()
        await person.press("u")
        await person.press(*"restore", "enter")
        await person.until("restored 1 day")

    assert (root / f"date={day(8)}").exists()
    assert problems(root) == []


async def test_days_are_held_and_released_by_keys(root: Path) -> None:
    app = Below()
    async with looking_at(RetentionScreen(retained(root)), app, size=(120, 24)) as person:
        await person.until("keeps 5 days")
        await person.press("j", "j", "j", "j", "h")
        await person.press(*"audit", "enter")
        await person.until(f"hold-1 holds {day(8)}")
        assert set(retained(root).standing().holds) == {"case", "hold-1"}
        await person.press("e")
        await person.press(*"release", "enter")
        await person.until("released hold-1")

    assert set(retained(root).standing().holds) == {"case"}


async def test_the_ledger_and_the_holds_are_lists_of_their_own(root: Path) -> None:
    apply(root, 5)
    app = Below()
    async with looking_at(RetentionScreen(retained(root)), app, size=(120, 24)) as person:
        await person.until("keeps 5 days")
        await person.press("tab")
        assert "case 4711 [/nope]" in app.text
        await person.press("tab")
        assert f"dropped {day(8)}: 4 events" in app.text
        assert "digest" in app.text
        await person.press("q")

    assert app.given == [None]


async def test_a_store_without_the_marker_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "date=2020-01-01").mkdir()
    app = Below()
    async with looking_at(RetentionScreen(retained(tmp_path)), app, size=(120, 24)) as person:
        await person.until("retention adopt")


async def test_the_explorer_opens_it_and_shows_what_is_covered(root: Path) -> None:
    """R opens it; the strip says what the bars cannot: dropped, held, missing."""
    apply(root, 5)
    async with explore(root, size=(100, 30)) as person:
        await person.until("held")
        await person.until("░ dropped ░")
        await person.until("nothing stored")
        await person.pilot.press("R")
        await person.until("[partitions]")


async def test_an_empty_time_says_that_retention_dropped_it(root: Path) -> None:
    apply(root, 5)
    async with explore(root, f"on:{day(8)}", size=(140, 30)) as person:
        await person.until(f"{day(8)} was dropped by retention on 2026-10-04 (older than 5 days)")
