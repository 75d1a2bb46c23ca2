"""Framing: any input gives the same records, with their exact bytes and lines, however it is cut into chunks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logtui.services.ingest.csv_rows import CsvFramer
from logtui.services.ingest.framing import AnyFramer, Framer
from logtui.services.ingest.json_lines import LineFramer, records_of
from logtui.services.ingest.json_values import ValueFramer, values_in
from logtui.services.ingest.record import Lines, Piece, Record, Spoiled

CUTS = st.lists(st.integers(1, 40), min_size=1, max_size=30)


def fed(framer: Framer, data: bytes, cuts: list[int]) -> list[Piece]:
    """Feed the data in chunks of these sizes, over and over, and return the pieces, blocks of lines as records."""

    def pieces() -> Iterator[Piece]:
        at = number = 0
        while at < len(data):
            size = cuts[number % len(cuts)]
            yield from framer.feed(data[at : at + size])
            at, number = at + size, number + 1
        yield from framer.finish()

    found: list[Piece] = []
    for piece in pieces():
        found += records_of(piece) if isinstance(piece, Lines) else [piece]
    return found


def texts(pieces: list[Piece]) -> list[bytes]:
    return [piece.text for piece in pieces if isinstance(piece, Record)]


def whole(data: bytes) -> list[Piece]:
    return fed(AnyFramer(), data, [1 << 30])


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(st.text(max_size=4), json_values, min_size=1, max_size=4)
spellings: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {"indent": 2}, {"separators": (",", ":")}, {"ensure_ascii": False}]
)


@st.composite
def spelled_objects(draw: st.DrawFn) -> list[bytes]:
    return [json.dumps(each, **draw(spellings)).encode() for each in draw(st.lists(objects, max_size=6))]


class TestChunks:
    @given(
        st.binary(max_size=200) | st.text(alphabet='{}[]",:\\\n ab1', max_size=200).map(str.encode),
        CUTS,
        st.sampled_from([LineFramer, ValueFramer]),
    )
    def test_any_bytes_in_any_chunks_give_the_same_pieces(
        self, data: bytes, cuts: list[int], framer: type[LineFramer] | type[ValueFramer]
    ) -> None:
        """What is damaged, too long or torn is told alike wherever a read happened to end."""
        small: Any = {"longest": 30} if framer is LineFramer else {"longest": 30, "largest_whole": 20}

        assert fed(framer(**small), data, cuts) == fed(framer(**small), data, [1 << 30])

    @given(st.text(alphabet='a",;\n\r1', max_size=120).map(str.encode), CUTS)
    def test_csv_in_any_chunks_gives_the_same_rows(self, data: bytes, cuts: list[int]) -> None:
        """Quotes may hold line breaks, also where a read ends."""
        assert fed(CsvFramer(",", ["a", "b"]), data, cuts) == fed(CsvFramer(",", ["a", "b"]), data, [1 << 30])

    @given(st.binary(max_size=200), CUTS)
    def test_no_byte_that_is_not_white_space_is_lost_by_lines(self, data: bytes, cuts: list[int]) -> None:
        """Everything is in a record; nothing is passed over in silence."""
        blocks = [piece for piece in (*LineFramer().feed(data), *LineFramer().finish()) if isinstance(piece, Lines)]
        framer = LineFramer()
        cut = [piece for at in range(0, len(data), cuts[0]) for piece in framer.feed(data[at : at + cuts[0]])]
        cut += framer.finish()

        assert b"".join(piece.data for piece in cut if isinstance(piece, Lines)) == data
        assert len(blocks) <= 1 or data.count(b"\n")

    @given(spelled_objects(), CUTS, st.sampled_from([b"\n", b"\r\n", b"\n\n", b" ", b"", b",\n"]))
    def test_concatenated_objects_keep_their_bytes(self, spelled: list[bytes], cuts: list[int], between: bytes) -> None:
        """Compact, pretty-printed, one a line or all on one: each object is one record, byte for byte."""
        assert texts(fed(ValueFramer(), between.join(spelled), cuts)) == spelled

    @given(spelled_objects(), CUTS, st.sampled_from([b",", b", ", b",\n", b"\n,"]))
    def test_elements_of_an_array_keep_their_bytes(self, spelled: list[bytes], cuts: list[int], comma: bytes) -> None:
        """An array at the top is its elements."""
        assert texts(fed(AnyFramer(), b"\n[ " + comma.join(spelled) + b"]\n", cuts)) == spelled

    @given(spelled_objects(), CUTS)
    def test_a_large_container_is_read_element_by_element(self, spelled: list[bytes], cuts: list[int]) -> None:
        """A file of 10 GB that is one object passes with the memory of one element."""
        data = b'{"Records" : [' + b",\n".join([*spelled, b'{"last":1}']) + b'], "NextToken": {"a": "]}"}}\n{"after":1}'
        framer = ValueFramer(largest_whole=15)

        assert texts(fed(framer, data, cuts)) == [*spelled, b'{"last":1}', b'{"after":1}']


class TestLines:
    def test_lines_are_counted_and_white_space_is_no_part(self) -> None:
        """CRLF, blank lines, a mark at the beginning, and no line feed at the end."""
        found = whole(b'\xef\xbb\xbf{"a":1}\r\n\r\n  {"b":2}\t\n\n{"c":3}')

        assert found == [Record(b'{"a":1}', 1), Record(b'{"b":2}', 3), Record(b'{"c":3}', 5)]

    def test_a_line_that_is_too_long_is_rejected_and_the_rest_read(self) -> None:
        """Memory stays bounded, and the line is named."""
        data = b'{"a":1}\n{"b":"' + b"x" * 50 + b'"}\n{"c":3}\n'
        long, *others = [piece for piece in fed(LineFramer(longest=30), data, [7]) if not isinstance(piece, Record)]

        assert isinstance(long, Spoiled)
        assert (long.record.line, long.reason, others) == (2, "the record is longer than 30 bytes", [])
        assert texts(fed(LineFramer(longest=30), data, [7])) == [b'{"a":1}', b'{"c":3}']

    def test_arrays_printed_one_element_a_line_can_be_resumed(self) -> None:
        """A comma behind a value is not of it, and brackets alone are no records."""
        assert texts(fed(LineFramer(), b'[\n{"a":1},\n{"b":2}\n]\n', [5])) == [b'{"a":1}', b'{"b":2}']


class TestDamage:
    def test_a_torn_first_line_costs_that_line(self) -> None:
        """A rotated file may begin in the middle of a line."""
        found = whole(b'{"a": "torn\n{"b":1}\n{"c":2}\n')

        assert isinstance(found[0], Spoiled)
        assert (found[0].record, found[0].reason) == (
            Record(b'{"a": "torn', 1),
            "not JSON: a line ends inside a string",
        )
        assert found[1:] == [Record(b'{"b":1}', 2), Record(b'{"c":2}', 3)]

    def test_a_value_that_does_not_end_costs_its_line(self) -> None:
        """Brackets that stay open do not swallow what comes after them."""
        found = whole(b'{"a": {"b": 1,\n{"c":1}\n{"d":2}\n')

        assert isinstance(found[0], Spoiled)
        assert found[1:] == [Record(b'{"c":1}', 2), Record(b'{"d":2}', 3)]

    def test_an_element_that_is_torn_costs_that_element(self) -> None:
        """The next one begins where its line is indented alike."""
        found = whole(b'[\n  {\n    "a": "x\n  y",\n    "in": [\n      {"not":1}]},\n  {"b":1}\n]')

        assert texts(found) == [b'{"b":1}']
        assert [piece.record.line for piece in found if isinstance(piece, Spoiled)] == [2]

    def test_hostile_brackets_do_not_take_forever(self) -> None:
        """A file of opening brackets is rejected in time that grows with its size, not with its square."""
        found = whole(b"{\n" * 20_000)

        assert 0 < len(found) < 20_000

    def test_utf_16_is_named(self) -> None:
        """The person is told what to do, not that each line is wrong."""
        (found,) = whole('{"a":1}\n'.encode("utf-16"))

        assert isinstance(found, Spoiled)
        assert "UTF-16" in found.reason


class TestCsv:
    def test_rows_become_objects_under_the_names_of_the_header(self) -> None:
        """Quotes, line breaks in cells, and the line each row begins on."""
        found = whole(b'timestamp,action,note\r\n2026-10-04T09:30:00Z,login,"a ""b""\r\nc"\r\n1,logout,\r\n')

        assert [json.loads(text) for text in texts(found)] == [
            {"timestamp": "2026-10-04T09:30:00Z", "action": "login", "note": 'a "b"\r\nc'},
            {"timestamp": "1", "action": "logout", "note": ""},
        ]
        assert [piece.line for piece in found if isinstance(piece, Record)] == [2, 4]

    @pytest.mark.parametrize("delimiter", [";", "\t", "|"])
    def test_the_delimiter_is_told_from_the_header(self, delimiter: str) -> None:
        """Spreadsheets of half of the world write semicolons."""
        found = whole(f"time{delimiter}type\n1{delimiter}a\n".encode())

        assert [json.loads(text) for text in texts(found)] == [{"time": "1", "type": "a"}]

    def test_a_row_that_does_not_fit_is_rejected(self) -> None:
        """A missing cell would shift all others."""
        found = whole(b'time,type\n1,a,b\n2\n3,c\n4,\xff\n5,"open\n6,d\n')
        reasons = {piece.record.line: piece.reason for piece in found if isinstance(piece, Spoiled)}

        assert reasons == {
            2: "not CSV: 3 cells where the header has 2",
            3: "not CSV: 1 cells where the header has 2",
            5: "byte 3: not UTF-8",
            6: "not CSV: a quote is not closed",
        }
        assert [json.loads(text)["type"] for text in texts(found)] == ["c", "d"]

    def test_text_with_commas_is_no_csv(self) -> None:
        """A header names a column of events; anything else is rejected line by line."""
        found = whole(b"Dear Sir, hello, there\nregards, me, you\n")

        assert [piece.line for piece in found if isinstance(piece, Record)] == [1, 2]


def test_values_in_a_text_know_their_lines() -> None:
    """A record of several lines that is an array gives elements that can be found again."""
    assert values_in(b'[{"a":1},\n {"b":2}]', 7) == [Record(b'{"a":1}', 7), Record(b'{"b":2}', 8)]
