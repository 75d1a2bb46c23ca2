"""Why there are no events."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from logtui.config import Settings
from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, frozen_clock
from logtui.core.event import Event
from logtui.core.query.parser import parse
from logtui.services.search import Search
from logtui.session import Session, open_session
from logtui.storage.memory import MemoryEngine
from logtui.tui.explanation import explanation
from tests.samples import NOW, small_events, write_store
from tests.tui.explorer_pilot import explore


def session_of(*events: Event) -> Session:
    """Return a session on events in memory, without a watcher."""
    engine = MemoryEngine(events)

    def no_watcher() -> None:
        raise AssertionError("nobody follows")

    return Session(Path("memory"), engine, Search(engine, frozen_clock(NOW)), frozen_clock(NOW), no_watcher)  # type: ignore[arg-type]


def told(session: Session, text: str) -> str:
    """Return what is said about a query that finds nothing."""
    query = parse(text)
    selection = session.search.select(query, token=CancelToken())
    *_, lines = explanation(session, selection, query, lambda action: f"<{action}>", CancelToken())
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("since:2026-11-01", "The store holds events from 2026-09-21 to 2026-10-04: <explorer.all_time> shows all"),
        ("on:2026-09-25", "Nothing is stored for this time: there are no files for 2026-09-25; <explorer.all_time>"),
        (
            "since:2026-09-22 until:2026-09-25",
            "Nothing is stored for this time: there are no files for 2026-09-22 to 2026-09-25",
        ),
        ("since:2h until:5h", "The time asked for begins at 2026-"),
        ("actor:nobody", "the conditions leave them out: <explorer.drop_condition> drops the last one"),
        ("type:sign_in.creatd", "No event in the store has the type sign_in.creatd; did you mean sign_in.created"),
        ("actor:user_ada ip:192.0.2.1", "No event in this time matches ip:192.0.2.1"),
    ],
)
def test_each_reason_has_its_words(query: str, expected: str) -> None:
    """Nothing stored, nothing stored then, and filtered out are different answers."""
    assert expected in told(session_of(*small_events()), query)


def test_a_condition_that_others_rule_out_is_not_blamed() -> None:
    """Only conditions that match nothing by themselves are named."""
    text = told(session_of(*small_events()), "actor:user_ada actor:user_bob")

    assert "No event in this time matches" not in text


def test_an_empty_store_says_so() -> None:
    """It may fill at any moment."""
    assert "holds no events yet" in told(session_of(), "")


def test_files_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    """Events may be there and not be seen."""
    store = write_store(tmp_path / "store", [replace(small_events()[0], event_time=NOW - DAY)])
    (store / "date=2026-10-04").mkdir()
    (store / "date=2026-10-04" / "i-broken.parquet").write_bytes(b"PAR1 no")
    session = open_session(store, clock=frozen_clock(NOW))
    text = told(session, "on:2026-10-04")
    session.close()

    assert "1 file could not be read; <explorer.problems> tells which" in text


async def test_keys_are_the_persons_own(small_store: Path) -> None:
    """What the screen tells to press works."""
    async with explore(small_store, "actor:nobody", settings=Settings(keymap={"explorer.drop_all": "f9"})) as person:
        assert "f9 all of them" in person.text
        await person.press("f9")

        assert person.status.startswith("1 of 90")
