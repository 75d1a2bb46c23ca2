"""Finding a text in a list that may be long: for a moment at a time, so that every key is heard meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from logtui.core.json_text import text_pattern
from logtui.tui.widgets.lines import Lines

_AT_ONCE = 0.01
_PAUSE = 0.002
"""Seconds that a search takes between keys, and waits for them."""

Later = Callable[[float, Callable[[], None]], object]
"""Calls back after so many seconds: a screen's `set_timer`."""


class Finder:
    """One search at a time; a newer one, or a move of the cursor, ends it."""

    def __init__(self, later: Later, say: Callable[[str], None]) -> None:
        self._later = later
        self._say = say
        self._search: Iterator[bool] | None = None

    def find(self, lines: Lines, text: str, *, is_backwards: bool) -> None:
        """Go to the next place where the text is, or say that there is none."""
        search = self._search = lines.search(text_pattern(text), is_backwards=is_backwards)
        began_at = lines.cursor

        def go_on() -> None:
            if search is not self._search or lines.cursor != began_at:
                return
            until = time.perf_counter() + _AT_ONCE
            for is_found in search:
                if is_found:
                    return
                if time.perf_counter() > until:
                    self._say("finding …")
                    self._later(_PAUSE, go_on)
                    return
            self._say(f'"{text}" is not in this tab')

        go_on()

    def stop(self) -> None:
        """Give up: something else is shown."""
        self._search = None
