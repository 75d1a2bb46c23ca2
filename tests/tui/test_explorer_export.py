"""`ctrl+e` in the explorer: what is on the screen is what is in the file, or there is no file."""

from __future__ import annotations

import csv
import json
import shlex
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from logtui.cli.main import main
from logtui.core.cancel import CancelToken
from logtui.core.clock import frozen_clock
from logtui.core.columns import NAMES
from logtui.core.page import Page, Selection
from logtui.services.search import Search
from logtui.session import Session, open_session
from logtui.tui.opening import Opening
from tests.samples import NOW, small_events, write_store
from tests.tui.explorer_pilot import explore, explore_opening


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory in which files are suggested."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def written(here: Path) -> Path:
    """The only file that there is."""
    (path,) = here.iterdir()
    return path


def names(here: Path) -> list[str]:
    return [path.name for path in here.iterdir()]


async def test_all_events_of_the_feed(small_store: Path, here: Path) -> None:
    """Newest first, every column, and the report says that these are all."""
    async with explore(small_store, "actor:user_ada") as person:
        await person.press("ctrl+e", "enter")
        await person.until("complete: all that match")

        with written(here).open(newline="") as file:
            rows = list(csv.DictReader(file))
        assert tuple(rows[0]) == NAMES
        wanted = [event.event_id for event in reversed(small_events()) if event.actor == "user_ada"]
        assert [row["event_id"] for row in rows] == wanted
        assert "✓ 30 events written to " in person.text
        assert written(here).name in person.text


async def test_the_command_that_is_shown_writes_the_same(
    small_store: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte; also for a query that begins with a minus."""
    async with explore(small_store, "-user_ada is:failure", size=(160, 40)) as person:
        copied: list[str] = []
        monkeypatch.setattr(person.app, "copy_to_clipboard", copied.append)
        await person.press("ctrl+e", "right", "down", "right", "f6", "enter")
        await person.until("complete: all that match")

    first = written(here).read_bytes()
    written(here).unlink()
    assert main([*shlex.split(copied[0])[1:], "--now", "2026-10-04T12:00:00Z"]) == 0
    assert written(here).read_bytes() == first
    assert first.count(b"\n") > 1


async def test_marked_events(small_store: Path, here: Path) -> None:
    """Whole, newest first, whatever the feed shows."""
    async with explore(small_store) as person:
        await person.press("m", "j", "j", "m")
        wanted = sorted((mark.event_time, mark.event_id) for mark in person.explorer.feed.marks)
        await person.press("ctrl+e", "right", "right", "down", "right", "enter")
        await person.until("complete: all that are marked")

        events = json.loads(written(here).read_text())
        assert [event["event_id"] for event in events] == [event_id for _, event_id in reversed(wanted)]
        assert all(event["payload"] for event in events)


async def test_unreadable_files_are_told(tmp_path: Path, here: Path) -> None:
    """The count alone would pass for all."""
    store = write_store(tmp_path / "store", small_events())
    newest = max(store.rglob("*.parquet"))
    newest.write_bytes(newest.read_bytes()[:100])
    async with explore(store) as person:
        await person.press("ctrl+e", "enter")
        await person.until("events may be missing")

        assert "complete" not in person.text


class Endless(Search):
    """Finds some events, and goes on searching for all others until it is cancelled."""

    def pages(self, selection: Selection, *, limit: int | None, token: CancelToken, **how: Any) -> Iterator[Page]:
        yield from super().pages(selection, limit=limit or 10, token=token, **how)
        if limit is None:
            stopped = threading.Event()
            with token.interrupting(stopped.set):
                stopped.wait(10)
            token.check()


def endless(store: Path) -> Session:
    session = open_session(store, clock=frozen_clock(NOW))
    return replace(session, search=Endless(session.engine, session.clock))


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
async def test_cancelling_leaves_nothing_and_says_so(small_store: Path, here: Path, key: str) -> None:
    """The form is there again; the screen goes on."""
    async with explore_opening(Opening(lambda: endless(small_store), ""), small_store) as person:
        await person.pilot.press("ctrl+e", "enter")
        await person.until("events written")
        await person.pilot.press(key)
        await person.until("no file was written")
        assert names(here) == []

        await person.press("escape", "j")
        assert len(person.app.screen_stack) == 1


async def test_closing_the_program_ends_an_export(small_store: Path, here: Path) -> None:
    """No part of a file is left."""
    async with explore_opening(Opening(lambda: endless(small_store), ""), small_store) as person:
        await person.pilot.press("ctrl+e", "enter")
        await person.until("events written")

    assert names(here) == []
