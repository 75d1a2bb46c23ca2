"""Large stores: exact counts, the layout's order, believable values, and the same for the same order."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, HOUR, MINUTE
from logtui.core.errors import Cancelled
from logtui.core.event import Event
from logtui.core.times import day_of, day_start
from logtui.services.demo import bulk
from logtui.services.demo.bulk import Order, make, spans_of
from logtui.services.demo.month import play
from logtui.services.demo.rhythm import quantiles
from logtui.services.demo.templates import About, Hole, chains_of
from logtui.session import make_store
from logtui.storage.arrow_schema import events_of

NOW = day_start("2026-10-07") + 15 * HOUR + 17
SMALL = Order(events=5_000, days=3, seed=7, now=NOW)


def made(root: Path, order: Order, *, processes: int = 1) -> dict[str, list[Event]]:
    """Make a store and return the events of each segment as they lie there."""
    sink = make_store(root, is_durable=False)
    assert sum(make(sink, order, token=CancelToken(), processes=processes)) == order.events
    paths = sorted(root.glob("date=*/*.parquet"))
    return {str(path.relative_to(root)): list(events_of(pq.read_table(path, partitioning=None))) for path in paths}


@pytest.fixture(scope="module")
def segments(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Event]]:
    return made(tmp_path_factory.mktemp("bulk") / "store", SMALL)


class TestSpans:
    @pytest.mark.parametrize("events", [1, 2, 31, 1_000_003, 100_000_000])
    @pytest.mark.parametrize("days", [1, 7, 365])
    @pytest.mark.parametrize("now", [NOW, day_start("2026-10-07"), day_start("2026-10-07") + 3, NOW + 8 * HOUR])
    def test_they_hold_exactly_what_was_ordered(self, events: int, days: int, now: int) -> None:
        spans = spans_of(Order(events, days, 1, now))

        assert sum(span.events for span in spans) == events
        assert all(0 < span.events <= bulk.MOST_IN_SEGMENT * 1.01 for span in spans)
        assert all(day_of(span.start) == day_of(span.end - 1) for span in spans)
        assert max(span.end for span in spans) <= now
        assert len({span.day for span in spans}) <= days

    def test_a_day_that_has_just_begun_is_left_out(self) -> None:
        just_after_midnight = day_start("2026-10-07") + MINUTE // 2

        assert max(span.day for span in spans_of(Order(1000, 2, 1, just_after_midnight))) == "2026-10-06"

    def test_weekends_are_quieter(self) -> None:
        days = {span.day: span.events for span in spans_of(Order(70_000, 7, 1, NOW))}

        assert days["2026-10-04"] < days["2026-10-06"] / 3

    def test_quantiles_go_from_end_to_end_and_crowd_where_more_happens(self) -> None:
        midnight = day_start("2026-10-06")
        marks = quantiles(midnight, midnight + DAY, 100)
        noon = sum(midnight + 9 * HOUR <= mark < midnight + 12 * HOUR for mark in marks)
        night = sum(midnight <= mark < midnight + 3 * HOUR for mark in marks)

        assert len(marks) == 101
        assert marks == sorted(marks)
        assert (marks[0], marks[-1]) == (midnight, midnight + DAY)
        assert noon > 3 * night


class TestEvents:
    def test_one_partition_a_day_newest_first(self, segments: dict[str, list[Event]]) -> None:
        assert [name.partition("/")[0] for name in segments] == [
            "date=2026-10-05", "date=2026-10-06", "date=2026-10-07",
        ]  # fmt: skip
        for events in segments.values():
            assert events == sorted(events, key=lambda event: event.cursor, reverse=True)
        assert max(event.event_time for events in segments.values() for event in events) < NOW

    def test_payloads_are_json_about_the_subject(self, segments: dict[str, list[Event]]) -> None:
        events = [event for events in segments.values() for event in events]
        lengths = sorted(len(event.payload or "") for event in events)

        assert 300 < lengths[len(lengths) // 2] < 700
        assert len({event.payload for event in events}) > 0.99 * len(events)
        for event in events:
            assert json.loads(event.payload or "")["id"] == event.subject

    def test_it_looks_like_the_bundled_month(self, segments: dict[str, list[Event]]) -> None:
        events = [event for events in segments.values() for event in events]
        types = Counter(event.event_type for event in events)
        actors = Counter(event.actor for event in events if event.actor_type == "user")
        traces = Counter(event.trace_id for event in events)

        assert len(types) > 120
        assert {"frontend_api", "backend_api", "scim", "webhooks"} <= {event.source for event in events}
        assert len(actors) > 60
        assert actors.most_common(1)[0][1] > 3 * sorted(actors.values())[len(actors) // 2]
        assert set(traces.values()) == {1, 2, 3, 4, 5}
        assert len({event.event_id for event in events}) == len(events)

    def test_a_trace_is_one_persons_request(self, segments: dict[str, list[Event]]) -> None:
        actors: dict[str | None, set[str]] = {}
        for event in (event for events in segments.values() for event in events):
            if event.actor:
                actors.setdefault(event.trace_id, set()).add(event.actor)

        assert all(len(names) == 1 for names in actors.values())


class TestPatterns:
    def test_a_hole_is_a_whole_value_and_never_part_of_a_text(self) -> None:
        """`\\u0007b@mail.example` is an escape and some letters; cutting there would break the JSON."""
        user, other = "user_3" + "a" * 26, "idn_3" + "b" * 26
        payload = (
            f'{{"id":"{user}","idn":"{other}","email":"ada@mail.example","at":1791072000000,"ip":"203.0.113.7",'
            f'"name":"\\u0007b@mail.example {other} 1791072000000"}}'
        )
        event = Event(
            1_791_072_000_000_000, "evt", "user.created", actor=user, actor_type="user", subject=user,
            subject_type="user", ip="203.0.113.7", payload=payload,
        )  # fmt: skip
        ((pattern,),) = chains_of([event])

        assert pattern.payload == (
            '{"id":"', Hole.SUBJECT, '","idn":"idn_3', Hole.OTHER, '","email":"', Hole.EMAIL, '","at":', Hole.NOW,
            ',"ip":"', Hole.IP, f'","name":"\\u0007b@mail.example {other} 1791072000000"}}',
        )  # fmt: skip
        assert (pattern.about, pattern.subject_prefix) == (About.USER, "user_3")

    def test_every_payload_of_the_month_can_be_put_together_again(self) -> None:
        _, events = play()
        filling = {hole: str(int(hole)) for hole in Hole}
        for pattern in (pattern for links in chains_of(events) for pattern in links):
            text = "".join(filling[part] if isinstance(part, Hole) else part for part in pattern.payload)
            assert list(json.loads(text)) == list(json.loads(pattern.event.payload or ""))


class TestReproducible:
    def test_it_depends_on_the_order_alone(
        self, segments: dict[str, list[Event]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Not on how many processes shared the work."""
        monkeypatch.setattr(bulk, "WORTH_PROCESSES", 0)

        assert made(tmp_path / "store", SMALL, processes=2) == segments

    def test_another_seed_makes_others(self, segments: dict[str, list[Event]], tmp_path: Path) -> None:
        others = made(tmp_path / "store", Order(300, 3, 8, NOW))
        ids = {event.event_id for events in segments.values() for event in events}

        assert ids.isdisjoint(event.event_id for events in others.values() for event in events)

    def test_it_can_be_cancelled(self, tmp_path: Path) -> None:
        token = CancelToken()
        parts = make(make_store(tmp_path / "store", is_durable=False), SMALL, token=token, processes=1)
        next(parts)
        token.cancel()

        with pytest.raises(Cancelled):
            next(parts)
