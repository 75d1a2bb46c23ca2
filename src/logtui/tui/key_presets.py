"""Sets of keys for hands that have learned another program: what differs from the default keys, by action.

A preset is a keymap like a person's own, and is checked like one. The person's own keys go on top of it.
"""

from __future__ import annotations

from collections.abc import Mapping

Keymap = Mapping[str, str]
"""Action id -> keys, separated by commas."""

_VIM: Keymap = {
    "feed.page_down": "space,pagedown,ctrl+f",
    "feed.page_up": "pageup,ctrl+b,b",
    "feed.newest": "g g,home",
    "explorer.query": "i",
    "explorer.find": "/",
    "explorer.back": "u,ctrl+o",
    "explorer.forward": "ctrl+r",
    "explorer.drop_condition": "x,d d",
    "explorer.next_failure": "e,] e",
    "explorer.previous_failure": "E,[ e",
    "explorer.next_mark": "] '",
    "explorer.previous_mark": "[ '",
    "explorer.quit": "q,Z Z,Z Q",
    "histogram.first": "g g,home,0",
    "histogram.last": "G,end,$",
    "histogram.select": "v,space",
    "lines.page_down": "space,pagedown,ctrl+f",
    "lines.page_up": "pageup,ctrl+b,b",
    "lines.top": "g g,home",
    "tree.toggle_fold": "enter,z a",
    "tree.fold": "h,left,z c",
    "tree.unfold": "l,right,z o",
    "tree.fold_all": "z M",
    "tree.unfold_all": "z R",
    "detail.copy_value": "y y",
    "detail.copy_path": "y p",
}

_LESS: Keymap = {
    "feed.down": "j,down,ctrl+n",
    "feed.up": "k,up,ctrl+p",
    "feed.page_down": "space,f,pagedown,ctrl+f,ctrl+v",
    "feed.half_down": "d,ctrl+d",
    "feed.half_up": "u,ctrl+u",
    "feed.newest": "g,<,home",
    "feed.oldest": "G,>,end",
    "explorer.query": "&",
    "explorer.find": "/",
    "explorer.follow": "F",
    "explorer.facets": "s",
    "explorer.earlier": "(",
    "explorer.later": ")",
    "explorer.next_mark": "'",
    "explorer.previous_mark": '"',
    "explorer.quit": "q,Q,Z Z",
    "lines.down": "j,down,ctrl+n",
    "lines.up": "k,up,ctrl+p",
    "lines.page_down": "space,f,pagedown,ctrl+f,ctrl+v",
    "lines.half_down": "d,ctrl+d",
    "lines.half_up": "ctrl+u",
    "lines.top": "g,<,home",
    "lines.bottom": "G,>,end",
    "dialog.close": "escape,q,Q",
    "detail.close": "escape,q,Q,enter",
}

PRESETS: Mapping[str, Keymap] = {"default": {}, "vim": _VIM, "less": _LESS}
"""Name, as `keys` and `--keys` take it -> what differs from the default keys."""

MEANINGS: Mapping[str, str] = {
    "default": "letters that say what they do",
    "vim": "`gg`, `/` finds text, `i` types a query, `u` and `ctrl+r` go back and forward, `za zc zo zM zR` fold",
    "less": "`f` and `b` turn pages, `/` finds text, `&` types a query, `F` follows, `<` and `>` go to the ends",
}
"""Name -> what to expect, for the documentation."""


def keymap_of(preset: str, own: Keymap) -> Keymap:
    """Return the keys of a preset with the person's own on top."""
    return {**PRESETS[preset], **own}
