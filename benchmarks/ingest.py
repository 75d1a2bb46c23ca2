"""Import: events/s into the final layout, with dedup, beside DuckDB's own COPY of the same file in the same run."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

from benchmarks import stores
from benchmarks.report import Figure, interleaved, show

EVENTS = 500_000
RUNS = 3
MOST_MEMORY = 1 << 30
COLUMNS = {
    "event_time": "TIMESTAMPTZ",
    **dict.fromkeys(
        ("event_id", "event_type", "severity", "actor", "actor_type", "subject", "subject_type", "source", "trace_id",
         "device_id", "ip"),
        "VARCHAR",
    ),
    "payload": "JSON",
    "ingested_at": "TIMESTAMPTZ",
}  # fmt: skip
COPY = """
import duckdb
duckdb.execute(r'''COPY (
    SELECT *, CAST(timezone('UTC', event_time) AS DATE) AS date FROM ({select}) ORDER BY event_time DESC
) TO '{target}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 16384, PARTITION_BY (date))''')
"""
OWN = f"SELECT * FROM read_json('{{source}}', format = 'newline_delimited', columns = {COLUMNS})"
OKTA = """SELECT
        CAST(json->>'$.published' AS TIMESTAMPTZ) AS event_time, json->>'$.uuid' AS event_id,
        json->>'$.eventType' AS event_type, json->>'$.severity' AS severity,
        json->>'$.actor.id' AS actor, json->>'$.actor.type' AS actor_type,
        json->>'$.target[0].id' AS subject, json->>'$.target[0].type' AS subject_type, 'okta' AS source,
        json->>'$.transaction.id' AS trace_id, json->>'$.device.id' AS device_id, json->>'$.client.ipAddress' AS ip,
        json AS payload, now() AS ingested_at
    FROM read_json('{source}', format = 'newline_delimited', records = false, columns = {'json': 'JSON'})"""
"""The same columns out of the same records, with the whole record as the payload."""


def main() -> None:
    stores.BENCH_DIR.mkdir(parents=True, exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix="logtui-ingest-", dir=stores.BENCH_DIR))
    try:
        own, okta = directory / "own.ndjson", directory / "okta.ndjson"
        write_own(own)
        write_okta(own, okta)
        figures = compare("logtui's own NDJSON", own, OWN, directory, 1.0)
        figures += compare("Okta System Log", okta, OKTA, directory, 2.0)
        show(f"Import of {EVENTS:,} events", figures)
    finally:
        shutil.rmtree(directory)


def write_own(path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent) as place:
        store = Path(place, "store")
        run("logtui", "demo", "--out", str(store), "--events", str(EVENTS), "--days", "3")
        run("logtui", "query", str(store), "--limit", "all", "-o", str(path))


def write_okta(own: Path, path: Path) -> None:
    """Write as many events in Okta's shape, with the ids and people of the others."""
    with own.open("rb") as source, path.open("w") as sink:
        for line in source:
            event = json.loads(line)
            record = {
                "uuid": event["event_id"], "published": event["event_time"], "eventType": "user.session.start",
                "severity": "INFO", "displayMessage": "User login to Okta",
                "actor": {"id": event["actor"], "type": "User", "alternateId": f"{event['actor']}@example.com"},
                "client": {"ipAddress": event["ip"], "device": "Computer", "userAgent": {"os": "Linux"}},
                "target": [{"id": event["subject"], "type": "AppInstance", "displayName": "Portal"}],
                "outcome": {"result": "SUCCESS", "reason": None},
                "transaction": {"id": event["trace_id"], "type": "WEB"},
                "debugContext": {"debugData": {"requestId": event["trace_id"], "requestUri": "/api/v1/authn"}},
            }  # fmt: skip
            sink.write(json.dumps(record) + "\n")


def compare(name: str, source: Path, select: str, directory: Path, bound: float) -> list[Figure]:
    """Let both take turns; the bound is how many times DuckDB's time may be taken."""
    target, peak = directory / "out", [0]
    copy = COPY.format(select=select.replace("{source}", str(source)), target=target)

    def ours() -> None:
        shutil.rmtree(target, ignore_errors=True)
        peak[0] = max(peak[0], memory_of([sys.executable, "-m", "logtui", "ingest", str(target), str(source)]))

    def theirs() -> None:
        shutil.rmtree(target, ignore_errors=True)
        run("-c", copy)

    seconds = interleaved({"logtui": ours, "duckdb": theirs}, RUNS)
    note = f"{EVENTS / seconds['logtui']:,.0f}/s beside {EVENTS / seconds['duckdb']:,.0f}/s"
    return [
        Figure(
            f"{name}: time, as a multiple of DuckDB's COPY", seconds["logtui"] / seconds["duckdb"], "×", bound, note
        ),
        Figure(f"{name}: most memory", peak[0] / 2**20, "MiB", MOST_MEMORY / 2**20),
    ]


def memory_of(command: list[str]) -> int:
    """Run a command, and return the most memory that it and its processes were seen to have, in bytes."""
    process = psutil.Popen(command, stderr=subprocess.DEVNULL)
    most = 0
    while process.poll() is None:
        with suppress(psutil.Error):
            most = max(most, sum(each.memory_info().rss for each in (process, *process.children())))
        time.sleep(0.02)
    if process.wait():
        raise RuntimeError(f"{command} failed")
    return most


def run(*arguments: str) -> None:
    command = [sys.executable, *(("-m",) if arguments[0] == "logtui" else ()), *arguments]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
