"""Health is tried out, not assumed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.samples import small_events, write_store

from logtui.core.clock import SECOND
from logtui.core.errors import StoreError
from logtui.services.receive.health import Health
from logtui.session import check_writable, make_store


class Hand:
    """A clock that is moved by hand."""

    at = 0

    def __call__(self) -> int:
        return self.at


def problems_at(times: Sequence[int], trials: Sequence[str]) -> list[str]:
    """Ask at these times, where trials end like this one after the other."""
    left = iter(trials)

    def try_out() -> None:
        if problem := next(left):
            raise StoreError(problem)

    clock = Hand()
    health = Health(try_out, clock)
    seen = []
    for at in times:
        clock.at = at
        seen.append(health.problem())
    assert next(left, None) is None
    return seen


def test_the_store_is_tried_out_at_most_once_a_second() -> None:
    """Anybody may ask; the disk must not suffer from it."""

    assert problems_at((0, 1, SECOND - 1, SECOND, SECOND + 1), trials=["", ""]) == [""] * 5


def test_a_problem_is_told_until_it_is_gone() -> None:
    """And no longer."""

    assert problems_at((0, 1, SECOND), trials=["disk full", ""]) == ["disk full", "disk full", ""]


def test_a_store_that_can_be_written_to_is_left_as_it_was(tmp_path: Path) -> None:
    """The trial leaves no file behind."""
    store = write_store(tmp_path / "store", small_events())
    before = sorted(str(path) for path in store.rglob("*"))

    check_writable(store)

    assert sorted(str(path) for path in store.rglob("*")) == before


def test_a_store_that_is_gone_or_read_only_is_noticed(tmp_path: Path) -> None:
    """As a segment would notice."""
    make_store(tmp_path / "store")
    (tmp_path / "store" / ".logtui").rename(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="not a store"):
        check_writable(tmp_path / "store")

    if os.geteuid() != 0:  # root may write anywhere
        (tmp_path / "elsewhere").rename(tmp_path / "store" / ".logtui")
        (tmp_path / "store" / ".logtui" / "tmp").chmod(0o500)
        with pytest.raises(StoreError, match="permission denied"):
            check_writable(tmp_path / "store")
