"""Stores to measure on, made once and kept under `BENCH_DIR` (default: a directory in the system's temp directory).

Each form of a store is made under another name and renamed when it is whole, so that a run which was cut short does not
leave half of one. `BENCH_REMAKE=1` makes all anew, as when what logtui writes has changed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

BENCH_DIR = Path(os.environ.get("BENCH_DIR") or Path(tempfile.gettempdir()) / "logtui-bench")
DAYS = 30
LARGEST = (100_000_000, 365) if os.environ.get("BENCH_BIG") else (10_000_000, DAYS)
"""Events and days of the largest store of a run."""
ROOT = Path(__file__).parents[1]
_remade: set[Path] = set()


def generated(events: int, days: int = DAYS) -> Path:
    """Return a store of `events` events in logtui's layout, made by `logtui demo --out`."""

    def make(place: Path) -> None:
        command = [sys.executable, "-m", "logtui", "demo", "--events", str(events), "--days", str(days)]
        subprocess.run([*command, "--seed", "1", "--out", str(place)], check=True)
        _note_of(store).write_text(commit())
        # What was made of an earlier store of this name is not of the same events.
        for other in (*BENCH_DIR.glob(f"{store.name}-*"), store.with_name(store.name + ".needles.json")):
            shutil.rmtree(other) if other.is_dir() else other.unlink(missing_ok=True)

    store = BENCH_DIR / f"events-{events}-{days}"
    _once(store, make)
    if commit().rstrip("+") not in made_by(store):
        # What today's logtui keeps beside segments may be more than what it kept then.
        command = [sys.executable, "-m", "logtui", "compact", str(store), "--grace", "0s", "--no-seal"]
        subprocess.run(command, check=True)
        _note_of(store).write_text(f"{made_by(store).split(',')[0]}, indexed by {commit()}")
    return store


def made_by(store: Path) -> str:
    """Return the commit whose logtui made a store, and the one that last made its sidecars if that is another."""
    note = _note_of(store)
    return note.read_text() if note.exists() else "unknown"


def _note_of(store: Path) -> Path:
    return store.with_name(store.name + ".made-by")


def commit() -> str:
    """Return the commit that is checked out, with a + where files differ from it."""
    described = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    return subprocess.run(described, cwd=ROOT, capture_output=True, text=True).stdout.strip() or "unknown"


def copied_by_duckdb(store: Path) -> Path:
    """Return the same events in the files that DuckDB's COPY writes with its defaults, sorted, one for each `date=…`.

    A day at a time, which gives the files of one COPY with PARTITION_BY (date), without the disk for sorting it all.
    """

    def make(place: Path) -> None:
        import duckdb

        with duckdb.connect(config={"temp_directory": str(BENCH_DIR / "spill")}) as connection:
            for partition in sorted(store.glob("date=*")):
                (place / partition.name).mkdir(parents=True)
                connection.execute(
                    f"COPY (SELECT * FROM read_parquet('{partition}/*.parquet', hive_partitioning=false)"
                    f" ORDER BY event_time) TO '{place / partition.name}/data_0.parquet' (FORMAT parquet)"
                )

    return _once(store.with_name(store.name + "-duckdb"), make)


def written_as_ndjson(store: Path) -> Path:
    """Return the same events as text, a file for each day with its oldest event first, as programs write logs."""

    def make(place: Path) -> None:
        place.mkdir()
        command = [sys.executable, "-m", "logtui", "query", str(store), "--limit", "all", "--order", "asc"]
        with subprocess.Popen([*command, "--format", "ndjson"], stdout=subprocess.PIPE) as query:
            assert query.stdout is not None
            day, file = b"", None
            for line in query.stdout:
                # {"event_time":"2026-10-04T…
                if line[15:25] != day:
                    if file is not None:
                        file.close()
                    day = line[15:25]
                    file = (place / f"{day.decode()}.ndjson").open("wb")
                assert file is not None
                file.write(line)
            if file is not None:
                file.close()
        if query.returncode:
            raise RuntimeError(f"{command} failed")

    return _once(store.with_name(store.name + "-ndjson"), make)


def _once(place: Path, make: Callable[[Path], None]) -> Path:
    if os.environ.get("BENCH_REMAKE") and place not in _remade:
        shutil.rmtree(place, ignore_errors=True)
    _remade.add(place)
    if not place.exists():
        BENCH_DIR.mkdir(parents=True, exist_ok=True)
        unfinished = place.with_name(place.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        print(f"making {place}", file=sys.stderr, flush=True)
        make(unfinished)
        unfinished.rename(place)
    return place


def imported(store: Path, name: str, make: Callable[[Path], None]) -> Path:
    """Return the same events as `make` stores them for another tool."""
    return _once(store.with_name(f"{store.name}-{name}"), make)


def size_of(place: Path, pattern: str = "**/*") -> int:
    """Return the bytes of the files in a directory."""
    return sum(path.stat().st_size for path in place.glob(pattern) if path.is_file())


def throwaway_copy(store: Path) -> Path:
    """Return a copy to write into, sharing the files' contents with the original through hard links."""
    copy = Path(tempfile.mkdtemp(prefix="live-", dir=BENCH_DIR)) / "store"
    shutil.copytree(store, copy, copy_function=os.link)
    return copy
