"""First page and trace lookup, beside DuckDB's own answer over the same files and over files that it wrote itself."""

from __future__ import annotations

from pathlib import Path

from benchmarks import stores
from benchmarks.report import Figure, interleaved, show
from logtui.core.cancel import CancelToken
from logtui.core.columns import LISTED
from logtui.core.query.parser import parse
from logtui.session import Session, open_session

RUNS = 15


def first_page(session: Session, query: str = "", limit: int = 100) -> int:
    """Ask as the screen does; return the number of events."""
    token = CancelToken()
    selection = session.search.select(parse(query), token=token)
    return len(session.search.page(selection, limit=limit, token=token).events)


def plain_duckdb(store: Path, where: str = "", limit: str = "LIMIT 100") -> int:
    """Ask as a person would in DuckDB's shell, with two threads and the listed columns."""
    import duckdb

    columns = ", ".join(f"epoch_us({name})" if name in ("event_time", "ingested_at") else name for name in LISTED)
    with duckdb.connect() as connection:
        return len(
            connection.execute(
                f"SELECT {columns} FROM read_parquet('{store}/*/*.parquet', hive_partitioning=false)"
                f" {where} ORDER BY event_time DESC, event_id DESC {limit}"
            ).fetchall()
        )


def a_trace(session: Session) -> str:
    """Return a trace ID from the middle of the store."""
    token = CancelToken()
    bounds = session.search.time_bounds(token=token)
    assert bounds is not None, "the store is empty"
    selection = session.search.select(parse("trace:*"), token=token)
    middle = session.search.page(selection, limit=2000, token=token).events[-1]
    assert middle.trace_id is not None
    return middle.trace_id


def main() -> None:
    small, large = stores.generated(100_000), stores.generated(10_000_000)
    copy = stores.copied_by_duckdb(large)
    with_small, with_large = open_session(small), open_session(large)
    trace = a_trace(with_large)
    medians = interleaved(
        {
            "page of 0.1 M": lambda: first_page(with_small),
            "page of 10 M": lambda: first_page(with_large),
            "trace": lambda: first_page(with_large, f"trace:{trace}"),
            "absent trace": lambda: first_page(with_large, f"trace:{trace[::-1]}"),
        },
        RUNS,
    )
    peers = interleaved(
        {
            "page of 10 M": lambda: plain_duckdb(large),
            "trace": lambda: plain_duckdb(copy, f"WHERE trace_id = '{trace}'", ""),
            "absent trace": lambda: plain_duckdb(copy, f"WHERE trace_id = '{trace[::-1]}'", ""),
        },
        5,
    )
    with_small.close()
    with_large.close()
    page, small_page = medians["page of 10 M"], medians["page of 0.1 M"]
    show(
        "Queries, 10 M events over 30 days",
        [
            Figure("first page against DuckDB over the same files", page / peers["page of 10 M"], "x", 1 / 20,
                   f"{page * 1e3:.1f} ms against {peers['page of 10 M'] * 1e3:.0f} ms"),
            Figure("first page against itself on 0.1 M events", page / small_page, "x", 1.5,
                   f"{page * 1e3:.1f} ms against {small_page * 1e3:.1f} ms"),
            Figure("trace lookup against DuckDB over its own files", medians["trace"] / peers["trace"], "x", 1 / 5,
                   f"{medians['trace'] * 1e3:.1f} ms against {peers['trace'] * 1e3:.0f} ms"),
            Figure("absent trace against DuckDB over its own files", medians["absent trace"] / peers["absent trace"],
                   "x", 1 / 5, f"{medians['absent trace'] * 1e3:.1f} ms against {peers['absent trace'] * 1e3:.0f} ms"),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
