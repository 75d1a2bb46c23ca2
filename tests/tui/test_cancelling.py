"""ctrl+c while something is under way: it is cancelled, which is said where the person looks."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from logtui.core.cancel import CancelToken
from tests.tui.explorer_pilot import explore


@pytest.mark.parametrize(("key", "sign"), [("question_mark", "keys and queries"), ("enter", "[overview]")])
async def test_it_is_said_over_whatever_is_open(small_store: Path, key: str, sign: str) -> None:
    """A dialog, an event: the first press has an effect that is seen, the second one leaves."""
    ended = threading.Event()

    def ask(token: CancelToken) -> list[int]:
        with token.interrupting(ended.set):
            assert ended.wait(20)
        token.check()
        return []

    async with explore(small_store) as person:
        await person.pilot.press(key)
        await person.until(sign)
        person.explorer.ask("facet", ask, lambda _: None)
        await person.pilot.press("ctrl+c")
        await person.until("cancelled; ctrl+c again quits")
        assert sign in person.text
        assert ended.wait(10)
        assert person.app.return_code is None
        await person.pilot.press("ctrl+c")
        assert person.app.return_code == 130
