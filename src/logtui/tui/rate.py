"""How many events a second came live, over the last seconds. Pure."""

from __future__ import annotations

from collections import deque

WINDOW_SECONDS = 10.0


class Rate:
    """Counts arrivals; `now` is any clock in seconds that never goes back."""

    def __init__(self) -> None:
        self._arrivals: deque[tuple[float, int]] = deque()

    def add(self, now: float, count: int) -> None:
        """Count events that came now."""
        self._arrivals.append((now, count))

    def per_second(self, now: float) -> float:
        """Return the mean rate over the window; 0 when nothing came in it."""
        while self._arrivals and self._arrivals[0][0] < now - WINDOW_SECONDS:
            self._arrivals.popleft()
        return sum(count for _, count in self._arrivals) / WINDOW_SECONDS
