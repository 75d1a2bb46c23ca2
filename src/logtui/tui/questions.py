"""Questions that take time: asked off the person's thread, answered on it. Knows no screen.

A question belongs to a group, such as the search or the event that is being read. Asking again in a group withdraws the
question before it: its token is cancelled at once, and what still arrives of its answer is dropped.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from logtui.core.cancel import CancelToken
from logtui.core.errors import Cancelled, LogtuiError

Part = TypeVar("Part")

NOTICEABLE_SECONDS = 0.3
_JOIN_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Answered:
    """Something came back. `deliver` hands it to whoever asked, unless the question was withdrawn meanwhile."""

    token: CancelToken
    deliver: Callable[[], None]


class Questions:
    """The questions of one person. All methods belong to the person's thread."""

    def __init__(self, post: Callable[[Answered], object]) -> None:
        """`post` is called from other threads and brings what came back to the person's thread, to `deliver`."""
        self._post = post
        self._tokens: dict[str, CancelToken] = {}
        self._asked_at: dict[str, float] = {}
        self._threads: set[threading.Thread] = set()

    def ask(
        self,
        group: str,
        question: Callable[[CancelToken], Iterable[Part]],
        on_part: Callable[[Part], None],
        *,
        on_error: Callable[[LogtuiError], None],
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        """Run `question` in a thread and bring each part of its answer to `on_part`, then call `on_end`."""
        self.withdraw(group)
        token = self._tokens[group] = CancelToken()
        self._asked_at[group] = time.monotonic()

        def end(finish: Callable[[], None]) -> None:
            self._tokens.pop(group, None)
            finish()

        def work() -> None:
            try:
                for part in question(token):
                    self._post(Answered(token, partial(on_part, part)))
                finish = on_end
            except Cancelled:
                return
            except LogtuiError as error:
                finish = partial(on_error, error)
            except Exception as error:  # noqa: BLE001 - raised again on the person's thread, where it is recorded
                finish = partial(_raise, error)
            self._post(Answered(token, partial(end, finish)))

        thread = threading.Thread(target=work, name=f"logtui-{group}", daemon=True)
        self._threads = {other for other in self._threads if other.is_alive()} | {thread}
        thread.start()

    def deliver(self, answered: Answered) -> None:
        """Hand on what came back."""
        if not answered.token.is_cancelled:
            answered.deliver()

    def is_open(self, *groups: str) -> bool:
        """Tell whether a question of one of these groups (of any, without groups) is not answered yet."""
        return any(group in self._tokens for group in groups or tuple(self._tokens))

    def is_noticeable(self, *groups: str) -> bool:
        """Tell whether one of these groups has been waiting for an answer long enough for a person to notice."""
        patience = time.monotonic() - NOTICEABLE_SECONDS
        return any(group in self._tokens and self._asked_at[group] <= patience for group in groups)

    def withdraw(self, group: str) -> bool:
        """Cancel the group's question; tell whether there was one."""
        token = self._tokens.pop(group, None)
        if token is not None:
            token.cancel()
        return token is not None

    def close(self) -> None:
        """Withdraw all questions and wait for their threads to end."""
        for group in tuple(self._tokens):
            self.withdraw(group)
        for thread in self._threads:
            thread.join(_JOIN_SECONDS)


def _raise(error: Exception) -> None:
    raise error
