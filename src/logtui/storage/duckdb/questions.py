"""The SQL of each question about events. Pure text; values are parameters only."""

from __future__ import annotations

from collections.abc import Sequence

from logtui.core.columns import COLUMNS, Kind
from logtui.core.event import Cursor, Event
from logtui.core.page import ALL_TIME, Order, TimeRange
from logtui.storage.duckdb.compiler import between
from logtui.storage.duckdb.connection import Row
from logtui.storage.duckdb.sql import Sql, column, sql

_LISTED = [
    f"epoch_us({each.name})" if each.kind is Kind.TIME else each.name for each in COLUMNS if each.kind is not Kind.JSON
]
# In the order of the fields of `Event`, so that a row becomes an event as it is.
_COLUMNS = Sql(", ".join(_LISTED))
_COLUMNS_WITH_PAYLOAD = Sql(", ".join((*_LISTED, "payload")))
_DIRECTIONS = {Order.NEWEST_FIRST: Sql("DESC"), Order.OLDEST_FIRST: Sql("ASC")}


def during(times: TimeRange) -> Sql:
    """Return the condition that an event lies in a range; part of every question but `untimed`.

    An event without a time has no place in the order; that there are such is reported elsewhere.
    """
    # A comparison leaves them out by itself. Saying it twice would convert the times of other tools twice.
    return sql("event_time IS NOT NULL") if times == ALL_TIME else between(times.start, times.end)


def beyond(after: Cursor, order: Order) -> Sql:
    """Return the condition that an event comes strictly after `after` in `order`, in a window that begins with it."""
    if order is Order.NEWEST_FIRST:
        return sql("(epoch_us(event_time) < ? OR event_id < ?)", after.event_time, after.event_id)
    return sql("(epoch_us(event_time) > ? OR event_id > ?)", after.event_time, after.event_id)


def listing(source: Sql, where: Sql, *, order: Order, limit: int, with_payload: bool) -> Sql:
    """Ask for the first `limit` events in `order`."""
    columns = _COLUMNS_WITH_PAYLOAD if with_payload else _COLUMNS
    direction = _DIRECTIONS[order]
    return sql(
        "SELECT ? FROM ? ORDER BY event_time ?, event_id ? LIMIT ?",
        columns,
        _of(source, where),
        direction,
        direction,
        Sql(f"{limit:d}"),
    )


def counting(source: Sql, where: Sql) -> Sql:
    """Ask how many events there are."""
    return sql("SELECT count(*) FROM ?", _of(source, where))


def bucketing(source: Sql, where: Sql, bucket: int) -> Sql:
    """Ask how many events there are in each bucket of time: rows of (bucket's number, count)."""
    width = Sql(f"{bucket:d}")
    # DuckDB divides towards zero; before 1970 the bucket that a time lies in is the one below.
    number = sql("epoch_us(event_time) // ? - CAST(epoch_us(event_time) % ? < 0 AS BIGINT)", width, width)
    return sql("SELECT ? AS bucket, count(*) FROM ? GROUP BY bucket", number, _of(source, where))


def ranking(source: Sql, where: Sql, name: str, limit: int) -> Sql:
    """Ask for the most frequent values: rows of (value, count, count of all events)."""
    value = column(name)
    return sql(
        "SELECT ?, count(*) AS found, sum(count(*)) OVER () FROM ?"
        " GROUP BY ? ORDER BY found DESC, ? ASC NULLS LAST LIMIT ?",
        value,
        _of(source, where),
        value,
        value,
        Sql(f"{limit:d}"),
    )


def untimed(source: Sql) -> Sql:
    """Ask how many rows have no time that can be read."""
    return sql("SELECT count(*) FROM ? WHERE event_time IS NULL", source)


def evaluating(where: Sql) -> Sql:
    """Ask for nothing but whether a condition can be evaluated."""
    return sql("SELECT count(*) FROM (SELECT ?) WHERE ?", _NULLS, where)


_NULLS = Sql(
    ", ".join(f"NULL::{'TIMESTAMPTZ' if each.kind is Kind.TIME else 'VARCHAR'} AS {each.name}" for each in COLUMNS)
)


def _of(source: Sql, where: Sql) -> Sql:
    return sql("? WHERE ?", source, where)


def events_of(rows: Sequence[Row]) -> tuple[Event, ...]:
    """Return the rows of a `listing` as events."""
    return tuple(Event(*row) for row in rows)
