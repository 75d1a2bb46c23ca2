"""A tour through every screen of the real program in a real terminal, for pictures in text.

python -m tests.tui.touring     writes the pictures of tests/tui/snapshots anew
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.samples import small_events, write_store
from tests.terminal import Terminal

PICTURES = Path(__file__).parent / "snapshots"
ASCII_LOCALE = {"LC_ALL": "POSIX", "LANG": "C"}


@dataclass(frozen=True, slots=True)
class Stop:
    """One screen: the keys that lead there from the feed, and what is to be seen when it is there."""

    name: str
    keys: tuple[str, ...]
    sign: str
    """Of the last line that comes, in ASCII."""
    back: tuple[str, ...] = ("escape",)


TOUR = (
    Stop("feed", (), "90 events . a bar", ()),
    Stop("query line with completions", ("/", "type:si"), "of 0  events of type si", ("escape", "X")),
    Stop("filter form", ("a", "se"), "of 0  events of type se", ("escape", "X")),
    Stop("histogram with a selection", ("z", " hh"), "18h . 18 events", ("escape", "escape")),
    Stop("detail", ("enter",), r"\[overview\]"),
    Stop("payload", ("enter", "2"), r"\[payload\]"),
    Stop("raw", ("enter", "3"), r"\[raw\]"),
    Stop("changes", ("enter", "4"), "since session.created"),
    Stop("help", ("?",), "type to search"),
    Stop("commands", (":",), "find an action"),
    Stop("views", ("v",), "no views yet"),
    Stop("save view", ("v", "\x1bs"), "save this view as", ("escape", "escape")),
    Stop("export", ("\x05",), "export events"),
    Stop("find", ("\x06",), "^.?find"),
    Stop("go to", ("\x07",), "go to a time"),
    Stop("range", ("t",), "time range"),
    Stop("columns", ("c",), r"\[x\] time"),
    Stop("values", ("F",), "15 .*session.ended"),
    Stop("problems", ("!",), "no problems"),
    Stop("retention", ("R",), "2026-10-04"),
    Stop("ledger", ("R", "tab", "tab"), "no ledger"),
    Stop("hold", ("R", "h"), "hold 2026-10-04", ("escape", "escape")),
    Stop("nothing", ("/", "zzz", "enter"), "No event .*mentions|leave them out", ("X",)),
)


@contextmanager
def place() -> Iterator[Path]:
    """Give a directory whose name has the same length each time, with a store in it."""
    with tempfile.TemporaryDirectory(prefix="lt", dir="/tmp") as name:
        write_store(Path(name) / "audit", small_events())
        yield Path(name)


@contextmanager
def on_tour(
    directory: Path, columns: int, rows: int, env: Mapping[str, str], tour: Sequence[Stop]
) -> Iterator[tuple[Terminal, Iterator[Stop]]]:
    """Give the terminal, and the stops while it shows them."""
    command = [sys.executable, "-m", "logtui", "open", "audit", "--now", "2026-10-04T12:00:00Z"]
    places = {"XDG_STATE_HOME": f"{directory}/state", "XDG_CONFIG_HOME": f"{directory}/config"}
    environment = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **places, **env}
    with Terminal(command, columns=columns, rows=rows, env=environment, cwd=str(directory)) as terminal:
        yield terminal, _stops(terminal, tour)


def _stops(terminal: Terminal, tour: Sequence[Stop]) -> Iterator[Stop]:
    for stop in tour:
        terminal.wait_for(r"(?s)\A(?=.*90 events . a bar).*1 of 90  all events")
        if stop.keys:
            _press_and_see(terminal, stop.keys[0])
        terminal.press(*stop.keys[1:])
        terminal.wait_for(stop.sign)
        yield stop
        for key in stop.back:
            _press_and_see(terminal, key)
        if stop.back:
            terminal.wait_for(rf"(?sm)\A(?!.*(?:{stop.sign}|╭|▔▔▔|\+---))")


def _press_and_see(terminal: Terminal, key: str) -> None:
    """Press a key and wait until it had an effect: Escape and a key right behind it would be another key."""
    before = len(terminal.raw)
    terminal.press(key)
    terminal.wait_written(lambda raw: len(raw) > before)
    terminal.settle(0.05)


def lasting(text: str, directory: Path) -> str:
    """Replace what differs from run to run, or between versions of Parquet, by as many other characters."""
    text = text.replace(directory.name, "ltDIRECTORY"[: len(directory.name)])
    return re.sub(r"[0-9.]+ (?=[KMG]?i?B\b)", lambda match: "#" * (len(match[0]) - 1) + " ", text)


OF_THE_SIZE = ("feed", "filter form", "detail", "help", "views", "export", "columns", "values", "retention")
"""Screens that make something of more room."""
VARIANTS: Mapping[str, tuple[int, int, Mapping[str, str]]] = {
    "80x24": (80, 24, {}),
    "120x40": (120, 40, {}),
    "ascii": (100, 30, ASCII_LOCALE),
}


def tour_of(variant: str) -> Sequence[Stop]:
    """Return the screens of a variant that have a picture."""
    return [stop for stop in TOUR if variant != "120x40" or stop.name in OF_THE_SIZE]


def pictures(variant: str) -> dict[str, str]:
    """Return the text of each screen as it was when it was found good."""
    text = (PICTURES / f"{variant}.txt").read_text("utf-8")
    return dict(part.split("\n", 1) for part in text.removeprefix("=== ").removesuffix("\n").split("\n=== "))


def _draw(variant: str) -> None:
    columns, rows, env = VARIANTS[variant]
    with place() as directory, on_tour(directory, columns, rows, env, tour_of(variant)) as (terminal, stops):
        drawn = []
        for stop in stops:
            terminal.settle(0.5)
            drawn.append(f"=== {stop.name}\n{lasting(terminal.text, directory)}\n")
    (PICTURES / f"{variant}.txt").write_text("".join(drawn), "utf-8")


if __name__ == "__main__":
    for each in VARIANTS:
        _draw(each)
