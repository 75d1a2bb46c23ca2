"""The SQL of each question about events. Pure text; values are parameters only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from logtui.core.columns import COLUMNS, Kind
from logtui.core.event import NOWHERE, Cursor, Event, Place
from logtui.core.page import ALL_TIME, Order, TimeRange
from logtui.storage.duckdb.compiler import between
from logtui.storage.duckdb.connection import Row
from logtui.storage.duckdb.source import FILE_NUMBER, ROW_NUMBER, Source
from logtui.storage.duckdb.sql import FALSE, TRUE, Sql, all_of, any_of, column, sql

_LISTED = [
    f"epoch_us({each.name})" if each.kind is Kind.TIME else each.name for each in COLUMNS if each.kind is not Kind.JSON
]
# In the order of the fields of `Event`, so that a row becomes an event as it is.
_COLUMNS = Sql(", ".join((*_LISTED, "NULL")))
_COLUMNS_WITH_PAYLOAD = Sql(", ".join((*_LISTED, "payload")))
_EVENT: Callable[..., Event] = Event
_DIRECTIONS = {Order.NEWEST_FIRST: Sql("DESC"), Order.OLDEST_FIRST: Sql("ASC")}


def during(times: TimeRange) -> Sql:
    """Return the condition that an event lies in a range; part of every question but `untimed`.

    An event without a time has no place in the order; that there are such is reported elsewhere.
    """
    # A comparison leaves them out by itself. Saying it twice would convert the times of other tools twice.
    return sql("event_time IS NOT NULL") if times == ALL_TIME else between(times.start, times.end)


def beyond(after: Cursor, order: Order, source: Source) -> Sql:
    """Return the condition that an event comes strictly after `after` in `order`, in a window that begins with it."""
    is_further = Sql("<" if order is Order.NEWEST_FIRST else ">")
    later = [
        sql("epoch_us(event_time) ? ?", is_further, after.event_time),
        sql("event_id ? ?", is_further, after.event_id),
    ]
    if after.place != NOWHERE:
        later.append(all_of([sql("event_id = ?", after.event_id), _beyond_place(after.place, is_further, source)]))
    return any_of(later)


def _beyond_place(place: Place, is_further: Sql, source: Source) -> Sql:
    segment, row = place
    number = source.number_of(segment)
    if number is None:
        return TRUE
    in_others = sql("? > ?", FILE_NUMBER, number)
    in_same = [sql("? = ?", FILE_NUMBER, number), sql("? ? ?", ROW_NUMBER, is_further, row)]
    return any_of([in_others, all_of(in_same)])


def at(place: Place, source: Source) -> Sql:
    """Return the condition that a row is at a place."""
    segment, row = place
    number = source.number_of(segment)
    if number is None:
        return FALSE
    return all_of([sql("? = ?", FILE_NUMBER, number), sql("? = ?", ROW_NUMBER, row)])


def listing(source: Source, where: Sql, *, order: Order, limit: int, with_payload: bool) -> Sql:
    """Ask for the first `limit` events in `order`; `events_of` reads the rows."""
    columns = _COLUMNS_WITH_PAYLOAD if with_payload else _COLUMNS
    direction = _DIRECTIONS[order]
    return sql(
        "SELECT ?, file_index, file_row_number FROM ?"
        " ORDER BY event_time ?, event_id ?, file_index, file_row_number ? LIMIT ?",
        columns,
        _of(source, where),
        direction,
        direction,
        direction,
        Sql(f"{limit:d}"),
    )


def counting(source: Source, where: Sql) -> Sql:
    """Ask how many events there are."""
    return sql("SELECT count(*) FROM ?", _of(source, where))


def bucketing(source: Source, where: Sql, bucket: int) -> Sql:
    """Ask how many events there are in each bucket of time: rows of (bucket's number, count)."""
    width = Sql(f"{bucket:d}")
    # DuckDB divides towards zero; before 1970 the bucket that a time lies in is the one below.
    number = sql("epoch_us(event_time) // ? - CAST(epoch_us(event_time) % ? < 0 AS BIGINT)", width, width)
    return sql("SELECT ? AS bucket, count(*) FROM ? GROUP BY bucket", number, _of(source, where))


def ranking(source: Source, where: Sql, name: str, limit: int) -> Sql:
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


def frequent(source: Source, where: Sql, name: str, limit: int) -> Sql:
    """Ask like `ranking`; rows of (value, count, count of all events, count of those without a value)."""
    value = column(name)
    return sql(
        "SELECT ?, count(*) AS found, sum(count(*)) OVER (), sum(count(*)) FILTER (WHERE ? IS NULL) OVER () FROM ?"
        " GROUP BY ? ORDER BY found DESC, ? ASC NULLS LAST LIMIT ?",
        value,
        value,
        _of(source, where),
        value,
        value,
        Sql(f"{limit:d}"),
    )


def untimed(source: Source) -> Sql:
    """Ask how many rows have no time that can be read."""
    return sql("SELECT count(*) FROM ? WHERE event_time IS NULL", source.relation)


def evaluating(where: Sql) -> Sql:
    """Ask for nothing but whether a condition can be evaluated."""
    return sql("SELECT count(*) FROM (SELECT ?) WHERE ?", _NULLS, where)


_NULLS = Sql(
    ", ".join(f"NULL::{'TIMESTAMPTZ' if each.kind is Kind.TIME else 'VARCHAR'} AS {each.name}" for each in COLUMNS)
)


def _of(source: Source, where: Sql) -> Sql:
    return sql("? WHERE ?", source.relation, where)


def events_of(
    rows: Sequence[Row], source: Source, *, after: Cursor | None, is_cut: bool, all_tied: bool
) -> tuple[Event, ...]:
    """Return the rows of a `listing` as events that know whether they are tied with another.

    Args:
        after: what they come after.
        is_cut: whether others may follow the last one at once.
        all_tied: to take all for tied, so that what comes live is told apart from everything that is known.
    """
    ids = [row[:2] for row in rows]
    # A neighbour that nobody knows may be of the same time and id.
    around = [None if after is None else (after.event_time, after.event_id), *ids, ids[-1] if ids and is_cut else None]
    is_same = [all_tied or one == other for one, other in pairwise(around)]
    names, make = source.names, _EVENT
    return tuple(
        make(*row[:-2], (names[row[-2]], row[-1]), with_before or with_next)
        for row, with_before, with_next in zip(rows, is_same, is_same[1:], strict=False)
    )
