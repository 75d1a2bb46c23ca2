"""The only writer of stderr: notes, mistakes, problems, progress. Everything it is given is made harmless first."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from enum import IntEnum

from logtui.cli.options import QueryMistakeError
from logtui.cli.parser import CommandLineError
from logtui.core.cells import cell_width
from logtui.core.charset import is_ascii_only
from logtui.core.errors import LogtuiError, QuerySyntaxError, UnsupportedQueryError, UsageError
from logtui.core.page import Problem, Progress, TimeRange
from logtui.core.sanitise import ascii_only, visible


class ExitCode(IntEnum):
    """What the program says about itself to other programs. Stable; listed in docs/cli.md."""

    DONE = 0
    """The answer is complete; also when its reader closed the pipe early."""
    PROBLEM = 1
    """The store, a file of it, or an output could not be read or written; the answer may lack events."""
    USAGE = 2
    """The arguments, a setting or the query are wrong; nothing was done."""
    HUNG_UP = 129
    """The terminal that was written to has gone."""
    INTERRUPTED = 130
    """Ctrl+C. Any other signal that ends the program gives 128 and its number."""


_ERROR, _PLAIN = "\x1b[31m", "\x1b[0m"
_CARET_CONTEXT = 60
_MOST_ALIKE = 5


def note(text: str) -> None:
    """Say something that is no mistake."""
    _write(f"logtui: {visible(text)}\n")


def note_no_events(asked: TimeRange) -> None:
    """Say that nothing matches, and whether nothing can."""
    note("no events match")
    if asked.contradiction:
        note(asked.contradiction)


def refuse(error: LogtuiError) -> ExitCode:
    """Show a mistake or a failure that the person can act on, and return the exit code that it means."""
    if isinstance(error, QueryMistakeError):
        _say_error(str(error.mistake))
        _write(_pointer(error.text, error.mistake))
    elif isinstance(error, CommandLineError):
        _say_error(str(error))
        note(f"try '{error.prog} --help'")
    else:
        _say_error(str(error))
    return ExitCode.USAGE if isinstance(error, UsageError | UnsupportedQueryError) else ExitCode.PROBLEM


def report(problems: Iterable[Problem], *, is_verbose: bool = False) -> ExitCode:
    """Show what was wrong in the store, and tell whether events may be missing.

    Every file is named that may have cost events; of the files with the same harmless thing a few, unless `is_verbose`.
    """
    code = ExitCode.DONE
    for problem in problems:
        if problem.is_loss:
            code = ExitCode.PROBLEM
        is_whole = problem.is_loss or is_verbose or len(problem.paths) <= _MOST_ALIKE
        for path in problem.paths if is_whole else problem.paths[:_MOST_ALIKE]:
            note(f"{path}: {problem.message}" if path else problem.message)
        if not is_whole:
            note(f"{len(problem.paths) - _MOST_ALIKE:,} more files like these; --verbose names them")
    return code


def confess(error: BaseException) -> ExitCode:
    """Record a mistake of logtui's own where it can be reported from, and say where."""
    from logtui import crash_log

    _say_error(crash_log.confession(error))
    return ExitCode.PROBLEM


def ask(question: str) -> str:
    """Ask on the terminal and return the line that was typed; "" at the end of the input."""
    _write(f"logtui: {visible(question)}")
    return sys.stdin.readline()


class ProgressLine:
    """One line on a terminal that says how far something long has come; nothing elsewhere, nothing for quick ones."""

    _PATIENCE = 0.5
    _INTERVAL = 0.1

    def __init__(self) -> None:
        self._next = time.monotonic() + self._PATIENCE
        self._is_shown = False
        self._is_terminal = is_terminal()

    def show(self, progress: Progress, count: int, *, how: Callable[[], str] = str) -> None:
        """Draw the line, unless it is too early for it or it was drawn just now. `how` tells why it takes long."""
        if not progress.is_complete:
            found = f"{progress.days_searched:,} of {progress.days_asked:,} days searched, {count:,} found"
            self.say(lambda: ", ".join(filter(None, (found, how()))))

    def say(self, text: str | Callable[[], str], *, is_urgent: bool = False) -> None:
        """Draw the line with another text, under the same conditions; an urgent one at once.

        A text that is costly to make may be given as a function, which is called only if the line is drawn.
        """
        if self._is_terminal and (is_urgent or time.monotonic() >= self._next):
            _write(f"\r\x1b[K{visible(text if isinstance(text, str) else text())}")
            self._is_shown = True
            self._next = time.monotonic() + self._INTERVAL

    def erase(self) -> None:
        """Remove the line before anything else is written to the terminal."""
        if self._is_shown:
            _write("\r\x1b[K")
            self._is_shown = False


def is_terminal() -> bool:
    """Whether stderr is a terminal."""
    return sys.stderr is not None and sys.stderr.isatty()


def _say_error(text: str) -> None:
    has_colour = is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    name = f"{_ERROR}logtui:{_PLAIN}" if has_colour else "logtui:"
    _write(f"{name} {visible(text)}\n")


def _pointer(text: str, mistake: QuerySyntaxError) -> str:
    """The part of the query around the mistake, and a mark under it."""
    first, last = max(0, mistake.column - _CARET_CONTEXT), mistake.column + _CARET_CONTEXT
    stop = min(mistake.column + mistake.width, last)
    before = _shown(("…" if first else "") + text[first : mistake.column])
    meant = _shown(text[mistake.column : stop])
    after = _shown(text[stop:last] + ("…" if last < len(text) else ""))
    mark = "^" * max(1, cell_width(meant))
    return f"  {before}{meant}{after}\n  {' ' * cell_width(before)}{mark}\n"


def _shown(text: str) -> str:
    return _for_terminal(visible(text))


def _for_terminal(text: str) -> str:
    return ascii_only(text) if is_terminal() and is_ascii_only() else text


def _write(text: str) -> None:
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(_for_terminal(text))
        sys.stderr.flush()
    except OSError:
        # There is nobody left to tell.
        return
