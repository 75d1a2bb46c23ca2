"""One event that cannot be stored takes no other down with it."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from tests.samples import NOW
from tests.webhooks import RememberingSink

from logtui.core.clock import DAY
from logtui.core.errors import StoreError
from logtui.core.event import Event
from logtui.services.receive.isolation import write_each
from logtui.storage.event_sink import Written


def event(number: int, day: int = 0) -> Event:
    return Event(NOW - day * DAY, f"evt_{number}", "test", payload="{}")


def test_a_group_that_can_be_stored_is_one_write() -> None:
    """The usual case costs nothing."""
    sink = RememberingSink()

    verdicts, written = write_each(sink, [event(1), event(2)])

    assert verdicts == [None, None]
    assert written == Written(2, 0, 1)
    assert sink.groups == [["evt_1", "evt_2"]]


@given(count=st.integers(1, 20), data=st.data())
def test_only_the_bad_ones_fail(count: int, data: st.DataObject) -> None:
    """Wherever they stand, and however many there are."""
    bad = data.draw(st.sets(st.integers(0, count - 1)))

    def refuse(events: Sequence[Event]) -> None:
        if any(each.event_id in {f"evt_{number}" for number in bad} for each in events):
            raise ValueError("unstorable")

    sink = RememberingSink(refuse)

    verdicts, written = write_each(sink, [event(number) for number in range(count)])

    assert [number for number, verdict in enumerate(verdicts) if verdict is not None] == sorted(bad)
    assert set(sink.events) == {f"evt_{number}" for number in range(count) if number not in bad}
    assert written.written == count - len(bad)


def test_a_day_that_cannot_be_stored_takes_no_other_day_down() -> None:
    """A partition may be unusable while today's is fine."""

    def refuse(events: Sequence[Event]) -> None:
        if any(each.event_time < NOW for each in events):
            raise StoreError("date=2026-10-03: not a directory")

    sink = RememberingSink(refuse)

    verdicts, _ = write_each(sink, [event(1, day=1), event(2), event(3, day=1), event(4)])

    assert [str(verdict) for verdict in verdicts] == [
        "date=2026-10-03: not a directory",
        "None",
        "date=2026-10-03: not a directory",
        "None",
    ]
    assert set(sink.events) == {"evt_2", "evt_4"}


def test_a_store_that_cannot_be_written_to_is_not_asked_once_for_each_event() -> None:
    """A full disk stays full."""
    asked = []

    def refuse(events: Sequence[Event]) -> None:
        asked.append(len(events))
        raise StoreError("full")

    verdicts, _ = write_each(RememberingSink(refuse), [event(number) for number in range(50)])

    assert all(isinstance(verdict, StoreError) for verdict in verdicts)
    assert asked == [50]
