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
        terminal.wait_closed()
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


@pytest.mark.parametrize("arguments", [["--format", "csv", "--raw"], ["--format", "ndjson", "-o", "/dev/tty"]])
def test_no_way_of_asking_makes_a_terminal_obey(hard_store: Path, arguments: list[str]) -> None:
    """Neither raw values nor the terminal by another name."""
    text = written("query", hard_store, *arguments, env={"NO_COLOR": "1"})

    assert "hard_03_escape" in text
    assert not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202e\u2066]", text)


@pytest.mark.parametrize("form", ["table", "csv", "ndjson", "json"])
def test_a_terminal_without_utf_8_gets_ascii(hard_store: Path, form: str) -> None:
    """The second byte of a letter could be a command there: 0x9B is in Û."""
    text = written("query", hard_store, "--format", form, env={"LC_ALL": "C"})

    assert text.isascii()
    assert not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]", text)


def test_mistakes_are_told_in_ascii_there_too() -> None:
    """And the mark stands under the mistake, although what is before it is spelled out."""
    argv = [sys.executable, "-m", "logtui", "query", "/tmp", "Û\x1b[2J type:("]
    with Terminal(argv, env={"LC_ALL": "C", "NO_COLOR": "1"}) as terminal:
        assert terminal.wait_exit() == 2
        terminal.wait_closed()
        lines = terminal.raw.decode("ascii").splitlines()

    query, mark = lines[-2:]
    assert query == "  \\xdb^[[2J type:("
    assert mark.index("^") == query.index("(")


def test_a_name_of_a_store_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    """Whoever can make a directory could steer the terminal of whoever looks at it."""
    store = tmp_path / "evil\x1b]2;OWNED\x07\u202e\x9b31m"
    for command in (["query"], ["doctor"], ["verify"], ["retention", "plan"], ["stats", "--every", "1h"], ["types"]):
        argv = [sys.executable, "-m", "logtui", *command, str(store)]
        with Terminal(argv, columns=300, env={"NO_COLOR": "1"}) as terminal:
            terminal.wait_exit()
            terminal.wait_closed()
            text = terminal.raw.decode()

        assert "␛]2;OWNED␇\\u202e\\x9b31m" in text, command
        assert not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]", text)


def test_parquet_is_not_for_a_terminal(hard_store: Path) -> None:
    """It would be noise, or worse."""
    argv = [sys.executable, "-m", "logtui", "query", str(hard_store), "--format", "parquet"]
    with Terminal(argv) as terminal:
        assert terminal.wait_exit() == 2
        terminal.wait_for("parquet is not for a terminal; name a file with -o FILE")
