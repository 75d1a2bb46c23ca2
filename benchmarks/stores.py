"""Stores to measure on, made once and kept under `BENCH_DIR` (default: a directory in the system's temp directory)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BENCH_DIR = Path(os.environ.get("BENCH_DIR") or Path(tempfile.gettempdir()) / "logtui-bench")
DAYS = 30


def generated(events: int, days: int = DAYS) -> Path:
    """Return a store of `events` events in logtui's layout, made by `logtui demo --out`."""
    store = BENCH_DIR / f"events-{events}-{days}"
    if not (store / ".logtui" / "root.json").exists():
        shutil.rmtree(store, ignore_errors=True)
        BENCH_DIR.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "logtui", "demo", "--events", str(events), "--days", str(days)]
        subprocess.run([*command, "--seed", "1", "--out", str(store)], check=True)
    return store


def copied_by_duckdb(store: Path) -> Path:
    """Return the same events in the files that DuckDB's COPY writes with its defaults, one a day."""
    import duckdb

    copy = store.with_name(store.name + "-duckdb")
    if not copy.exists():
        unfinished = store.with_name(store.name + "-duckdb.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        connection = duckdb.connect(config={"temp_directory": str(BENCH_DIR / "spill")})
        for partition in sorted(store.glob("date=*")):
            target = unfinished / partition.name
            target.mkdir(parents=True)
            connection.execute(
                f"COPY (SELECT * FROM read_parquet('{partition}/*.parquet', hive_partitioning=false)"
                f" ORDER BY event_time) TO '{target}/data.parquet' (FORMAT parquet)"
            )
        connection.close()
        unfinished.rename(copy)
    return copy


def throwaway_copy(store: Path) -> Path:
    """Return a copy to write into, sharing the files' contents with the original through hard links."""
    copy = Path(tempfile.mkdtemp(prefix="live-", dir=BENCH_DIR)) / "store"
    shutil.copytree(store, copy, copy_function=os.link)
    return copy
