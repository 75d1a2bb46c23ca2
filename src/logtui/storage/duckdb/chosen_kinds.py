"""Which kinds of events match a condition: asked of DuckDB, so that it means the same as over the events themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from logtui.core.cancel import CancelToken
from logtui.core.query.flags import LATE_AFTER
from logtui.storage.duckdb.reader import Reader
from logtui.storage.duckdb.sql import Sql, column, listing, sql
from logtui.storage.event_kinds import KnownKinds
from logtui.storage.summary import ANONYMOUS, KIND_COLUMNS, KIND_PARTS, LATE


class ChosenKinds:
    """The kinds that match one condition; it grows with the kinds that are known. Used by one thread."""

    def __init__(self, reader: Reader, kinds: KnownKinds, where: Sql) -> None:
        self._reader = reader
        self._kinds = kinds
        self._where = where
        self._flags = bytearray()

    def flags(self, token: CancelToken) -> Sequence[int]:
        """Return 1 for each kind that matches and 0 for each other one, in the order of their numbers.

        Raises:
            Cancelled: the token was cancelled.
            UnsupportedQueryError: DuckDB cannot evaluate the condition.
        """
        start, end = len(self._flags), len(self._kinds)
        if start < end:
            values = {part: self._kinds.values(part, start, end) for part in KIND_PARTS}
            flags = bytearray(end - start)
            for (place,) in self._reader.evaluate(choosing(self._where, values), token):
                flags[place] = 1
            self._flags += flags
        return self._flags


def choosing(where: Sql, parts: Mapping[str, list[str | int | None]]) -> Sql:
    """Ask which kinds of events match: rows of the places, from 0, of those that do.

    Args:
        where: may speak of columns that make a kind, of whether there is an actor, and of lateness.
        parts: each of `KIND_PARTS` -> its values, one for each kind.
    """
    texts = [sql("unnest(CAST(? AS VARCHAR[])) AS ?", _texts(parts[name]), column(name)) for name in KIND_COLUMNS]
    return sql(
        "SELECT place FROM (SELECT place, ?, CASE WHEN anonymous = 1 THEN NULL ELSE '' END AS actor,"
        " make_timestamptz(0) AS event_time, make_timestamptz(? * late) AS ingested_at"
        " FROM (SELECT unnest(range(?)) AS place, ?,"
        " unnest(CAST(? AS BIGINT[])) AS anonymous, unnest(CAST(? AS BIGINT[])) AS late)) WHERE ?",
        listing(column(name) for name in KIND_COLUMNS),
        LATE_AFTER + 1,
        len(parts[ANONYMOUS]),
        listing(texts),
        _flags(parts[ANONYMOUS]),
        _flags(parts[LATE]),
        where,
    )


def _texts(values: list[str | int | None]) -> list[str | None]:
    return [None if value is None else str(value) for value in values]


def _flags(values: list[str | int | None]) -> list[int]:
    return [int(value or 0) for value in values]
