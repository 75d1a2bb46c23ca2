"""What tests share: a clock that stands still, a small store, and nothing of the developer's own machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from logtui.core.clock import Clock, frozen_clock
from tests.samples import NOW, hard_events, small_events, write_store


@pytest.fixture(scope="session")
def _empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def _nothing_of_the_developers(monkeypatch: pytest.MonkeyPatch, _empty_home: Path) -> None:
    """No configuration file, default store, colour setting or time zone of whoever runs the tests counts."""
    for name in list(os.environ):
        if name.startswith(("LOGTUI_", "XDG_", "TEXTUAL")) or name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(_empty_home))
    monkeypatch.setenv("TZ", "UTC")


@pytest.fixture
def clock() -> Clock:
    """A clock that says 2026-10-04T12:00:00Z."""
    return frozen_clock(NOW)


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of `samples.small_events()`; tests must not write into it."""
    return write_store(tmp_path_factory.mktemp("small"), small_events())


@pytest.fixture(scope="session")
def hard_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of `samples.hard_events()`; tests must not write into it."""
    return write_store(tmp_path_factory.mktemp("hard"), hard_events())
