"""The only writer of stdout: data, in the asked format, and nothing else."""

from __future__ import annotations

import errno
import io
import json
import os
import select
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from logtui.core.charset import is_ascii_only
from logtui.core.errors import Cancelled, StoreError
from logtui.core.sanitise import ascii_only, json_ascii, multiline
from logtui.services.output_place import descriptor_named
from logtui.services.rows import Row

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

    from logtui.services.export import Shape

_STDOUT = 1
_PLAIN = "\x1b[0m"
_BOLD = "\x1b[1m"
_COLOURS = {
    ("severity", "warning"): "\x1b[33m",
    ("severity", "error"): "\x1b[31m",
    ("severity", "success"): "\x1b[32m",
}


class OutputClosed(Exception):  # noqa: N818 - an outcome, not an error
    """The reader of stdout has gone, as `head` does when it has seen enough."""


class TerminalGone(Cancelled):
    """Stdout was a terminal, which has been closed: a hang-up, whether or not its signal was heard first."""


def file_named(path: Path | None) -> Path | None:
    """Return the file that `-o` names; None where it is stdout by one of its names."""
    return None if path is None or path == Path("-") or descriptor_named(path) == _STDOUT else path


def is_terminal() -> bool:
    """Whether stdout is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def shape(format_name: str | None, columns: tuple[str, ...]) -> Shape:
    """Return how stdout is to be written: a table on a terminal and NDJSON elsewhere, unless a format is named."""
    from logtui.services.export import Shape

    is_tty = is_terminal()
    has_colour = is_tty and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Shape(
        format_name or default_format(),
        columns,
        is_for_terminal=is_tty,
        is_ascii=is_tty and is_ascii_only(),
        paint=_paint if has_colour else None,
    )


def file_shape(format_name: str, columns: tuple[str, ...], path: Path) -> Shape:
    """Return how a file that `-o` names is to be written: like stdout, if it is a terminal by another name."""
    from logtui.services.export import Shape

    is_tty = _is_terminal_at(path)
    return Shape(format_name, columns, is_for_terminal=is_tty, is_ascii=is_tty and is_ascii_only())


def default_format() -> str:
    """Return the format of stdout when none is named."""
    return "table" if is_terminal() else "ndjson"


def write_text(text: str) -> None:
    """Write lines of words, such as help; nothing in them is obeyed, wherever they go."""
    _put(multiline(text))


def write_rows(rows: Iterable[Row], shape: Shape) -> None:
    """Write a small answer whole."""
    from logtui.services.export import make_encoder

    encoder = make_encoder(shape)
    with standard_output() as sink:
        text = encoder.begin() + encoder.rows(rows) + encoder.end()
        sink.write(text.encode("utf-8", "backslashreplace"))


def write_json(*values: object, indent: int | None = 2) -> None:
    """Write JSON documents, one after the other, in ASCII and without control characters."""
    # What json leaves alone of ASCII is DEL.
    _put(json_ascii("".join(json.dumps(value, indent=indent) + "\n" for value in values)))


def _put(text: str) -> None:
    is_ascii = is_terminal() and is_ascii_only()
    with standard_output() as sink:
        sink.write((ascii_only(text) if is_ascii else text).encode("utf-8", "backslashreplace"))


def _is_terminal_at(path: Path) -> bool:
    try:
        if not path.is_char_device():
            return False
        descriptor = os.open(path, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False  # whoever writes it will tell
    try:
        return os.isatty(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def standard_output() -> Iterator[BinaryIO]:
    """Give stdout as a sink of bytes, flushed at the end.

    Raises:
        OutputClosed: nobody reads it any more.
        StoreError: it cannot be written for another reason.
    """
    sink = _Stdout(is_for_terminal=is_terminal())
    yield cast("BinaryIO", sink)
    sink.flush()


class _Stdout(io.RawIOBase):
    """Turns the failures of stdout, and only these, into outcomes of ours."""

    def __init__(self, *, is_for_terminal: bool) -> None:
        super().__init__()
        self._is_for_terminal = is_for_terminal

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        view = memoryview(data).cast("B")
        written = 0
        with _translated(self._is_for_terminal):
            # With PYTHONUNBUFFERED, one write may take a part only: the rest, or the error, comes with the next one.
            while written < len(view):
                written += _write_some(view[written:])
        return written

    def flush(self) -> None:
        if not self.closed:
            with _translated(self._is_for_terminal):
                _flush()


def _write_some(data: memoryview) -> int:
    """Write what there is room for, and wait for room where there is none."""
    try:
        taken = sys.stdout.buffer.write(data)
    except BlockingIOError as error:
        taken = error.characters_written
    if not taken:
        _wait_for_room()
    return taken or 0


def _flush() -> None:
    while True:
        try:
            sys.stdout.buffer.flush()
        except BlockingIOError:
            _wait_for_room()
        else:
            return


def _wait_for_room() -> None:
    # Whoever shares stdout, such as a shell's other program, may have made it not wait by itself.
    select.select([], [sys.stdout.fileno()], [])


@contextmanager
def _translated(is_for_terminal: bool) -> Iterator[None]:
    if sys.stdout is None:
        raise StoreError("standard output is closed")
    try:
        yield
    except BrokenPipeError as error:
        _abandon()
        raise OutputClosed from error
    except OSError as error:
        _abandon()
        if is_for_terminal and error.errno == errno.EIO:
            raise TerminalGone from error
        raise StoreError(f"standard output cannot be written: {error.strerror}") from error


def _abandon() -> None:
    # What is still buffered would fail again, with a traceback, when the interpreter flushes stdout at its end.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _paint(column: str, text: str) -> str:
    style = _COLOURS.get((column, text.lower()), "") if column else _BOLD
    return f"{style}{text}{_PLAIN}" if style else text
