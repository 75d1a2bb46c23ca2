"""The ledger: it only grows, every line holds the one before it, and it survives crashes and several writers."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.samples import NOW

from logtui.core.clock import frozen_clock
from logtui.core.errors import StoreError
from logtui.storage.ledger import NOTHING, Op, append, read_ledger
from logtui.storage.segment_writer import init_store

_CLOCK = frozen_clock(NOW)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    init_store(tmp_path / "store")
    return tmp_path / "store"


def note(root: Path, text: str) -> None:
    append(root, Op.NOTE, {"text": text}, clock=_CLOCK)


def lines(root: Path) -> list[bytes]:
    return (root / ".logtui" / "ledger.jsonl").read_bytes().splitlines(keepends=True)


def write(root: Path, changed: list[bytes]) -> None:
    (root / ".logtui" / "ledger.jsonl").write_bytes(b"".join(changed))


def test_it_says_who_and_when_and_for_which_store(root: Path) -> None:
    note(root, "first")
    note(root, "second")

    first, second = read_ledger(root).entries
    assert (first.at, first.body["text"], first.previous) == (NOW, "first", NOTHING)
    assert "(uid " in first.who
    assert first.body["store"] == json.loads((root / ".logtui" / "root.json").read_text())["uuid"]
    assert second.previous == first.digest
    assert read_ledger(root).head == second.digest


def test_writers_take_turns(root: Path) -> None:
    """Lines of several writers at once form one chain, and none is lost."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: note(root, str(number)), range(40)))

    ledger = read_ledger(root)
    assert ledger.damage == ()
    assert {entry.body["text"] for entry in ledger.entries} == {str(number) for number in range(40)}


def test_every_line_that_is_changed_moved_or_lost_shows(root: Path) -> None:
    for number in range(5):
        note(root, str(number))
    whole = lines(root)

    for place in range(5):
        write(root, [*whole[:place], *whole[place + 1 :]])
        assert read_ledger(root).damage, f"line {place} removed"
        write(root, [*whole[:place], whole[place].replace(b'"op":"note"', b'"op":"nota"'), *whole[place + 1 :]])
        assert read_ledger(root).damage, f"line {place} changed"
    write(root, [whole[1], whole[0], *whole[2:]])
    assert read_ledger(root).damage
    write(root, whole)
    (root / ".logtui" / "ledger.head").unlink()
    assert read_ledger(root).damage
    with pytest.raises(StoreError, match="damaged"):
        note(root, "built on sand")


def test_a_crash_between_line_and_head_is_no_damage(root: Path) -> None:
    note(root, "first")
    head = (root / ".logtui" / "ledger.head").read_bytes()
    note(root, "second")
    (root / ".logtui" / "ledger.head").write_bytes(head)

    assert read_ledger(root).damage == ()


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_a_crash(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    root = tmp_path_factory.mktemp("any")
    init_store(root)
    (root / ".logtui" / "ledger.jsonl").write_bytes(content)

    ledger = read_ledger(root)
    assert b"\n" not in content or ledger.damage


def test_a_ledger_that_is_a_link_is_not_followed(root: Path, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("precious")
    (root / ".logtui" / "ledger.jsonl").symlink_to(tmp_path / "other")

    with pytest.raises(StoreError, match="ledger"):
        note(root, "x")
    assert (tmp_path / "other").read_text() == "precious"
