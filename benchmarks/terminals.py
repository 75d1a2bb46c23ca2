"""How light the screen is on a terminal, beside lnav and toolong on the same events: bytes, milliseconds, processor.

All in 120x40 cells, each program in turn for every measurement, so that a busy machine is shared fairly. lnav comes
from the distribution (`apt-get install lnav`), toolong from PyPI (`TOOLONG=/path/to/tl`, else what is found as `tl`);
a program that is not there is said to be missing, and the bounds that need it are not judged. Arguments choose what is
measured: keys, held, slow, idle, live.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from tests.terminal import Terminal

from benchmarks import stores
from benchmarks.report import Figure, percentile, show

EVENTS = 1_200_000
STEPS, SCROLLS, PAGES = 25, 30, 20
HELD_KEYS, KEY_SECONDS = 60, 1 / 30
LIVE_SECONDS, IDLE_SECONDS = 10, 10
SLOW_RATE = 9_600
ROWS_A_SECOND = 5


@dataclass
class Program:
    """A program that shows the events, and what was measured of it; None where it was not."""

    name: str
    command: list[str]
    ready: str
    """What its screen shows when all is read."""
    top: str
    """The key that leads to a place from which everything can be scrolled down."""
    first: str
    """What stands there."""
    down: str
    """The key for a line down."""
    live: Callable[[], tuple[list[str], str]]
    """Make a copy to add events to; return the command that shows it, and the one that adds to it."""
    steps: list[float] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)


def main() -> None:
    programs = [logtui(), *peers()]
    chosen = [each for each in (keys, held, slow, idle, live) if each.__name__ in (sys.argv[1:] or each.__name__)]
    for measure in chosen:
        for program in programs:
            print(f"{measure.__name__}: {program.name}", file=sys.stderr, flush=True)
            measure(program)
    mine, *others = programs
    report(mine.figures, {other.name: other.figures for other in others})


# -- programs


def logtui() -> Program:
    store = stores.generated(EVENTS)
    # As whoever starts it on this terminal gets it, in 24-bit colours.
    command = [sys.executable, "-m", "logtui", "open"]

    def live() -> tuple[list[str], str]:
        copy = stores.throwaway_copy(store)
        return [*command, str(copy)], f"{sys.executable} -m benchmarks.terminals_feed store {copy}"

    return Program("logtui", [*command, str(store)], r"of [0-9,]{9}", "home", "1 of ", "down", live)


def peers() -> list[Program]:
    found = []
    for name, path, top in (("lnav", shutil.which("lnav"), "g"), ("toolong", os.environ.get("TOOLONG"), "home")):
        executable = path or shutil.which({"toolong": "tl"}.get(name, name))
        if executable is None:
            print(f"{name} is not there: its figures, and bounds by them, are left out", file=sys.stderr)
            continue
        found.append(_peer(name, executable, top))
    return found


def _peer(name: str, executable: str, top: str) -> Program:
    log = exported(stores.generated(EVENTS))

    def live() -> tuple[list[str], str]:
        copy = log.with_name(f"{name}-live.log")
        shutil.copyfile(log, copy)
        return [executable, str(copy)], f"{sys.executable} -m benchmarks.terminals_feed log {copy}"

    with log.open() as lines:
        first = lines.readline()[:27]
    # lnav asks for the other kind of arrow keys.
    down = "j" if name == "lnav" else "down"
    return Program(name, [executable, str(log)], "user_", top, first, down, live)


def exported(store: Path) -> Path:
    """Return the same events as a log file: a line each, oldest first."""
    import duckdb

    log = store.with_suffix(".log")
    if not log.exists():
        unfinished = log.with_suffix(".unfinished")
        line = " || ' ' || ".join(
            [
                "strftime(event_time, '%Y-%m-%dT%H:%M:%S.%fZ')",
                "upper(coalesce(severity, 'info'))",
                "event_type",
                *(f"coalesce({name}, '-')" for name in ("actor", "subject", "source", "trace_id")),
            ]
        )
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            files = f"read_parquet('{store}/date=*/*.parquet', hive_partitioning = false)"
            as_it_is = "FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01'"
            connection.execute(f"COPY (SELECT {line} FROM {files} ORDER BY event_time) TO '{unfinished}' ({as_it_is})")
        unfinished.rename(log)
    return log


# -- measuring


def opened(stack: ExitStack, program: Program, command: Sequence[str] = (), rate: int | None = None) -> Terminal:
    """Open the program and wait until it has settled."""
    environment = {"COLORTERM": "truecolor", "TERM": "xterm-256color"}
    terminal = stack.enter_context(Terminal(list(command or program.command), env=environment, bytes_per_second=rate))
    terminal.wait_for(program.ready, timeout=120)
    quiet(terminal)
    return terminal


def go_to_top(terminal: Terminal, program: Program) -> None:
    """Go there; while files are read, some programs do not, or go elsewhere again."""
    for _ in range(30):
        terminal.press(program.top)
        quiet(terminal)
        if program.first in terminal.text:
            return
    raise RuntimeError(f"{program.name} does not show {program.first}:\n{terminal.text}")


def quiet(terminal: Terminal, seconds: float = 1.5) -> None:
    """Wait until little is written: lnav's clock ticks every second."""
    deadline = time.perf_counter() + 30
    written = -1
    while len(terminal.raw) - written > 100 and time.perf_counter() < deadline:
        written = len(terminal.raw)
        threading.Event().wait(seconds)


def keys(program: Program) -> None:
    """Single keys, each until the screen has settled."""
    with ExitStack() as stack:
        terminal = opened(stack, program)
        go_to_top(terminal, program)
        down = [terminal.react(program.down, patience=2) for _ in range(STEPS)]
        for _ in range(15):
            terminal.react(program.down, patience=2)
        scroll = [terminal.react(program.down, patience=2) for _ in range(SCROLLS)]
        page = [terminal.react("pagedown", patience=2) for _ in range(PAGES)]
    for name, reactions in (("cursor", down), ("scroll", scroll), ("page", page)):
        settled = [1e3 * reaction.settled for reaction in reactions]
        program.figures[f"{name} ms"] = statistics.median(settled)
        program.figures[f"{name} p95 ms"] = percentile(settled, 95)
        program.figures[f"{name} bytes"] = statistics.median(reaction.byte_count for reaction in reactions)


def held(program: Program) -> None:
    """A key that is held: how long the screen goes on after the last one, and what each costs."""
    with ExitStack() as stack:
        terminal = opened(stack, program)
        go_to_top(terminal, program)
        used, written = cpu(terminal), len(terminal.raw)
        last = hold(terminal, program.down)
        terminal.settle(0.3)
        program.figures["held lag ms"] = max(0.0, 1e3 * (terminal.last_at - last))
        program.figures["held cpu ms"] = 1e3 * (cpu(terminal) - used) / HELD_KEYS
        program.figures["held bytes"] = (len(terminal.raw) - written) / HELD_KEYS


def slow(program: Program) -> None:
    """The same on a slow line, for a step and for a page: until the screen shows the newest state."""
    if program.name == "toolong":
        return  # sends 23 kB for a key, so this would take some minutes
    for name, key in (("down", program.down), ("pagedown", "pagedown")):
        with ExitStack() as stack:
            terminal = opened(stack, program, rate=SLOW_RATE)
            go_to_top(terminal, program)
            last = hold(terminal, key)
            quiet(terminal, 1)
            terminal.settle(0.3)
            program.figures[f"slow {name} ms"] = max(0.0, 1e3 * (terminal.last_at - last))


def hold(terminal: Terminal, key: str) -> float:
    """Press a key as a keyboard repeats it; return when the last one was."""
    start = time.perf_counter()
    pause = threading.Event()
    for number in range(HELD_KEYS):
        pause.wait(max(0.0, start + number * KEY_SECONDS - time.perf_counter()))
        terminal.press(key)
    return time.perf_counter()


def idle(program: Program) -> None:
    """Nothing happens."""
    with ExitStack() as stack:
        terminal = opened(stack, program)
        threading.Event().wait(3)
        used, written = cpu(terminal), len(terminal.raw)
        threading.Event().wait(IDLE_SECONDS)
        program.figures["idle bytes/s"] = (len(terminal.raw) - written) / IDLE_SECONDS
        program.figures["idle cpu %"] = 100 * (cpu(terminal) - used) / IDLE_SECONDS


def live(program: Program) -> None:
    """Events come in where the newest ones are shown."""
    command, feed = program.live()
    with ExitStack() as stack:
        terminal = opened(stack, program, command)
        feeder = subprocess.Popen(feed.split())
        stack.callback(feeder.wait)
        stack.callback(feeder.kill)
        threading.Event().wait(3)
        used, written = cpu(terminal), len(terminal.raw)
        threading.Event().wait(LIVE_SECONDS)
        rows = LIVE_SECONDS * ROWS_A_SECOND
        program.figures["live bytes"] = (len(terminal.raw) - written) / rows
        program.figures["live cpu %"] = 100 * (cpu(terminal) - used) / LIVE_SECONDS
    copy = Path(command[-1])
    if copy.is_dir():
        shutil.rmtree(copy.parent)
    else:
        copy.unlink()


def cpu(terminal: Terminal) -> float:
    """Processor seconds of the program and what it has started, to the nanosecond."""
    root = psutil.Process(terminal.pid)
    spent = 0
    for process in (root, *root.children(recursive=True)):
        for thread in Path(f"/proc/{process.pid}/task").iterdir():
            spent += int((thread / "schedstat").read_text().split()[0])
    return spent / 1e9


# -- what must hold


def report(mine: dict[str, float], others: dict[str, dict[str, float]]) -> None:
    for name in mine:
        values = "".join(f"{other} {figures[name]:>10,.1f}  " for other, figures in others.items() if name in figures)
        print(f"{name:<24} logtui {mine[name]:>10,.1f}  {values}")
    lnav, toolong = others.get("lnav"), others.get("toolong")
    bounds = [
        ("cursor ms", "cursor down settled, median", "ms", 6),
        ("cursor p95 ms", "cursor down settled, p95", "ms", 10),
        ("scroll ms", "scroll by one line settled, median", "ms", 10),
        ("page ms", "page down settled, median", "ms", 15),
        ("held lag ms", "held key, 30/s: lag after the last one", "ms", 15),
        ("held cpu ms", "held key: processor for each", "ms", 7),
        ("slow down ms", f"held for 2 s at {SLOW_RATE:,} bytes/s: newest state after", "ms", 1000),
        ("slow pagedown ms", "the same, page down", "ms", 1000),
        ("live cpu %", "live, 5 rows/s: processor", "%", 5),
        ("idle bytes/s", "idle", "B/s", 0),
        ("idle cpu %", "idle: processor", "%", 0.3),
    ]
    figures = [
        Figure(title, mine[name], unit, bound, _beside(name, others))
        for name, title, unit, bound in bounds
        if name in mine
    ]
    for name, factor in (("cursor bytes", 1.5), ("scroll bytes", 2), ("page bytes", 1.6), ("live bytes", 1.5)):
        if lnav is not None and name in lnav:
            figures.append(Figure(f"{name}, lnav's times", mine[name] / lnav[name], "x", factor, _beside(name, others)))
    if toolong is not None and "cursor bytes" in toolong:
        share = mine["cursor bytes"] / toolong["cursor bytes"]
        figures.append(Figure("cursor bytes, toolong's times", share, "x", 1 / 30, _beside("cursor bytes", others)))
    show("On a terminal of 120x40, 1,200,000 events", figures)


def _beside(name: str, others: dict[str, dict[str, float]]) -> str:
    return ", ".join(f"{other} {figures[name]:,.4g}" for other, figures in others.items() if name in figures)


if __name__ == "__main__":
    main()
