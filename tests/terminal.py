"""A program in a real pseudo-terminal, with a terminal emulator on the other side.

For the promises that only a terminal shows: start-up, keys, bytes written, signals, what is left behind.
Used by the tests marked `pty` and by `benchmarks/`.
"""

from __future__ import annotations

import codecs
import os
import re
import select
import signal
import termios
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import psutil
import ptyprocess
import pyte

KEYS = {
    "enter": "\r", "escape": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "space": " ", "backspace": "\x7f",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
    "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "ctrl+c": "\x03", "ctrl+d": "\x04", "ctrl+f": "\x06", "ctrl+l": "\x0c",
    "ctrl+u": "\x15", "ctrl+z": "\x1a",
}  # fmt: skip

# What pyte would print or choke on: private CSI, mode queries, DCS and OSC strings, keypad modes.
_UNKNOWN_TO_PYTE = re.compile(
    r"\x1b\[[<>=][0-9;:]*[ -/]*[@-~]|\x1b\[\??[0-9;:]*[ !\"#$%&'*]+[@-~]|\x1b\[\?[0-9;:]*[^0-9;:hlJKn]"
    r"|\x1b[P_^X].*?(?:\x1b\\|\x9c)|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[=>]",
    re.DOTALL,
)
_UNFINISHED = re.compile(r"\x1b(?:|\[[0-9;:<=>? -/]*|[P_^X\]](?:(?!\x1b\\|\x07).)*)\Z", re.DOTALL)
_QUERY = re.compile(rb"\x1b\[0?c|\x1b\[6n|\x1b\[\?(\d+)\$p")
_UNFINISHED_QUERY = re.compile(rb"\x1b(?:\[[?0-9$]*)?\Z")


_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])|\x1b\[([<>])[0-9;]*u|\x1b\[([0-9;]*)r")
_ON_AT_FIRST = {"7", "25"}
"""Line wrap, and the cursor."""


def modes_left(written: bytes) -> list[str]:
    """Return which modes of a terminal, fresh before, differ after all that was written."""
    on = set(_ON_AT_FIRST)
    pushed, region = 0, b""
    for match in _MODE.finditer(written):
        if match[1] is not None:
            for mode in match[1].decode().split(";"):
                on = on | {mode} if match[2] == b"h" else on - {mode}
        elif match[3] is not None:
            pushed = pushed + 1 if match[3] == b">" else max(0, pushed - 1)
        else:
            region = match[4]
    left = [f"mode {mode}" for mode in sorted(on ^ _ON_AT_FIRST)]
    return left + ["keyboard"] * pushed + ["scroll region"] * bool(region)


@dataclass(frozen=True, slots=True)
class Reaction:
    """What one key caused: seconds to the last byte before the terminal fell quiet, and how many bytes."""

    settled: float
    byte_count: int


def as_seen(cell: Any) -> Any:
    """Return a cell of pyte as a person sees it: of a plain blank, only the background."""
    is_blank = cell.data == " " and not (cell.reverse or cell.underscore or cell.strikethrough)
    return cell._replace(fg="default", bold=False, italics=False, blink=False) if is_blank else cell


class Terminal:
    """A terminal of `columns` by `rows` cells that runs one program."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 40,
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
        bytes_per_second: int | None = None,
    ) -> None:
        """`bytes_per_second`: what the line carries, as a serial one or a bad connection."""
        self._rate = bytes_per_second
        environment = {"TERM": "xterm-256color", "COLORTERM": "truecolor", **os.environ, **(env or {})}
        self.raw = bytearray()
        self._chunks: deque[tuple[float, bytes]] = deque()
        self._screen = pyte.Screen(columns, rows)
        self._lines: list[str] = []
        self._stream = pyte.Stream(self._screen)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._held = ""
        self._unanswered = b""
        self._arrived = threading.Condition()
        self._is_closed = False
        self.started_at = time.perf_counter()
        self._process = ptyprocess.PtyProcess.spawn(list(argv), env=environment, cwd=cwd, dimensions=(rows, columns))
        self.pid: int = self._process.pid
        self._attributes = termios.tcgetattr(self._process.fd)
        self._last_at = self._shown_at = self.started_at
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- what the program writes

    def _read(self) -> None:
        # A poll with a deadline, because a blocked read would keep the pty open after close().
        while not self._is_closed:
            if not select.select([self._process.fd], [], [], 0.1)[0]:
                continue
            try:
                data = os.read(self._process.fd, 65536 if self._rate is None else max(1, self._rate // 100))
            except OSError:
                data = b""
            if not data:
                break
            if self._rate is not None:
                time.sleep(len(data) / self._rate)
            with self._arrived:
                self._last_at = time.perf_counter()
                self._chunks.append((self._last_at, data))
                self.raw += data
                self._arrived.notify_all()
            self._answer(data)
        with self._arrived:
            self._is_closed = True
            self._arrived.notify_all()

    def _answer(self, data: bytes) -> None:
        """Reply to the questions that a real terminal replies to, also to those that come in two pieces."""
        data = self._unanswered + data
        unfinished = _UNFINISHED_QUERY.search(data)
        self._unanswered = unfinished[0] if unfinished else b""
        for question in _QUERY.finditer(data):
            mode = question[1]
            if mode is not None:
                self.send(b"\x1b[?%b;%d$y" % (mode, 2 if mode == b"2026" else 0))
            else:
                self.send(b"\x1b[1;1R" if question[0].endswith(b"n") else b"\x1b[?62;22c")

    def _emulate_one(self) -> bool:
        """Show the next chunk that arrived on the screen; tell whether there was one."""
        if not self._chunks:
            return False
        self._shown_at, data = self._chunks.popleft()
        text = self._held + self._decode(data)
        unfinished = _UNFINISHED.search(text)
        self._held = text[unfinished.start() :] if unfinished else ""
        self._stream.feed(_UNKNOWN_TO_PYTE.sub("", text[: len(text) - len(self._held)]))
        return True

    def _emulate(self) -> None:
        while self._emulate_one():
            pass

    @property
    def _shown(self) -> str:
        # Looked at after each chunk: only the lines that it may have changed are put together anew.
        screen = self._screen
        if screen.dirty:
            self._lines = [*self._lines[: screen.lines], *[""] * (screen.lines - len(self._lines))]
            # A mark that belongs to the last cell of the line above does not make that line dirty.
            for y in {near for at in screen.dirty for near in (at - 1, at) if 0 <= near < screen.lines}:
                self._lines[y] = self._line(y)
            screen.dirty.clear()
        return "\n".join(self._lines)

    def _line(self, y: int) -> str:
        # The second cell of a wide character is empty.
        row = self._screen.buffer[y]
        return "".join([row[x].data for x in range(self._screen.columns)]).rstrip()

    @property
    def text(self) -> str:
        """The screen as lines of text, blanks at their ends removed."""
        self._emulate()
        return self._shown

    @property
    def cells(self) -> list[list[Any]]:
        """Every cell of the screen as it looks, line by line: of a plain blank, only the background is seen."""
        self._emulate()
        return [
            [as_seen(self._screen.buffer[y][x]) for x in range(self._screen.columns)] for y in range(self._screen.lines)
        ]

    def wait_for(self, pattern: str, timeout: float = 15.0) -> float:
        """Wait until the screen matches the regex; return the seconds from the program's start to that byte.

        The screen is looked at after each chunk, so the time is that of the chunk with which it matched.

        Raises:
            AssertionError: it did not within `timeout` seconds; the message shows the screen.
        """
        regex = re.compile(pattern, re.MULTILINE)
        return self.wait_until(lambda text: regex.search(text) is not None, timeout, wanted=repr(pattern))

    def wait_until(self, is_wanted: Callable[[str], bool], timeout: float = 15.0, *, wanted: str = "it") -> float:
        """Wait until the lines of the screen are as wanted, otherwise as `wait_for`."""
        deadline = time.perf_counter() + timeout
        while True:
            if is_wanted(self._shown):
                return self._shown_at - self.started_at
            if self._emulate_one():
                continue
            with self._arrived:
                left = deadline - time.perf_counter()
                if not self._chunks and (left <= 0 or self._is_closed):
                    raise AssertionError(f"never saw {wanted} on:\n{self._shown}")
                if not self._chunks:
                    self._arrived.wait(min(left, 0.25))

    def wait_written(self, is_there: Callable[[bytearray], bool], timeout: float = 15.0) -> None:
        """Wait until all that was written so far is as wanted; it is looked at after each chunk.

        Raises:
            AssertionError: it was not within `timeout` seconds; the message shows the screen.
        """
        with self._arrived:
            if self._arrived.wait_for(lambda: is_there(self.raw) or self._is_closed, timeout) and is_there(self.raw):
                return
        raise AssertionError(f"never written; what is there is:\n{self.text}")

    def settle(self, quiet: float = 0.03, timeout: float = 10.0) -> None:
        """Wait until nothing was written for `quiet` seconds."""
        deadline = time.perf_counter() + timeout
        with self._arrived:
            while (silence := time.perf_counter() - self._last_at) < quiet and time.perf_counter() < deadline:
                self._arrived.wait(quiet - silence)

    @property
    def last_at(self) -> float:
        """When the last byte came, by `time.perf_counter`."""
        return self._last_at

    # -- what the person does

    def send(self, data: bytes) -> None:
        """Write bytes as the keyboard does."""
        try:
            os.write(self._process.fd, data)
        except OSError:  # the program has gone
            self._is_closed = True

    def press(self, *keys: str) -> None:
        """Press keys by name, or characters."""
        for key in keys:
            self.send(KEYS.get(key, key).encode())

    def react(self, key: str, quiet: float = 0.03, patience: float = 0.0) -> Reaction:
        """Press one key and measure until the terminal falls quiet; that begins after the first byte or `patience`."""
        self._emulate()
        before, start = len(self.raw), time.perf_counter()
        with self._arrived:
            self._last_at = start
        self.press(key)
        with self._arrived:
            self._arrived.wait_for(lambda: len(self.raw) > before, patience)
        self.settle(quiet)
        return Reaction(self._last_at - start, len(self.raw) - before)

    def resize(self, columns: int, rows: int) -> None:
        """Change the size, as dragging the window does."""
        self._emulate()
        self._screen.resize(rows, columns)
        self._process.setwinsize(rows, columns)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        self._process.kill(number)

    def hang_up(self) -> None:
        """Close the line, as a lost SSH connection does."""
        self._is_closed = True
        self._reader.join(2)
        self._process.fileobj.close()
        self._process.closed = True

    def wait_exit(self, timeout: float = 10.0) -> int:
        """Return the exit code, negative for a signal.

        Raises:
            AssertionError: the program still runs after `timeout` seconds.
        """
        deadline = time.perf_counter() + timeout
        waiting = threading.Event()
        while self._process.isalive():
            assert time.perf_counter() < deadline, f"still running:\n{self.text}"
            waiting.wait(0.005)
        if self._process.signalstatus is not None:
            return -int(self._process.signalstatus)
        return int(self._process.exitstatus)

    def wait_closed(self, timeout: float = 5.0) -> None:
        """Wait until no process has the terminal open any more.

        Raises:
            AssertionError: one still has it after `timeout` seconds.
        """
        self._reader.join(timeout)
        assert not self._reader.is_alive(), "somebody still has the terminal open"

    @property
    def left_behind(self) -> list[str]:
        """What the program set in the terminal and did not set back: modes, the keyboard's stack, attributes."""
        return modes_left(bytes(self.raw)) + [
            f"termios[{index}]"
            for index, (now, before) in enumerate(
                zip(termios.tcgetattr(self._process.fd), self._attributes, strict=True)
            )
            if now != before
        ]

    @property
    def echoes(self) -> bool:
        """Whether the terminal shows typed keys by itself, as a shell expects to find it."""
        return bool(termios.tcgetattr(self._process.fd)[3] & termios.ECHO)

    def memory(self) -> int:
        """Bytes of resident memory of the program and its children."""
        root = psutil.Process(self.pid)
        return int(sum(process.memory_info().rss for process in [root, *root.children(recursive=True)]))

    def cpu(self) -> float:
        """CPU seconds used so far by the program itself."""
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)

    def close(self) -> None:
        """End the program, whatever state it is in."""
        if self._process.isalive():
            self._process.kill(signal.SIGKILL)
            self._process.wait()
        self._is_closed = True
        self._reader.join(2)
        self._process.close(force=True)
