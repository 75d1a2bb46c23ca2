"""docs/keys.md lists every action, as the table has it.

`python -m tests.docs.test_keys` writes it anew.
"""

from __future__ import annotations

from pathlib import Path

from logtui.tui.actions import ACTIONS, SCOPES
from logtui.tui.keymap import keys_of

KEYS = Path(__file__).parents[2] / "docs" / "keys.md"

INTRODUCTION = """\
# Keys

Every key of the screen. `?` shows them with your own changes; the foot of the screen shows the six that matter now.
This page is made from `src/logtui/tui/actions.py`, and a test compares the two.

## Changing them

In `config.toml`, by the action's id. Several keys are separated by commas; a space makes a chord; `none` unbinds.
Letters with shift are written as capitals (`G`), other keys by name: `ctrl+d`, `pagedown`, `escape`, `f5`.

```toml
[keymap]
"feed.down" = "j,down,ctrl+n"
"feed.newest" = "g g"
"explorer.copy_id" = "ctrl+y"
"explorer.palette" = "none"
```

A key given to two actions that are live at the same time, an unknown action and an unknown key are errors that say so.
The inner scope wins where scopes meet: the payload tree before any list, a list before the detail around it.
"""


def document() -> str:
    """Return the page as it should be."""
    parts = [INTRODUCTION]
    for scope, heading in SCOPES.items():
        parts.append(f"## {heading}\n\n| keys | does | id |\n|---|---|---|")
        for action in ACTIONS:
            if action.scope == scope:
                keys = " · ".join(f"`{key}`" for key in keys_of(action))
                parts[-1] += f"\n| {keys} | {action.meaning} | `{action.id}` |"
        parts[-1] += "\n"
    return "\n".join(parts)


def test_the_page_lists_every_action() -> None:
    """A key that is not documented does not exist for the reader."""
    assert document() == KEYS.read_text("utf-8"), "run `python -m tests.docs.test_keys`"


if __name__ == "__main__":
    KEYS.write_text(document(), "utf-8")
