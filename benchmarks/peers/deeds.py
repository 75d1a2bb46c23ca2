"""What changes a store: import, merging of small segments, verification, the end of a day. Each by a whole program."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from benchmarks import stores
from benchmarks.ingest import COPY, OWN
from benchmarks.peers.answer import Answer
from benchmarks.peers.asking import ROOT
from benchmarks.peers.command import run_well
from benchmarks.peers.installing import PYTHON, lacks_module
from benchmarks.peers.journal import Journal
from benchmarks.peers.matrix import Pace, say
from benchmarks.peers.results import Measured, Results
from benchmarks.peers.rounds import Attempt, compete

GROUP = "deeds"
SMALL_SEGMENTS = 200
LOGTUI = [sys.executable, "-m", "logtui"]
_MERGE = """
import duckdb, sys
source, target = sys.argv[1:]
duckdb.execute(f\"\"\"COPY (SELECT * FROM read_parquet('{source}/*.parquet', hive_partitioning = false)
    ORDER BY event_time DESC, event_id DESC)
    TO '{target}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 16384)\"\"\")
"""
_CHDB_IMPORT = """
import sys
from chdb.session import Session
from benchmarks.peers.questions import LISTED
from benchmarks.peers.tools.chdb_tables import TABLE
files, place = sys.argv[1:]
session = Session(place)
session.query("CREATE DATABASE bench")
session.query(TABLE.replace("TABLE events", "TABLE bench.events"))
names = ", ".join((*LISTED, "payload"))
shape = ", ".join([*(f"{name} {'String' if name.endswith('_at') or name.endswith('_time') else 'Nullable(String)'}"
                     for name in LISTED), "payload String"])
times = ("event_time", "ingested_at")
values = ", ".join(f"parseDateTime64BestEffort({n}, 6, 'UTC')" if n in times else
                   f"ifNull({n}, '')" if n in ("event_id", "event_type") else n for n in (*LISTED, "payload"))
session.query(f"INSERT INTO bench.events ({names}) SELECT {values} FROM file('{files}', JSONEachRow, '{shape}')")
session.close()
"""


def measure(events: int, days: int, pace: Pace, results: Results, journal: Journal) -> None:
    """Measure what the journal does not hold yet."""
    store = stores.generated(events, days)
    for number, (name, deed) in enumerate(_DEEDS.items(), 1):
        say(f"deed {number} of {len(_DEEDS)}: {name}, {events:,} events over {days} days")
        with tempfile.TemporaryDirectory(prefix="deed-", dir=stores.BENCH_DIR) as place:
            results.measured.extend(journal.once(GROUP, name, partial(deed, store, Path(place), pace)))


def _ingest(store: Path, place: Path, pace: Pace) -> list[Measured]:
    text = stores.written_as_ndjson(store)
    files = [str(path) for path in sorted(text.glob("*.ndjson"))]
    target = place / "out"
    parties: dict[str, Attempt] = {
        "logtui": _running([*LOGTUI, "ingest", str(target), *files]),
        "logtui-index": _running([*LOGTUI, "ingest", str(target), *files, "--index"]),
        "duckdb": _running(
            [sys.executable, "-c", COPY.format(select=OWN.replace("{source}", f"{text}/*.ndjson"), target=target)]
        ),
    }
    check: dict[str, Callable[[], Sequence[object]]] = {
        party: lambda: _ids_in(f"{target}/date=*/*.parquet") for party in parties
    }
    if not lacks_module("chdb"):
        parties["chdb-table"] = _running([str(PYTHON), "-c", _CHDB_IMPORT, f"{text}/*.ndjson", str(target)])
        check["chdb-table"] = lambda: _ids_in_table(target)
    title = f"import of {stores.size_of(text) / 1e6:,.0f} MB of NDJSON"
    return compete(GROUP, "ingest", title, parties, pace, prepare=lambda: _cleared(target), check=check)


def _compact(store: Path, place: Path, pace: Pace) -> list[Measured]:
    """Merge the segments of one day; the day is cut into small ones first."""
    from logtui.session import make_store

    day = sorted(path.name for path in store.glob("date=*"))[-2]
    scattered, target = place / "scattered", place / "merged"

    import pyarrow as pa
    import pyarrow.parquet as pq

    events = pa.concat_tables([pq.ParquetFile(path).read() for path in sorted((store / day).glob("*.parquet"))])
    sink = make_store(scattered, is_durable=False)
    rows = -(-len(events) // SMALL_SEGMENTS)
    for number in range(0, len(events), rows):
        sink.publish(day.removeprefix("date="), events.slice(number, rows), name=f"part-{number:09}")

    def prepare() -> None:
        _cleared(target)
        shutil.copytree(scattered, target)

    parties: dict[str, Attempt] = {
        "logtui": _running([*LOGTUI, "compact", str(target), "--grace", "0s", "--no-seal"]),
        "duckdb": _running([sys.executable, "-c", _MERGE, str(target / day), str(target / "merged.parquet")]),
    }
    check: dict[str, Callable[[], Sequence[object]]] = {
        "logtui": lambda: _ids_in(f"{target}/date=*/*.parquet"),
        "duckdb": lambda: _ids_in(f"{target}/merged.parquet"),
    }
    title = f"merge of {SMALL_SEGMENTS} segments, {len(events):,} events"
    return compete(GROUP, "compact", title, parties, pace, prepare=prepare, check=check)


def _verify(store: Path, place: Path, pace: Pace) -> list[Measured]:
    copy = place / "store"
    shutil.copytree(store, copy)
    run_well([*LOGTUI, "verify", str(copy), "--seal"])
    files = [str(path) for path in sorted(copy.glob("date=*/*.parquet"))]
    parties: dict[str, Attempt] = {
        "logtui": _running([*LOGTUI, "verify", str(copy)]),
        "sha256sum": _running(["sha256sum", *files]),
    }
    return compete(GROUP, "verify", f"verification of {stores.size_of(copy, 'date=*/*') / 1e6:,.0f} MB", parties, pace)


def _drop(store: Path, place: Path, pace: Pace) -> list[Measured]:
    days = sorted(path.name.removeprefix("date=") for path in store.glob("date=*"))
    copy, kept = place / "store", (date.fromisoformat(days[-1]) - date.fromisoformat(days[0])).days - 1
    now = f"{date.fromisoformat(days[-1]) + timedelta(days=1)}T00:00:00Z"
    # The clock stands at the end of the newest day, so one day more than `kept` is within the policy.
    command = [*LOGTUI, "--now", now, "retention", "apply", str(copy), "--days", str(kept + 1), "--yes",
               "--keep-trash", "0s", "--no-seal"]  # fmt: skip

    def prepare() -> None:
        _cleared(copy)
        shutil.copytree(store, copy, copy_function=lambda source, target: Path(target).hardlink_to(source))

    def left() -> list[object]:
        return [path.name for path in sorted(copy.glob("date=*"))]

    oldest = str(copy / f"date={days[0]}")
    parties = {"logtui": _running(command), "rm": _running(["rm", "-r", oldest])}
    return compete(GROUP, "drop", "removal of the oldest day, for good", parties, pace, prepare=prepare,
                   check={"logtui": left, "rm": left})  # fmt: skip


_DEEDS: Mapping[str, Callable[[Path, Path, Pace], list[Measured]]] = {
    "ingest": _ingest, "compact": _compact, "verify": _verify, "drop": _drop,
}  # fmt: skip


def _cleared(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)


def _running(command: list[str]) -> Attempt:
    def attempt() -> Answer:
        return Answer(peak=run_well(command, ROOT).peak)

    return attempt


def _ids_in(files: str) -> list[object]:
    """Return how many events there are, and a digest of their ids."""
    import duckdb

    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT event_id FROM read_parquet('{files}', hive_partitioning = false) ORDER BY event_id"
        ).fetchall()
    return [len(rows), hashlib.sha256("".join(f"{event_id}\n" for (event_id,) in rows).encode()).hexdigest()]


def _ids_in_table(place: Path) -> list[object]:
    code = (
        "import sys; from chdb.session import Session; s = Session(sys.argv[1]);"
        "sys.stdout.buffer.write(s.query('SELECT event_id FROM bench.events ORDER BY event_id', 'TSV').bytes())"
    )
    text = subprocess.run([str(PYTHON), "-c", code, str(place)], capture_output=True, check=True).stdout
    return [text.count(b"\n"), hashlib.sha256(text).hexdigest()]
