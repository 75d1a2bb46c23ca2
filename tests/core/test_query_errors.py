"""What is said about a query that is wrong: where, what was expected, and what may have been meant."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from logtui.core.errors import QuerySyntaxError
from logtui.core.query.flags import FLAGS
from logtui.core.query.lexer import MAX_LENGTH
from logtui.core.query.parser import MAX_CONDITIONS, MAX_DEPTH, parse


def _error(text: str) -> QuerySyntaxError:
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text)
    return caught.value


def _error_or_none(text: str) -> QuerySyntaxError | None:
    try:
        parse(text)
    except QuerySyntaxError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        # fields
        ("a «actr»:x", 'unknown field "actr"'),
        ("«payload»:x", "payload: needs a path"),
        ("«p»:x", "p: needs a path"),
        ("«p.a..b»:x", "an empty key in a payload path"),
        ("«p.a.»:x", "an empty key in a payload path"),
        ("«p.*.b»:x", "the key * in a payload path"),
        ("«p.a.b.c.d.e.f.g»:x", "the payload path is too long"),
        ("«:»x", "a field is missing before the colon"),
        # quotes and parentheses
        ('a «"b c»', "this quote is not closed"),
        ('actor:«"b»', "this quote is not closed"),
        (r'«"ab\"»', "this quote is not closed"),
        ('a«"»b"', "a quote inside a word"),
        ('actor:a«"»b"', "a quote inside a value"),
        ('"a"«b»', "text right after a closing quote"),
        ('actor:"a"«b»', "text right after a closing quote"),
        ('«""»', "there is nothing between the quotes"),
        ("a «(»b", "this parenthesis is not closed"),
        ("a «(»", "this parenthesis is not closed"),
        ("a «)» b", "no parenthesis is open here"),
        ("«)»", "no parenthesis is open here"),
        ("a («)»", "a condition is missing before this )"),
        ("(a OR «)»", "a condition is missing before this )"),
        ("f«(»x)", "a parenthesis inside a word"),
        ("actor:f«(»x)", "a parenthesis inside a value"),
        # operators
        ("a «OR»", "nothing stands after OR"),
        ("a «AND»", "nothing stands after AND"),
        ("«NOT»", "nothing stands after NOT"),
        ("«-»", "nothing stands after -"),
        ("a «-» b", "this - negates nothing"),
        ("-«-»a", "- before -"),
        ("NOT «-»a", "NOT before -"),
        ("-«NOT» a", "- before NOT"),
        ("«OR» a", "a condition is missing before OR"),
        ("a OR «OR» b", "a condition is missing before OR"),
        ("a AND «OR» b", "a condition is missing before OR"),
        ("-«OR»", "a condition is missing before OR"),
        # values
        ("actor:x,«»", "nothing stands after ,"),
        ("actor:«,»x", "nothing stands after actor:"),
        ("type:«» ", "nothing stands after type:"),
        ("(type:«)»", "nothing stands after type:"),
        ("p.n:>«»", "nothing stands after >"),
        ("p.n:>«*»", "a wildcard in a comparison"),
        ("p.n:1..«»", "nothing stands after .."),
        ("p.n:«..»1", "the lower end of the range is missing"),
        ("p.n:«1*»..2", "a wildcard in a comparison"),
        ("p.n:«5..1»", "the range runs backwards: 5 comes after 1"),
        ("a p.n:«1e3..5»,7", "the range runs backwards: 1e3 comes after 5"),
        ('p.n:«"b c"..a»', "the range runs backwards: b c comes after a"),
        ("severity:«error..info»", "the range runs backwards: error comes after info"),
        ("type:«b..A»", "the range runs backwards: b comes after A"),
        ('p.n:«""»..2', "nothing to compare with"),
        ("p.n:1..2«..»3", ".. does not belong here"),
        ("severity:>=«warn»", '"warn" has no rank'),
        ("severity:info..«x»", '"x" has no rank'),
        ("ip:«203.0.113.0/99»", "203.0.113.0/99 is not a network"),
        ("ip:«host/24»", "host/24 is not a network"),
        # regexes
        ("actor:/«a(b/»", "bad regex: missing ), unterminated subpattern"),
        (r"actor:/a\/b\/«(?=c)/»", "bad regex: lookaround is not supported"),
        ("actor:«/ab»", "this regex is not closed"),
        ("actor:/a/«i»", "text after the closing / of a regex"),
        ("actor:«//»", "the regex is empty"),
        # flags and times
        ("is:«failur»", 'unknown flag "failur"'),
        ("is:late,«*»", 'unknown flag "*"'),
        ("is:«»", "nothing stands after is:"),
        ("since:«soon»", '"soon" is not a time'),
        ("until:«2026-13-45»", '"2026-13-45" is not a time'),
        ("since:«»", "nothing stands after since:"),
        ("since:1h«,»2h", "since: takes one time"),
        ("since:«>»1h", "since: takes one time"),
        ("since:1h«..»2h", "since: takes one time"),
        ('since:"1h"«~2»', "since: takes one time"),
        ("on:«09:30»", '"09:30" is not a day'),
        ("around:«~5m»", "around: needs an anchor"),
        ("around:x~«5»", '"5" is not a duration'),
        ("around:x~«»", "a duration is missing after the ~"),
        ('around:"x"~«y»', '"y" is not a duration'),
        # characters
        ("a«\x00»b", "no event holds this character"),
        ("a «\udc80»", "no event holds this character"),
    ],
)
def test_a_mistake_is_named_at_its_place(marked: str, message: str) -> None:
    """The caret stands under what is wrong, and only there; « » show where."""
    before, _, rest = marked.partition("«")
    inside, _, after = rest.partition("»")

    error = _error(before + inside + after)
    assert error.message == message
    assert (error.column, error.width) == (len(before), max(1, len(inside)))


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("actr:x", "actor"),
        ("Type:x", "type"),
        ("user:x", ""),
        ("sbject:x", "subject"),
        ("sev:x", "severity"),
        ("sinec:1h", "since"),
        ("http://x", '"http://x"'),
        ("(https://x/y?z=1)", '"https://x/y?z=1"'),
        ("10:30", '"10:30"'),
        ("p.path:/api/users", '"/api/users"'),
        ("p.path:/api", '"/api"'),
        ("f(x)", '"f(x)"'),
        ("is:fail", "failure"),
        ("is:Failure", "failure"),
        ("since:yesteday", "yesterday"),
        ("on:tody", "today"),
        ("severity:>=warn", "warning"),
    ],
)
def test_what_was_meant_is_suggested(text: str, suggestion: str) -> None:
    """A near name, or the text in quotes where it was never meant as a field."""
    assert _error(text).suggestion == suggestion


def test_a_url_is_said_to_need_quotes() -> None:
    """The commonest text with a colon in it gets the way out in one line."""
    assert str(_error("http://x")).endswith('or the text in quotes; did you mean "http://x"?')


def test_what_was_expected_is_said() -> None:
    """The lists in messages are the lists that the parser uses."""
    assert _error("is:x").expected == ", ".join(FLAGS)
    assert "2026-10-04T09:30:00Z" in _error("since:x").expected
    assert "payload.<path>" in _error("x:y").expected


def test_the_first_mistake_is_the_one_reported() -> None:
    """Reading stops where it goes wrong, whatever follows."""
    assert _error('actr:x "open').message == 'unknown field "actr"'


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("(" * (MAX_DEPTH + 1), MAX_DEPTH, "parentheses inside each other"),
        ("-(" * 30_000, 2 * MAX_DEPTH + 1, "parentheses inside each other"),
        ("a" * (MAX_LENGTH + 1), MAX_LENGTH, "longer than"),
        ("a " * (MAX_CONDITIONS + 1), 2 * MAX_CONDITIONS, "conditions"),
    ],
)
def test_too_much_is_refused_at_the_limit(text: str, column: int, message: str) -> None:
    """No query can exhaust the stack or the machine."""
    error = _error(text)

    assert (error.column, message in error.message) == (column, True)


_SIGNS = st.sampled_from([*'ab:"-*()/\\.,~<>= \tORNT|ip01%', "actor:", "p.x:", "since:", "is:", " OR ", "NOT "])


@settings(max_examples=400)
@given(st.one_of(st.text(max_size=30), st.lists(_SIGNS, max_size=8).map("".join)))
@example('p."')
@example("-")
@example("around:")
@example("p.x:/\\")
def test_any_text_is_understood_or_refused_within_itself(text: str) -> None:
    """No text whatever raises anything else, and the place is always one that can be shown."""
    error = _error_or_none(text)

    assert error is None or (0 <= error.column <= len(text) and error.width >= 1 and error.message)


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("p.n:5..1", "1..5"),
        ('p.n:"b c"..a', 'a.."b c"'),
        ("severity:Error..info", "info..error"),
        ("p.n:9..-1", "-1..9"),
    ],
)
def test_of_a_backward_range_the_forward_one_is_suggested(text: str, turned: str) -> None:
    """It would match nothing; what is suggested is a query."""
    error = _error(text)
    assert error.suggestion == turned
    parse(f"{text.partition(':')[0]}:{turned}")


@pytest.mark.parametrize(
    "text", ["p.n:5..5", "p.n:05..5", "p.n:10..9a", "type:A..b", "actor:A..a", "severity:info..error"]
)
def test_ranges_that_something_may_be_in_are_taken(text: str) -> None:
    """Numbers are compared as numbers, other ends as text, types without regard to case."""
    assert _error_or_none(text) is None
