"""DuckDB and the plain-Python reference find the same events, for any query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.generated_events import generated_events
from tests.query_strategies import BASE, IDS, PATTERNS, REGEXES, TYPES, WORDS, nodes
from tests.samples import hard_events

from logtui.core.columns import COLUMNS
from logtui.core.event import Event
from logtui.core.query.ast import (
    Cidr,
    ColumnRef,
    Compare,
    Exists,
    Flag,
    Literal,
    Node,
    Not,
    PayloadRef,
    Range,
    Regex,
    Term,
    Value,
    Wildcard,
    Word,
)
from logtui.core.query.flags import FLAGS
from logtui.core.query.normal import all_of, any_of
from logtui.storage.arrow_schema import SCHEMA, table_of
from logtui.storage.duckdb.compiler import compile_condition
from logtui.storage.reference import matches

_DEEP = 200
_NULLABLE = pa.schema([field.with_nullable(True) for field in SCHEMA])
"""Other tools leave out what our own files always have."""

HARD_PAYLOADS = (
    '{"n":1.0}',
    '{"n":1}',
    '{"n":1e3}',
    '{"n":1E+5}',
    '{"n":1.10}',
    '{"n":-0}',
    '{"n":-0.0}',
    '{"n":0.1}',
    '{"n":0.00001}',
    '{"n":1.5e-7}',
    '{"n":1e20}',
    '{"n":1e21}',
    '{"n":1e309}',
    '{"n":-1e309}',
    '{"n":5e-324}',
    '{"n":12345678901234567890.0}',
    '{"n":9007199254740992}',
    '{"n":9007199254740993}',
    '{"n":18446744073709551615}',
    '{"n":18446744073709551616}',
    '{"n":-9223372036854775808}',
    '{"n":-9223372036854775809}',
    '{"n":123456789012345678901234567890}',
    '{"n":%s}' % ("9" * 120),
    '{"n":NaN}',
    '{"n":-Infinity}',
    '{"n":"1"}',
    '{"n":"1.0"}',
    '{"n":"1e3"}',
    '{"n":"007"}',
    '{"n":" 1"}',
    '{"n":"1_000"}',
    '{"n":"inf"}',
    '{"n":"0x10"}',
    '{"n":"١"}',
    '{"n":true}',
    '{"n":null}',
    '{"n":[]}',
    '{"n":{}}',
    '{"n":[null]}',
    '{"n":[{}]}',
    '{"n":[[]]}',
    '{"n":{"m":1}}',
    '{"n":[1,[2,[3,[4]]]]}',
    '{"n":[{"m":1},{"m":[2,{"m":3}]},[{"m":4}],[[{"m":5}]]]}',
    '{"n":{"m":{"n":[{"m":6}]}}}',
    '{"n":[[10,20],[30]]}',
    '[{"n":1},{"n":[7]}]',
    '[[{"n":5}],8]',
    '[[[{"n":5}]]]',
    '{"0":{"n":7},"n":{"0":1,"1":2,"00":3}}',
    '{"n":1,"n":2}',
    '{"n":null,"n":2}',
    '{"n":[1],"n":{"m":1}}',
    '{"\\u006e":5}',
    '{"a/b":1,"~":2,"a.b":3,"":4,"*":5,"$":6,"\\"":7,"#":8,"[*]":9,"\\u0000":10}',
    '{"a":{"b":{"n":{"m":{"n":{"m":"deep"}}}}}}',
    '{{"n":{}1{}}}'.format("[" * _DEEP, "]" * _DEEP),
    '{"t":"\\u00e9 \\ud83d\\ude00 \\u0000 \\n \\/"}',
    '{"t":"é 😀"}',
    '{"t":"\\u004fNE"}',
    '{"t":"a\\/b"}',
    '{"t":"one\\ttab"}',
    '{"t":"\\ud83d"}',
    '{"t":1,"\\ude00":1}',
    '{"t":"%"}',
    '{"t":"a_b%c\\\\"}',
    '{"t":"{"}',
    '{"t":"[1]"}',
    '{"t":["one\\ntwo","ONE",""]}',
    '{"t":"it\'s -- ; \\" ?"}',
    '  \n{"n":3}\t',
    '\ufeff{"n":1}',
    '{"n":1}garbage',
    '{"n":01}',
    '{"n":"\x01"}',
    "{'n':1}",
    '{"n":1',
    "",
    " ",
    "null",
    "12",
    '"n"',
    "[1,2]",
    "plain text with n and İstanbul, DENİED to a \N{KELVIN SIGN}ing",
)
PATHS = (
    *(("n",), ("n",), ("n", "m"), ("n", "0"), ("n", "1"), ("n", "00"), ("n", "1", "0"), ("0", "n"), ("t",), ("t",)),
    *(("a", "b", "n", "m", "n", "m"), ("n", "m", "n", "m"), ("a/b",), ("~",), ("a.b",), ("",), ("*",), ("$",)),
    *(('"',), ("#",), ("[*]",), ("\0",), ("0",), ("missing",)),
)
NUMBERS = (
    *("0", "-0", "1", "1.0", "007", "1e3", "1000", "1.1", "0.1", "1e21", "1e309", "-1e309", "1e-7", "9007199254740993"),
    *("9007199254740992.0", "18446744073709551616", "18446744073709551615", "9" * 120, "5", "2", "3", "4", "30", "8"),
)
TEXTS = (
    "true",
    "a/b",
    "one\ttab",
    "NaN",
    "inf",
    "deep",
    "é 😀",
    "%",
    "a_b%c\\",
    "{",
    "{}",
    '{"m":1}',
    "[1]",
    "ONE",
    "",
    "null",
    "1_000",
)
SEARCHES = (r"^1", "[0-9]{3}", r"\.0$", "e", "(?i)one", "(?s)e.t", r"^$", r"\W", "é", r"\x{1F600}", "a_b%", "^[^a-z]*$")
ADDRESSES = (
    *("203.0.113.7", "203.0.113.07", "203.0.113.7 ", "203.0.113", "255.255.255.255", "0.0.0.0", "10.0.0.1"),
    *("2001:db8::1", "2001:0DB8:0:0:0:0:0:1", "2001:db8:0:0:0:0:0.0.0.1", "2001:db8::1%eth0", "::", "::1", "1::"),
    *(
        "::ffff:203.0.113.7",
        "fe80::1%eth0",
        "fe80::1%ETH0",
        "2001:db8:::1",
        "g::1",
        "1:2:3:4:5:6:7::",
        "not an address",
    ),
)
NETWORKS = (
    *("203.0.113.0/24", "203.0.112.0/21", "0.0.0.0/0", "10.0.0.1/32", "255.255.255.254/31", "2001:db8::/32", "::/0"),
    *("::/1", "fe80::/10", "::ffff:203.0.113.0/120", "1:2:3:4::/64", "2001:db8::1/128", "2001:d80::/25"),
)


PAYLOAD_PATTERNS = ("1*", "*0", "*e*", "*.0", "%*", "a_*", "*\n*", "{*", "*", "a*b*c*", "*a_*c\\*", "a_*%*\\")
OPERATORS = (">", ">=", "<", "<=")


def _payload_values() -> st.SearchStrategy[Value]:
    return st.one_of(
        st.sampled_from((*NUMBERS, *TEXTS)).map(Literal),
        st.builds(Compare, st.sampled_from(OPERATORS), st.sampled_from((*NUMBERS, *TEXTS))),
        st.builds(Range, st.sampled_from((*NUMBERS, *TEXTS)), st.sampled_from((*NUMBERS, *TEXTS))),
        st.sampled_from(PAYLOAD_PATTERNS).map(Wildcard),
        st.sampled_from(SEARCHES).map(Regex),
        st.just(Exists()),
    )


def every_value(texts: Sequence[str], patterns: Sequence[str], regexes: Sequence[str]) -> Iterator[Value]:
    """Yield one value of each kind for each text, pattern and regex."""
    for text in texts:
        yield from (Literal(text), Compare(">=", text), Compare("<", text), Range(text, "5"))
    yield from map(Wildcard, patterns)
    yield from map(Regex, regexes)
    yield Exists()


def payload_nodes() -> st.SearchStrategy[Node]:
    """Conditions on the leaves of `HARD_PAYLOADS`, alone, negated and together."""
    values = st.lists(_payload_values(), min_size=1, max_size=3).map(tuple)
    terms = st.builds(Term, st.builds(PayloadRef, st.sampled_from(PATHS)), values)
    return _combined(terms)


def address_nodes() -> st.SearchStrategy[Node]:
    """Conditions on `ADDRESSES`."""
    values = st.one_of(st.sampled_from(ADDRESSES).map(Literal), st.sampled_from(NETWORKS).map(Cidr))
    return _combined(st.builds(Term, st.just(ColumnRef("ip")), st.lists(values, min_size=1, max_size=3).map(tuple)))


def _combined(terms: st.SearchStrategy[Term]) -> st.SearchStrategy[Node]:
    pairs = st.lists(terms, min_size=2, max_size=2)
    return st.one_of(terms, terms, terms.map(Not), pairs.map(all_of), pairs.map(any_of))


def all_events() -> tuple[Event, ...]:
    """Generated events, hard ones, and one for each hard payload and address."""
    hard = [
        Event(BASE, f"payload_{number}", "test.payload", payload=payload)
        for number, payload in enumerate(HARD_PAYLOADS)
    ]
    addresses = [Event(BASE, f"ip_{ip}", "test.ip", ip=ip, payload="{}") for ip in ADDRESSES]
    return (*generated_events(80), *hard_events(), *hard, *addresses)


@dataclass(frozen=True, slots=True)
class Both:
    """The same events in a Parquet file and in memory."""

    connection: duckdb.DuckDBPyConnection
    path: Path
    events: Sequence[Event] = field(repr=False)

    def check_each(self, nodes: Sequence[Node]) -> None:
        """Fail unless each query has the same answers; DuckDB gets them all in one statement."""
        compiled = [compile_condition(node) for node in nodes]
        columns = ", ".join(f"coalesce({each.sql}, false)" for each in compiled)
        rows = self.connection.execute(
            f"SELECT {columns} FROM read_parquet(?, file_row_number = true) ORDER BY file_row_number",
            [*(param for each in compiled for param in each.params), str(self.path)],
        ).fetchall()
        for node, found in zip(nodes, zip(*rows, strict=True), strict=True):
            expected = [matches(node, event) for event in self.events]
            differing = [event for event, *both in zip(self.events, found, expected, strict=True) if len({*both}) > 1]
            assert differing == [], node

    def check(self, node: Node) -> None:
        """Fail unless both find the same events; rows are told apart by their number in the file."""
        compiled = compile_condition(node)
        rows = self.connection.execute(
            f"SELECT file_row_number FROM read_parquet(?, file_row_number = true) WHERE {compiled.sql}",
            [str(self.path), *compiled.params],
        ).fetchall()
        found = {number for (number,) in rows}
        expected = {number for number, event in enumerate(self.events) if matches(node, event)}
        assert [self.events[number] for number in found ^ expected] == [], f"{len(found)} found by {compiled.sql}"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """Small row groups with Bloom filters, so that what DuckDB skips is tested too."""
    path = tmp_path_factory.mktemp("oracle") / "events.parquet"
    events = all_events()
    blooms = {column.name: {"ndv": 64, "fpp": 0.01} for column in COLUMNS if column.has_bloom}
    pq.write_table(
        table_of(events).cast(_NULLABLE),
        path,
        row_group_size=64,
        use_dictionary=["event_type", "severity"],
        bloom_filter_options=blooms,
    )
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET parquet_metadata_cache = true")
        yield Both(connection, path, events)


class TestBothEnginesAgree:
    @settings(max_examples=420, deadline=None)
    @given(node=nodes(max_leaves=4))
    def test_on_any_query(self, both: Both, node: Node) -> None:
        """Any tree that the parser can produce finds the same events."""
        both.check(node)

    @settings(max_examples=430, deadline=None)
    @given(node=payload_nodes())
    def test_on_hard_payloads(self, both: Both, node: Node) -> None:
        """Leaves of payloads with numbers, arrays, keys and escapes of every kind are the same leaves."""
        both.check(node)

    @settings(max_examples=150, deadline=None)
    @given(node=address_nodes())
    def test_on_addresses(self, both: Both, node: Node) -> None:
        """All spellings of an address are one address, and nothing else is."""
        both.check(node)

    @pytest.mark.parametrize("key", ["n", "t"])
    def test_on_every_value_of_a_leaf(self, both: Both, key: str) -> None:
        """Each kind of value means the same on each hard payload."""
        values = every_value((*NUMBERS, *TEXTS), PAYLOAD_PATTERNS, SEARCHES)
        both.check_each([Term(PayloadRef((key,)), (value,)) for value in values])

    def test_on_every_path(self, both: Both) -> None:
        """Each path leads to the same leaves."""
        values = (Exists(), Literal("1"), Compare(">", "4"))
        both.check_each([Term(PayloadRef(path), values[:count]) for path in sorted(set(PATHS)) for count in (1, 3)])

    @pytest.mark.parametrize("name", [column.name for column in COLUMNS if column.field is not None])
    def test_on_every_value_of_a_column(self, both: Both, name: str) -> None:
        """Each kind of value means the same on each column."""
        values = every_value(
            (*TYPES, *IDS, *ADDRESSES, "error", "WARNING"), (*PATTERNS, "u*r_2*b", "u*r%2*b", "*s\\*1"), REGEXES
        )
        both.check_each([Term(ColumnRef(name), (value,)) for value in values])

    def test_on_every_word_and_flag(self, both: Both) -> None:
        """Words and flags mean the same, also where letters have a third case."""
        words = (
            *WORDS,
            "denied",
            "DENIED",
            "istanbul",
            "to a king",
            "king",
            "pass*d",
            "*",
            "",
            "[a-z]",
            "\0",
            "x" * 300,
        )
        both.check_each([Word(word, is_quoted=is_quoted) for word in words for is_quoted in (True, False)])
        both.check_each([Flag(name) for name in FLAGS])
