"""Keys: from the table of actions and the person's own keymap to bindings, labels and complaints.

Textual binds single keys and lets a keymap replace them by id. Chords (`y i`) are ours, see `chords`.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from textual.binding import Binding, BindingType
from textual.keys import Keys, format_key

from logtui.core.query.suggest import nearest
from logtui.core.sanitise import visible
from logtui.tui.actions import ACTIONS, BY_ID, FOOTER, SCOPES, Action

__all__ = ["ACTIONS", "BY_ID", "NO_KEYMAP", "SCOPES", "Action", "bindings", "chord_names", "footer", "has_inputs",
           "is_chord_only", "key_label", "key_name", "keys_label", "keys_of", "textual_keymap", "validate"]  # fmt: skip

UNBOUND = "none"
"""What a keymap gives to an action that no key shall do."""

_NEVER_PRESSED = "<unbound>"
_SHARED_SCOPES = (
    frozenset(("feed", "explorer")),
    frozenset(("lines", "detail")),
    frozenset(("lines", "facet")),
    frozenset(("lines", "dialog")),
    frozenset(("columns", "dialog")),
    frozenset(("facet", "dialog")),
    frozenset(("lines", "retention")),
    frozenset(("retention", "dialog")),
    frozenset(("views", "dialog")),
    frozenset(("export", "dialog")),
    frozenset(("export", "choice")),
    frozenset(("choice", "dialog")),
    frozenset(("confirm", "dialog")),
    frozenset(("ask", "dialog")),
)
"""Scopes whose keys are live at once and must differ. Where others meet, the inner one wins on purpose."""
_BEFORE_INPUTS = frozenset(("app", "views", "export", "ask"))
"""Scopes whose keys an input does not get, although it has the focus."""
_WITH_INPUTS = _BEFORE_INPUTS | {"query", "form"}
"""Scopes whose keys are live while somebody types."""
NO_KEYMAP: Mapping[str, str] = {}


def bindings(scope: str) -> list[BindingType]:
    """Return the bindings of a scope for its `BINDINGS`, each with its action's id; chords are not among them."""
    return [
        Binding(
            ",".join(singles),
            action.name,
            action.title,
            show=False,
            priority=action.scope in _BEFORE_INPUTS,
            id=action.id,
        )
        for action in ACTIONS
        if action.scope == scope and (singles := [key for key in _split(action.keys) if " " not in key])
    ]


def keys_of(action: Action, keymap: Mapping[str, str] = NO_KEYMAP) -> tuple[str, ...]:
    """Return the keys and chords that do `action` under the person's keymap, as written there."""
    keys = keymap.get(action.id, action.keys)
    return () if keys.strip() == UNBOUND else _split(keys)


def textual_keymap(keymap: Mapping[str, str]) -> dict[str, str]:
    """Return what `App.set_keymap` wants: chords and actions without keys are bound to what is never pressed."""
    return {
        name: ",".join(key for key in keys_of(BY_ID[name], keymap) if " " not in key) or _NEVER_PRESSED
        for name in keymap
        if name in BY_ID
    }


def has_inputs(scope: str) -> bool:
    """Tell whether keys of a scope are live while somebody types."""
    return scope in _WITH_INPUTS


def is_chord_only(action: Action) -> bool:
    """Tell whether an action's own keys are chords: then it has no binding."""
    return all(" " in keys for keys in _split(action.keys))


def footer(scope: str) -> tuple[Action, ...]:
    """Return the six actions that matter where the focus is in `scope`."""
    return tuple(BY_ID[name] for name in FOOTER[scope])


# -- checking a person's keymap


def validate(keymap: Mapping[str, str]) -> tuple[str, ...]:
    """Return what is wrong with a person's keymap, one sentence each; empty when it is fine."""
    unknown = tuple(
        f'keymap: there is no action "{visible(name, 80)}"{_did_you_mean(name)}' for name in keymap if name not in BY_ID
    )
    strange = tuple(
        f'keymap: {name}: "{visible(key, 80)}" is not a key'
        for name in keymap
        if name in BY_ID
        for key in keys_of(BY_ID[name], keymap)
        if not key or not all(_is_key(part) for part in key.split())
    )
    return unknown + strange + _clashes(keymap)


def _did_you_mean(name: str) -> str:
    near = nearest(name, tuple(BY_ID))
    return f"; did you mean {near}?" if near else "; `?` lists all actions"


def _clashes(keymap: Mapping[str, str]) -> tuple[str, ...]:
    """Name every key that two actions share; the first key of a chord is taken, too."""
    return tuple(
        f'keymap: "{key_label(key)}" is given to {first.id} and to {second.id}'
        for first, second in combinations(ACTIONS, 2)
        if _are_live_together(first.scope, second.scope)
        for key in _common_keys(first, second, keymap)
    )


def _common_keys(first: Action, second: Action, keymap: Mapping[str, str]) -> list[str]:
    common = []
    for one in filter(None, keys_of(first, keymap)):
        for other in filter(None, keys_of(second, keymap)):
            ours, theirs = chord_names(one), chord_names(other)
            shorter = min(ours, theirs, key=len)
            if ours[: len(shorter)] == theirs[: len(shorter)]:
                common.append(one if ours == shorter else other)
    return common


def _are_live_together(one: str, other: str) -> bool:
    return one == other or "app" in (one, other) or frozenset((one, other)) in _SHARED_SCOPES


# -- names of keys


def keys_label(action: Action, keymap: Mapping[str, str] = NO_KEYMAP) -> str:
    """Return the keys of an action as people read them: `j ↓`, `yi`, `ctrl+d`."""
    return " ".join(key_label(key) for key in keys_of(action, keymap))


def key_label(key: str) -> str:
    """Return one key or chord as people read it."""
    return "".join(_LABELS.get(name) or format_key(name) for name in chord_names(key))


_LABELS = {"pagedown": "pgdn", "pageup": "pgup", "escape": "esc", "space": "space", "enter": "enter", "tab": "tab",
           "shift+tab": "shift+tab", "home": "home", "end": "end", "backspace": "backspace"}  # fmt: skip
_MODIFIERS = ("ctrl+", "alt+", "shift+", "super+", "meta+", "hyper+")
_NAMED_KEYS = frozenset(key.value for key in Keys if not key.value.startswith("<"))


def _split(keys: str) -> tuple[str, ...]:
    return tuple(key.strip() for key in keys.split(","))


def chord_names(key: str) -> tuple[str, ...]:
    """Return Textual's names of the keys of a chord, of one key as well."""
    return tuple(key_name(part) for part in key.split())


def key_name(key: str) -> str:
    """Return Textual's name of a key: `question_mark` for `?`."""
    return next(iter(Binding.make_bindings([Binding(key, "")]))).key


def _is_key(key: str) -> bool:
    if len(key) == 1:
        return key.isprintable()
    if key in _NAMED_KEYS or format_key(key) != key:
        return True
    modifier = next((modifier for modifier in _MODIFIERS if key.startswith(modifier)), None)
    return modifier is not None and _is_key(key.removeprefix(modifier))
