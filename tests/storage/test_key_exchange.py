"""Two writers of one process's making tell each other what they published."""

from __future__ import annotations

import copy
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logtui.core.event import Event
from logtui.core.times import day_start
from logtui.session import make_store, open_sink
from logtui.storage import key_exchange
from logtui.storage.event_sink import Written
from logtui.storage.id_index import Keys
from logtui.storage.key_exchange import KeyExchange

AT = day_start("2026-10-04")


def pair() -> tuple[KeyExchange, KeyExchange]:
    """Return both sides, as a fork has them."""
    ours = KeyExchange()
    theirs = copy.copy(ours)
    theirs._halves = list(ours._halves)
    theirs._places = {}
    theirs.turn()
    return ours, theirs


def events(first: int, count: int) -> list[Event]:
    return [Event(AT + each, f"e{each}", "a.b", payload="{}", ingested_at=AT) for each in range(first, first + count)]


@given(st.dictionaries(st.text(max_size=20), st.lists(st.text(max_size=9), max_size=20), max_size=6))
def test_each_hears_what_the_other_told(told: dict[str, list[str]]) -> None:
    """In both directions, whatever the names are."""
    ours, theirs = pair()
    for number, (name, ids) in enumerate(told.items()):
        (ours, theirs)[number % 2].tell(name, Keys.of(ids).part(len(ids) // 2, len(ids)))
    for number, (name, ids) in enumerate(told.items()):
        listener, teller = ((theirs, ours), (ours, theirs))[number % 2]
        heard = listener.keys_of(name)
        expected = Keys.of(ids).part(len(ids) // 2, len(ids))

        assert heard is not None
        assert (heard.first.to_pylist(), heard.second.to_pylist()) == (
            expected.first.to_pylist(), expected.second.to_pylist()
        )  # fmt: skip
        assert teller.keys_of(name) is None


def test_what_has_no_room_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other process then reads the file, as it does for other writers'."""
    monkeypatch.setattr(key_exchange, "_SIZE", 1000)
    ours, theirs = pair()
    ours.tell("large", Keys.of([str(each) for each in range(100)]))
    ours.tell("small", Keys.of(["a"]))

    assert theirs.keys_of("large") is None
    assert theirs.keys_of("small") is not None


def test_writers_that_exchange_keys_store_each_event_once(tmp_path: Path) -> None:
    """And do not read what the other one told of: its file may even be gone from their sight."""
    store = tmp_path / "store"
    make_store(store)
    ours, theirs = pair()
    one, other = open_sink(store, exchange=ours), open_sink(store, exchange=theirs)

    assert one.write(events(0, 10)) == Written(10, 0, 1)
    (segment,) = store.glob("date=*/*.parquet")
    content = segment.read_bytes()
    # Of the same size, so that only who reads it sees that it is damaged.
    os.truncate(segment, 0)
    os.truncate(segment, len(content))

    assert other.write(events(5, 10)) == Written(5, 5, 1)
    assert one.write(events(0, 20)) == Written(5, 15, 1)
