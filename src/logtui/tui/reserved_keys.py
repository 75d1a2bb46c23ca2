"""Keys that never reach the program on some machines, or that mean something to hands that type. Pure.

A terminal multiplexer, the terminal's driver in the kernel, the terminal's window and ssh itself take keys before the
program sees them. And in an input, people expect the editing keys of their shell. `conflicts` holds any set of keys to
this table; tests do so with every preset.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from logtui.tui.actions import ACTIONS, Action
from logtui.tui.keymap import has_inputs, key_name, keys_of

TAKEN: Mapping[str, str] = {
    "ctrl+a": "the prefix of screen",
    "ctrl+b": "the prefix of tmux",
    "ctrl+s": "flow control: stops the output (XOFF)",
    "ctrl+q": "flow control: goes on (XON)",
    "ctrl+c": "interrupt",
    "ctrl+z": "suspend",
    "ctrl+backslash": "quit with a core dump",
    "ctrl+v": "the driver: takes the next key literally; a paste in some terminals",
    "ctrl+o": "the driver on BSD and macOS: discards output",
    "ctrl+y": "the driver on BSD and macOS: suspends at the next read",
    "ctrl+h": "the same byte as backspace on many terminals",
    "ctrl+i": "the same byte as tab",
    "ctrl+j": "the same byte as enter on some terminals",
    "ctrl+m": "the same byte as enter",
    "ctrl+left_square_bracket": "the same byte as escape",
    "ctrl+circumflex_accent": "the prefix of mosh",
    "tilde": "ssh, at the beginning of a line: its own commands",
    "f1": "help of the terminal's window",
    "f10": "menu of the terminal's window",
    "f11": "full screen of the terminal's window",
    "f12": "drop-down terminals, and byobu",
    "shift+pageup": "scrolling back in the terminal's window",
    "shift+pagedown": "scrolling back in the terminal's window",
    "ctrl+pageup": "tabs of the terminal's window",
    "ctrl+pagedown": "tabs of the terminal's window",
    "ctrl+shift+c": "copy in the terminal's window",
    "ctrl+shift+v": "paste in the terminal's window",
}
"""Key -> who takes it before the program does."""

TYPED: Mapping[str, str] = {
    "ctrl+a": "beginning of the line",
    "ctrl+b": "one character back",
    "ctrl+d": "deletes a character",
    "ctrl+e": "end of the line",
    "ctrl+f": "one character forward",
    "ctrl+k": "deletes to the end of the line",
    "ctrl+r": "searches back through what was typed",
    "ctrl+t": "swaps two characters",
    "ctrl+u": "deletes to the beginning of the line",
    "ctrl+w": "deletes a word",
    "ctrl+x": "cuts, and begins chords",
    "ctrl+y": "brings back what was deleted",
    "ctrl+underscore": "takes back a change",
    "alt+b": "one word back",
    "alt+d": "deletes a word",
    "alt+f": "one word forward",
}
"""Key -> what readline does with it. Where people type, they mean just that."""

MEANT = frozenset({("app.cancel", "ctrl+c"), ("app.suspend", "ctrl+z")})
"""Keys that do here what they do everywhere."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A key of an action that may never arrive, or that means something else where people type."""

    action: Action
    key: str
    reason: str
    is_only: bool
    """Whether no other key of the action is safe."""


def conflicts(keymap: Mapping[str, str], actions: Iterable[Action] = ACTIONS) -> Iterator[Conflict]:
    """Yield every conflict of a set of keys."""
    for action in actions:
        reasons = {key: _reason(action, key) for key in keys_of(action, keymap)}
        is_only = all(reasons.values())
        yield from (Conflict(action, key, reason, is_only) for key, reason in reasons.items() if reason)


def _reason(action: Action, key: str) -> str:
    names = [key_name(part) for part in key.split()]
    for name in names:
        if name in TAKEN and (action.id, name) not in MEANT:
            return TAKEN[name]
        if has_inputs(action.scope) and name in TYPED:
            return TYPED[name]
    return ""
