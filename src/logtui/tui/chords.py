"""Chords: keys that mean something together, as `y i`. Textual binds single keys only.

They are read from the keys that pass a screen on their way to the bindings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from logtui.tui.actions import ACTIONS, Action
from logtui.tui.keymap import NO_KEYMAP, chord_names, is_chord_only, key_label, key_name, keys_of


@dataclass(frozen=True, slots=True)
class Press:
    """What one key meant to a reader of chords."""

    is_taken: bool
    """The key was part of a chord: nobody else may have it."""
    action: Action | None = None
    """The chord is complete."""


class Chords:
    """Reads the chords of some scopes, key by key. Feed it every key that passes, before bindings see it.

    The scopes are those where a key would be looked up, the innermost first: a key that means something by itself
    there is no beginning of a chord further out.
    """

    def __init__(self, *scopes: str, keymap: Mapping[str, str] = NO_KEYMAP) -> None:
        self._singles: dict[str, set[str]] = {scope: set() for scope in scopes}
        self._chords: dict[str, dict[tuple[str, ...], Action]] = {scope: {} for scope in scopes}
        for action in ACTIONS:
            for keys in keys_of(action, keymap) if action.scope in self._chords else ():
                # Actions whose default is a chord have no binding that a keymap could move.
                if " " in keys or is_chord_only(action):
                    self._chords[action.scope][chord_names(keys)] = action
                else:
                    self._singles[action.scope].add(key_name(keys))
        self.pressed: tuple[str, ...] = ()
        """The keys of a chord that is not complete yet."""

    @property
    def options(self) -> tuple[tuple[str, Action], ...]:
        """What may follow the keys pressed so far: label of the key, action."""
        depth = len(self.pressed)
        return tuple(
            (key_label(chord[depth]), action)
            for chords in self._chords.values()
            for chord, action in chords.items()
            if len(chord) > depth and chord[:depth] == self.pressed
        )

    def press(self, key: str) -> Press:
        """Take one key, named as in `events.Key.key`. A key that leads nowhere ends the chord and is swallowed."""
        was_waiting = bool(self.pressed)
        chord = (*self.pressed, key)
        self.pressed = ()
        for scope, chords in self._chords.items():
            if action := chords.get(chord):
                return Press(is_taken=True, action=action)
            if any(known[: len(chord)] == chord for known in chords):
                self.pressed = chord
                return Press(is_taken=True)
            if not was_waiting and key in self._singles[scope]:
                break
        return Press(is_taken=was_waiting)
