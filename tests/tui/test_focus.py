"""Where the keys go is always seen, on every screen and in every dialog; and the keyboard alone gets there."""

from __future__ import annotations

from pathlib import Path

from rich.style import Style
from textual.geometry import Offset, Region
from textual.widgets import Input

from logtui.config import Settings
from tests.tui.explorer_pilot import Person, explore

PLACES = {
    "feed": (),
    "query line": ("/",),
    "filter form": ("escape", "a"),
    "second input": ("down",),
    "histogram": ("escape", "z"),
    "columns": ("escape", "c"),
    "values": ("escape", "F"),
    "saved views": ("escape", "v"),
    "name of a view": ("f4",),
    "export, a choice": ("escape", "escape", "ctrl+e"),
    "export, the file": ("tab", "tab", "tab"),
    "retention": ("escape", "R"),
    "reason of a hold": ("h",),
    "help": ("escape", "escape", "?"),
    "find": ("escape", "ctrl+f"),
    "go to a time": ("escape", "ctrl+g"),
    "time range": ("escape", "t"),
    "its other end": ("tab",),
    "palette": ("escape", ":"),
    "overview": ("escape", "enter"),
    "payload": ("2",),
    "raw": ("3",),
}
"""Place -> the keys that lead there from the place before."""

_Looks = list[list[tuple[str, Style | None]]]


def looks(person: Person, region: Region) -> _Looks:
    """Return what is painted in some lines, with its styles."""
    strips = person.app.screen._compositor.render_strips()[region.y : region.bottom]
    return [[(segment.text, segment.style) for segment in strip] for strip in strips]


async def is_focus_seen(person: Person) -> bool:
    """Tell whether what has the focus looks different without it."""
    focused = person.app.screen.focused
    if focused is None:
        return False
    region = focused.region
    before = looks(person, region)
    person.app.screen.set_focus(None)
    await person.pilot.pause()
    after = looks(person, region)
    person.app.screen.set_focus(focused)
    return before != after


async def test_the_focus_is_seen_everywhere(small_store: Path) -> None:
    """With the terminal's own colours, where there are no others to show it with."""
    hidden = []
    async with explore(small_store, settings=Settings(theme="ansi"), size=(100, 30)) as person:
        for place, keys in PLACES.items():
            await person.press(*keys)
            if not await is_focus_seen(person):
                hidden.append(place)

    assert hidden == []


async def test_tab_goes_through_the_parts_of_the_screen(small_store: Path) -> None:
    """And back; the keys are in the help, like all others."""
    async with explore(small_store) as person:
        await person.press("tab")
        assert isinstance(person.app.focused, Input)
        await person.press("escape", "shift+tab")
        assert person.explorer.scope == "histogram"
        await person.press("tab")
        assert person.explorer.scope == "feed"


async def test_the_cursor_of_the_terminal_is_where_one_reads(small_store: Path) -> None:
    """Screen readers and magnifiers follow it: on the row of the feed, of a list, and back."""
    async with explore(small_store) as person:
        await person.press("j", "j")
        feed = person.explorer.feed
        assert person.app.cursor_position == feed.region.offset + Offset(4, 2)
        await person.press("F", "j")
        focused = person.app.focused
        assert focused is not None
        assert person.app.cursor_position == focused.region.offset + Offset(0, 1)
        await person.press("escape")
        assert person.app.cursor_position == feed.region.offset + Offset(4, 2)
