"""The bundled month: reproducible, broad, and true to itself."""

from __future__ import annotations

import ipaddress
import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from logtui.core import catalogue
from logtui.core.clock import DAY, HOUR, MINUTE, SECOND
from logtui.core.event import SEVERITY_RANK, Event
from logtui.services.demo.bundle import BUNDLE, END
from logtui.services.demo.month import START, play
from logtui.services.demo.rhythm import weekday
from logtui.storage.arrow_schema import events_of
from logtui.storage.partitions import is_segment, partition_day

DOCUMENTATION = [
    ipaddress.ip_network(text) for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]
PREFIXES = {
    "user": "user", "organization": "org", "session": "sess", "organization_membership": "orgmem", "sign_in": "sia",
    "waitlist_entry": "wle", "subscription_item": "csub_item", "api_key": "ak", "organization_invitation": "orginv",
}  # fmt: skip


@pytest.fixture(scope="module")
def month() -> list[Event]:
    return play()[1]


def payload(event: Event) -> dict[str, Any]:
    assert event.payload is not None
    content: dict[str, Any] = json.loads(event.payload)
    return content


def texts_in(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for child in value.values():
                yield from texts_in(child)
        case list():
            for child in value:
                yield from texts_in(child)


def by_subject(events: list[Event]) -> Iterator[list[Event]]:
    subjects: dict[str | None, list[Event]] = defaultdict(list)
    for event in events:
        subjects[event.subject].append(event)
    return iter(subjects.values())


class TestData:
    def test_what_is_bundled_is_what_the_stories_tell(self, month: list[Event]) -> None:
        """Same seed, same events, byte for byte; after changing a story run `data/make.py`."""
        segments = sorted(BUNDLE.glob("date=*/*.parquet"))
        bundled = [e for path in segments for e in events_of(pq.read_table(path, partitioning=None))]

        assert sorted(bundled, key=lambda event: event.cursor) == month

    def test_another_seed_is_another_month(self, month: list[Event]) -> None:
        assert {event.event_id for event in play(1)[1]}.isdisjoint(event.event_id for event in month)

    def test_it_is_a_small_store_of_one_segment_a_day(self) -> None:
        partitions = sorted(BUNDLE.glob("date=*"))

        assert len(partitions) == 31
        for partition in partitions:
            assert partition_day(partition.name)
            assert [is_segment(path.name) for path in partition.iterdir()] == [True]
        assert sum(path.stat().st_size for path in BUNDLE.rglob("*.parquet")) <= 1_500_000

    def test_the_repository_shows_it_under_data(self) -> None:
        assert (Path(__file__).parents[2] / "data" / "events").resolve() == BUNDLE.resolve()

    def test_there_are_a_few_thousand_events_in_thirty_days(self, month: list[Event]) -> None:
        assert 4_000 <= len(month) <= 7_000
        assert START <= month[0].event_time < START + DAY
        assert END - 2 * MINUTE < month[-1].event_time < END
        assert len({event.event_id for event in month}) == len(month)

    def test_most_of_the_catalogue_occurs_and_some_that_is_not_in_it(self, month: list[Event]) -> None:
        seen = {event.event_type for event in month}

        assert len(seen.intersection(catalogue.load().types)) >= 180
        assert {"webhook.delivery.failed", "api_key.created"} <= seen.difference(catalogue.load().types)

    def test_every_value_is_of_its_kind(self, month: list[Event]) -> None:
        for event in month:
            assert event.severity in SEVERITY_RANK
            assert event.ip is None or any(ipaddress.ip_address(event.ip) in network for network in DOCUMENTATION)
            assert event.subject is not None
            assert event.subject.startswith(PREFIXES.get(event.subject_type or "", ""))
            assert event.trace_id is not None
            assert len(event.trace_id) == 32
            assert (payload(event)["id"], payload(event)["object"]) == (event.subject, event.subject_type)

    def test_days_have_their_rhythm(self, month: list[Event]) -> None:
        """Busy by day, quiet at night and at weekends."""
        people = [event for event in month if event.actor_type == "user" and not event.ip.startswith("192.0.2")]  # type: ignore[union-attr]
        hours = Counter(event.event_time % DAY // HOUR for event in people)
        days = Counter(weekday(event.event_time) for event in people)

        assert sum(hours[hour] for hour in range(5)) * 5 < sum(hours[hour] for hour in range(9, 14))
        assert (days[5] + days[6]) / 2 < min(days[day] for day in range(5)) * 0.7

    def test_some_events_are_late(self, month: list[Event]) -> None:
        late = [e for e in month if e.ingested_at is not None and e.ingested_at - e.event_time > 5 * MINUTE]

        assert 10 <= len(late) <= 200
        assert {event.event_type for event in late} == {"session.token.created"}

    def test_some_values_are_hostile(self, month: list[Event]) -> None:
        """What every reader of the log has to survive is in the data that everybody opens first."""
        devices = "".join(event.device_id or "" for event in month)
        texts = "".join(text for event in month for text in texts_in(payload(event)))

        assert "\x1b]52;" in devices
        assert all(sign in texts for sign in ("\x1b[2J", "\u202e", "[red]", "=cmd|", "\u200b", "🦊", "美咲"))
        assert {"Cc", "Cf", "Lo", "So"} <= {unicodedata.category(sign) for sign in texts}


class TestCoherence:
    def test_a_request_comes_from_one_place_and_takes_no_time(self, month: list[Event]) -> None:
        """One trace, one address and one service; only a phone's queue holds things of long ago."""
        traces: dict[str | None, list[Event]] = defaultdict(list)
        for event in month:
            traces[event.trace_id].append(event)

        assert sum(len(events) > 1 for events in traces.values()) > 1_000
        for events in traces.values():
            assert len({(event.ip, event.source, event.device_id) for event in events}) == 1
            if not any("reported_by" in payload(event) for event in events):
                assert events[-1].event_time - events[0].event_time < 3 * SECOND

    def test_a_resource_keeps_its_birthday_and_does_not_grow_younger(self, month: list[Event]) -> None:
        for events in by_subject(month):
            states = [payload(event) for event in events]
            changed = [state["updated_at"] for state in states]

            assert len({state["created_at"] for state in states}) == 1
            assert changed == sorted(changed)

    def test_payloads_of_one_subject_tell_what_changed(self, month: list[Event]) -> None:
        """The state is the one after the event: banned after a ban, not banned after it was lifted."""
        checks = {
            "user.banned": ("banned", True), "user.unbanned": ("banned", False), "user.locked": ("locked", True),
            "user.mfa.enabled": ("two_factor_enabled", True), "user.mfa.disabled": ("two_factor_enabled", False),
            "session.revoked": ("status", "revoked"), "organization_invitation.accepted": ("status", "accepted"),
        }  # fmt: skip
        seen = Counter[str]()
        for event in month:
            if event.event_type in checks:
                key, value = checks[event.event_type]
                assert payload(event)[key] == value
                seen[event.event_type] += 1
        assert set(seen) == set(checks)

    def test_who_was_deleted_does_nothing_any_more(self, month: list[Event]) -> None:
        gone: set[str | None] = set()
        for event in month:
            assert event.actor not in gone
            if event.event_type in ("user.deleted", "scim.user.deleted"):
                gone.add(event.subject)
        assert gone

    def test_an_account_is_locked_after_too_many_failures_only(self, month: list[Event]) -> None:
        locked = [event for event in month if event.event_type == "sign_in.user_locked"]

        assert locked
        for event in locked:
            failures = [e for e in month if e.subject == event.subject and e.event_type == "sign_in.password.failed"]
            assert [payload(e)["attempts"] for e in failures] == [1, 2, 3, 4, 5]

    def test_a_session_begins_before_it_is_used_or_revoked(self, month: list[Event]) -> None:
        for events in by_subject([e for e in month if e.subject_type == "session"]):
            types = [event.event_type for event in events]
            began_before = "session.created" not in types
            assert began_before or types[0] == "session.created"
            assert not set(types[:-1]) & {"session.revoked", "session.ended"}

    def test_the_last_attack_is_there_when_the_demo_opens(self, month: list[Event]) -> None:
        """Many failures from one address in the last hour, one sign-in from it, and a ban after that."""
        hour = [event for event in month if event.event_time >= END - HOUR]
        failed = Counter(event.ip for event in hour if event.event_type == "sign_in.password.failed")
        address, count = failed.most_common(1)[0]
        entered = [e for e in hour if e.ip == address and e.event_type == "sign_in.completed"]
        banned = [e for e in hour if e.event_type == "user.banned"]

        assert count >= 30
        assert [event.subject for event in banned] == [event.actor for event in entered]
        assert entered[0].event_time < banned[0].event_time
