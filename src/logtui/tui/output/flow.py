"""How far behind the terminal is, so that frames wait for it here and not in buffers.

What a program writes is taken by the kernel, by sshd, by the network: seconds of it, on a slow line. A frame that is
in there cannot be taken back, and a key that was held is followed by pictures of the past. So every frame ends with a
question that terminals answer in turn (DSR 6: where is the cursor?). The answer tells that the frame has been shown;
how long it took, how much may be on its way at once. A terminal that never answers is not asked again.

Pure but for the clock, and a lock: answers come from the thread that reads the keyboard.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

QUESTION = "\x1b[6n"

_SMALL = 600
"""Bytes that hardly delay an answer on any line: what it takes is the way there and back."""
_ALONE_SECONDS = 0.3
"""A small frame after such a pause needs no question."""
_LEAST_WINDOW, _FIRST_WINDOW, _MOST_WINDOW = 512, 1024, 65536
_FAST_SECONDS, _SLOW_SECONDS = 0.05, 0.15
"""Delay of an answer beyond the way there and back, up to which, and from which on, the window changes."""
_LEAST_LOST_SECONDS, _LOST_SECONDS = 0.3, 1.0
"""An answer that takes longer, and twice as long as can be expected, does not come; at the latest after the second."""
_KEPT = 32


class _Asked(NamedTuple):
    at: float
    sent: int
    """Bytes sent up to it."""
    on_the_way: int
    """Bytes that had not been shown then, those before it included."""


class Flow:
    """What is on its way to the terminal."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Condition()
        self._asked: deque[_Asked] = deque()
        self._round_trips: deque[float] = deque(maxlen=_KEPT)
        self._seconds_per_byte: deque[float] = deque(maxlen=_KEPT)
        self._longest = 0.0
        self._window = _FIRST_WINDOW
        self._sent = self._arrived = 0
        self._sent_at = float("-inf")
        self._has_answered = False
        self.is_mute = False
        """The terminal does not answer."""

    def sending(self, count: int) -> bool:
        """Note that so many bytes are about to be sent; tell whether to put a question behind them."""
        with self._lock:
            now, pause = self._clock(), self._clock() - self._sent_at
            self._sent += count
            self._sent_at = now
            if self.is_mute:
                return False
            if count <= _SMALL and not self._asked and pause > _ALONE_SECONDS:
                self._arrived = self._sent
                return False
            self._asked.append(_Asked(now, self._sent, self._sent - self._arrived))
            return True

    def answered(self) -> None:
        """The terminal has answered the oldest question."""
        with self._lock:
            self._has_answered, self.is_mute = True, False
            if not self._asked:
                return
            asked = self._asked.popleft()
            delay = self._clock() - asked.at
            self._arrived = max(self._arrived, asked.sent)
            self._longest = max(delay, self._longest * 0.9)
            self._seconds_per_byte.append(delay / asked.on_the_way)
            if asked.on_the_way <= _SMALL:
                self._round_trips.append(delay)
            beyond = delay - min(self._round_trips, default=0.0)
            if beyond <= _FAST_SECONDS:
                self._window = max(self._window, min(_MOST_WINDOW, 2 * asked.on_the_way))
            elif beyond > _SLOW_SECONDS:
                self._window = max(_LEAST_WINDOW, min(self._window, asked.on_the_way) // 2)
            self._lock.notify_all()

    def has_room(self) -> bool:
        """Tell whether another frame may be sent."""
        with self._lock:
            if not self._asked:
                return True
            if self._clock() - self._asked[0].at > self._patience(self._asked[0]):
                # Lost: to a window that was detached, say. The screen must not wait for it.
                self._asked.clear()
                self._arrived = self._sent
                self._window = _FIRST_WINDOW
                self.is_mute = not self._has_answered
                return True
            return self._sent - self._arrived <= self._window

    def _patience(self, asked: _Asked) -> float:
        expected = asked.on_the_way * max(self._seconds_per_byte, default=1.0)
        return max(2 * self._longest, min(_LOST_SECONDS, max(_LEAST_LOST_SECONDS, 2 * expected)))

    def wait(self, seconds: float) -> None:
        """Wait until all has been answered, so long at most: what comes later, the shell would take for keys."""
        with self._lock:
            self._lock.wait_for(lambda: not self._asked, seconds)
