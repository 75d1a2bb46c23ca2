"""What a summary says is what its events are; bytes that are not a summary say nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.query_strategies import events

from logtui.core.clock import DAY, HOUR, MINUTE
from logtui.core.event import Event
from logtui.core.page import TimeRange
from logtui.core.query.flags import is_late
from logtui.storage import merged_tops
from logtui.storage.arrow_schema import table_of
from logtui.storage.merged_tops import MergedTops
from logtui.storage.summary import (
    KIND_COLUMNS,
    WIDTHS,
    Summary,
    SummaryError,
    decoded,
    encoded,
    kinds_of,
)
from logtui.storage.summary_building import MOST_KINDS, MOST_TEXT, SummaryBuilder
from logtui.storage.tops import MOST_VALUES, TOP_COLUMNS, Top, decoded_top, encoded_top

BASE = 1_791_072_000_000_000
PLAIN = Event(BASE, "evt", "user.created", ingested_at=BASE, payload="{}")


def built(given_events: Sequence[Event], piece: int = 1_000_000) -> SummaryBuilder:
    table = table_of(given_events)
    builder = SummaryBuilder()
    for start in range(0, table.num_rows, piece):
        builder.add(table.slice(start, piece))
    return builder


def summary_of(given_events: Sequence[Event]) -> Summary:
    return decoded(encoded(built(given_events).summary()))


def kinds(summary: Summary) -> list[tuple[object, ...]]:
    found = kinds_of(summary, summary.kinds)
    return [tuple(found[digest].get(part) for part in summary.parts) for digest in summary.kinds]


def kind(event: Event, parts: Sequence[str]) -> tuple[object, ...]:
    flags = {"anonymous": int(event.actor is None), "late": int(is_late(event.event_time, event.ingested_at))}
    return tuple(flags[part] if part in flags else getattr(event, part) for part in parts)


def stored() -> st.SearchStrategy[list[Event]]:
    """Events as they are stored, some at odd microseconds."""
    one = st.builds(
        lambda event, more: replace(event, event_time=event.event_time + more, payload=event.payload or "{}"),
        events(),
        st.sampled_from((0, 0, 1, 59_999_999, -1)),
    )
    return st.lists(one, min_size=1, max_size=60)


class TestCounts:
    @settings(max_examples=60, deadline=None)
    @given(given_events=stored(), piece=st.integers(1, 70))
    def test_are_those_of_the_events(self, given_events: list[Event], piece: int) -> None:
        """By kind, over the whole segment, whatever row groups it came in."""
        summary = decoded(encoded(built(given_events, piece).summary()))
        times = [event.event_time for event in given_events]
        assert (summary.rows, summary.times) == (len(times), TimeRange(min(times), max(times) + 1))
        expected = Counter(kind(event, summary.parts) for event in given_events)
        assert dict(zip(kinds(summary), summary.counts, strict=True)) == expected

    @pytest.mark.parametrize("spread", [MINUTE, HOUR, DAY])
    def test_by_time_are_those_of_each_bin(self, spread: int) -> None:
        """A kind's row of the grid says when its events happened, also before 1970."""
        types = ("a.created", "b.created", "c.created")
        for start in (BASE, -DAY + 7):
            given_events = [
                replace(PLAIN, event_time=start + (n * n * 7919) % spread, event_type=types[n % 3]) for n in range(900)
            ]
            summary = summary_of(given_events)
            assert summary.minutes is not None
            assert summary.grid is not None
            for rows, grid, wanted in [
                ([0], summary.minutes, given_events),
                *(
                    ([row], summary.grid, [event for event in given_events if kind(event, summary.parts) == name])
                    for row, name in enumerate(kinds(summary))
                ),
                ([0, 2], summary.grid, [event for event in given_events if kind(event, summary.parts) in
                                        (kinds(summary)[0], kinds(summary)[2])]),
            ]:  # fmt: skip
                found = {grid.first + place: count for place, count in enumerate(grid.total(rows)) if count}
                assert found == Counter(event.event_time // grid.width for event in wanted)
            assert summary.minutes.width in WIDTHS

    def test_too_many_kinds_make_fewer_columns(self) -> None:
        """Sources like host names leave the types countable."""
        many = [replace(PLAIN, source=f"host-{n}", event_type=("a", "b")[n % 2]) for n in range(MOST_KINDS + 5)]
        summary = summary_of(many)
        assert "source" not in summary.parts
        assert "event_type" in summary.parts
        assert sorted(summary.counts) == sorted(Counter(event.event_type for event in many).values())

    def test_too_many_kinds_together_leave_the_last_columns_out(self) -> None:
        """Each column has few values, but they come in all combinations."""
        many = [replace(PLAIN, event_type=f"t{n % 60}", source=f"s{n // 60}") for n in range(3600)]
        summary = summary_of(many)
        assert summary.parts[:2] == ("event_type", "severity")
        assert "source" not in summary.parts
        assert len(summary.kinds) == 60

    def test_long_texts_leave_their_columns_out(self) -> None:
        """A summary does not grow with what a stranger may send; the most frequent values end before them."""
        long = [replace(PLAIN, source="x" * MOST_TEXT, actor="y" * MOST_TEXT), *[replace(PLAIN, actor="ada")] * 3]
        builder = built(long)
        summary = decoded(encoded(builder.summary()))
        assert "source" not in summary.parts
        assert list(summary.counts) == [4]
        assert builder.tops()[TOP_COLUMNS.index("actor")] == Top.of(0, (("ada", 3),), 1)

    def test_long_spans_have_no_bins(self) -> None:
        """A wrong clock makes no file of a million zeros."""
        summary = summary_of([PLAIN, replace(PLAIN, event_time=BASE + 400 * DAY)])
        assert (summary.minutes, summary.grid) == (None, None)
        assert summary.rows == 2


class TestTops:
    def test_are_the_most_frequent_values(self) -> None:
        """With what the others may come to, and how many have none."""
        given_events = [
            replace(PLAIN, actor=None if n % 10 == 0 else f"user_{n % 400:03}" if n % 3 else "root")
            for n in range(4000)
        ]
        counts = Counter(event.actor for event in given_events)
        top = decoded_top(encoded_top(built(given_events, 999).tops()[TOP_COLUMNS.index("actor")]))
        assert top.nulls == counts.pop(None)
        assert (top.values[0], top.counts[0]) == ("root", counts["root"])
        assert len(top.values) == MOST_VALUES
        assert all(counts.pop(str(value)) == count for value, count in zip(top.values, top.counts, strict=True))
        assert max(counts.values()) == top.most_other

    def test_few_values_are_all_there(self) -> None:
        """Then nothing is left open."""
        top = built([replace(PLAIN, ip=f"10.0.0.{n % 3}") for n in range(10)]).tops()[TOP_COLUMNS.index("ip")]
        assert top == Top.of(0, (("10.0.0.0", 4), ("10.0.0.1", 3), ("10.0.0.2", 3)), 0)


@settings(max_examples=200, deadline=None)
@given(
    segments=st.lists(
        st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 9), min_size=1), min_size=1, max_size=5
    ),
    kept=st.integers(1, 4),
    limit=st.integers(1, 5),
    nulls=st.integers(0, 5),
    enough=st.integers(1, 4),
)
def test_merged_tops_bound_the_truth(
    segments: list[dict[str, int]], kept: int, limit: int, nulls: int, enough: int
) -> None:
    """Whatever was not kept, no value has fewer or more events than is said, and exact answers are exact."""
    truth: Counter[str | None] = Counter({None: nulls} if nulls else {})
    merged = MergedTops()
    for number, counts in enumerate(segments):
        ranked = sorted(counts.items(), key=lambda item: -item[1])
        most_other = ranked[kept][1] if len(ranked) > kept else 0
        missing = nulls if number == 0 else 0
        merged.add(Top.of(missing, ranked[:kept], most_other), sum(counts.values()) + missing)
        truth.update(counts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merged_tops, "_ENOUGH", (enough, 99))
        facet = merged.facet("actor", limit)
    best = sorted(truth.items(), key=lambda item: (-item[1], item[0] is None, item[0] or ""))
    if facet.is_exact:
        assert [(each.value, each.count) for each in facet.values] == best[:limit]
        assert facet.other == sum(count for _, count in best[limit:])
    for each in facet.values:
        assert each.count <= truth.pop(each.value) <= each.count + each.more
    assert truth.total() <= facet.other
    assert facet.is_exact or max(truth.values(), default=0) <= facet.most_unlisted


class TestBytes:
    @settings(max_examples=150, deadline=None)
    @given(data=st.data())
    def test_changed_ones_are_refused_or_say_the_same(self, data: st.DataObject) -> None:
        """No checksum is needed to end in one known error: nothing else is raised."""
        content = bytearray(encoded(built([PLAIN, replace(PLAIN, event_type="b", actor="ada")]).summary()))
        for _ in range(data.draw(st.integers(1, 3))):
            content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
        try:
            summary = decoded(bytes(content))
            kinds_of(summary, summary.kinds)
            for grid in (summary.minutes, summary.grid):
                if grid is not None:
                    grid.sums(TimeRange())
        except SummaryError:
            return

    @given(
        nulls=st.integers(0, 9),
        pairs=st.lists(st.tuples(st.text(max_size=5), st.integers(1, 99)), max_size=5),
        most_other=st.integers(0, 9),
    )
    @example(nulls=0, pairs=[("", 3)], most_other=0)
    @example(nulls=0, pairs=[("\0\1\n", 3), ("", 2)], most_other=1)
    def test_the_most_frequent_values_are_read_as_they_were(
        self, nulls: int, pairs: list[tuple[str, int]], most_other: int
    ) -> None:
        """Whatever is in them."""
        top = Top.of(nulls, pairs, most_other)
        assert decoded_top(encoded_top(top)) == top

    def test_the_most_frequent_values_may_have_every_character(self) -> None:
        """But halves of pairs, which are none."""
        every = "".join(map(chr, range(0xD800)))
        top = Top.of(0, [(every, 2), ("b", 1)], 0)
        assert decoded_top(encoded_top(top)) == top

    @pytest.mark.parametrize("content", [b"", b"\0", b"\xff\xff\xff\xff{}", b"\2\0\0\0[]", b"\2\0\0\0{}"])
    def test_foreign_ones_are_refused(self, content: bytes) -> None:
        with pytest.raises(SummaryError):
            decoded(content)
        with pytest.raises(SummaryError):
            decoded_top(content)

    def test_kinds_have_every_column_that_a_facet_can_ask_for(self) -> None:
        """Those that are no kinds' are ids."""
        assert set(summary_of([PLAIN]).parts) == {*KIND_COLUMNS, "anonymous", "late"}
