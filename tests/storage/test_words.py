"""The word filter leaves out only what cannot match, whatever is looked for and however it is spelled."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.query_strategies import nodes
from tests.storage.test_oracle import HARD_PAYLOADS, PATHS, TEXTS, all_events

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY
from logtui.core.event import Event
from logtui.core.page import Selection
from logtui.core.query.ast import And, Between, Literal, Node, Not, Or, PayloadRef, Term, Wildcard, Word
from logtui.core.query.fold import fold
from logtui.core.times import day_of
from logtui.storage.arrow_schema import SCHEMA, table_of
from logtui.storage.duckdb.engine import DuckDBEngine
from logtui.storage.reference import matches
from logtui.storage.segment_writer import init_store, write_segment
from logtui.storage.sidecar_writing import Sidecars
from logtui.storage.sidecars import Identity, Kind, is_whole, sidecar_path
from logtui.storage.words import building, tables
from logtui.storage.words import texts as row_texts
from logtui.storage.words.anchors import anchored_pieces
from logtui.storage.words.building import ids_builder, words_builder
from logtui.storage.words.demands import demand_of
from logtui.storage.words.filters import WordFilter, word_filter
from logtui.storage.words.id_gathering import id_pieces_in
from logtui.storage.words.pieces import (
    FOLDED_INTO_ASCII,
    SIGN_OF,
    SIGNS,
    Table,
    is_plain,
    slots_of,
    triple,
    triple_weight,
)
from logtui.storage.words.plain_gathering import plain_pieces_in
from logtui.storage.words.texts import with_escapes

START = 1_791_072_000_000_000
DAY_NAME = day_of(START)
SEGMENT = f"date={DAY_NAME}/i-words.parquet"
NAMES = ("Lisbon", "Überlingen", "password reset", "DMITRI.rossi22453@mail.example", "c:\\temp\\new", "198.51.100.166")
SPELLED_ODDLY = (
    "to a \N{KELVIN SIGN}ingfisher", "\u0130stanbul wall", "STRA\u1e9eE captcha", "\u2126mega verified",
    "captcha\u1e9epassword", "password\u2126captcha", "xk29fj3lq0aaz71\u212bxk29fj3lq0aaz71",
)  # fmt: skip


SPELLINGS: tuple[Callable[[str], str], ...] = (str, str.upper, str.lower, str.swapcase, str.title)


def words_of(texts: Sequence[str]) -> st.SearchStrategy[Word]:
    """A part of one of the texts, or two with a star between them, in any case."""
    lengths = st.integers(1, 40)
    return st.builds(_word, st.sampled_from(texts), st.integers(0, 400), lengths, st.sampled_from(SPELLINGS), lengths)


def _word(text: str, start: int, length: int, spell: Callable[[str], str], cut: int) -> Word:
    start %= len(text)
    part = "".join(other if fold(other := spell(char)) == fold(char) else char for char in text[start : start + length])
    return Word(f"{part[:cut]}*{part[cut + 1 :]}") if cut + 1 < len(part) else Word(part, is_quoted=True)


@dataclass(frozen=True, slots=True)
class Grouped:
    """Events in row groups, and the filter of the segment that they would be."""

    groups: Sequence[Sequence[Event]]
    words: WordFilter

    def check(self, node: Node) -> None:
        """Fail if the filter leaves out a group in which an event matches."""
        demand = demand_of(node)
        if demand is not None:
            holding = self.words.holding(demand)
            missed = [
                event
                for at, group in enumerate(self.groups)
                if not holding >> at & 1
                for event in group
                if matches(node, event)
            ]
            assert missed == [], node


def published(root: Path, groups: Sequence[Sequence[Event]], size: int = 1 << 30) -> Identity:
    """Write the filter of a segment of these row groups and this size, as a writer would."""
    builders = [words_builder(), ids_builder()]
    # Cut out of one table, as a writer does it: texts then begin anywhere in memory.
    table = table_of([event for group in groups for event in group])
    start = 0
    for group in groups:
        for builder in builders:
            builder.add(table.slice(start, len(group)))
        start += len(group)
    about = Identity(len(table), size)
    init_store(root)
    Sidecars(builders).publish(root, SEGMENT, about, lambda _: None)
    return about


def odd_events() -> list[Event]:
    """Events with texts of every kind, and with random ids."""
    dice = random.Random(1)
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    texts = (*NAMES, *SPELLED_ODDLY, *("".join(dice.choices(letters, k=27)) for _ in range(60)))
    return [
        Event(START + at, f"evt_{text}", "test.word", actor=f"user_{text}", payload=f'{{"name":"{text}","n":{at}}}')
        for at, text in enumerate(texts)
    ]


@cache
def every_event() -> Sequence[Event]:
    """Hard and generated events, and odd ones; not made where the tests are only collected."""
    return [*all_events(), *odd_events()]


def texts_of_events() -> Sequence[str]:
    return [
        text
        for each in every_event()
        for text in (each.payload, each.event_type, each.actor, each.subject, each.event_id)
        if text
    ]


@pytest.fixture(scope="module")
def grouped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grouped]:
    root = tmp_path_factory.mktemp("words")
    groups = [every_event()[at::24] for at in range(24)]
    about = published(root, groups)
    with word_filter(str(root), SEGMENT, about.rows, about.size) as words:
        assert words is not None
        yield Grouped(groups, words)


def payload_values() -> st.SearchStrategy[tuple[Literal | Wildcard, ...]]:
    texts = st.sampled_from((*TEXTS, *NAMES))
    values = st.one_of(texts.map(Literal), texts.map(lambda text: Wildcard(f"*{text[1:]}")))
    return st.lists(values, min_size=1, max_size=2).map(tuple)


def questions() -> st.SearchStrategy[Node]:
    """Words alone and together with others, negations and leaves of payloads."""
    words = st.deferred(lambda: words_of(texts_of_events()))
    refs = st.builds(PayloadRef, st.sampled_from((*PATHS, ("name",))))
    terms = st.builds(Term, refs, payload_values())
    leaves = st.one_of(words, words, words, terms, nodes(max_leaves=2))
    pairs = st.lists(leaves, min_size=2, max_size=3).map(tuple)
    return st.one_of(words, words, leaves, leaves.map(Not), pairs.map(And), pairs.map(Or))


def texts_of_any_kind() -> st.SearchStrategy[str]:
    """Language, ids after `_` and addresses, and anything else."""
    return st.one_of(
        st.text(max_size=30),
        st.from_regex(r"[a-z ]{0,40}", fullmatch=True),
        st.from_regex(r'[a-z\xe9"]{0,9}_{0,2}[0-9A-Za-z_]{0,20}', fullmatch=True),
        st.from_regex(r"[a-z.\xe9`]{0,20}@{0,2}[a-z.\xdf]{0,9}@?", fullmatch=True),
        st.from_regex(r"[a-f0-9\r\xe9]{0,12}-{0,2}[a-f0-9-]{0,20}", fullmatch=True),
    )


def is_set(bits: Sequence[int], slot: int) -> bool:
    """Tell whether a slot is among those that were found."""
    return bool(bits[slot >> 6] >> (slot & 63) & 1)


class TestNothingIsLeftOut:
    @settings(max_examples=2_100, deadline=None)
    @given(node=questions())
    def test_that_matches(self, grouped: Grouped, node: Node) -> None:
        """Each row group with an event that matches is kept."""
        grouped.check(node)

    @pytest.mark.parametrize("text", [*NAMES, *SPELLED_ODDLY])
    def test_of_any_part_of_a_text(self, grouped: Grouped, text: str) -> None:
        """However short the part, and wherever in the text."""
        for start in range(len(text)):
            for end in range(start + 1, len(text) + 1):
                grouped.check(Word(text[start:end].upper(), is_quoted=True))

    @settings(max_examples=120, deadline=None)
    @given(
        texts=st.lists(texts_of_any_kind(), min_size=1, max_size=9),
        skipped=st.integers(0, 8),
        part=st.sampled_from((16, 24, 64, 4096)),
    )
    @example(texts=["captcha"], skipped=0, part=16)
    @example(texts=["b.fitter2@mail.example"], skipped=0, part=16)
    @example(texts=["x" * 90 + "one_0123456789abcdef"], skipped=0, part=16)
    @example(texts=["\xe9_0123456789abcdef", "0123456789abcdef@", "_" * 9 + "0123456789abcdef"], skipped=1, part=24)
    @example(texts=["password captcha"], skipped=0, part=16)
    @example(texts=["the password and the captcha"], skipped=0, part=16)
    @example(texts=["x", "ein \N{KELVIN SIGN}önigreich", "captcha"], skipped=1, part=16)
    def test_wherever_texts_lie_in_memory(self, texts: list[str], skipped: int, part: int) -> None:
        """A slice of a table, parts of any size, and texts of any length have all their pieces."""
        table = _table_of_payloads([*("y" * skipped).split(), *texts]).slice(1 if skipped else 0)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(row_texts, "PART", part)
            pieces = {**plain_pieces_in(table), **id_pieces_in(table)}
        bits = {kind: each.to_pylist() for kind, each in pieces.items()}
        for text in map(fold, table["payload"].to_pylist()):
            for kind in (Table.PLAIN, Table.HEX):
                ways = slots_of(text, kind)
                assert not ways or any(all(is_set(bits[kind], slot) for slot in way) for way in ways)
            anchored = anchored_pieces(text)
            assert all(is_set(bits[Table.ANCHORED], slot) for slot in anchored.slots())

    def test_in_tables_of_pieces(self) -> None:
        """What the writer looks up is what the reader computes, for all triples of signs."""
        byte_of = {sign: byte for byte, sign in enumerate(SIGN_OF)}
        signs = range(SIGNS)
        pairs, weights = tables.pairs().to_pylist(), tables.weights().to_pylist()
        for two, three in product(signs, signs):
            pair = pairs[byte_of[two] | byte_of[three] << 8]
            assert pair >> 8 * tables.SIGN_BYTE == three
            for one in signs:
                weight = weights[(pair & 0xFFFFFF) << 8 | one]
                assert weight == (triple_weight(triple(one, two, three)) if is_plain(one, two, three) else 0)

    def test_by_any_of_very_many_different_ids(self) -> None:
        """More than are marked at once are all there."""
        dice = random.Random(1)
        ids = [f"{dice.getrandbits(128):032x}" for _ in range(150_000)]
        bits = id_pieces_in(pa.table({"payload": ids}))[Table.HEX].to_pylist()
        for text in ids[::1_000] + ids[-50:]:
            ways = slots_of(text, Table.HEX)
            assert any(all(is_set(bits, slot) for slot in way) for way in ways)

    @pytest.mark.parametrize("skipped", [0, 1, 2, 3])
    def test_by_characters_where_copies_of_text_meet(self, skipped: int) -> None:
        """Escapes, and what folds to ASCII, are found across the bytes that are searched together."""
        text = "y" * skipped + "ab \\u0041Kingdom captcha"
        table = _table_of_payloads(["y" * skipped, text, "plain"]).slice(1)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(row_texts, "PART", 8)
            bits = plain_pieces_in(table)[Table.PLAIN].to_pylist()
            assert with_escapes(table["payload"]) == [text]
        for word in ("kingdom captcha", "captcha"):
            ways = slots_of(word, Table.PLAIN)
            assert any(all(is_set(bits, slot) for slot in way) for way in ways)

    def test_by_what_folds_to_ascii(self) -> None:
        """The characters that are no ASCII and fold to it are all known."""
        chars = map(chr, [*range(0x80, 0xD800), *range(0xE000, 0x110000)])
        assert {char: fold(char) for char in chars if fold(char).isascii()} == FOLDED_INTO_ASCII


def _table_of_payloads(payloads: Sequence[str]) -> pa.Table:
    return table_of([Event(START + at, f"e{at}", "t", payload=text) for at, text in enumerate(payloads)])


class TestWhatIsLeftOut:
    @pytest.mark.parametrize(
        "text", ["zebracorn", "impersonated", "user_31EQpFvtHnTTZ4Nh3qfdq789fTW", "4922e80ef36bb47d1c67a4512e06e59f"]
    )
    def test_row_groups_without_a_word(self, grouped: Grouped, text: str) -> None:
        """A word or an id that no event has leaves hardly any row group."""
        demand = demand_of(Word(text))

        assert demand is not None
        assert grouped.words.holding(demand).bit_count() <= 1

    @pytest.mark.parametrize(
        "text", ["mfa", "a", "*", "12", "日本語の文章", "x*y", "rossi", "31EQpFvtHnTTZ4Nh3qfdq789fTW"]
    )
    def test_nothing_where_the_pieces_are_too_short(self, text: str) -> None:
        """A short word is in the middle of other words everywhere."""
        assert demand_of(Word(text)) is None

    def test_nothing_by_negations(self) -> None:
        """Where a word is not, the filter cannot know; but what stands beside it counts."""
        absent = Word("zebracorn")

        assert demand_of(Not(absent)) is None
        assert demand_of(Or((absent, Word("mfa")))) is None
        assert demand_of(And((Not(Word("lisbon")), absent))) == demand_of(absent)


ROWS = 50_000
KEY, ADDRESS = "sess_2abCdefGhij0123456789kLmnoP", "Amara.Brandt35685@mail.example"
UUID = "01945e3f-7d1c-7a44-9d7a-3b2f61c0d4e5"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four row groups; one has a rare word, another one has a name that a third one spells with escapes."""
    root = tmp_path_factory.mktemp("store") / "store"
    init_store(root)
    write_segment(root, DAY_NAME, _plain_table(), name="words", is_durable=False)
    return root


def _plain_table() -> pa.Table:
    numbers = range(ROWS)
    payloads = [f'{{"n":{number},"city":"Lisbon"}}' for number in numbers]
    payloads[40_000] = '{"n":40000,"city":"Xylophone Town"}'
    payloads[20_000] = '{"n":20000,"city":"Xanthippe Hall"}'
    payloads[30_000] = f'{{"n":30000,"by":"{KEY}","of":"{ADDRESS}","for":"{UUID}"}}'
    payloads[49_990] = '{"n":49990,"city":"\\u0058anth\\u0069ppe Hall"}'
    columns: dict[str, object] = {field.name: pa.nulls(ROWS, field.type) for field in SCHEMA}
    columns |= {
        "event_time": pa.array([START + DAY // 2 - number for number in numbers], pa.timestamp("us", "UTC")),
        "event_id": [f"evt{number:06}" for number in numbers],
        "event_type": ["test.created"] * ROWS,
        "payload": payloads,
        "ingested_at": pa.array([START] * ROWS, pa.timestamp("us", "UTC")),
    }
    return pa.table(columns, SCHEMA)


def found(store: Path, node: Node) -> list[str]:
    """Return the ids of all events that match, and fail if they are counted otherwise."""
    engine, token = DuckDBEngine(store, threads=1), CancelToken()
    try:
        pages = engine.pages(Selection(node), limit=None, token=token)
        ids = [event.event_id for page in pages for event in page.events]
        assert [*engine.summary(Selection(node), bucket=None, token=token)][-1].total == len(ids)
        return ids
    finally:
        engine.close()


def rows_left(store: Path, node: Node) -> object:
    """Return which rows of the segment are read."""
    from logtui.storage.inventory import Inventory
    from logtui.storage.listing import open_listing
    from logtui.storage.views import Snapshot
    from logtui.storage.words.view import WordView

    demand = demand_of(node)
    assert demand is not None
    view = WordView(Snapshot(Inventory(open_listing(store), {})), str(store.resolve()), demand)
    return [each.rows for each in view.candidates()]


RARE = Word("xylophone town", is_quoted=True)
ESCAPED = Term(PayloadRef(("city",)), (Literal("Xanthippe Hall"),))


class TestSize:
    @pytest.mark.parametrize("size", [1_000, 5_000, 20_000, 100_000, 1_000_000])
    def test_a_filter_takes_its_share_at_most_and_leaves_nothing_out(self, tmp_path: Path, size: int) -> None:
        """In a small segment it knows less, down to nothing, but what it says still holds."""
        groups = [every_event()[at::4] for at in range(4)]
        about = published(tmp_path, groups, size)

        for kind, share in building.MOST_OF_SEGMENT.items():
            assert Path(sidecar_path(tmp_path, SEGMENT, kind)).stat().st_size <= max(64, share * size)
        assert sum(building.MOST_OF_SEGMENT.values()) <= 0.12
        with word_filter(str(tmp_path), SEGMENT, about.rows, about.size) as words:
            assert words is not None
            for text in (*NAMES, *SPELLED_ODDLY):
                Grouped(groups, words).check(Word(text, is_quoted=True))


class TestInAStore:
    def test_a_rare_word_reads_one_row_group(self, store: Path) -> None:
        """Only the rows of the row group that holds it are read, and it is found there."""
        assert rows_left(store, RARE) == [((32_768, 49_151),)]
        assert found(store, RARE) == ["evt040000"]

    @pytest.mark.parametrize("word", [KEY, ADDRESS, KEY[3:25], ADDRESS[8:20], f'"{KEY}"', UUID.upper()])
    def test_an_id_or_an_address_reads_one_page(self, store: Path, word: str) -> None:
        """As many rows as are decompressed together."""
        assert rows_left(store, Word(word)) == [((28_672, 30_719),)]
        assert found(store, Word(word)) == ["evt030000"]

    def test_an_absent_word_reads_none(self, store: Path) -> None:
        """Nothing is read, and nothing found."""
        assert rows_left(store, Word("zebracorn")) == []
        assert found(store, Word("zebracorn")) == []

    def test_a_word_that_is_everywhere_reads_all(self, store: Path) -> None:
        """Without a list of rows, as if there were no filter."""
        assert rows_left(store, Word("lisbon")) == [None]
        assert len(found(store, Word("lisbon"))) == ROWS - 4

    def test_a_leaf_is_found_where_it_is_escaped(self, store: Path) -> None:
        """A leaf is compared after its escapes are read, and so it is for the filter."""
        assert rows_left(store, ESCAPED) == [((16_384, 32_767), (49_152, 49_999))]
        assert found(store, ESCAPED) == ["evt020000", "evt049990"]

    def test_a_leaf_may_be_wherever_there_are_too_many_escapes(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Their row group is read for any leaf, but for no other word."""
        monkeypatch.setattr(building, "_MOST_UNESCAPED", 1)
        escaped = [Event(START + at, f"e{at}", "t", payload='{"city":"\\u0058anthippe"}') for at in range(2)]
        plain = [Event(START + at, f"p{at}", "t", payload='{"city":"Lisbon"}') for at in range(2)]
        about = published(tmp_path, [plain, escaped, plain])

        with word_filter(str(tmp_path), SEGMENT, about.rows, about.size) as words:
            assert words is not None
            leaf, word = demand_of(ESCAPED), demand_of(Word("zebracorn"))
            assert leaf is not None
            assert word is not None
            assert (words.holding(leaf), words.holding(word)) == (0b010, 0)

    @pytest.mark.parametrize(
        "node",
        [
            Or((RARE, Word("n*49999"))),
            And((Not(Word("evt049")), Word("xylophone*town"))),
            Word("evt04000"),
            And((Word("lisbon"), Between(START, START + DAY // 2 - 49_000))),
        ],
    )
    def test_the_answer_is_the_same_without_filters(self, tmp_path: Path, store: Path, node: Node) -> None:
        """Whatever the conditions, and however they stand together."""
        bare = tmp_path / "store"
        init_store(bare)
        (bare / SEGMENT).parent.mkdir()
        os.link(store / SEGMENT, bare / SEGMENT)

        assert found(store, node) == found(bare, node) != []

    @pytest.mark.parametrize(
        ("kind", "node", "name"), [(Kind.WORDS, RARE, "evt040000"), (Kind.IDS, Word(KEY), "evt030000")]
    )
    @pytest.mark.parametrize("harm", ["missing", "empty", "cut", "changed", "of another segment"])
    def test_a_filter_that_cannot_be_relied_on_is_passed_over(
        self, tmp_path: Path, store: Path, kind: Kind, node: Node, name: str, harm: str
    ) -> None:
        """The answer is the same, from the whole segment, or from what the other filter leaves of it."""
        copy = tmp_path / "store"
        init_store(copy)
        (copy / SEGMENT).parent.mkdir()
        os.link(store / SEGMENT, copy / SEGMENT)
        target = Path(sidecar_path(copy, SEGMENT, kind))
        content = Path(sidecar_path(store, SEGMENT, kind)).read_bytes()
        assert is_whole(content, kind, (store / SEGMENT).stat().st_size)
        target.parent.mkdir(parents=True)
        match harm:
            case "empty":
                target.write_bytes(b"")
            case "cut":
                target.write_bytes(content[: len(content) // 50])
            case "changed":
                # One bit after the first part, in each of the pages.
                target.write_bytes(content[:300] + bytes(byte ^ 1 for byte in content[300:]))
            case "of another segment":
                other = tmp_path / "other"
                init_store(other)
                write_segment(other, DAY_NAME, _plain_table().slice(20_000), name="words", is_durable=False)
                os.link(sidecar_path(other, SEGMENT, kind), target)
            case _:
                pass

        assert rows_left(copy, node) == [None]
        assert found(copy, node) == [name]
        for other_kind in {Kind.WORDS, Kind.IDS} - {kind}:
            os.link(sidecar_path(store, SEGMENT, other_kind), sidecar_path(copy, SEGMENT, other_kind))
        assert found(copy, node) == [name]

    def test_a_backslash_before_a_number_is_no_escape(self, tmp_path: Path) -> None:
        """Where a payload has both."""
        payload = r'{"a":"\\u0041passwordcaptch\u0061-x"}'
        events = [Event(START, "e1", "t", payload=payload)]
        about = published(tmp_path, [events])
        with word_filter(str(tmp_path), SEGMENT, about.rows, about.size) as words:
            assert words is not None
            leaf = Term(PayloadRef(("a",)), (Wildcard("*u0041passwordcaptcha-*"),))
            assert matches(leaf, events[0])
            Grouped([events], words).check(leaf)


def test_every_hard_payload_is_among_the_texts() -> None:
    """So that what the filter is held to covers escapes, odd JSON and plain text."""
    assert set(filter(None, HARD_PAYLOADS)) <= set(texts_of_events())
