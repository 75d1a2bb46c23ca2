"""Every way from stored text to a terminal, walked with hostile values and with harmless ones of the same width.

`judge` returns what the terminal was told by the hostile walk and not by the harmless one: nothing, if all is well.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from typing import Any, TypeVar

from logtui.core.cells import cell_width
from logtui.core.event import Event
from logtui.core.query.ast import ColumnRef, Literal, Term
from logtui.core.query.text import to_text
from logtui.core.sanitise import visible
from tests.asking import DAY_ONE, own_store
from tests.control_functions import clipboard_texts, functions, hidden
from tests.hostile_values import NATURAL
from tests.terminal import Terminal

COLUMNS = ("event_type", "actor", "subject", "source", "trace_id", "device_id", "ip")
LEAVES = 360
"""Values of one payload; half of them stand as keys."""
ROWS = 200
"""Of the terminal."""
NOW = "2026-10-01T01:00:00Z"
"""Of the programs: after all events."""

_Item = TypeVar("_Item")
Walk = Callable[["Ground"], bytes]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a walk goes over: values, and stores that hold them in columns and in payloads."""

    values: Sequence[str]
    cells: Path
    payloads: Path
    work: Path

    @property
    def config(self) -> Path:
        """A configuration that shows all columns with values."""
        return self.work / "config.toml"


def grounds(root: Path, values: Sequence[str], *, harmless_count: int | None = None) -> tuple[Ground, Ground]:
    """Make the ground of hostile values, and one of harmless values of the same widths as (the first of) them."""
    some = values[:harmless_count]
    harmless = [value if value in NATURAL else "x" * cell_width(visible(value)) for value in some]
    return _ground(root / "hostile", values), _ground(root / "harmless", harmless)


def _ground(root: Path, values: Sequence[str]) -> Ground:
    root.mkdir(parents=True)
    (root / "config.toml").write_text(f"columns = {[*COLUMNS]}")
    in_utf8 = [value.encode("utf-8", "replace").decode() for value in values]
    payloads = [_payload(values, is_ascii) for values, is_ascii in zip(_parts(values, LEAVES), cycle((True, False)))]
    in_cells = [_event(at, part, "{}") for at, part in enumerate(_parts(in_utf8, len(COLUMNS)))]
    # The newest events have all the payloads, too, for a walk that does it all.
    newest = [
        replace(each, payload=payload) for each, payload in zip(in_cells[-len(payloads) :], payloads, strict=True)
    ]
    return Ground(
        values,
        own_store(root / "cells", [*in_cells[: -len(payloads)], *newest]),
        own_store(root / "payloads", [_event(at, (), payload) for at, payload in enumerate(payloads)]),
        root,
    )


def _event(at: int, values: Sequence[str], payload: str) -> Event:
    columns: dict[str, Any] = dict(zip(COLUMNS, [*values, *[None] * len(COLUMNS)], strict=False))
    kind, subject = columns.pop("event_type") or "x", columns.pop("subject") or "s"
    return Event(DAY_ONE + at, f"evt_{at:09}", kind, subject=subject, **columns, ingested_at=DAY_ONE, payload=payload)


def _payload(values: Sequence[str], is_ascii: bool) -> str:
    names, texts = values[::2], values[1::2]
    pairs = ",".join(
        # A hostile key may be there twice, which a dictionary would not keep.
        f"{json.dumps(name, ensure_ascii=is_ascii)}:{json.dumps(text, ensure_ascii=is_ascii)}"
        for name, text in zip(names, [*texts, ""], strict=False)
    )
    return f"{{{pairs}}}".encode("utf-8", "replace").decode()


def _parts(items: Sequence[_Item], size: int) -> Iterator[Sequence[_Item]]:
    return (items[at : at + size] for at in range(0, len(items), size))


# -- the verdict


_OF_TIMING = re.compile(
    rb"\x1b\[\?1049h\x1b\[\?25l\x1b\[2J"  # the first rows, where the store opened soon enough
    rb"|\x1b\[0m\x1b\[\d+;\d+r\x1b\[\d+;1H(?:\x1b[DM])+\x1b\[r"  # scrolling, where no other frame was under way
    rb"|\r\x1b\[K"  # a line of progress, where it took long
    # The terminal given back by the last resort, where leaving took long.
    rb"|\x1b\\\x1b\[\?2026l\x1b\[\?2048l\x1b\[\?1004l\x1b\[\?1000l\x1b\[\?1002l\x1b\[\?1003l"
    rb"\x1b\[\?1006l\x1b\[\?1015l\x1b\[\?1016l"
)
"""What the program writes of its own accord in some runs and not in others; no value spells any of it whole."""


def judge(walk: Walk, hostile: Ground, harmless: Ground) -> set[str]:
    """Return the control functions and hidden characters that only hostile values brought about."""
    written, expected = walk(hostile), walk(harmless)
    assert len(written) > 1000, "the walk has been nowhere"
    found = functions(_OF_TIMING.sub(b"", written)) - functions(expected)
    copied = b"".join(base64.b64decode(each) for each in clipboard_texts(written)).decode("utf-8", "surrogateescape")
    return found | {f"copied U+{ord(char):04X}" for char in hidden(copied.replace("\n", ""))}


# -- walks through the screen


class _Walker:
    """Presses keys in a terminal, each when the one before has done its work."""

    def __init__(self, store: Path, *arguments: str, columns: int, rows: int, config: Path) -> None:
        argv = [sys.executable, "-m", "logtui", "open", str(store), *arguments, "--now", NOW, "--config", str(config)]
        self.terminal = Terminal(argv, columns=columns, rows=rows, env={"XDG_STATE_HOME": str(config.parent)})

    def __enter__(self) -> _Walker:
        deadline = time.perf_counter() + 60
        # Looked for in what is written: emulating a screen of this size would take longer than the program does.
        while b"following" not in self.terminal.raw:
            assert time.perf_counter() < deadline, self.terminal.text[-2000:]
            time.sleep(0.01)
        self.press("escape", quiet=0.3)
        return self

    def __exit__(self, *_: object) -> None:
        self.terminal.close()

    def press(self, *keys: str, quiet: float = 0.03, patience: float = 0.15) -> None:
        """Press keys, each after the answer to the one before; a key may have none."""
        for key in keys:
            before, deadline = len(self.terminal.raw), time.perf_counter() + patience
            self.terminal.press(key)
            while len(self.terminal.raw) == before and time.perf_counter() < deadline:
                time.sleep(0.002)
            self.terminal.settle(quiet)

    def leave(self) -> bytes:
        """Quit, and return all that was written."""
        for _ in range(3):  # what it cancels first is not quitting yet
            self.press("ctrl+c", patience=2)
        self.terminal.wait_exit()
        return bytes(self.terminal.raw)


def feed(ground: Ground) -> bytes:
    """Page through all cells; at the end, pivots, facets and the form with some of them."""
    with _Walker(ground.cells, columns=400, rows=ROWS, config=ground.config) as walker:
        _page_through(walker, ground)
        _around(walker)
        return walker.leave()


def detail(ground: Ground) -> bytes:
    """Read every payload as a tree, as it is stored and beside the one before, and copy it and a value of it."""
    with _Walker(ground.payloads, columns=300, rows=ROWS, config=ground.config) as walker:
        _read_through(walker, ground)
        return walker.leave()


def screen(ground: Ground) -> bytes:
    """Walk through feed and detail at once."""
    with _Walker(ground.cells, columns=400, rows=ROWS, config=ground.config) as walker:
        _read_through(walker, ground)
        _page_through(walker, ground)
        _around(walker)
        return walker.leave()


def _page_through(walker: _Walker, ground: Ground) -> None:
    events = -(-len(ground.values) // len(COLUMNS))
    position = f"{events:,} of {events:,}".encode()
    for _ in range(events // (ROWS - 20) * 2 + 10):
        walker.press("pagedown", quiet=0.05)
        # What a copy said before stands in the place of the position until something moves.
        walker.press("k", "j")
        # Of a position, only the digits that differ are sent; painted anew, it is whole.
        walker.press("ctrl+l", quiet=0.05)
        if position in walker.terminal.raw:
            return
    raise AssertionError(walker.terminal.text[-2000:])


def _around(walker: _Walker) -> None:
    walker.press("ctrl+u", "ctrl+d", "ctrl+u")
    # All of them are answered; one that comes too early would mean something else.
    for key in ("A", "X", "S", "X", "T", "X", "D", "X", "I", "X", "V", "X", "+", "X", "-", "X", "a", "escape", "F"):
        walker.press(key, patience=0.5)
    walker.press("pagedown")
    walker.press("escape", "g", "/", patience=0.5)
    walker.press(*"actor:", "down", "down", "escape")


def _read_through(walker: _Walker, ground: Ground) -> None:
    walker.press("enter", quiet=0.2)
    for at in range(-(-len(ground.values) // LEAVES)):
        if at:
            walker.press("J", quiet=0.05)
        # The payload comes from a thread: each look at it is taken after it was there.
        walker.press("2", quiet=0.05)
        walker.press("j", "y", "p", "3", "Y", "4")
    walker.press("1", "q", "y", "y", "y", "v")


def query_line(ground: Ground) -> bytes:
    """Show queries that ask for all values, as many as one can hold."""
    written = b""
    values = [value.replace("\0", "") for value in ground.values]
    for part in _parts(values, 550):
        texts = [value.encode("utf-8", "replace").decode() for value in part]
        query = to_text(Term(ColumnRef("actor"), tuple(Literal(text, is_quoted=True) for text in texts)))
        with _Walker(ground.cells, query, columns=13_000, rows=8, config=ground.config) as walker:
            walker.press("/", "home", quiet=0.1)
            written += walker.leave()
    return written


def plain(ground: Ground) -> bytes:
    """Have all cells and payloads told in lines, in the session without a screen."""
    argv = [sys.executable, "-m", "logtui", "open", str(ground.cells), "--plain", "--now", NOW]
    payloads = -(-len(ground.values) // LEAVES)
    told = ["lines 100", *["next"] * (len(ground.values) // len(COLUMNS) // 100 + 1), "first"]
    told += [f"{what} {number}" for number in range(1, payloads + 1) for what in ("open", "payload")]
    told += ["facets actor", "only 3", "filter", "command", "views", "problems", "drop all", "filter actor:nobody"]
    with Terminal([*argv, "--config", str(ground.config)], columns=300, rows=50) as terminal:
        deadline = time.perf_counter() + 60
        for line in [*told, "quit"]:
            while not terminal.raw.endswith(b"> "):
                assert time.perf_counter() < deadline, bytes(terminal.raw[-500:])
                time.sleep(0.002)
            deadline = time.perf_counter() + 30
            terminal.send(f"{line}\r".encode())
            terminal.settle(quiet=0.01)
        terminal.wait_exit(timeout=60)
        return bytes(terminal.raw)


# -- walks through the command line


def commands(ground: Ground, lines: Iterable[Sequence[str]], **env: str) -> bytes:
    """Run command lines in one terminal, one after the other, in one process."""
    plan = ground.work / "plan.json"
    plan.write_text(json.dumps([[*line] for line in lines]))
    argv = [sys.executable, "-m", "tests.hostile_doors", str(plan)]
    with Terminal(argv, columns=300, rows=50, env=env) as terminal:
        assert terminal.wait_exit(timeout=600) == 0
        terminal.settle(quiet=0.2)
        return bytes(terminal.raw)


def tables(ground: Ground) -> bytes:
    """Print all values in every format, and count them."""
    every = ("--limit", "all", "--now", NOW)
    formats = [("--format", "table"), ("--format", "csv"), ("--format", "csv", "--raw"), ("--format", "ndjson"),
               ("--format", "json"), ("--format", "ndjson", "--payload", "text")]  # fmt: skip
    stores = (str(ground.cells), str(ground.payloads))
    lines = [("query", store, *form, *every) for store in stores for form in formats]
    lines += [("stats", stores[0], "--by", name, *every) for name in ("actor", "subject", "type")]
    return commands(ground, [*lines, ("types", stores[0], "--now", NOW)])


def tables_in_ascii(ground: Ground) -> bytes:
    """Print all values where there is no UTF-8."""
    every = ("--limit", "all", "--now", NOW)
    lines = [("query", str(ground.cells), "--format", form, *every) for form in ("table", "csv", "ndjson")]
    return commands(ground, lines, LC_ALL="C")


def mistakes(ground: Ground) -> bytes:
    """Make mistakes that quote all values: names of stores, fields, times, types, views, and files of other kinds."""
    names = [value.replace("\0", "").replace("/", "") for value in ground.values]
    lines: list[tuple[str, ...]] = [("doctor", f"/nowhere/{''.join(part)}") for part in _parts(names, 60)]
    for value in ground.values[:: max(1, min(300, len(ground.values) // 40))]:
        lines += [
            ("query", str(ground.cells), f"since:{value}"),
            ("query", str(ground.cells), f"{value}:x ("),
            ("query", str(ground.cells), f'type:"{value}"'),
            ("query", str(ground.cells), "--view", value),
            ("stats", str(ground.cells), "--by", value),
            ("query", str(ground.cells), f"--{value}"),
            ("retention", "release", str(ground.cells), value, "--yes"),
        ]
    return commands(ground, lines)


def _run(plan: Path) -> None:
    from logtui.cli.main import main

    for line in json.loads(plan.read_text()):
        main(line)


WALKS: Mapping[str, Walk] = {
    "feed": feed,
    "detail": detail,
    "query line": query_line,
    "lines without a screen": plain,
    "table, csv, json": tables,
    "without UTF-8": tables_in_ascii,
    "errors": mistakes,
}

if __name__ == "__main__":
    _run(Path(sys.argv[1]))
