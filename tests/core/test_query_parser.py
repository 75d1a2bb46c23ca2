"""From query text to tree."""

from __future__ import annotations

import time

import pytest

from logtui.core.columns import BY_FIELD
from logtui.core.query.ast import (
    And,
    Around,
    Cidr,
    ColumnRef,
    Compare,
    Everything,
    Exists,
    Flag,
    Literal,
    Node,
    Not,
    On,
    Or,
    PayloadRef,
    Range,
    Regex,
    Since,
    Span,
    Term,
    Until,
    Value,
    Wildcard,
    Word,
)
from logtui.core.query.parser import MAX_CONDITIONS, MAX_DEPTH, parse

A, B, C = Word("a"), Word("b"), Word("c")


def _actor(*values: Value) -> Term:
    return Term(ColumnRef("actor"), values)


def _attempts(*values: Value) -> Term:
    return Term(PayloadRef(("attempts",)), values)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Everything()),
        (" \t\n ", Everything()),
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a OR b", Or((A, B))),
        ("a b OR c", Or((And((A, B)), C))),
        ("a OR b c", Or((A, And((B, C))))),
        ("a AND b OR c", Or((And((A, B)), C))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("a (b c)", And((A, B, C))),
        ("a OR (b OR c)", Or((A, B, C))),
        ("((a))", A),
        ("-a b", And((Not(A), B))),
        ("NOT a b", And((Not(A), B))),
        ("a -b OR c", Or((And((A, Not(B))), C))),
        ("-(a b)", Not(And((A, B)))),
        ("NOT(a)OR(b)", Or((Not(A), B))),
        ("-(-a)", Not(Not(A))),
        ("*", Everything()),
        ("a *", A),
        ("a OR *", Everything()),
        ("-*", Not(Everything())),
        ("and or not", And((Word("and"), Word("or"), Word("not")))),
    ],
)
def test_and_binds_tighter_than_or_and_groups_are_flat(text: str, tree: Node) -> None:
    """The grammar's precedence, and one tree for one question."""
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("pass*d", Word("pass*d")),
        ("pass***d", Word("pass*d")),
        ('"pass*d"', Word("pass*d", is_quoted=True)),
        ('"password reset"', Word("password reset", is_quoted=True)),
        (r'"say \"hi\" \\ C:\temp"', Word(r'say "hi" \ C:\temp', is_quoted=True)),
        ("a,b", Word("a,b")),
        ("/api/v1", Word("/api/v1")),
        (r"DOMAIN\user", Word(r"DOMAIN\user")),
        ("x-y", Word("x-y")),
        (">5", Word(">5")),
        ("50%_off", Word("50%_off")),
        ("größe", Word("größe")),
        ('"OR"', Word("OR", is_quoted=True)),
        ('"-a"', Word("-a", is_quoted=True)),
    ],
)
def test_a_word_is_taken_as_it_stands(text: str, word: Word) -> None:
    """Only spaces, parentheses, quotes and colons end a bare word; inside quotes only `\\"` and `\\\\` are escapes."""
    assert parse(text) == word


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("actor:user_2ab", _actor(Literal("user_2ab"))),
        ("actor:user_2ab,user_9", _actor(Literal("user_2ab"), Literal("user_9"))),
        ("actor:user_2ab, user_9", _actor(Literal("user_2ab"), Literal("user_9"))),
        ('actor:"user_*"', _actor(Literal("user_*", is_quoted=True))),
        ('actor:"a,b",c', _actor(Literal("a,b", is_quoted=True), Literal("c"))),
        ('actor:""', _actor(Literal("", is_quoted=True))),
        ("actor:user_*", _actor(Wildcard("user_*"))),
        ("actor:a**b", _actor(Wildcard("a*b"))),
        ("actor:*", _actor(Exists())),
        ("actor:**", _actor(Exists())),
        ("actor:/^user_[0-9]+$/", _actor(Regex("^user_[0-9]+$"))),
        (r"actor:/a\/b \\ c/,d", _actor(Regex(r"a/b \\ c"), Literal("d"))),
        ("actor:arn:aws:iam::1:user/x", _actor(Literal("arn:aws:iam::1:user/x"))),
        ("actor:AND", _actor(Literal("AND"))),
        ("p.attempts:>=3", _attempts(Compare(">=", "3"))),
        ("p.attempts:>3", _attempts(Compare(">", "3"))),
        ("p.attempts:<-1.5", _attempts(Compare("<", "-1.5"))),
        ('p.attempts:<="a b"', _attempts(Compare("<=", "a b"))),
        ("p.attempts:-5..-1", _attempts(Range("-5", "-1"))),
        ('p.attempts:"a..".."b c",7', _attempts(Range("a..", "b c"), Literal("7"))),
        ("p.attempts:1.5", _attempts(Literal("1.5"))),
        ("severity:>=WARNING", Term(ColumnRef("severity"), (Compare(">=", "warning"),))),
        ("severity:Info..error", Term(ColumnRef("severity"), (Range("info", "error"),))),
        ("severity:fatal", Term(ColumnRef("severity"), (Literal("fatal"),))),
    ],
)
def test_a_value_is_of_the_kind_that_its_signs_say(text: str, term: Term) -> None:
    """Wildcards, lists, regexes, comparisons and ranges; quotes switch all of them off."""
    assert parse(text) == term


@pytest.mark.parametrize("field", BY_FIELD)
def test_every_column_with_a_field_can_be_asked(field: str) -> None:
    """The list of columns is the list of fields."""
    assert parse(f"{field}:x") == Term(ColumnRef(BY_FIELD[field].name), (Literal("x"),))


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("203.0.113.0/24", "203.0.113.0/24"),
        ("203.0.113.7/24", "203.0.113.0/24"),
        ("10.0.0.1/32", "10.0.0.1/32"),
        ("10.0.0.0/255.0.0.0", "10.0.0.0/8"),
        ("2001:DB8::1/32", "2001:db8::/32"),
        ("::/0", "::/0"),
    ],
)
def test_an_address_with_a_prefix_is_a_network(text: str, network: str) -> None:
    """Host bits are dropped, so that an address copied from an event names its network."""
    assert parse(f"ip:{text}") == Term(ColumnRef("ip"), (Cidr(network),))


def test_only_the_address_column_has_networks() -> None:
    """A slash elsewhere is text, and so it is in quotes."""
    assert parse("source:a/24") == Term(ColumnRef("source"), (Literal("a/24"),))
    assert parse('ip:"10.0.0.0/8"') == Term(ColumnRef("ip"), (Literal("10.0.0.0/8", is_quoted=True),))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("payload.email", ("email",)),
        ("p.user.emails.0", ("user", "emails", "0")),
        ("p.user-agent", ("user-agent",)),
        ("p.@timestamp", ("@timestamp",)),
        ('p."a.b: c".d', ("a.b: c", "d")),
        (r'p."\"\\"', ('"\\',)),
        ('p.""', ("",)),
        ("p.payload.p", ("payload", "p")),
    ],
)
def test_a_payload_path_is_keys_between_dots(text: str, path: tuple[str, ...]) -> None:
    """Keys with signs of the language in them go in quotes."""
    assert parse(f"{text}:x") == Term(PayloadRef(path), (Literal("x"),))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("is:failure", Flag("failure")),
        ("is:failure,late", Or((Flag("failure"), Flag("late")))),
        ("-is:failure,late", Not(Or((Flag("failure"), Flag("late"))))),
        ("since:24h", Since("24h")),
        ("until:2026-10-04T09:30:00+02:00", Until("2026-10-04T09:30:00+02:00")),
        ('since:"2026-10-04 09:30"', Since("2026-10-04T09:30")),
        ("on:fri", On("fri")),
        ("around:evt_01J8~10m", Around("evt_01J8", "10m")),
        ("around:evt_01J8", Around("evt_01J8", "5m")),
        ("around:09:30~1h", Around("09:30", "1h")),
        ("around:urn:a:b~c~1h", Around("urn:a:b~c", "1h")),
        ('around:"an id"~1h', Around("an id", "1h")),
        ('around:"a~b"', Around("a~b", "5m")),
        ('around:"2026-10-04 09:30"~1h', Around("2026-10-04T09:30", "1h")),
    ],
)
def test_flags_and_times_stay_as_written(text: str, tree: Node) -> None:
    """Relative times are resolved when the question is asked, not when it is read."""
    assert parse(text) == tree


def test_conditions_know_where_they_stand() -> None:
    """Errors that only resolving finds can still point at the text."""
    tree = parse('actor:a,"b c" around:evt~5m x')

    assert isinstance(tree, And)
    spans = [child.span for child in tree.children if isinstance(child, Term | Around | Word)]
    assert spans == [Span(0, 13), Span(14, 27), Span(28, 29)]


def test_where_a_condition_stands_does_not_change_what_it_means() -> None:
    """Two queries are equal when they ask the same."""
    assert parse("  actor:x   since:1h ") == parse("actor:x since:1h")


def test_the_limits_are_reached_without_trouble() -> None:
    """What is just within the limits parses: depth, number of conditions, length of lists."""
    assert parse("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH) == A
    assert len(getattr(parse(" ".join(["a"] * MAX_CONDITIONS)), "children", ())) == MAX_CONDITIONS
    assert parse("actor:" + ",".join(["x"] * 10_000)) == _actor(*[Literal("x")] * 10_000)


def test_a_usual_query_is_parsed_within_a_millisecond() -> None:
    """Every keystroke parses the whole line."""
    text = 'type:sign_in.*,sign_up.* -type:*.captcha.* (ip:203.0.113.0/24 OR p.attempts:>=3) "password reset" since:24h'
    parse(text)

    def one() -> float:
        start = time.perf_counter()
        parse(text)
        return time.perf_counter() - start

    assert min(one() for _ in range(20)) < 0.001
