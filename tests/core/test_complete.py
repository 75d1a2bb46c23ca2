"""Completion of the query line."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logtui.core.catalogue import Catalogue, Entry
from logtui.core.errors import QuerySyntaxError
from logtui.core.query.complete import MAX_OPTIONS, Completion, complete
from logtui.core.query.fields import FIELDS
from logtui.core.query.flags import FLAGS
from logtui.core.query.parser import parse

CATALOGUE = Catalogue(
    Entry(name, "C", description=f"about {name}")
    for name in (
        "user.created", "user.deleted", "sign_in.created", "sign_in.password.failed", "sign_in.password.pwned",
        "sign_up.created",
    )
)  # fmt: skip
SEEN: dict[str, Sequence[str]] = {
    "type": ("user.created", "custom.thing"),
    "actor": ("user_2ab", "the boss", "user_9", "User_X", "*"),
    "severity": ("fatal",),
    "id": ("evt_1", "odd id"),
    "payload": ("email", "user.name", '"odd key"'),
    "payload.email": ("a@b.c", "x y"),
}


def _complete(marked: str) -> Completion:
    """Complete at the | in the text."""
    before, _, after = marked.partition("|")
    return complete(before + after, len(before), seen=lambda field: SEEN.get(field, ()), catalogue=CATALOGUE)


def _texts(marked: str) -> list[str]:
    return [option.text for option in _complete(marked).options]


def _applied(marked: str, choice: int = 0) -> str:
    """Return the query after choosing an option."""
    text = marked.replace("|", "")
    found = _complete(marked)
    return text[: found.start] + found.options[choice].text + text[found.end :]


def test_an_empty_line_offers_every_field() -> None:
    """The most used first."""
    texts = _texts("|")

    assert texts[:3] == ["type:", "actor:", "subject:"]
    assert [text.rstrip(":.") for text in texts] == list(FIELDS)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("act|", ["actor:", "actor_type:"]),
        ("a b su|", ["subject:", "subject_type:", "is:success"]),
        ("-sin|", ["since:"]),
        ("-(sin|", ["since:"]),
        ("NOT sin|", ["since:"]),
        ("pay|", ["payload."]),
        ("p.|", ["payload.email:", "payload.user.name:", 'payload."odd key":']),
        ("payload.us|", ["payload.user.name:"]),
        ("AN|", ["AND", "is:anonymous"]),
        ("fail|", ["is:failure", "type:sign_in.password.failed"]),
        ("sign|", ["type:sign_in.*", "type:sign_up.*"]),
        ("cust|", ["type:custom.*"]),
    ],
)
def test_a_word_becomes_a_field_a_flag_or_a_type(marked: str, expected: list[str]) -> None:
    """Someone who knows only what to look for is led to the field."""
    assert _texts(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("type:|", ["user.", "sign_in.", "sign_up.", "custom."]),
        ("type:sig|", ["sign_in.", "sign_up."]),
        ("type:sign_in.|", ["sign_in.*", "sign_in.created", "sign_in.password."]),
        ("type:SIGN_IN.pass|", ["sign_in.password."]),
        ("type:sign_in.password.|", ["sign_in.password.*", "sign_in.password.failed", "sign_in.password.pwned"]),
        ("type:user.created,sign_u|", ["sign_up."]),
        ("-type:pwned|", ["sign_in.password.pwned"]),
        ("type:user.created|", []),
        ("type:nothing|", []),
    ],
)
def test_types_are_completed_segment_by_segment(marked: str, expected: list[str]) -> None:
    """Known and seen types alike; what begins nowhere may stand anywhere inside."""
    assert _texts(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("actor:|", ["user_2ab", '"the boss"', "user_9", "User_X", '"*"']),
        ("actor:user|", ["user_2ab", "user_9", "User_X"]),
        ("actor:boss|", ['"the boss"']),
        ('actor:"the b|', ['"the boss"']),
        ('actor:"the b|oss"', []),
        ("actor:user_9,user_2|", ["user_2ab"]),
        ("actor:user_9, user_2|", ["user_2ab"]),
        ("(actor:user_2|)", ["user_2ab"]),
        ("is:|", list(FLAGS)),
        ("is:late,un|", ["unknown"]),
        ("severity:|", ["info", "success", "warning", "error", "fatal"]),
        ("severity:>=w|", [">=warning"]),
        ("p.email:|", ["a@b.c", '"x y"']),
        ("payload.email:a|", ["a@b.c"]),
        ("subject:|", []),
        ("actr:|", []),
    ],
)
def test_values_come_from_what_was_seen(marked: str, expected: list[str]) -> None:
    """Those that begin like the text first; quoted where they need it."""
    assert _texts(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("since:y|", ["yesterday"]),
        ("until:2|", ["24h"]),
        ("on:t|", ["today", "tue", "thu"]),
        ("on:1|", []),
        ("since:today,|", []),
        ("around:evt|", ["evt_1~5m"]),
        ("around:odd|", ['"odd id"~5m']),
        ("around:evt_1~1|", ["evt_1~1m", "evt_1~15m", "evt_1~1h"]),
    ],
)
def test_times_are_words_and_durations(marked: str, expected: list[str]) -> None:
    """Only days for `on:`; events and a radius for `around:`."""
    assert _texts(marked) == expected


@pytest.mark.parametrize("marked", ["actor:/us|", r"actor:/a\/|", '"some wor|ds"', '"open |'])
def test_nothing_is_offered_inside_a_regex_or_quoted_words(marked: str) -> None:
    """There the text is the user's own."""
    assert _texts(marked) == []


@pytest.mark.parametrize(
    ("marked", "completed"),
    [
        ("ac| since:1h", "actor: since:1h"),
        ("act|or:x y", "actor_type:x y"),
        ("a actor:us|er_9,b c", "a actor:user_2ab,b c"),
        ("-(type:sign_in.|)", "-(type:sign_in.*)"),
        ('actor:"the|" b', 'actor:"the boss" b'),
        ('actor:"the bo|', 'actor:"the boss"'),
        ("actor:a, |", "actor:a, user_2ab"),
    ],
)
def test_choosing_an_option_replaces_the_piece_at_the_caret(marked: str, completed: str) -> None:
    """The rest of the line stays as it is."""
    assert _applied(marked) == completed


def test_a_type_is_offered_with_its_meaning() -> None:
    """The catalogue says what it is; a group says how much is in it."""
    meanings = {option.text: option.meaning for option in _complete("type:sign_in.|").options}

    assert meanings["sign_in.created"] == "about sign_in.created"
    assert meanings["sign_in.password."] == "2 types"


def test_the_options_are_bounded() -> None:
    """A store with a million actors does not make a million options."""
    found = complete("actor:", 6, seen=lambda _: [f"user_{number}" for number in range(1000)], catalogue=CATALOGUE)

    assert len(found.options) == MAX_OPTIONS


_PIECES = st.sampled_from([*'ab:"-*()/\\,~<. ', "actor:", "p.", "since:", "type:", "user", "sign_in.", " OR "])


@settings(max_examples=300)
@given(st.lists(_PIECES, max_size=8).map("".join), st.integers(-2, 40))
def test_completion_never_fails_and_stays_at_the_caret(text: str, cursor: int) -> None:
    """Whatever half-typed text there is; the replaced piece always holds the caret."""
    found = complete(text, cursor, seen=lambda field: SEEN.get(field, ()), catalogue=CATALOGUE)

    assert 0 <= found.start <= max(0, min(cursor, len(text))) <= found.end <= len(text) or not found.options


@settings(max_examples=200)
@given(
    st.sampled_from(["", "a ", "-", "(", "x OR "]),
    st.sampled_from(["actor:", "actor:us", "p.email:", "type:user.", "is:f", "since:", "on:", "around:e"]),
)
def test_a_chosen_value_makes_a_query_that_parses(before: str, typed: str) -> None:
    """Options are written as the language wants them."""
    for choice in range(len(_complete(f"{before}{typed}|").options)):
        query = _applied(f"{before}{typed}|", choice)
        try:
            parse(query + (")" if before == "(" else ""))
        except QuerySyntaxError as error:
            pytest.fail(f"{query}: {error}")
