"""The line of hints at the foot of a screen: the keys that matter now, as many as there is room for. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from logtui.tui.keymap import footer, key_label, keys_of


def hints(scope: str, keymap: Mapping[str, str], width: int) -> str:
    """Return `enter detail   / query   …` for the actions that matter in `scope`, in at most `width` cells."""
    shown, used = [], 0
    for action in footer(scope):
        keys = keys_of(action, keymap)
        hint = f"{key_label(keys[0])} {action.title}" if keys else ""
        if hint and used + len(hint) <= width:
            shown.append(hint)
            used += len(hint) + 3
    return "   ".join(shown)
