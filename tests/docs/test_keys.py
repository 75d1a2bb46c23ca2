"""docs/keys.md lists every action, as the table has it.

`python -m tests.docs.test_keys` writes it anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from logtui.tui.actions import ACTIONS, BY_ID, SCOPES, Action
from logtui.tui.key_presets import MEANINGS, PRESETS
from logtui.tui.keymap import NO_KEYMAP, keys_of
from logtui.tui.screens.help import EDITING, PALETTE

KEYS = Path(__file__).parents[2] / "docs" / "keys.md"

INTRODUCTION = """\
# Keys

Every key of the screen. `?` shows them with your own changes, and what you type there searches them; the foot of the
screen shows the six that matter now. This page is made from `src/logtui/tui/actions.py` and `key_presets.py`, and a
test compares the two. The commands of the session without a screen (`--plain`) are in
[accessibility.md](accessibility.md).

## Presets

`keys = "vim"` in `config.toml`, or `--keys vim`, begins with other keys. What is not in the tables is as in `default`.

PRESETS
## Keys that others take

The default keys leave alone what tmux (`ctrl+b`), screen (`ctrl+a`), flow control (`ctrl+s`, `ctrl+q`) and the drivers
of terminals (`ctrl+v`, `ctrl+o`, `ctrl+y`, `ctrl+\\`) take for themselves, and in inputs what readline does with a key.
Where a preset has one of them because its people know it, another key does the same. ssh reads `~` at the beginning of
a line, so `w` does what `~` does. `src/logtui/tui/reserved_keys.py` is the list, and a test holds all presets to it.

## Changing them

In `config.toml`, by the action's id. Several keys are separated by commas; a space makes a chord; `none` unbinds.
Letters with shift are written as capitals (`G`), other keys by name: `ctrl+d`, `pagedown`, `escape`, `f5`.

```toml
[keymap]
"feed.down" = "j,down,ctrl+n"
"feed.newest" = "g g"
"explorer.copy_id" = "f7"
"explorer.palette" = "none"
```

A key given to two actions that are live at the same time, an unknown action and an unknown key are errors that say so.
The inner scope wins where scopes meet: the payload tree before any list, a list before the detail around it. Your own
keys go on top of the preset; where another action of the preset has one of them, give that action another key, too.
"""


def _presets() -> str:
    parts = [f"- `{name}`: {MEANINGS[name]}" for name in PRESETS]
    for name, keymap in PRESETS.items():
        if keymap:
            parts.append(f"\n### {name}\n\n| keys | by default | does | id |\n|---|---|---|---|")
        parts += [
            f"| {_keys(action, keymap)} | {_keys(action)} | {action.meaning} | `{action.id}` |"
            for action in (BY_ID[name] for name in keymap)
        ]
    return "\n".join(parts) + "\n"


def _keys(action: Action, keymap: Mapping[str, str] = NO_KEYMAP) -> str:
    return " · ".join(f"`{key}`" for key in keys_of(action, keymap))


def _table(entries: Iterable[tuple[str, str]]) -> str:
    return "| keys | does |\n|---|---|\n" + "\n".join(f"| {keys} | {meaning} |" for keys, meaning in entries) + "\n"


def document() -> str:
    """Return the page as it should be."""
    parts = [INTRODUCTION.replace("PRESETS\n", _presets() + "\n")]
    for scope, heading in SCOPES.items():
        parts.append(f"## {heading}\n\n| keys | does | id |\n|---|---|---|")
        for action in ACTIONS:
            if action.scope == scope:
                parts[-1] += f"\n| {_keys(action)} | {action.meaning} | `{action.id}` |"
        parts[-1] += "\n"
    parts.append(f"## Any input\n\nAs in a shell; no keymap changes these.\n\n{_table(EDITING)}")
    parts.append(f"## Command palette\n\n{_table(PALETTE)}")
    return "\n".join(parts)


def test_the_page_lists_every_action() -> None:
    """A key that is not documented does not exist for the reader."""
    assert document() == KEYS.read_text("utf-8"), "run `python -m tests.docs.test_keys`"


if __name__ == "__main__":
    KEYS.write_text(document(), "utf-8")
