"""Lets keys have their effects one after another, also those that come together: typed ahead, or over a slow line.

Textual sends a key to whatever has the focus when it is read. In `/is:failure`, Enter, `j`, sent at once, all of it
would go to the feed, or the `j` into the query. So each key waits until the one before it was seen to: a mark is sent
behind that one, to where it was sent, and what comes by here has passed all that the key has passed.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.message import Message

TypedEvent = events.Key | events.Paste

_MOST_ROUNDS = 8
"""Marks for one key. Another follows while there are messages behind the last one: Enter in an input sends one that it
was pressed, for which its parent sends one that the input was left, for which the screen asks for another focus."""
_UNHURRIED_SECONDS = 0.02
"""Where nobody waits, it is looked at later: when what the key brought about is on the screen."""
_LOOK_SECONDS = 0.02
"""How often it is looked whether a mark can still come: a widget that is taken away has its mark with it."""
_MOST_LOOKS = 500
"""After so many, what is busy no longer holds up what may be meant for others. Keys that cancel never wait."""


class KeyPassed(Message, bubble=True):
    """Follows a key on its way."""

    def __init__(self, round_: int) -> None:
        super().__init__()
        self.round = round_


class KeyTurns:
    """The keys that wait for their turn."""

    def __init__(self, app: App[Any], give: Callable[[TypedEvent], Awaitable[None]]) -> None:
        """Make an empty queue.

        Args:
            give: sends a key to where it belongs at that time.
        """
        self._app, self._give = app, give
        self._waiting: deque[TypedEvent] = deque()
        self._aim: DOMNode | None = None
        """Where the last key was sent; None when all that it did is known to be done."""
        self._mark: KeyPassed | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def come(self, event: TypedEvent) -> None:
        """Give a key, now or when those before it have passed."""
        self._waiting.append(event)
        if self._mark is None and self._aim is not None:
            self._follow(0)
        await self._give_those_whose_turn_it_is()

    @property
    def is_over(self) -> bool:
        """Whether all keys had their effects."""
        return self._aim is None and not self._waiting

    async def passed(self, mark: KeyPassed) -> None:
        """See to a mark that has come all the way."""
        if mark is self._mark:
            if self._has_left_work():
                self._follow(mark.round + 1)
            else:
                self._end_turn()
            await self._give_those_whose_turn_it_is()

    async def _give_those_whose_turn_it_is(self) -> None:
        while self._waiting and self._aim is None:
            event = self._waiting.popleft()
            self._aim = self._app.focused or self._app.screen
            await self._give(event)
            if self._waiting:
                self._follow(0)
            else:
                self._set_timer(_UNHURRIED_SECONDS, self._look)

    def _look(self) -> None:
        if self._has_left_work():
            self._follow(0)
        else:
            self._end_turn()

    def _has_left_work(self) -> bool:
        """Tell whether messages wait where the key came by."""
        path = self._aim.ancestors_with_self if self._aim is not None else ()
        return any(pump.message_queue_size for pump in path)

    def _follow(self, round_: int) -> None:
        """Send a mark after the key, or end its turn if there is no use in it."""
        mark = KeyPassed(round_)
        if self._aim is not None and round_ < _MOST_ROUNDS and self._aim.post_message(mark):
            self._mark = mark
            self._set_timer(_LOOK_SECONDS, lambda: self._wait_on(_MOST_LOOKS))
        else:
            self._end_turn()

    def _wait_on(self, looks: int) -> None:
        is_there = self._aim is self._app.screen or (self._aim is not None and self._aim.is_running)
        if looks and is_there:
            self._set_timer(_LOOK_SECONDS, lambda: self._wait_on(looks - 1))
        else:
            self._end_turn()
            self._app.call_later(self._give_those_whose_turn_it_is)

    def _end_turn(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._aim = self._mark = self._timer = None

    def _set_timer(self, seconds: float, callback: Callable[[], None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, callback)
