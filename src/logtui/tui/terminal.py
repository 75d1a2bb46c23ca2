"""What the terminal can do, and making sure that there is one. Runs before Textual is imported."""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping

from logtui.core.charset import is_ascii_only
from logtui.core.errors import UsageError

__all__ = ["is_ascii_only", "require_terminal", "theme_name", "tune"]


def require_terminal() -> None:
    """Make keyboard and screen reachable: what is redirected or closed is replaced by the controlling terminal.

    Raises:
        UsageError: there is none, or it cannot be painted on.
    """
    kind = os.environ.get("TERM", "")
    if kind in ("dumb", ""):
        what = "TERM is dumb" if kind else "TERM, its kind, is not set"
        raise UsageError(f"this terminal cannot be painted on ({what}); use `logtui query` or `logtui tail`")
    # Textual reads from stdin and paints on stderr; stdout only has to be there.
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        stream = getattr(sys, f"__{name}__")
        if stream is not None and (name == "stdout" or stream.isatty()):
            continue
        try:
            terminal = os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            raise UsageError("there is no terminal to open the screen on; use `logtui query`") from error
        os.dup2(terminal, number)
        os.close(terminal)
        if stream is None:  # closed by whoever started the program
            stream = os.fdopen(number, mode, encoding="utf-8", errors="replace", closefd=False)
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)


def tune(environment: MutableMapping[str, str] = os.environ) -> None:
    """Set what Textual reads from the environment while it is imported; what the person set stays."""
    environment.setdefault("TEXTUAL_ANIMATIONS", "none")
    environment.setdefault("ESCDELAY", "25")
    if "SSH_CONNECTION" in environment:
        environment.setdefault("TEXTUAL_FPS", "30")


def theme_name(wanted: str, environment: MutableMapping[str, str] = os.environ) -> str:
    """Return the theme for `auto`: the terminal's own palette where colours are few, unwanted, or dear to send."""
    if wanted != "auto":
        return wanted
    has_many = environment.get("COLORTERM") in ("truecolor", "24bit") or "256" in environment.get("TERM", "")
    if "NO_COLOR" in environment or "SSH_CONNECTION" in environment or not has_many:
        return "ansi-dark"
    return "dark"
