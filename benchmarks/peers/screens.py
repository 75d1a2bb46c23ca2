"""From exec to the newest event, on a screen and on the command line; and from a write to the screen that follows.

Keys and bytes are measured by `benchmarks.keys` and, of the other tools, by `benchmarks.terminals`.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tests.terminal import Terminal

from benchmarks import stores
from benchmarks.peers.answer import Answer
from benchmarks.peers.asking import ROOT
from benchmarks.peers.catalogue import TOOLS
from benchmarks.peers.command import run_well
from benchmarks.peers.installing import VENV, lacks_program
from benchmarks.peers.journal import Journal
from benchmarks.peers.matrix import Pace, say
from benchmarks.peers.results import Measured, Results
from benchmarks.peers.rounds import Attempt, compete
from benchmarks.peers.tools.lnav_files import write_format

GROUP = "screens"
_FOLLOWED, _FOLLOWED_QUICKLY = 15, 5
TOOLONG = VENV / "bin" / "tl"
_BARE = Path(__file__).parents[1] / "bare_app.py"
_LONG = 300.0


def measure(events: int, days: int, pace: Pace, results: Results, journal: Journal) -> None:
    """Measure what the journal does not hold yet."""
    store = stores.generated(events, days)
    with tempfile.TemporaryDirectory(prefix="screens-", dir=stores.BENCH_DIR) as place:
        for name, screen in {"start": _start, "once": _once, "follow": _follow}.items():
            say(f"screens: {name}, {events:,} events over {days} days")
            results.measured.extend(journal.once(GROUP, name, partial(screen, store, Path(place), pace, results)))
    if not TOOLONG.exists():
        results.left_out["toolong"] = "not installed"


def _commands(store: Path, text: Path, place: Path) -> dict[str, list[str]]:
    """Return how each tool's screen is opened, as its users do."""
    files = [str(path) for path in sorted(text.glob("*.ndjson"))]
    commands = {"logtui": [sys.executable, "-m", "logtui", "open", str(store)]}
    if not lacks_program("lnav"):
        write_format(place)
        commands["lnav"] = ["lnav", "-I", str(place), *files]
    if TOOLONG.exists():
        commands["toolong"] = [str(TOOLONG), files[-1]]
    return commands


def _start(store: Path, place: Path, pace: Pace, results: Results) -> list[Measured]:
    del results
    text = stores.written_as_ndjson(store)
    newest = _newest(text)
    # As logtui and lnav show it, and as it stands in the file.
    pattern = rf"[ T]?{newest['event_time'][11:19]}"
    parties = {tool: _until(command, pattern) for tool, command in _commands(store, text, place).items()}
    parties["textual"] = _until([sys.executable, str(_BARE)], "READY")
    return compete(GROUP, "start", "exec to the newest event on a 120×40 screen", parties, pace, unseen=list(parties))


def _until(command: list[str], pattern: str) -> Attempt:
    def attempt() -> Answer:
        with Terminal(command) as terminal:
            terminal.wait_for(pattern, timeout=_LONG)
            return Answer(peak=terminal.memory())

    return attempt


def _once(store: Path, place: Path, pace: Pace, results: Results) -> list[Measured]:
    del place
    parties: dict[str, Attempt] = {
        "logtui": _running([sys.executable, "-m", "logtui", "query", str(store), "--limit", "1"])
    }
    for tool in TOOLS[1:]:
        if tool.name not in results.left_out:
            arguments = tool.arguments(tool.place(store))
            parties[tool.name] = _running([tool.python, "-m", "benchmarks.peers.once", tool.module, *arguments])
    text = stores.written_as_ndjson(store)
    if "rg" in parties:
        # Nobody starts Python for this.
        parties["rg"] = _running(["bash", "-c", f"tail -n 1 {max(text.glob('*.ndjson'))} | jq -c ."])
    parties["import"] = _running([sys.executable, "-c", "import duckdb"])
    return compete(GROUP, "once", "exec to the newest event, printed", parties, pace)


def _running(command: list[str]) -> Attempt:
    def attempt() -> Answer:
        return Answer(peak=run_well(command, ROOT).peak)

    return attempt


def _follow(store: Path, place: Path, pace: Pace, results: Results) -> list[Measured]:
    del results
    whole, text = stores.written_as_ndjson(store), place / "text"
    shutil.copytree(whole, text, copy_function=lambda source, target: Path(target).symlink_to(source))
    copy = stores.throwaway_copy(store)
    times = _FOLLOWED if pace.least_runs else _FOLLOWED_QUICKLY
    try:
        found = []
        for tool, command in _commands(copy, text, place).items():
            newest = max(text.glob("*.ndjson"))
            newest.unlink()
            shutil.copyfile(whole / newest.name, newest)
            found.append(_followed(tool, command, _publishing(copy) if tool == "logtui" else _appending(newest), times))
        return found
    finally:
        shutil.rmtree(copy.parent)


def _followed(tool: str, command: list[str], write: Callable[[str], None], times: int) -> Measured:
    title = "from a write to the followed screen"
    delays: list[float] = []
    with Terminal(command) as terminal:
        try:
            terminal.wait_for(r"\d\d:\d\d:\d\d", timeout=_LONG)
            # lnav has a clock that ticks, so it is never quiet for long.
            terminal.settle(quiet=0.7, timeout=20)
            for number in range(times):
                mark = f"live_{number:03}"
                write(mark)
                published = time.perf_counter()
                delays.append(terminal.started_at + terminal.wait_for(mark, timeout=30) - published)
                threading.Event().wait(0.3)
            return Measured(
                GROUP,
                "follow",
                title,
                tool,
                tuple(delays),
                statistics.median(delays),
                read=None,
                peak=terminal.memory(),
            )
        except AssertionError as error:
            return Measured(GROUP, "follow", title, tool, note=f"failed: {str(error).splitlines()[0]}")


def _publishing(store: Path) -> Callable[[str], None]:
    """Write as logtui's own writers do."""
    from logtui.core.event import Event
    from logtui.storage.segment_writer import write_segment

    def write(mark: str) -> None:
        at = time.time_ns() // 1000
        event = Event(at, mark, mark, actor="user_live", payload="{}", ingested_at=at)
        write_segment(store, f"{datetime.now(UTC):%Y-%m-%d}", [event])

    return write


def _appending(file: Path) -> Callable[[str], None]:
    """Write as programs write logs."""
    last = _newest(file.parent)

    def write(mark: str) -> None:
        at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
        event = {**last, "event_time": at, "event_id": mark, "event_type": mark}
        with file.open("a") as log:
            log.write(json.dumps(event, separators=(",", ":")) + "\n")

    return write


def _newest(text: Path) -> dict[str, str]:
    """Return the last event of the newest file."""
    with max(text.glob("*.ndjson")).open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - 100_000))
        event: dict[str, str] = json.loads(file.read().splitlines()[-1])
    return event
