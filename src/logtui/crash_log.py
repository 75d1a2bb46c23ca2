"""The log of logtui's own mistakes: what is needed to mend them, and nothing of what the events hold.

Tracebacks have no values of variables. Messages of errors may quote data, so what they quote is left out.
"""

from __future__ import annotations

import os
import platform
import re
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from logtui import __version__
from logtui.config import state_directory
from logtui.core.sanitise import multiline, visible

_LARGEST_LOG = 1_000_000
_LONGEST_MESSAGE = 300
_LONGEST_CONFESSION = 200
_MOST_CAUSES = 10
_LIBRARIES = ("duckdb", "pyarrow", "textual")
_TERMINAL = ("TERM", "COLORTERM", "TERM_PROGRAM", "LANG", "LC_ALL")

_QUOTED = re.compile("['\"`“].*['\"`”]", re.DOTALL)
_SPEAK_OF_CODE = (AttributeError, NameError, ImportError, TypeError, NotImplementedError, RecursionError, OSError)
"""Errors whose messages quote names of our own, or of files, and no data."""


def confession(error: BaseException) -> str:
    """Record an error with its traceback, and return what to tell the person, in one line of visible text."""
    what = f"{type(error).__name__}: {visible(str(error), _LONGEST_CONFESSION)}".removesuffix(": ")
    place = record_text("\n".join(_chapters(error)))
    return f"internal error: {what}" + (f"; details are in {visible(str(place))}" if place else "")


def record_text(text: str) -> Path | None:
    """Append what happened, with the time and the versions; return the file, or None if it cannot be written."""
    directory = state_directory()
    if directory is None:
        return None
    path = directory / "logtui.log"
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = os.O_TRUNC if path.exists() and path.stat().st_size > _LARGEST_LOG else os.O_APPEND
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | mode, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as log:
            os.fchmod(descriptor, 0o600)  # it may be there from a time when it was not so
            log.write(f"{when} {_versions()}\n{multiline(text).rstrip()}\n\n")
    except OSError:
        return None
    return path


def _versions() -> str:
    """Return what ran, and on what terminal."""
    parts = [f"logtui {__version__}", f"python {platform.python_version()}"]
    for name in _LIBRARIES:
        with suppress(metadata.PackageNotFoundError):
            parts.append(f"{name} {metadata.version(name)}")
    parts.append(f"{sys.platform} {platform.machine()}")
    parts += [f"{name}={visible(os.environ[name], 40)}" for name in _TERMINAL if name in os.environ]
    return ", ".join(parts)


def _chapters(error: BaseException) -> Iterator[str]:
    """Yield the error and what led to it, the first cause first."""
    import traceback

    chain: list[BaseException] = []
    inner: BaseException | None = error
    while inner is not None and inner not in chain and len(chain) < _MOST_CAUSES:
        chain.append(inner)
        inner = inner.__cause__ or (None if inner.__suppress_context__ else inner.__context__)
    for each in reversed(chain):
        yield "Traceback (most recent call last):"
        yield "".join(traceback.format_tb(each.__traceback__)).rstrip()
        yield f"{type(each).__module__}.{type(each).__qualname__}: {_told(each)}"
        for member in getattr(each, "exceptions", ()):
            yield from _chapters(member)


def _told(error: BaseException) -> str:
    """Return an error's message without what it quotes."""
    text = str(error)
    if not isinstance(error, _SPEAK_OF_CODE):
        text = _QUOTED.sub("'…'", text)
    return visible(text, _LONGEST_MESSAGE)
