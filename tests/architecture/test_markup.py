"""No text is parsed as markup: one that came from an event could end the program with `[/x]`, or run actions."""

from __future__ import annotations

import ast
from pathlib import Path

import logtui.tui

_TAKE_MARKUP = {
    "Label",
    "Static",
    "notify",
    "Button",
    "OptionList",
    "Markdown",
    "from_markup",
    "RichLog",
    "Collapsible",
}


def test_nothing_that_parses_markup_is_used_without_switching_it_off() -> None:
    """Every such call says `markup=False`."""
    root = Path(logtui.tui.__file__).parent
    calls = [
        (path.relative_to(root), node.lineno)
        for path in sorted(root.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in _TAKE_MARKUP
        and not any(
            each.arg == "markup" and isinstance(each.value, ast.Constant) and each.value.value is False
            for each in node.keywords
        )
    ]

    assert calls == []
