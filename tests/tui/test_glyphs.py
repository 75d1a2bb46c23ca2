"""Every sign that the screen's source holds has a form of one ASCII character."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from rich.cells import cell_len

import logtui.tui
from logtui.tui.ascii_cells import ascii_cells
from logtui.tui.glyphs import ASCII_FORMS

NEVER_SHOWN = {"\U0010ffff"}
"""A bound for ids."""


def signs_of(path: Path) -> Iterator[str]:
    """Yield what is not ASCII in the texts of a module, its documentation left out."""
    tree = ast.parse(path.read_text("utf-8"))
    documentation = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield from (char for char in node.value if not char.isascii())


def test_no_sign_of_the_screen_is_without_an_ascii_form() -> None:
    paths = sorted(Path(logtui.tui.__path__[0]).rglob("*.py"))
    used = {char: path.name for path in paths for char in signs_of(path)}

    assert len(used) > 30
    assert {char: name for char, name in used.items() if char not in ASCII_FORMS.keys() | NEVER_SHOWN} == {}


def test_a_cell_stays_a_cell() -> None:
    for sign, form in ASCII_FORMS.items():
        assert (cell_len(sign), len(form), form.isascii()) == (1, 1, True)
        assert ascii_cells(f"a{sign}b") == f"a{form}b"


def test_what_is_no_sign_of_ours_keeps_its_width() -> None:
    """Names that are no ASCII."""
    assert ascii_cells("Zoë 日本") == "Zo? ????"
