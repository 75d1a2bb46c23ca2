"""Make the pictures of the documents from the real program: `make pictures`.

The bundled events are shown as they are, with the clock at their end, so that the pictures change only when the
program does.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path

from logtui.config import Settings
from logtui.core.cancel import CancelToken
from logtui.core.clock import SECOND, frozen_clock
from logtui.session import open_session
from logtui.tui.app import LogtuiApp
from logtui.tui.opening import Opening

HERE = Path(__file__).parent
STORE = HERE.parents[1] / "data" / "events"
SIZE = (120, 36)
SETTINGS = Settings(theme="dark")

# name, query, keys pressed before the picture is taken
PICTURES: tuple[tuple[str, str, Sequence[str]], ...] = (
    ("explorer", "", ()),
    ("query", "is:failure type:sign_in.* since:24h", ("j", "j", "l")),
    ("detail", "type:organization.*", ("j", "enter", "tab")),
    ("values", "is:failure since:7d", ("l", "F")),
)


async def take(name: str, query: str, keys: Sequence[str], now: int) -> None:
    """Open the explorer, press keys, and write the picture."""
    clock = frozen_clock(now)
    opening = Opening(lambda: open_session(STORE, clock=clock), query)
    opening.start()
    app = LogtuiApp(opening, store=STORE, query=query, settings=SETTINGS, clock=clock)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause(1.5)
        for key in keys:
            await pilot.press(key)
            await pilot.pause(0.5)
        (HERE / f"{name}.svg").write_text(_with_fixed_spaces(app.export_screenshot(title="logtui")), "utf-8")


def _with_fixed_spaces(svg: str) -> str:
    """Keep spaces at the ends of texts, which some renderers drop."""
    return re.sub(r">([^<>]*)</text>", lambda text: f">{text[1].replace(' ', '&#160;')}</text>", svg)


def newest() -> int:
    """Return a moment after the last bundled event."""
    session = open_session(STORE)
    bounds = session.search.time_bounds(token=CancelToken())
    session.close()
    assert bounds is not None, "there are no bundled events"
    return bounds[1] + 40 * SECOND


def main() -> None:
    """Take all pictures."""
    now = newest()
    for name, query, keys in PICTURES:
        asyncio.run(take(name, query, keys, now))


if __name__ == "__main__":
    main()
