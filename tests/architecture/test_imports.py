"""What may import what, checked on the running program: a static graph cannot see imports inside functions."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "logtui"
MOST_LINES = 400

HEAVY = {"textual", "rich", "duckdb", "pyarrow", "watchfiles", "asyncio", "numpy", "pandas", "uvicorn"}


def modules_after(statement: str) -> set[str]:
    """Return the top-level modules that are loaded once `statement` has run in a fresh interpreter."""
    code = f"import sys, json\n{statement}\nprint(json.dumps([name.split('.')[0] for name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    ("statement", "forbidden"),
    [
        ("import logtui", HEAVY),
        ("import logtui.core.query.parser, logtui.core.query.complete, logtui.core.catalogue", HEAVY),
        ("import logtui.services.search, logtui.services.tail", HEAVY),
        ("import logtui.session", HEAVY),
        ("import logtui.cli.main", HEAVY),
        ("import logtui.cli.commands.receive", HEAVY),
        ("import logtui.services.receive.intake", HEAVY - {"asyncio"}),
        ("import logtui.storage.duckdb.engine", HEAVY - {"duckdb"}),
        ("import logtui.storage.memory", HEAVY),
        ("import logtui.tui.launch", HEAVY),
        ("import logtui.plain.launch", HEAVY),
        ("import logtui.tui.app", {"duckdb", "pyarrow", "watchfiles"}),
    ],
)
def test_importing_a_layer_loads_no_library_that_it_does_not_use(statement: str, forbidden: set[str]) -> None:
    """Start-up time and the layers stay as designed."""

    loaded = modules_after(statement)

    assert not loaded & forbidden


def test_no_module_is_too_long_to_read_in_a_sitting() -> None:
    """A module that outgrows the budget has a second job that wants its own name."""
    lengths = {
        str(path.relative_to(SOURCE)): len(path.read_text("utf-8").splitlines()) for path in SOURCE.rglob("*.py")
    }

    assert {name: count for name, count in lengths.items() if count > MOST_LINES} == {}


def test_no_module_is_named_after_nothing() -> None:
    """A name says what a module is for."""
    vague = {"utils", "helpers", "common", "misc", "manager", "handler", "base", "types"}

    assert [str(path) for path in SOURCE.rglob("*.py") if path.stem in vague and path.parent.name != "commands"] == []
