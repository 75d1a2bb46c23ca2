"""Everything is said in words, in one order, with nothing that only eyes could use."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.samples import NOW

from logtui.core.clock import HOUR
from logtui.core.errors import QuerySyntaxError
from logtui.core.event import Event
from logtui.core.page import Facet, FacetValue, Histogram
from logtui.core.query.parser import parse
from logtui.plain import words
from logtui.plain.commands import BY_NAME, COMMANDS, Order, order_of
from logtui.plain.deeds import Deeds
from logtui.plain.help import help_lines
from logtui.tui.moments import Zone

EVENT = Event(NOW, "e1", "user.created", severity="warning", actor="user_1")


class TestEvents:
    def test_one_is_time_severity_type_actor_subject(self) -> None:
        """In the order that tells most first; what is missing is said."""
        assert (
            words.event_words(EVENT, 3, words.COLUMNS, Zone())
            == "3. 12:00:00, warning, user.created, actor user_1, no subject"
        )
        assert words.day_words(EVENT, Zone()) == "2026-10-04, UTC:"

    def test_ages_need_no_day(self) -> None:
        """They are told as they are."""
        zone = Zone("relative", NOW + HOUR)
        assert words.event_words(EVENT, 1, ("event_time", "source"), zone).startswith("1. 1h 00m ago")
        assert words.day_words(EVENT, zone) == ""

    def test_hostile_values_are_spelled_out(self) -> None:
        """As on the screen."""
        hostile = replace(EVENT, actor="\x1b[2J\u202e")
        assert "actor ␛[2J\\u202e" in words.event_words(hostile, 1, words.COLUMNS, Zone())

    def test_a_whole_event_has_no_signs(self) -> None:
        """Words alone: the screen's signs would be read as punctuation."""
        lines = list(words.whole_words(EVENT, None, NOW))
        assert "type: user.created" in lines
        assert "severity: warning" in lines
        assert "subject: none" in lines

    def test_a_payload_is_its_leaves(self) -> None:
        """With their paths, as a query writes them, and what is left out is counted."""
        payload = '{"a": {"b": ["x", 1]}, "c": {}, "d": null, "e": ""}'
        assert list(words.payload_words(payload, 4)) == [
            "payload.a.b.0: x", "payload.a.b.1: 1", "payload.c: an empty object", "payload.d: null",
            "and 1 more leaves",
        ]  # fmt: skip
        assert list(words.payload_words('{"a": 1, oops', 9))[-1].startswith("no JSON from character")


class TestCounts:
    def test_stretches_without_events_are_taken_together(self) -> None:
        """Nobody listens to eleven zeros."""
        histogram = Histogram(NOW, HOUR, (2, 0, 0, 5, 0))
        assert list(words.times_words(histogram, Zone())) == [
            "stretches of 1h, UTC", "10-04 12:00: 2 events", "nothing in 2 stretches",
            "10-04 15:00: 5 events, the most", "nothing in one stretch",
        ]  # fmt: skip

    def test_values_have_numbers_to_choose_by(self) -> None:
        """A missing value, too."""
        facet = Facet("actor", (FacetValue("a", 2), FacetValue(None, 1)), 4, is_exact=False)
        assert list(words.facet_words(facet)) == [
            "actor, the 2 most frequent values:", "1. a, at least 2 events", "2. no actor, at least 1 event",
            "other values, at least 4 events",
        ]  # fmt: skip

    def test_a_total_says_whether_it_is_one(self) -> None:
        """Never a number that is only a part."""
        assert words.Total(1, is_exact=True).text == "1 event"
        assert words.Total(20_000, is_exact=False).text == "at least 20,000 events, still counting"


class TestMistakes:
    def test_the_place_is_told_in_words(self) -> None:
        """A mark below the line would be lost on whoever does not see it."""
        text = "actor:a type:sign("
        with pytest.raises(QuerySyntaxError) as caught:
            parse(text)
        lines = list(words.mistake_words(caught.value, text))
        assert lines[:2] == [
            "not understood: a parenthesis inside a value",
            "character 18, at “(”, after “actor:a type:sign”",
        ]


class TestCommands:
    @pytest.mark.parametrize(
        ("line", "order"),
        [
            ("next", Order("next")),
            (" n ", Order("next")),
            ("7", Order("open", "7")),
            ("open 7", Order("open", "7")),
            ("", Order("where")),
            ("?", Order("help")),
            ("type:sign_in.*", Order("query", "type:sign_in.*")),
            ("next door", Order("query", "next door")),
            ("/next", Order("query", "next")),
            ("filter is:failure", Order("filter", "is:failure")),
        ],
    )
    def test_a_line_is_a_command_or_a_query(self, line: str, order: Order) -> None:
        """Words of commands win, unless what follows makes no sense to them."""
        assert order_of(line) == order

    def test_words_are_distinct_and_each_is_done(self) -> None:
        """The table and the methods are one list."""
        said = [word for command in COMMANDS for word in (command.name, command.short) if word]
        assert len(set(said)) == len(said)
        assert {name for name in dir(Deeds) if name.startswith("do_")} == {
            f"do_{name}" for name in (*BY_NAME, "query", "line")
        }

    def test_help_is_searched_by_a_word(self) -> None:
        """In commands and in the language."""
        assert len(list(help_lines(""))) == len(COMMANDS) + 2
        assert any("severity" in line for line in help_lines("severity"))
        assert list(help_lines("qzx")) == ["nothing about qzx"]
