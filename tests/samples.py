"""A few events that tests share: two weeks of one small company, and one event of every hard kind."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from logtui.core.clock import DAY, HOUR, MINUTE, SECOND
from logtui.core.event import Event
from logtui.core.times import day_of, day_start

NOW = day_start("2026-10-04") + 12 * HOUR
"""What the fixed clock says: 2026-10-04T12:00:00Z."""

PEOPLE = ("user_ada", "user_bob", "user_cyd")

# type, severity, subject type, minutes after the one before
_SESSION = (
    ("sign_in.created", "info", "session", 0),
    ("sign_in.password.failed", "warning", "session", 1),
    ("sign_in.password.verified", "success", "session", 1),
    ("session.created", "success", "session", 1),
    ("organization.updated", "info", "organization", 7),
    ("session.ended", "info", "session", 90),
)


def small_events() -> tuple[Event, ...]:
    """Three people, one session each on five of the last days, newest day today; 90 events, oldest first."""
    events = []
    for back in (13, 6, 2, 1, 0):
        for number, person in enumerate(PEOPLE):
            at = day_start("2026-10-04") - back * DAY + (1 + 3 * number) * HOUR
            for step, (event_type, severity, subject_type, wait) in enumerate(_SESSION):
                at += wait * MINUTE
                events.append(_event(at, f"{back:02}{number}{step}", event_type, severity, person, subject_type))
    return tuple(sorted(events, key=lambda event: event.cursor))


def _event(at: int, serial: str, event_type: str, severity: str, actor: str, subject_type: str) -> Event:
    subject = "org_91" if subject_type == "organization" else f"sess_{serial[:3]}"
    payload = {"email": f"{actor[5:]}@corp.example", "attempts": int(serial[-1]), "session": {"id": subject}}
    return Event(
        event_time=at,
        event_id=f"evt_{serial}",
        event_type=event_type,
        severity=severity,
        actor=actor,
        actor_type="user",
        subject=subject,
        subject_type=subject_type,
        source="auth",
        trace_id=f"trace_{serial[:3]}",
        device_id=f"dev_{actor[5:]}",
        ip=f"203.0.113.{len(actor) + int(serial[2])}",
        ingested_at=at + SECOND,
        payload=json.dumps(payload),
    )


def hard_events() -> tuple[Event, ...]:
    """One event for each thing that an output format can get wrong, oldest first."""
    at = NOW - HOUR
    values = (
        ("absent", None, '{"n":null}'),
        ("empty", "", "{}"),
        ("unicode", "Zoë 日本 🙂", '{"name":"Zoë 日本 🙂"}'),
        ("escape", "\x1b[31mred\x1b[0m \x9b2J \x07", '{"a":"\\u001b[2J\x9b2J\x7f"}'),
        ("newline", "one\r\ntwo\tthree", '{\n  "pretty": true,\r\n  "list": [1, 2]\n}'),
        ("bidi", "user\u202egnp.exe\u2066\u200b", '{"rtl":"\u202eabc"}'),
        ("quotes", 'say "hi", \\ it\'s', '{"q":"\\"hi\\", \\\\"}'),
        ("formula", '=HYPERLINK("http://evil.example")', '["=1+1","+1","@x"]'),
        ("minus", "-2+3", "-2"),
        ("markup", "[bold red]x[/] [/nope] <b>&amp;", '"[/oops]"'),
        ("big", "18446744073709551617", '{"i":123456789012345678901234567890,"f":1.10,"e":1E+5,"k":1,"k":2}'),
        ("broken", "not json", '{"cut":'),
        ("constant", "NaN", '{"x":NaN}'),
        ("nul", "a\x00b", "plain \x00 text"),
    )
    return tuple(
        Event(
            event_time=at + number,
            event_id=f"hard_{number:02}_{name}",
            event_type=f"test.{name}",
            severity="error" if name == "escape" else None,
            actor=actor,
            ingested_at=at + SECOND,
            payload=payload,
        )
        for number, (name, actor, payload) in enumerate(values)
    )


def write_store(root: Path, events: Sequence[Event]) -> Path:
    """Write events as logtui does: one segment for each day."""
    from logtui.storage.segment_writer import init_store, write_segment

    root.mkdir(parents=True, exist_ok=True)
    init_store(root)
    days: dict[str, list[Event]] = {}
    for event in events:
        days.setdefault(day_of(event.event_time), []).append(event)
    for day, of_day in days.items():
        write_segment(root, day, of_day)
    return root
