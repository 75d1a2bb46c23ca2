"""The statement that people copy asks the same question, and is safe to paste."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from tests.generated_events import generated_events
from tests.query_strategies import nodes

from logtui.core.clock import DAY
from logtui.core.event import Event
from logtui.core.page import Order, Selection, TimeRange
from logtui.core.query.ast import ColumnRef, Literal, Node, PayloadRef, Term, Word
from logtui.core.query.parser import parse
from logtui.storage.arrow_schema import table_of
from logtui.storage.duckdb.compiler import compile_condition
from logtui.storage.duckdb.display_sql import to_display_sql


@dataclass(frozen=True, slots=True)
class Store:
    """One file and a connection that reads it."""

    connection: duckdb.DuckDBPyConnection
    path: Path

    def ids(self, statement: str, params: tuple[object, ...] = ()) -> list[str]:
        return [event_id for (event_id,) in self.connection.execute(statement, params).fetchall()]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("it's") / "events.parquet"
    hostile = Event(DAY, "evt_hostile", "test", actor="a\0\x1b[31m\u202eb'c", ingested_at=DAY, payload="{}")
    whole = [event for event in generated_events(40) if event.payload is not None and event.ingested_at is not None]
    pq.write_table(table_of([hostile, *whole]), path)
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield Store(connection, path)


class TestDisplaySql:
    @settings(max_examples=30, deadline=None)
    @given(node=nodes(max_leaves=4))
    def test_finds_the_same_events(self, store: Store, node: Node) -> None:
        """Literals in place of parameters change nothing."""
        shown = to_display_sql(Selection(node), files=str(store.path), columns=["event_id"])
        compiled = compile_condition(node)
        statement = f"SELECT event_id FROM read_parquet(?) WHERE {compiled.sql} ORDER BY event_time DESC, event_id DESC"
        assert store.ids(shown) == store.ids(statement, (str(store.path), *compiled.params))

    @pytest.mark.parametrize(
        "node",
        [
            Term(ColumnRef("actor"), (Literal("a\0\x1b[31m\u202eb'c"),)),
            Word("a\0\x1b[31m\u202eb'c", is_quoted=True),
        ],
    )
    def test_shows_nothing_that_a_terminal_would_obey(self, store: Store, node: Node) -> None:
        """Control characters and such are spelled out, and still mean themselves."""
        shown = to_display_sql(Selection(node), files=str(store.path), columns=["event_id"])
        assert shown.replace("\n", "").isprintable()
        assert store.ids(shown) == ["evt_hostile"]

    def test_reads_like_a_statement(self) -> None:
        """One condition a line, times first."""
        selection = Selection(parse("type:sign_in.* -actor:system"), TimeRange(0, DAY))
        shown = to_display_sql(
            selection, files="/data/*/*.parquet", columns=["event_time", "actor"], order=Order.OLDEST_FIRST
        )
        assert shown == (
            "SELECT event_time, actor\n"
            "FROM read_parquet('/data/*/*.parquet', hive_partitioning = false)\n"
            "WHERE (event_time >= '1970-01-01T00:00:00Z'::TIMESTAMPTZ"
            " AND event_time < '1970-01-02T00:00:00Z'::TIMESTAMPTZ)\n"
            "  AND starts_with(lower(event_type), 'sign_in.')\n"
            "  AND (actor = 'system') IS NOT TRUE\n"
            "ORDER BY event_time ASC, event_id ASC;"
        )

    def test_asks_for_everything_without_a_condition(self) -> None:
        """The empty query has no WHERE."""
        assert "WHERE" not in to_display_sql(Selection(), files="x.parquet", columns=["event_id"])

    def test_number_beyond_doubles_stays_a_number(self, store: Store) -> None:
        """Infinity has no literal of its own."""
        node = Term(PayloadRef(("n",)), (Literal("1e999"),))
        shown = to_display_sql(Selection(node), files=str(store.path), columns=["event_id"])
        assert "'inf'::DOUBLE" in shown
        assert store.ids(shown) == []
