"""From written times to absolute ones, and the range that a query implies."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.query_strategies import nodes, times

from logtui.core.clock import DAY, HOUR, MINUTE
from logtui.core.errors import QuerySyntaxError
from logtui.core.page import ALL_TIME, Selection, TimeRange
from logtui.core.query.ast import And, Around, Between, Everything, Node, Not, Or, Since, Span, Word
from logtui.core.query.parser import parse
from logtui.core.query.resolve import implied_range, resolve
from logtui.core.times import day_start

MIDNIGHT = day_start("2026-10-04")
NOW = MIDNIGHT + 12 * HOUR
STORED = {"evt_1": MIDNIGHT - HOUR}


def _resolve(text: str) -> Selection:
    return resolve(parse(text), now=NOW, find_time=STORED.get)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("since:24h", NOW - DAY, None),
        ("since:yesterday", MIDNIGHT - DAY, None),
        ("until:2h", None, NOW - 2 * HOUR),
        ("until:now", None, NOW),
        ("until:yesterday", None, MIDNIGHT),
        ("until:2026-10-04", None, MIDNIGHT + DAY),
        ("until:2026-10-04T00:00", None, MIDNIGHT),
        ("on:today", MIDNIGHT, MIDNIGHT + DAY),
        ("on:fri", MIDNIGHT - 2 * DAY, MIDNIGHT - DAY),
        ("around:evt_1~10m", MIDNIGHT - 70 * MINUTE, MIDNIGHT - 50 * MINUTE + 1),
        ("around:evt_1~0s", MIDNIGHT - HOUR, MIDNIGHT - HOUR + 1),
        ("around:09:30", MIDNIGHT + 9 * HOUR + 25 * MINUTE, MIDNIGHT + 9 * HOUR + 35 * MINUTE + 1),
        ("around:yesterday~1h", MIDNIGHT - DAY - HOUR, MIDNIGHT + HOUR),
    ],
)
def test_a_time_term_becomes_the_range(text: str, start: int | None, end: int | None) -> None:
    """`since:` includes its time; `until:` a day includes that day, `until:` an instant does not include it."""
    assert _resolve(text) == Selection(Everything(), TimeRange(start, end))


def test_several_times_narrow_the_range() -> None:
    """All top-level times hold; what else is asked stays as the condition."""
    assert _resolve("since:7d a until:today since:yesterday") == Selection(
        Word("a"), TimeRange(MIDNIGHT - DAY, MIDNIGHT + DAY)
    )


def test_a_time_in_a_group_stays_a_condition() -> None:
    """Only what must hold for every event may leave the condition."""
    selection = _resolve("(a since:1h) OR (b on:yesterday)")

    assert selection == Selection(
        Or((And((Word("a"), Between(NOW - HOUR, None))), And((Word("b"), Between(MIDNIGHT - DAY, MIDNIGHT))))),
        TimeRange(MIDNIGHT - DAY, None),
    )


@pytest.mark.parametrize("text", ["a", "a OR since:1h", "-since:1h", "-(on:today)", "a OR -on:today"])
def test_a_time_that_need_not_hold_gives_no_range(text: str) -> None:
    """No day is skipped that may hold a match."""
    assert _resolve(text).range == ALL_TIME


def test_times_without_an_overlap_give_an_empty_range() -> None:
    """Nothing can match, and the range says so."""
    assert _resolve("on:today on:yesterday").range.is_empty


def test_an_event_that_is_not_stored_is_an_error_at_its_place() -> None:
    """A wrong id is a mistake to correct, not an empty result."""
    with pytest.raises(QuerySyntaxError, match='no event with the id "evt_2" is stored') as caught:
        _resolve("a around:evt_2~5m b")

    assert (caught.value.column, caught.value.width) == (2, 15)


def test_events_are_looked_up_only_when_a_query_names_one() -> None:
    """A lookup reads the store."""
    asked: list[str] = []

    def find(event_id: str) -> int | None:
        asked.append(event_id)
        return 0

    resolve(parse("around:09:30~5m since:1h a"), now=NOW, find_time=find)
    assert asked == []
    resolve(parse("around:evt_1~5m"), now=NOW, find_time=find)
    assert asked == ["evt_1"]


def test_a_tree_made_by_hand_with_a_bad_time_is_refused() -> None:
    """Even then the error is the query's, with a place."""
    with pytest.raises(QuerySyntaxError, match="is not a time"):
        resolve(Since("soon", Span(3, 7)), now=NOW, find_time=STORED.get)
    with pytest.raises(QuerySyntaxError, match="is not a duration"):
        resolve(Around("now", "soon"), now=NOW, find_time=STORED.get)


def _can_hold(node: Node, at: int) -> bool:
    """Tell whether a tree could be true at a time, whatever the event is like otherwise."""
    match node:
        case Between(start, end):
            return (start is None or start <= at) and (end is None or at < end)
        case And(children):
            return all(_can_hold(child, at) for child in children)
        case Or(children):
            return any(_can_hold(child, at) for child in children)
        case Not(Between() as child):
            return not _can_hold(child, at)
        case _:
            return True


@settings(max_examples=200)
@given(nodes(), times())
def test_no_event_that_can_match_lies_outside_of_the_range(node: Node, at: int) -> None:
    """Engines may skip every file outside of it."""
    found = implied_range(node)

    if _can_hold(node, at):
        assert found.start is None or found.start <= at
        assert found.end is None or at < found.end


@settings(max_examples=100)
@given(nodes(), st.integers(0, 10**16))
def test_a_resolved_tree_resolves_to_the_same_whenever(node: Node, now: int) -> None:
    """Absolute times do not move."""
    assert resolve(node, now=now, find_time=STORED.get) == resolve(node, now=NOW, find_time=STORED.get)
