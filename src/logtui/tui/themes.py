"""Colours: our themes, what they promise, and which comes after which.

Every text of `dark`, `light`, `safe` and `safe-light` has a contrast of 4.5:1 with what is behind it, of `contrast` and
`contrast-light` 7:1. The severities differ in each for people who see no red, no green or no blue; in `safe` success is
blue, which nobody takes for an error. Tests compute both, the contrast from what is painted. The `ansi` themes use the
terminal's own palette and promise nothing; in no theme is a colour the only sign of anything.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual.theme import Theme


def _theme(
    name: str,
    *,
    dark: bool,
    ground: tuple[str, str, str],
    text: str,
    muted: str,
    blue: str,
    violet: str,
    success: str,
    warning: str,
    error: str,
    cursor: tuple[str, str],
) -> Theme:
    """Return a theme; `ground` is background, surface and panel, `cursor` the colours of a list's cursor line."""
    background, surface, panel = ground
    return Theme(
        name=name,
        dark=dark,
        primary=blue,
        secondary=violet,
        success=success,
        warning=warning,
        error=error,
        accent=warning,
        foreground=text,
        background=background,
        surface=surface,
        panel=panel,
        variables={
            "input-selection-background": text,
            "input-selection-foreground": background,
            "text": text,
            "text-muted": muted,
            "text-disabled": muted,
            "text-primary": blue,
            "text-secondary": violet,
            "text-success": success,
            "text-warning": warning,
            "text-error": error,
            "text-accent": warning,
            "block-cursor-background": cursor[0],
            "block-cursor-foreground": cursor[1],
            "block-cursor-blurred-background": panel,
            "block-cursor-blurred-foreground": text,
        },
    )


_OWN = (
    _theme(
        "dark", dark=True, ground=("#121212", "#1e1e1e", "#22303a"), text="#e4e4e4", muted="#a8a8a8",
        blue="#6cb6ff", violet="#c3a6ff", success="#9eeda9", warning="#fcc239", error="#f96c56",
        cursor=("#0a5fa8", "#ffffff"),
    ),
    _theme(
        "light", dark=False, ground=("#f4f4f4", "#ececec", "#dfe6ec"), text="#1c1c1c", muted="#585858",
        blue="#00508f", violet="#6b3fa0", success="#0c6837", warning="#7f5d0c", error="#810d14",
        cursor=("#00508f", "#ffffff"),
    ),
    _theme(
        "contrast", dark=True, ground=("#000000", "#000000", "#1a1a1a"), text="#ffffff", muted="#d8d8d8",
        blue="#8fd0ff", violet="#e0c8ff", success="#82ff7b", warning="#d1b116", error="#fe8384",
        cursor=("#ffff00", "#000000"),
    ),
    _theme(
        "contrast-light", dark=False, ground=("#ffffff", "#ffffff", "#f2f2f2"), text="#000000", muted="#333333",
        blue="#003a80", violet="#4b1b86", success="#035829", warning="#492f05", error="#991025",
        cursor=("#000000", "#ffffff"),
    ),
    _theme(
        "safe", dark=True, ground=("#101418", "#1a2026", "#22303a"), text="#e8e8e8", muted="#a9adb1",
        blue="#8fc7ff", violet="#d0b3ff", success="#3fa7ff", warning="#fdce18", error="#fa7c4b",
        cursor=("#0a5fa8", "#ffffff"),
    ),
    _theme(
        "safe-light", dark=False, ground=("#fafafa", "#f0f0f0", "#e2e6ea"), text="#1a1a1a", muted="#555555",
        blue="#00508f", violet="#6b3fa0", success="#022853", warning="#855c09", error="#80021a",
        cursor=("#00508f", "#ffffff"),
    ),
)  # fmt: skip

OWN = {theme.name: theme for theme in _OWN}
"""Name -> theme of ours."""

_OTHERS = {"ansi": "ansi-dark", "ansi-light": "ansi-light"}
"""Our names for themes of Textual's."""

NAMES = (*OWN, *_OTHERS)
"""The themes that a key goes through, in its order."""

MEANINGS = {
    "dark": "light text on dark",
    "light": "dark text on light",
    "contrast": "high contrast on black",
    "contrast-light": "high contrast on white",
    "safe": "for all kinds of colour vision, on dark",
    "safe-light": "for all kinds of colour vision, on light",
    "ansi": "the terminal's own colours, on dark",
    "ansi-light": "the terminal's own colours, on light",
}
"""Name -> what to expect."""


def inner_name(name: str) -> str:
    """Return what Textual calls a theme; any other name than ours is Textual's own."""
    return _OTHERS.get(name, name)


def next_name(name: str, available: Iterable[str] = NAMES) -> str:
    """Return the theme after this one, around the end; the first one after a theme that is not ours."""
    names = tuple(available)
    return names[(names.index(name) + 1) % len(names)] if name in names else names[0]
