"""What the compiler promises besides the right answer, which test_oracle checks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from tests.query_strategies import nodes

from logtui.core.clock import DAY, SECOND
from logtui.core.columns import COLUMNS
from logtui.core.errors import UnsupportedQueryError
from logtui.core.event import Event
from logtui.core.query.ast import (
    Between,
    Cidr,
    ColumnRef,
    Compare,
    Literal,
    Node,
    PayloadRef,
    Range,
    Regex,
    Since,
    Term,
    Value,
    Wildcard,
    Word,
)
from logtui.core.query.flags import FLAGS
from logtui.core.query.fold import fold
from logtui.core.query.parser import parse
from logtui.storage.arrow_schema import table_of
from logtui.storage.duckdb.compiler import FLAG_CONDITIONS, compile_condition
from logtui.storage.duckdb.sql import Sql, sql
from logtui.storage.duckdb.text_sql import scan_for_word

HOSTILE = "Zq' OR 1=1; DROP TABLE x; -- \" \\ $$ ? %"
ACTOR, TYPE, IP = ColumnRef("actor"), ColumnRef("event_type"), ColumnRef("ip")
LEAF = PayloadRef((HOSTILE, "x"))


def compiled(query: str) -> tuple[str, tuple[object, ...]]:
    """Return the SQL and the parameters of a query text without times."""
    found = compile_condition(parse(query))
    return found.sql, found.params


class TestSql:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", ("true", ())),
            ("actor:user_1", ("actor = ?", ("user_1",))),
            ("actor:user_1,user_2", ("actor IN (?, ?)", ("user_1", "user_2"))),
            ("-actor:user_1", ("(actor = ?) IS NOT TRUE", ("user_1",))),
            ("actor:user_*", ("starts_with(actor, ?)", ("user_",))),
            ("actor:*_1", ("ends_with(actor, ?)", ("_1",))),
            ("actor:*ser*", ("contains(actor, ?)", ("ser",))),
            ("actor:u*1", ("actor LIKE ?", ("u%1",))),
            ("actor:u_*1%", ("actor LIKE ? ESCAPE '\\'", ("u\\_%1\\%",))),
            ("actor:*", ("actor IS NOT NULL", ())),
            ("type:Sign_In.*", ("starts_with(lower(event_type), ?)", ("sign_in.",))),
            ("type:/In$/", ("regexp_matches(event_type, ?, 'i')", ("In$",))),
            ("severity:>=WARNING", ("lower(severity) IN (?, ?)", ("warning", "error"))),
            ("trace:a..b", ("(trace_id >= ? AND trace_id <= ?)", ("a", "b"))),
            ("ip:203.0.113.7", ("ip = ?", ("203.0.113.7",))),
            ("is:anonymous OR is:error", ("(actor IS NULL OR lower(severity) = ?)", ("error",))),
        ],
    )
    def test_is_what_one_would_write(self, query: str, expected: tuple[str, tuple[object, ...]]) -> None:
        """Simple conditions stay simple: people copy them, and DuckDB recognises them."""
        assert compiled(query) == expected

    @pytest.mark.parametrize(
        "node",
        [
            *(Term(ACTOR, (value,)) for value in (Literal(HOSTILE), Wildcard(f"{HOSTILE}*"), Wildcard(f"a*{HOSTILE}"))),
            *(Term(TYPE, (value,)) for value in (Literal(HOSTILE), Regex(HOSTILE), Compare(">", HOSTILE))),
            *(Term(LEAF, (value,)) for value in (Literal(HOSTILE), Regex(HOSTILE), Range(HOSTILE, HOSTILE))),
            *(Word(word, is_quoted=True) for word in (HOSTILE, HOSTILE * 20)),
        ],
        ids=str,
    )
    def test_holds_no_text_of_the_user(self, node: Node) -> None:
        """Whatever people type arrives as a parameter, payload keys included."""
        assert "zq" not in compile_condition(node).sql.lower()

    @settings(max_examples=50, deadline=None)
    @given(node=nodes(max_leaves=4))
    def test_has_a_place_for_each_parameter(self, node: Node) -> None:
        """The parameters are as many as the question marks, and no literal holds one."""
        found = compile_condition(node)
        assert found.sql.count("?") == len(found.params)

    def test_template_and_parts_must_fit(self) -> None:
        """A part too many or too few is a mistake in this program, found at once."""
        with pytest.raises(ValueError, match="1 parts for 2 places"):
            sql("? = ?", "a")


class TestHints:
    @pytest.mark.parametrize(
        ("query", "is_needle"),
        [
            ("trace:abc", True),
            ("trace:abc,def type:sign_in.*", True),
            ("id:evt_1 -actor:x", True),
            ("trace:ab*", False),
            ("trace:abc,ab*", False),
            ("-trace:abc", False),
            ("trace:abc OR actor:x", False),
            ("ip:203.0.113.7", False),
            ("type:sign_in.created", False),
            ("", False),
        ],
    )
    def test_needles_are_what_bloom_filters_answer(self, query: str, is_needle: bool) -> None:
        """A needle is an id that every match must have."""
        assert compile_condition(parse(query)).is_needle is is_needle

    @pytest.mark.parametrize(
        ("query", "needs_payload"),
        [("p.a:1", True), ("-(type:x p.a:1)", True), ("word", True), ("type:x OR word", True), ("type:x ip:*", False)],
    )
    def test_payload_is_needed_by_leaves_and_words(self, query: str, needs_payload: bool) -> None:
        """Whoever plans a query can tell whether it will read most of the bytes."""
        assert compile_condition(parse(query)).needs_payload is needs_payload


class TestRefusals:
    @pytest.mark.parametrize("ref", [ACTOR, PayloadRef(("a",))], ids=["column", "leaf"])
    @pytest.mark.parametrize("pattern", ["(", "a(?=b)", r"(a)\1", "[a"])
    def test_regex_that_re2_lacks_is_named(self, ref: ColumnRef | PayloadRef, pattern: str) -> None:
        """The message shows the regex that cannot be evaluated."""
        with pytest.raises(UnsupportedQueryError, match=re.escape(f"/{pattern}/")):
            compile_condition(Term(ref, (Regex(pattern),)))

    @pytest.mark.parametrize("ref", [ACTOR, PayloadRef(("ip",))], ids=["column", "leaf"])
    def test_network_is_only_for_addresses(self, ref: ColumnRef | PayloadRef) -> None:
        """A network compared with anything but `ip` is refused."""
        with pytest.raises(UnsupportedQueryError, match="only for ip"):
            compile_condition(Term(ref, (Cidr("10.0.0.0/8"),)))

    @pytest.mark.parametrize(
        "node", [Term(ACTOR, (Literal("a\udcff"),)), Word("\udcff"), Term(PayloadRef(("\udcff",)), (Literal("a"),))]
    )
    def test_broken_text_is_refused(self, node: Node) -> None:
        """Bytes that are no UTF-8 reach us as lone surrogates; DuckDB would fail on them."""
        with pytest.raises(UnsupportedQueryError, match="not Unicode text"):
            compile_condition(node)

    def test_relative_time_must_be_resolved_first(self) -> None:
        """Only the caller knows what time it is."""
        with pytest.raises(ValueError, match="not resolved"):
            compile_condition(Since("24h"))


class TestFlags:
    def test_every_flag_has_a_condition(self) -> None:
        """A new flag cannot be forgotten here."""
        assert FLAG_CONDITIONS.keys() == FLAGS.keys()


def _folded_alike() -> dict[str, set[str]]:
    alike: dict[str, set[str]] = {}
    for code in (*range(0xD800), *range(0xE000, 0x20000)):
        alike.setdefault(fold(chr(code)), set()).add(chr(code))
    return alike


class TestWordScan:
    def test_every_ascii_character_finds_what_folds_to_it(self) -> None:
        """The fast form of a word matches the same characters as the lower case would."""
        alike = _folded_alike()
        suspects = set(map(chr, range(0x250))) | {"\N{KELVIN SIGN}", "ſ"}
        for char in map(chr, range(0x80)):
            if char != fold(char):
                continue
            pattern = scan_for_word(Sql("payload"), [f"a{char}"]).params[0]
            assert isinstance(pattern, str)
            found = {each for each in suspects | alike[char] if re.fullmatch(pattern, f"A{each}")}
            assert found == alike[char], char


# -- what DuckDB does with it


@pytest.fixture(scope="module")
def day_of_events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten row groups of 100 events a second apart, with ids that rise with time."""
    path = tmp_path_factory.mktemp("compiler") / "events.parquet"
    events = [
        Event(
            event_time=DAY + at * SECOND,
            event_id=f"evt_{at:04}",
            event_type="sign_in.created",
            trace_id=f"{at * 2654435761 % 2**32:08x}",
            ingested_at=DAY,
            payload="{}",
        )
        for at in range(1000)
    ]
    blooms = {column.name: {"ndv": 100, "fpp": 0.001} for column in COLUMNS if column.has_bloom}
    pq.write_table(table_of(events), path, row_group_size=100, use_dictionary=False, bloom_filter_options=blooms)
    return path


@pytest.fixture(scope="module")
def row_groups_read(day_of_events: Path) -> Callable[[Node], int]:
    """Returns how many of the ten row groups DuckDB reads for a query."""

    def count(node: Node) -> int:
        condition = compile_condition(node)
        with duckdb.connect(config={"threads": 1}) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            row = connection.execute(
                f"EXPLAIN (ANALYZE, FORMAT json) SELECT payload FROM read_parquet(?) WHERE {condition.sql}",
                [str(day_of_events), *condition.params],
            ).fetchone()
        assert row is not None
        return int(json.loads(row[1])["query"]["total_row_groups_scanned"])

    return count


class TestPruning:
    @pytest.mark.parametrize(
        ("node", "expected"),
        [
            (Between(DAY + 250 * SECOND, DAY + 350 * SECOND), 2),
            (Between(DAY + 950 * SECOND, None), 1),
            (Between(None, DAY), 0),
            (Between(-(10**18), 10**18), 10),
            (Between(10**18, None), 0),
        ],
    )
    def test_times_open_only_their_row_groups(
        self, row_groups_read: Callable[[Node], int], node: Node, expected: int
    ) -> None:
        """The bounds are constants when DuckDB plans, so zone maps apply."""
        assert row_groups_read(node) == expected

    @pytest.mark.parametrize(
        ("ref", "value", "expected"),
        [
            (ColumnRef("trace_id"), Literal("7fffffff"), 0),
            (ColumnRef("trace_id"), Literal(f"{500 * 2654435761 % 2**32:08x}"), 1),
            (ColumnRef("event_id"), Literal("evt_0500"), 1),
            (ColumnRef("event_id"), Wildcard("evt_05*"), 1),
            (ColumnRef("event_id"), Compare(">", "evt_0899"), 1),
        ],
    )
    def test_ids_open_only_their_row_groups(
        self, row_groups_read: Callable[[Node], int], ref: ColumnRef, value: Value, expected: int
    ) -> None:
        """Equality reaches the Bloom filters; a prefix and a comparison reach the zone maps."""
        assert row_groups_read(Term(ref, (value,))) == expected

    def test_several_ids_open_only_their_row_groups(self, row_groups_read: Callable[[Node], int]) -> None:
        """Also beside a negation, which must not get in the way."""
        ids = Term(ColumnRef("event_id"), (Literal("evt_0101"), Literal("evt_0102")))
        assert row_groups_read(parse("-actor:x -type:y*")) == 10
        assert row_groups_read(parse("id:evt_0101,evt_0102 -actor:x")) == row_groups_read(ids) == 1
