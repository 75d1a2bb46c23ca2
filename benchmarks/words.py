"""Words in 10 M payloads: rare, absent, common, beside DuckDB's ILIKE over the same files and rg over the same events.

    python -m benchmarks.words            # all
    python -m benchmarks.words STORE      # with a store of one's own in place of the generated one; it is copied

The rare word is planted into a copy of the store, in one event of each of five days, in segments that are written anew.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

from benchmarks import ingest, stores
from benchmarks.report import Figure, interleaved, show
from logtui.core.cancel import CancelToken
from logtui.core.query.parser import parse
from logtui.session import Session, open_session
from logtui.storage.sidecars import Kind

EVENTS = 10_000_000
RARE, ABSENT, COMMON = "xylophone quartet", "zebracorn", "lisbon"
PLANTED_DAYS = 5
RUNS = 5
MOST_SHARE, MOST_SLOWER = 0.12, 0.25
WITHOUT_WORDS = """
import logtui.storage.sidecar_kinds as kinds
kinds.BUILDERS = {kind: make for kind, make in kinds.BUILDERS.items() if kind != "words"}
from logtui.__main__ import main
main()
"""
WITH_WORDS = "from logtui.__main__ import main\nmain()"


def main() -> None:
    original = Path(sys.argv[1]) if len(sys.argv) > 1 else stores.generated(EVENTS)
    store = planted(original)
    events = as_ndjson(store) if shutil.which("rg") else store
    figures = [size(store), *searches(store, events), *writing()]
    show("Words", figures)


def planted(original: Path) -> Path:
    """Return a copy, which shares files with the original, with the rare word in some events."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from logtui.storage.segment_writer import write_segment
    from logtui.storage.sidecars import remove_sidecars

    copy = stores.BENCH_DIR / f"{original.name}-words"
    if copy.exists():
        return copy
    unfinished = copy.with_name(copy.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    stores.BENCH_DIR.mkdir(parents=True, exist_ok=True)
    shutil.copytree(original, unfinished, copy_function=_link, ignore=shutil.ignore_patterns("locks"))
    (unfinished / ".logtui" / "locks").mkdir()
    segments = sorted(unfinished.glob("date=*/*.parquet"))
    for segment in segments[:: max(1, len(segments) // PLANTED_DAYS)][:PLANTED_DAYS]:
        table = pq.read_table(segment, partitioning=None).replace_schema_metadata(None)
        payloads, at = table["payload"], table.num_rows // 3
        new = pa.array([payloads[at].as_py().replace("{", f'{{"note":"The {RARE.title()} played",', 1)])
        changed = pa.chunked_array([*payloads[:at].chunks, new, *payloads[at + 1 :].chunks])
        table = table.set_column(table.schema.get_field_index("payload"), table.schema.field("payload"), changed)
        name = segment.name
        day = segment.parent.name.removeprefix("date=")
        segment.unlink()
        remove_sidecars(unfinished, [f"{segment.parent.name}/{name}"])
        write_segment(unfinished, day, table, name="planted")
    subprocess.run([sys.executable, "-m", "logtui", "compact", str(unfinished)], check=True)
    unfinished.rename(copy)
    return copy


def _link(source: str, target: str) -> None:
    """Share what never changes; the rest is small."""
    if source.endswith((".parquet", *(f".{kind}" for kind in Kind))):
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def as_ndjson(store: Path) -> Path:
    """Return the events as `logtui query --format ndjson` writes them, but by DuckDB, which is faster."""
    import duckdb

    path = store.with_name(store.name + ".ndjson")
    if not path.exists():
        unfinished = path.with_suffix(".unfinished")
        with duckdb.connect(config={"enable_progress_bar": False}) as connection:
            connection.execute(
                f"COPY (SELECT * REPLACE (payload::JSON AS payload) FROM read_parquet('{store}/*/*.parquet',"
                f" hive_partitioning = false)) TO '{unfinished}' (FORMAT json)"
            )
        unfinished.rename(path)
    return path


def size(store: Path) -> Figure:
    """Return what share of the events' bytes the filters of words take."""
    filters = [path for kind in (Kind.WORDS, Kind.IDS) for path in store.glob(f".logtui/index/*/*.{kind}")]
    words = sum(path.stat().st_size for path in filters)
    segments = sum(path.stat().st_size for path in store.glob("date=*/*.parquet"))
    return Figure("size of the filters, of the events'", words / segments, "", MOST_SHARE, f"{words / 1e6:.0f} MB")


def searches(store: Path, events: Path) -> list[Figure]:
    """Measure all events with a word, and the first hundred with a common one."""
    session = open_session(store)
    rare, absent = f'"{RARE}"', f'"{ABSENT}"'
    found = {"rare": len(all_with(session, rare)), "absent": len(all_with(session, absent))}
    assert found == {"rare": len(ilike(store, RARE)), "absent": 0}, found
    assert found["rare"] == PLANTED_DAYS, found
    with_rg = {
        "rare, rg": lambda: ripgrep(events, RARE),
        "absent, rg": lambda: ripgrep(events, ABSENT),
    }
    if shutil.which("rg") is None:
        print("rg is not installed, so it is left out (apt-get install ripgrep)", file=sys.stderr)
        with_rg.clear()
    assert not with_rg or ripgrep(events, RARE) == PLANTED_DAYS
    assert len(all_with(session, COMMON, 100)) == len(ilike(store, COMMON, 100)) == 100
    medians = interleaved(
        {
            "rare": lambda: all_with(session, rare),
            "rare, ILIKE": lambda: ilike(store, RARE),
            "absent": lambda: all_with(session, absent),
            "absent, ILIKE": lambda: ilike(store, ABSENT),
            "common": lambda: all_with(session, COMMON, 100),
            "common, ILIKE": lambda: ilike(store, COMMON, 100),
            **with_rg,
        },
        RUNS,
    )
    session.close()
    figures = []
    for name, bound in (("rare", 0.4), ("absent", 0.4), ("common", 1.0)):
        what = "first 100 of a common word" if name == "common" else f"all of {name} word"
        figures.append(Figure(what, medians[name], "s", bound))
        for peer in ("ILIKE", "rg"):
            if f"{name}, {peer}" in medians:
                peer_time = medians[f"{name}, {peer}"]
                limit = 1.0 if name == "common" else 0.1
                figures.append(
                    Figure(f"  of {peer}'s time", medians[name] / peer_time, "", limit, f"{peer_time:.2f} s")
                )
    return figures


def all_with(session: Session, query: str, limit: int | None = None) -> list[str]:
    """Return the ids of the events that match."""
    token = CancelToken()
    selection = session.search.select(parse(query), token=token)
    pages = session.search.pages(selection, limit=limit, token=token)
    return [event.event_id for page in pages for event in page.events]


def ilike(store: Path, word: str, limit: int | None = None) -> list[str]:
    """Return the same from DuckDB, with two threads, as a person would ask in its shell."""
    import duckdb

    newest = f"ORDER BY event_time DESC, event_id DESC LIMIT {limit}" if limit else ""
    with duckdb.connect(config={"enable_progress_bar": False}) as connection:
        rows = connection.execute(
            f"SELECT event_id FROM read_parquet('{store}/*/*.parquet', hive_partitioning = false)"
            f" WHERE payload ILIKE ? {newest}",
            [f"%{word}%"],
        ).fetchall()
    return [event_id for (event_id,) in rows]


def ripgrep(events: Path, word: str) -> int:
    """Return how many lines hold the word."""
    command = ["rg", "--ignore-case", "--fixed-strings", "--count", word, str(events)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return int(done.stdout or 0)


def writing() -> list[Figure]:
    """Measure an import with and without the filter, in time and in the processor's."""
    directory = Path(tempfile.mkdtemp(prefix="logtui-words-", dir=stores.BENCH_DIR))
    try:
        source = directory / "own.ndjson"
        ingest.write_own(source)
        spent: dict[str, list[float]] = {WITH_WORDS: [], WITHOUT_WORDS: []}

        def run(program: str) -> None:
            store = directory / "store"
            spent[program].append(_processor_seconds(program, store, source))
            shutil.rmtree(store)

        medians = interleaved({each: lambda each=each: run(each) for each in spent}, 3)  # type: ignore[misc]
    finally:
        shutil.rmtree(directory)
    slower = medians[WITH_WORDS] / medians[WITHOUT_WORDS] - 1
    more = min(spent[WITH_WORDS]) / min(spent[WITHOUT_WORDS]) - 1
    note = f"{min(spent[WITHOUT_WORDS]):.2f} s without"
    return [
        Figure("import is slower by", slower, "", MOST_SLOWER, f"{medians[WITHOUT_WORDS]:.2f} s without"),
        Figure("import takes more of the processor by", more, "", MOST_SLOWER, note),
    ]


def _processor_seconds(program: str, store: Path, source: Path) -> float:
    command = [sys.executable, "-c", program, "ingest", "--index", str(store), str(source)]
    before = _children()
    subprocess.run(command, check=True, capture_output=True)
    return _children() - before


def _children() -> float:
    times = psutil.Process().cpu_times()
    return times.children_user + times.children_system


if __name__ == "__main__":
    main()
