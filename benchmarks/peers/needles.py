"""Picks the values that are looked for, from what a store holds. Kept beside the store: picking reads much of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from benchmarks.peers.questions import ADDRESS_PATH, PAGE, WORD_PATH, Needles

_HALF_DAY = 43_200_000_000


def needles_of(store: Path) -> Needles:
    """Return the needles of a store, from the file beside it if it is there."""
    kept = store.with_name(store.name + ".needles.json")
    if not kept.exists():
        kept.write_text(json.dumps(asdict(_pick(store))))
    fields = json.loads(kept.read_text())
    return Needles(
        **{
            **fields,
            "after": tuple(fields["after"]),
            "actors": tuple((name, count) for name, count in fields["actors"]),
        }
    )


def _pick(store: Path) -> Needles:
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(
            f"CREATE VIEW events AS FROM read_parquet('{store}/date=*/*.parquet', hive_partitioning = false)"
        )

        def row(query: str, *parameters: object) -> tuple[object, ...]:
            found = connection.execute(query, parameters).fetchone()
            assert found is not None, query
            return tuple(found)

        at, event_id = row(
            "SELECT epoch_us(event_time), event_id FROM events ORDER BY event_time DESC, event_id DESC"
            f" LIMIT 1 OFFSET {PAGE - 1}"
        )
        connection.execute(
            "CREATE TABLE actors AS SELECT actor, count(*) AS n FROM events WHERE actor IS NOT NULL GROUP BY actor"
        )
        ladder, wanted = [], 10
        (most,) = row("SELECT max(n) FROM actors")
        while wanted <= int(str(most)):
            name, count = row("SELECT actor, n FROM actors ORDER BY abs(ln(n / ?)), actor LIMIT 1", float(wanted))
            ladder.append((str(name), int(str(count))))
            wanted *= 10
        # Among actors of few events, one with an address in a payload; its hash chooses, so that it lies anywhere.
        candidates = [
            name
            for (name,) in connection.execute(
                "SELECT actor FROM actors WHERE n BETWEEN 8 AND 100 AND actor LIKE 'user_%'"
                " ORDER BY hash(actor) LIMIT 50"
            ).fetchall()
        ]
        actor, word, address = row(
            f"SELECT actor, min(payload->>'$.{WORD_PATH}') AS word, min(payload->>'$.{ADDRESS_PATH}') AS address"
            " FROM events WHERE list_contains(?, actor) GROUP BY actor"
            " HAVING word IS NOT NULL AND address IS NOT NULL ORDER BY list_position(?, actor) LIMIT 1",
            candidates,
            candidates,
        )
        first, last = (
            int(str(bound)) for bound in row("SELECT min(epoch_us(event_time)), max(epoch_us(event_time)) FROM events")
        )
        middle = (first + last) // 2
        (trace,) = row(
            "SELECT trace_id FROM events WHERE event_time >= make_timestamptz(?) ORDER BY event_time LIMIT 1", middle
        )
    quarter = (last - first) // 4
    return Needles(
        (int(str(at)), str(event_id)),
        str(actor),
        str(trace),
        str(word),
        str(address),
        start=(first + quarter) // _HALF_DAY * _HALF_DAY + _HALF_DAY // 2,
        end=(last - quarter) // _HALF_DAY * _HALF_DAY + _HALF_DAY // 2,
        actors=tuple(ladder),
    )
