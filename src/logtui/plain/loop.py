"""The session's own thread: waits for keys, for what other threads bring, for signals and for times."""

from __future__ import annotations

import heapq
import itertools
import os
import selectors
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Job = Callable[[], None]


class Loop:
    """Runs jobs one after the other. `post` may be called from any thread, all else belongs to the loop's."""

    def __init__(self, on_signal: Callable[[int], None]) -> None:
        """`on_signal` gets the number of an ending signal."""
        self._on_signal = on_signal
        self._jobs: deque[Job] = deque()
        self._timers: list[tuple[float, int, Job]] = []
        self._order = itertools.count()
        self._code: int | None = None
        self._files: set[int] = set()
        self._wakes, self._wake = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._wakes, selectors.EVENT_READ)

    def post(self, job: Job) -> None:
        """Have a job run in the loop's thread."""
        self._jobs.append(job)
        try:
            os.write(self._wake, b"\0")
        except BlockingIOError:
            return  # it is awake already
        except OSError:
            return  # the loop has ended, and nobody is told anything any more

    def after(self, seconds: float, job: Job) -> None:
        """Have a job run when so much time has passed."""
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._order), job))

    def read(self, descriptor: int, on_ready: Job) -> None:
        """Have a job run whenever there is something to read."""
        try:
            self._selector.register(descriptor, selectors.EVENT_READ, on_ready)
        except PermissionError:  # a file, which is always ready
            self._files.add(descriptor)
            self._read_file(descriptor, on_ready)

    def unread(self, descriptor: int) -> None:
        """Read no more from there."""
        self._files.discard(descriptor)
        if descriptor in self._selector.get_map():
            self._selector.unregister(descriptor)

    def end(self, code: int) -> None:
        """End the loop with this code after the present job."""
        self._code = code if self._code is None else self._code

    @property
    def is_ending(self) -> bool:
        """Whether the present job is the last one."""
        return self._code is not None

    def run(self) -> int:
        """Run until the end, and return its code."""
        with self._signals():
            while self._code is None:
                patience = max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else None
                for key, _ in self._selector.select(0 if self._jobs else patience):
                    if key.data is not None:
                        self._do(key.data)
                    else:
                        os.read(self._wakes, 4096)
                while self._timers and self._timers[0][0] <= time.monotonic():
                    self._do(heapq.heappop(self._timers)[2])
                for _ in range(len(self._jobs)):
                    self._do(self._jobs.popleft())
        return self._code

    def close(self) -> None:
        """Release what waits for threads, when they have ended."""
        self._selector.close()
        os.close(self._wake)
        os.close(self._wakes)

    def _do(self, job: Job) -> None:
        if self._code is None:
            job()

    def _read_file(self, descriptor: int, job: Job) -> None:
        def again() -> None:
            if descriptor in self._files:
                job()
                self.post(again)

        self.post(again)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def hear(number: int, _frame: FrameType | None) -> None:
            # In the loop's thread, but in the middle of anything.
            self.post(lambda: self._on_signal(number))

        before = {number: signal.getsignal(number) for number in _ENDING}
        for number, handler in before.items():
            if handler is not signal.SIG_IGN:
                signal.signal(number, hear)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
