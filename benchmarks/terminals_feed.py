"""Adds five events a second, to a store or a log file, until it is ended: `terminals` runs it beside the programs."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from logtui.core.event import Event
from logtui.storage.segment_writer import write_segment

PAUSE_SECONDS = 0.2
_KINDS = (
    ("session.token.created", "info"),
    ("sign_in.created", "info"),
    ("user.passkey.created", "success"),
    ("sign_in.password.failed", "warning"),
)


def main() -> None:
    kind, place = sys.argv[1], Path(sys.argv[2])
    add = to_store if kind == "store" else to_log
    start = time.perf_counter()
    for number in range(1_000_000):
        add(place, _event(number))
        time.sleep(max(0.0, start + (number + 1) * PAUSE_SECONDS - time.perf_counter()))


def to_store(store: Path, event: Event) -> None:
    write_segment(store, f"{datetime.now(UTC):%Y-%m-%d}", [event])


def to_log(log: Path, event: Event) -> None:
    at = datetime.fromtimestamp(event.event_time / 1e6, UTC)
    values = (event.severity or "").upper(), event.event_type, event.actor, event.subject, event.source, event.trace_id
    with log.open("a") as file:
        file.write(f"{at:%Y-%m-%dT%H:%M:%S.%fZ} {' '.join(map(str, values))}\n")


def _event(number: int) -> Event:
    at = time.time_ns() // 1000
    event_type, severity = _KINDS[number % len(_KINDS)]
    return Event(
        at,
        f"evt_live_{at}",
        event_type,
        severity=severity,
        actor=f"user_3{number:03}BreBEhlTcRKNkk2aBcDeFg",
        subject=f"sia_{number:03}1pwBcfgy6kk2aBcDeFgHi",
        source="frontend_api",
        trace_id=f"{number:03x}ae14d5da7f01b4c5d6e7f8a9b0c1d2",
        payload="{}",
        ingested_at=at,
    )


if __name__ == "__main__":
    main()
