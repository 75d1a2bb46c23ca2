"""What is asked for often is done now and then."""

from __future__ import annotations

from textual.app import App
from textual.containers import Vertical

from logtui.tui.pace import Pace


async def test_the_first_time_at_once_then_not_until_it_is_time_and_the_last_one_is_not_lost() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        done: list[str] = []
        owner = Vertical()
        await app.mount(owner)
        pace = Pace(owner, 0.05, lambda: done.append("done"))
        for _ in range(5):
            pace.ask()
        assert done == ["done"]
        while len(done) < 2:
            await pilot.pause(0.01)
        await pilot.pause(0.1)
        assert done == ["done", "done"]
        pace.ask()
        assert done == ["done"] * 3


async def test_what_is_called_by_hand_counts() -> None:
    app: App[None] = App()
    async with app.run_test():
        done: list[str] = []
        owner = Vertical()
        await app.mount(owner)
        pace = Pace(owner, 60, lambda: done.append("done"))
        pace.call()
        pace.ask()
        assert done == ["done"]
        pace.call()
        assert done == ["done", "done"]
