"""The query in English."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from tests.query_strategies import nodes, raw_nodes

from logtui.core.columns import BY_FIELD
from logtui.core.query.ast import Between, Node
from logtui.core.query.flags import FLAGS
from logtui.core.query.normal import conditions
from logtui.core.query.parser import parse
from logtui.core.query.sentence import to_sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "all events"),
        ("-*", "no events"),
        (
            "type:sign_in.* actor:user_2ab since:24h -type:*.captcha.*",
            "events of type sign_in.* (any depth), by user_2ab, since 24 hours ago, not of type like *.captcha.*",
        ),
        ("type:a.b,c.*", "events of type a.b or c.* (any depth)"),
        ("type:a,b,c", "events of type a, b or c"),
        ("subject:org_91 -actor:system", "events on org_91, not by system"),
        ("actor:* -trace:*", "events with an actor, without a trace"),
        ("ip:203.0.113.0/24,10.0.0.1", "events from the network 203.0.113.0/24 or 10.0.0.1"),
        (
            "source:api device:d1 id:e1 trace:t1",
            "events from the source api, from the device d1, with the id e1, in the trace t1",
        ),
        (
            "is:failure -is:anonymous -is:late",
            "events that are failures, with an actor, not written more than 5 minutes late",
        ),
        ("severity:>=warning", "events of severity at least warning"),
        ("p.attempts:>3 p.n:1..5", "events with payload.attempts above 3, with payload.n between 1 and 5"),
        ("p.email:*@corp.com -p.x:*", "events with payload.email like *@corp.com, without any payload.x"),
        ("actor:/^user_/", "events by matching /^user_/"),
        ('"password reset" -fail*d', 'events mentioning "password reset", not mentioning "fail*d" (* is any text)'),
        ('actor:"a b","c*"', 'events by "a b" or "c*"'),
        ("a OR b c", 'events mentioning "a" or (mentioning "b" and mentioning "c")'),
        ("x (actor:a OR subject:a)", 'events mentioning "x", (by a or on a)'),
        ("-(actor:a subject:b)", "events not (by a and on b)"),
        ("since:yesterday until:fri", "events since yesterday, until the end of Friday"),
        ("since:1h until:15m", "events since 1 hour ago, before 15 minutes ago"),
        ("until:now", "events before now"),
        ("on:2026-10-04", "events on 2026-10-04"),
        ("around:evt_1~5m", "events within 5 minutes of the event evt_1"),
        ("around:09:30~1w", "events within 1 week of 09:30"),
    ],
)
def test_a_query_reads_as_one_sentence(text: str, sentence: str) -> None:
    """Someone who does not know the language can check what is asked."""
    assert to_sentence(parse(text)) == sentence


def test_resolved_times_are_said_absolutely() -> None:
    """An export's heading names the times that were searched."""
    assert to_sentence(Between(0, 1_500_000)) == "events since 1970-01-01T00:00:00Z and before 1970-01-01T00:00:01.5Z"


@pytest.mark.parametrize("text", [*(f"is:{name}" for name in FLAGS), *(f"{field}:x" for field in BY_FIELD)])
def test_every_flag_and_field_has_words(text: str) -> None:
    """A new flag or column is not forgotten."""
    assert to_sentence(parse(text)) != to_sentence(parse(f"-{text}"))


@settings(max_examples=150)
@given(raw_nodes() | nodes())
def test_every_tree_has_a_sentence(node: Node) -> None:
    """No condition is left out: a query's sentence has the words of each of its conditions."""
    sentence = to_sentence(node)

    parts = [to_sentence(part).removeprefix("events ") for part in conditions(node)]
    assert all(part in sentence for part in parts)
    assert sentence.startswith("events ") or not parts or sentence == "no events"
