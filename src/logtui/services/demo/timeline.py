"""Runs stories side by side, in the order of time.

A story is a generator function: it does something, yields how long to wait (microseconds), goes on. The timeline
resumes whichever story is due next, so a story always sees what the others did before.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator

Story = Iterator[int]


class Timeline:
    """The stories under way, and the time that it is for them."""

    def __init__(self, now: int) -> None:
        self.now = now
        self._due: list[tuple[int, int, Story]] = []
        self._started = 0

    def start(self, story: Story, at: int) -> None:
        """Let a story begin at a time; of those due at the same time, the one started first comes first."""
        heapq.heappush(self._due, (max(at, self.now), self._started, story))
        self._started += 1

    def run_until(self, end: int) -> None:
        """Let everything happen that is due before `end`; then it is `end`."""
        while self._due and self._due[0][0] < end:
            self.now, number, story = heapq.heappop(self._due)
            wait = next(story, None)
            if wait is not None:
                heapq.heappush(self._due, (self.now + wait, number, story))
        self.now = max(self.now, end)
