"""The real program with one fault in it, which f12 sets off: `python -m tests.tui.faulty_screen FAULT ARGUMENT…`."""

from __future__ import annotations

import asyncio
import faulthandler
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from textual import events

import logtui.tui.app
from logtui.__main__ import main
from logtui.core.cancel import CancelToken
from logtui.tui.screens.explorer import Explorer
from logtui.tui.widgets.feed import Feed

SECRET = "ada@corp.example"
"""What an event might hold; no log may."""


def fail(*_: Any) -> Any:
    """Make a mistake that quotes an event."""
    raise ValueError(f"cannot read '{SECRET}'")


class Faulty(logtui.tui.app.LogtuiApp):
    """Does what must not happen when f12 is pressed."""

    CSS_PATH = str(Path(logtui.tui.app.__file__).with_name("app.tcss"))
    fault = ""

    def on_key(self, event: events.Key) -> None:
        """Set the fault off."""
        if event.key == "f12":
            getattr(self, self.fault)()
        super().on_key(event)

    # -- mistakes of our own

    def in_handler(self) -> None:
        fail()

    def in_timer(self) -> None:
        self.set_timer(0.001, fail)

    def in_worker(self) -> None:
        self.run_worker(fail, thread=True)

    def in_coroutine(self) -> None:
        async def work() -> None:
            fail()

        self.run_worker(work())

    def in_thread(self) -> None:
        threading.Thread(target=fail).start()

    def in_question(self) -> None:
        def ask(_: CancelToken) -> list[int]:
            return [fail()]

        self._explorer.ask("facet", ask, fail)

    def in_render(self) -> None:
        Feed.render_lines = fail  # type: ignore[method-assign,assignment]
        self.query_one(Feed).refresh()

    def in_input(self) -> None:
        assert self._driver is not None
        self._driver.process_message = fail  # type: ignore[method-assign,assignment]

    def in_output(self) -> None:
        assert self._driver is not None
        self._driver.write = fail  # type: ignore[method-assign,assignment]
        self.action_redraw()

    def in_loop(self) -> None:
        asyncio.get_running_loop().call_soon(fail)

    def in_unmount(self) -> None:
        Explorer.on_unmount = fail  # type: ignore[method-assign,assignment]
        self.exit()

    # -- sudden death

    def segfault(self) -> None:
        faulthandler._sigsegv()  # type: ignore[attr-defined]

    def abort(self) -> None:
        os.write(2, b"free(): invalid pointer\n")
        os.abort()

    # -- what hangs, and what tears

    def hang(self) -> None:
        time.sleep(60)

    def hang_at_exit(self) -> None:
        Explorer.on_unmount = lambda _: time.sleep(60)  # type: ignore[method-assign,assignment]

    def say(self) -> None:
        os.write(2, b"TORN")
        print("TORN", file=sys.stderr)
        self._explorer.say("said")


if __name__ == "__main__":
    Faulty.fault = sys.argv.pop(1)
    logtui.tui.app.LogtuiApp = Faulty  # type: ignore[misc]
    main()
