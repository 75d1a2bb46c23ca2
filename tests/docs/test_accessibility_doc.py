"""docs/accessibility.md shows the commands as they are, the themes as they are, and a session that took place.

`python -m tests.docs.test_accessibility_doc` writes it anew.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest
from tests.samples import small_events, write_store
from tests.terminal import Terminal

from logtui.plain.commands import COMMANDS
from logtui.tui.themes import MEANINGS

PAGE = Path(__file__).parents[2] / "docs" / "accessibility.md"
SAID = ("is:failure", "open 2", "facets actor", "except 1", "type:sign(", "times", "quit")
"""What the person types in the example; after each, the answer ends with one of the texts below."""
ENDS = ("in all", "payload.attempt", "user_.*events", "in all", "in quotes", "the most", "")


def session(store: Path) -> str:
    """Return what a terminal shows of the example."""
    argv = [sys.executable, "-m", "logtui", str(store), "--plain", "--now", "2026-10-04T12:00:00Z"]
    with Terminal(argv, columns=110, rows=200, env={"TERM": "dumb", "TZ": "UTC", "LC_ALL": "C.UTF-8"}) as terminal:
        terminal.wait_for("90 events in all\n>")
        for line, end in zip(SAID, ENDS, strict=True):
            terminal.send(f"{line}\r".encode())
            terminal.wait_for(rf"(?s)> {line[:6]}.*{end}")
            terminal.settle()
        assert terminal.wait_exit() == 0
        return terminal.text.rstrip()


def document(example: str) -> str:
    """Return the page with its generated parts as they should be."""
    text = PAGE.read_text("utf-8")
    commands = "\n".join(
        f"| {f'`{each.short}`' if each.short else ''} | `{each.name}{f' {each.argument}' if each.argument else ''}` "
        f"| {each.meaning} |".replace("|local|relative", "\\|local\\|relative").replace("[N|all]", "[N\\|all]")
        for each in COMMANDS
    )
    text = _with(text, "| short | command | does |\n|---|---|---|\n", commands, "\n\n")
    themes = "\n".join(f"| `{name}` | {meaning} |" for name, meaning in MEANINGS.items())
    text = _with(text, "| theme | for |\n|---|---|\n", themes, "\n\n")
    return _with(
        text, "    $ logtui audit --plain\n", "\n".join(f"    {line}".rstrip() for line in example.splitlines()), "\n\n"
    )


def _with(text: str, head: str, body: str, end: str) -> str:
    before, found, rest = text.partition(head)
    assert found, f"the page has no {head!r}"
    return f"{before}{head}{body}{end}{rest.partition(end)[2]}"


@pytest.mark.pty
def test_the_page_shows_what_is(small_store: Path) -> None:
    """Commands, themes, and a session from the real program; only the store has another name there."""
    example = session(small_store).replace(small_store.name, "audit")

    assert document(example) == PAGE.read_text("utf-8"), "run `python -m tests.docs.test_accessibility_doc`"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        store = write_store(Path(directory) / "audit", small_events())
        PAGE.write_text(document(session(store)), "utf-8")
