"""What stdout is on a terminal: a table in colours, and nothing that the terminal would obey."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.terminal import Terminal

pytestmark = pytest.mark.pty


def written(*arguments: str | Path, env: Mapping[str, str] | None = None) -> str:
    """Run the program in a terminal and return all that it wrote."""
    argv = [sys.executable, "-m", "logtui", *map(str, arguments)]
    with Terminal(argv, columns=200, env=env or {}) as terminal:
        assert terminal.wait_exit() == 0
        terminal.settle()
        return terminal.raw.decode()


def test_a_table_in_colours_is_the_default(hard_store: Path) -> None:
    """The only escape sequences are our own colours."""
    text = written("query", hard_store, "--columns", "severity,event_id,actor,payload")

    assert "\x1b[1mseverity\x1b[0m" in text
    assert "\x1b[31merror\x1b[0m" in text
    assert set(re.findall(r"\x1b[^m]*m", text)) == {"\x1b[1m", "\x1b[31m", "\x1b[0m"}
    assert not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u200b\u202e\u2066]", text)


def test_without_colours_there_is_no_escape_sequence_at_all(hard_store: Path) -> None:
    """NO_COLOR is respected, and NDJSON has none to begin with."""
    table = written("query", hard_store, env={"NO_COLOR": "1"})
    lines = written("query", hard_store, "--format", "ndjson")

    assert "hard_03" not in table
    assert "hard_03_escape" in lines
    assert not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202e\u2066]", table + lines)


def test_parquet_is_not_for_a_terminal(hard_store: Path) -> None:
    """It would be noise, or worse."""
    argv = [sys.executable, "-m", "logtui", "query", str(hard_store), "--format", "parquet"]
    with Terminal(argv) as terminal:
        assert terminal.wait_exit() == 2
        terminal.wait_for("parquet is not for a terminal; name a file with -o FILE")
