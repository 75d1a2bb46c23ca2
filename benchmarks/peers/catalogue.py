"""The tools: what each is called, which form of the events it reads, and up to which size it is asked."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import stores
from benchmarks.peers.asking import ROOT, Worker
from benchmarks.peers.command import run_well
from benchmarks.peers.installing import PYTHON, lacks_module, lacks_program
from benchmarks.peers.questions import Needles

MOST_TEXT = int(os.environ.get("BENCH_MOST_TEXT", "10000000"))
"""Events of which NDJSON is written; each takes a kilobyte."""
MOST_IMPORTED = int(os.environ.get("BENCH_MOST_IMPORTED", "10000000"))
"""Events that are imported into ClickHouse's table; each takes 300 bytes."""
EVERY_SIZE = 1 << 62


@dataclass(frozen=True, slots=True)
class Tool:
    """One column of the tables."""

    name: str
    title: str
    module: str
    place: Callable[[Path], Path]
    """Makes the form of a store that the tool reads, and returns where it is."""
    arguments: Callable[[Path], tuple[str, ...]]
    """What its worker is started with, from that place."""
    lacks: Callable[[], str]
    """Why it cannot be asked, nothing if it can."""
    python: str = str(PYTHON)
    most_events: int = EVERY_SIZE
    counts_reads: bool = True
    """Whether `rchar` shows what it reads: what is mapped into memory is not seen."""
    env: Mapping[str, str] = field(default_factory=dict)

    def worker(self, store: Path) -> Worker:
        return Worker(self.python, self.module, self.arguments(self.place(store)), self.env)


def _itself(store: Path) -> Path:
    return store


def _files(place: Path) -> tuple[str, ...]:
    return (f"{place}/date=*/*.parquet",)


def _directory(place: Path) -> tuple[str, ...]:
    return (str(place),)


def _mergetree(store: Path) -> Path:
    def make(place: Path) -> None:
        code = (
            "import pathlib, sys; from benchmarks.peers.tools.chdb_tables import make_table;"
            "make_table(sys.argv[1], pathlib.Path(sys.argv[2]))"
        )
        run_well([str(PYTHON), "-c", code, *_files(store), str(place)], ROOT)

    return stores.imported(store, "clickhouse", make)


def _one_ndjson(store: Path) -> Path:
    """Return all the text in one file: of hundreds, lnav 0.11 gives answers before it has read them all."""

    def make(place: Path) -> None:
        place.mkdir()
        with (place / "all.ndjson").open("wb") as whole:
            for day in sorted(stores.written_as_ndjson(store).glob("*.ndjson")):
                with day.open("rb") as file:
                    shutil.copyfileobj(file, whole)

    return stores.imported(store, "lnav", make)


def _nothing() -> str:
    return ""


TOOLS: tuple[Tool, ...] = (
    Tool("logtui", "logtui", "logtui_store", _itself, _directory, _nothing, sys.executable),
    Tool("duckdb", "DuckDB, logtui's files", "duckdb_files", _itself, _files, _nothing, sys.executable),
    Tool("duckdb-own", "DuckDB, its own files", "duckdb_files", stores.copied_by_duckdb, _files, _nothing,
         sys.executable),
    Tool("chdb", "chDB, logtui's files", "chdb_tables", _itself, lambda place: ("files", *_files(place)),
         lambda: lacks_module("chdb"), counts_reads=False),
    Tool("chdb-table", "chDB, its own table", "chdb_tables", _mergetree, lambda place: ("table", str(place)),
         lambda: lacks_module("chdb"), most_events=MOST_IMPORTED),
    Tool("polars", "Polars, logtui's files", "polars_files", _itself, _files, lambda: lacks_module("polars"),
         counts_reads=False),
    Tool("rg", "rg, jq, tac", "pipes", stores.written_as_ndjson, _directory, lambda: lacks_program("rg", "jq", "tac"),
         sys.executable, most_events=MOST_TEXT),
    Tool("lnav", "lnav -n", "lnav_files", _one_ndjson, _directory, lambda: lacks_program("lnav"),
         sys.executable, most_events=min(MOST_TEXT, 1_000_000)),
)  # fmt: skip
BY_NAME = {tool.name: tool for tool in TOOLS}

__all__ = ["BY_NAME", "TOOLS", "Needles", "Tool"]
