"""`logtui stats` and `logtui types`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.asking import event, own_store
from tests.cli.conftest import Run

from logtui.cli.commands.stats import bucket_starts
from logtui.core import catalogue
from logtui.core.clock import DAY, HOUR
from logtui.core.page import TimeRange
from logtui.storage.sidecars import LEAST_ROWS


class TestByField:
    def test_the_most_frequent_values_come_first(self, logtui: Run, small_store: Path) -> None:
        """Each with its count."""
        outcome = logtui("stats", small_store, "--by", "severity")

        assert outcome.events == [
            {"severity": "info", "count": 45},
            {"severity": "success", "count": 30},
            {"severity": "warning", "count": 15},
        ]

    def test_a_limit_is_never_silent(self, logtui: Run, small_store: Path) -> None:
        """What the rest counts is said."""
        outcome = logtui("stats", small_store, "--by", "event_type", "--limit", "2")

        assert len(outcome.events) == 2
        assert outcome.err == "logtui: 60 more events have other values; --limit N or --limit all\n"

    def test_an_estimate_has_bounds(self, logtui: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is known at once is told as what it is; without the option all events count."""
        monkeypatch.setattr("logtui.storage.duckdb.summaries._QUICKLY_READ", 0)
        actors = [f"user_{n % 300}" for n in range(LEAST_ROWS)]
        for start in (0, DAY):
            events = [event(start + n, actor=actor if start else f"{actor}x") for n, actor in enumerate(actors)]
            own_store(tmp_path / "store", [*events, *(event(start + HOUR + n, actor="root") for n in range(50))])

        estimate = logtui("stats", tmp_path / "store", "--by", "actor", "--limit", "2", "--estimate")
        exact = logtui("stats", tmp_path / "store", "--by", "actor", "--limit", "1")

        assert estimate.events[0] == {"actor": "root", "at_least": 100, "at_most": 100}
        assert estimate.events[1] == {"actor": "user_0", "at_least": 14, "at_most": 27}
        assert estimate.err == (
            "logtui: this is an estimate: a value that is not listed comes at most 27 times;"
            " without --estimate all events are counted\n"
        )
        assert exact.events == [{"actor": "root", "count": 100}]

    def test_no_value_is_a_value(self, logtui: Run, hard_store: Path) -> None:
        """Events without it are counted too."""
        outcome = logtui("stats", hard_store, "--by", "severity", "--format", "table")

        assert outcome.out.decode().split() == ["severity", "count", "-", "13", "error", "1"]

    def test_a_field_that_cannot_be_counted_by(self, logtui: Run, small_store: Path) -> None:
        """The ones that can are offered."""
        outcome = logtui("stats", small_store, "--by", "typ")

        assert outcome.code == 2
        assert "cannot count by 'typ'; did you mean type?" in outcome.err


class TestByTime:
    def test_empty_buckets_are_there(self, logtui: Run, small_store: Path) -> None:
        """A gap is a line with 0, up to now."""
        outcome = logtui("stats", small_store, "actor:user_ada since:today", "--every", "1h", "--format", "csv")

        assert outcome.out.decode().splitlines() == [
            '"start","count"',
            *[
                f'"2026-10-04T{hour:02}:00:00.000000Z","{count}"'
                for hour, count in enumerate([0, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
            ],
        ]

    def test_a_quiet_time_is_zeros(self, logtui: Run, small_store: Path) -> None:
        """The buckets depend on the question, not on the answer."""
        outcome = logtui("stats", small_store, "actor:nobody since:2h", "--every", "1h")

        assert [row["count"] for row in outcome.events] == [0, 0, 0]
        assert outcome.err == "logtui: no events match\n"

    def test_too_many_buckets_are_refused(self, logtui: Run, small_store: Path) -> None:
        """A slip of the unit does not print a million lines."""
        outcome = logtui("stats", small_store, "--every", "1s")

        assert (outcome.code, outcome.out) == (2, b"")
        assert "buckets are too many" in outcome.err

    @pytest.mark.parametrize("width", ["0h", "x", "1y"])
    def test_a_wrong_width(self, logtui: Run, small_store: Path, width: str) -> None:
        """Code 2."""

        assert logtui("stats", small_store, "--every", width).code == 2

    @pytest.mark.parametrize(
        ("counts", "asked", "expected"),
        [
            ({}, TimeRange(), []),
            ({2 * HOUR: 1, 5 * HOUR: 1}, TimeRange(), [2, 3, 4, 5]),
            ({}, TimeRange(8 * HOUR + 1, None), [8, 9, 10]),
            ({}, TimeRange(8 * HOUR, 9 * HOUR), [8]),
            ({}, TimeRange(8 * HOUR, DAY), [8, 9, 10]),
            ({12 * HOUR: 1}, TimeRange(10 * HOUR, DAY), [10, 11, 12]),
            ({2 * HOUR: 1}, TimeRange(None, 4 * HOUR), [2, 3]),
            ({}, TimeRange(None, 4 * HOUR), []),
            ({}, TimeRange(20 * HOUR, None), []),
        ],
    )
    def test_which_buckets_are_shown(self, counts: dict[int, int], asked: TimeRange, expected: list[int]) -> None:
        """The asked time up to now (10:30), and whatever holds events."""
        starts = bucket_starts(counts, asked, HOUR, now=10 * HOUR + HOUR // 2)

        assert [start // HOUR for start in starts] == expected


def test_by_or_every_is_needed(logtui: Run, small_store: Path) -> None:
    """There is no sensible default to count by."""
    outcome = logtui("stats", small_store)

    assert outcome.code == 2
    assert "name --by FIELD or --every TIME" in outcome.err


class TestTypes:
    def test_without_a_store_it_lists_the_catalogue(self, logtui: Run) -> None:
        """Nothing needs to be configured for that."""
        outcome = logtui("types")

        assert [row["event_type"] for row in outcome.events] == list(catalogue.load().types)
        assert all(row["category"] for row in outcome.events)

    def test_with_a_store_it_counts(self, logtui: Run, small_store: Path) -> None:
        """Seen types first; the known ones that do not occur have 0."""
        rows = logtui("types", small_store).events

        assert sum(row["count"] for row in rows) == 90
        assert [row["count"] for row in rows] == sorted((row["count"] for row in rows), reverse=True)
        assert {row["event_type"] for row in rows} >= set(catalogue.load().types)

    def test_an_unknown_type_is_listed_without_a_category(self, logtui: Run, hard_store: Path) -> None:
        """Unknown is normal, and visible."""
        rows = json.loads(logtui("types", hard_store, "type:test.formula", "--format", "json").out)

        assert rows[0] == {
            "event_type": "test.formula",
            "count": 1,
            "category": None,
            "subcategory": None,
            "description": None,
        }
