"""The text formats: exact where they carry data, harmless where they are looked at."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logtui.core.sanitise import multiline, visible
from logtui.services.encoders import Csv, JsonArray, JsonLines, Table, is_json
from logtui.services.rows import Row

texts = st.text(max_size=30)
cells = st.none() | texts | st.integers()
rows = st.lists(st.tuples(cells, cells), max_size=5)


def lines(*, embedded: bool = False, is_for_terminal: bool = False) -> JsonLines:
    return JsonLines(("a", "b"), embedded=frozenset("b" if embedded else ""), is_for_terminal=is_for_terminal)


class TestJson:
    @given(rows, st.booleans())
    @settings(deadline=None, max_examples=60)
    def test_every_value_comes_back(self, given_rows: list[Row], is_for_terminal: bool) -> None:
        """NDJSON and JSON lose nothing, not even on a terminal."""
        encoder = lines(is_for_terminal=is_for_terminal)
        expected = [{"a": a, "b": b} for a, b in given_rows]

        assert [json.loads(line) for line in encoder.rows(given_rows).split("\n")[:-1]] == expected
        array = JsonArray(encoder)
        assert json.loads(array.begin() + array.rows(given_rows) + array.end()) == expected

    @given(texts)
    @settings(deadline=None, max_examples=60)
    def test_on_a_terminal_a_line_shows_nothing_that_is_obeyed(self, text: str) -> None:
        """Escapes are JSON's own, so they can be read back; what they stand for never reaches the terminal."""
        line = lines(embedded=True, is_for_terminal=True).rows([(text, json.dumps(text, ensure_ascii=False))])

        assert multiline(line) == line

    @given(rows)
    @settings(deadline=None, max_examples=60)
    def test_on_a_terminal_without_utf_8_every_value_comes_back_from_ascii(self, given_rows: list[Row]) -> None:
        """The escapes of JSON are enough."""
        encoder = JsonLines(("a", "b"), embedded=frozenset(), is_for_terminal=True, is_ascii=True)
        written = encoder.rows(given_rows)

        assert written.isascii()
        assert [json.loads(line) for line in written.split("\n")[:-1]] == [{"a": a, "b": b} for a, b in given_rows]

    def test_blanks_between_tokens_stay_json_on_a_terminal(self) -> None:
        """A tab may stand there; its escape may not."""
        line = lines(embedded=True, is_for_terminal=True).rows([("x", '{"k":\t1}')])

        assert json.loads(line) == {"a": "x", "b": {"k": 1}}

    @pytest.mark.parametrize(
        "payload",
        [
            '{"b":1,"a":2,"b":3}',
            "123456789012345678901234567890",
            "1" * 5000,
            '{"f":1.10,"e":1E+5}',
            '"\\u00e9 \\/ é"',
            " [ 1 , 2 ] ",
        ],
    )
    def test_a_payload_is_embedded_byte_for_byte(self, payload: str) -> None:
        """Keys keep their order, numbers their digits: an auditor may compare hashes."""

        assert lines(embedded=True).rows([("x", payload)]) == f'{{"a":"x","b":{payload}}}\n'

    def test_a_payload_on_several_lines_stays_one_object_a_line(self) -> None:
        """A line break between tokens means nothing to JSON and everything to NDJSON."""

        assert lines(embedded=True).rows([("x", '{\r\n"k": 1\n}')]) == '{"a":"x","b":{  "k": 1 }}\n'

    @pytest.mark.parametrize("payload", ["", "{", "NaN", "[Infinity]", "{'a':1}", '"a\nb"', "\ufeff{}", "[" * 100_000])
    def test_what_is_not_json_becomes_a_string(self, payload: str) -> None:
        """Output stays readable by any JSON reader, whatever came in."""
        line = lines(embedded=True).rows([("x", payload)])

        assert not is_json(payload)
        assert json.loads(line)["b"] == payload

    def test_an_empty_answer_is_still_json(self) -> None:
        """A reader of `--format json` always gets an array."""
        array = JsonArray(lines())

        assert json.loads(array.begin() + array.rows([]) + array.end()) == []

    def test_rows_may_come_in_parts(self) -> None:
        """The comma between two parts is not forgotten."""
        array = JsonArray(lines())
        parts = [array.begin(), *(array.rows([(number, None)]) for number in (1, 2)), array.end()]

        assert json.loads("".join(parts)) == [{"a": 1, "b": None}, {"a": 2, "b": None}]


class TestCsv:
    @given(rows)
    @settings(deadline=None, max_examples=60)
    def test_raw_values_come_back(self, given_rows: list[Row]) -> None:
        """Python's own reader agrees, for every text but the one that its newline handling changes."""
        encoder = Csv(("a", "b"), is_raw=True)
        text = encoder.begin() + encoder.rows(given_rows)

        expected = [["" if cell is None else str(cell) for cell in row] for row in given_rows]
        assert list(csv.reader(io.StringIO(text, newline=""), strict=True)) == [["a", "b"], *expected]

    def test_absent_and_empty_differ(self) -> None:
        """No actor is not the actor with an empty name."""

        assert Csv(("a", "b"), is_raw=False).rows([(None, "")]) == ',""\n'

    @pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd", "@SUM(A1)", "\t=1", "  =1", "|calc"])
    def test_a_formula_is_disarmed_unless_raw_is_asked_for(self, text: str) -> None:
        """A spreadsheet opens evidence without running it."""
        guarded = Csv(("a",), is_raw=False).rows([(text,)])

        assert not guarded.strip('"\n ').startswith(tuple("=+-@|"))
        assert Csv(("a",), is_raw=True).rows([(text,)]) == f'"{text}"\n'

    def test_raw_is_for_files_and_pipes_only(self) -> None:
        """On a terminal, nothing is obeyed however it was asked for."""
        assert Csv(("a",), is_raw=True, is_for_terminal=True).rows([("=1\x1b[2J",)]) == '"=1␛[2J"\n'
        assert Csv(("a",), is_raw=True, is_for_terminal=True, is_ascii=True).rows([("Û",)]) == '"\\xdb"\n'

    def test_counts_are_numbers(self) -> None:
        """The guard is for texts."""

        assert Csv(("a",), is_raw=False).rows([(-5,)]) == '"-5"\n'


class TestTable:
    def test_columns_line_up_and_only_widen(self) -> None:
        """Rows that come later fit the columns, or make them wider for all that follow."""
        table = Table(("actor", "count"))

        text = table.rows([("ada", 1), ("日本", 20)]) + table.rows([("someone-longer", 3), (None, 4)])

        assert text.splitlines() == [
            "actor  count",
            "ada        1",
            "日本      20",
            "someone-longer      3",
            "-                   4",
        ]

    def test_nothing_is_written_for_nothing(self) -> None:
        """No heading over no rows."""
        table = Table(("actor",))

        assert table.begin() + table.rows([]) + table.end() == ""

    def test_colour_goes_around_the_text_and_not_into_the_widths(self) -> None:
        """Escape sequences of our own take no room."""
        table = Table(("a", "b"), paint=lambda column, text: f"<{column}:{text}>")

        assert table.rows([("x", "y")]) == "<:a>  <:b>\n<a:x>  <b:y>\n"

    @given(texts)
    @settings(deadline=None, max_examples=60)
    def test_no_value_reaches_the_terminal_as_a_command(self, text: str) -> None:
        """One event is one line, and every character of it is visible."""
        written = Table(("a",)).rows([(text,)])

        assert written.count("\n") == 2
        assert all(visible(char) == char or char in "\ufe0e\ufe0f" for char in written.replace("\n", ""))

    def test_on_a_terminal_without_utf_8_it_is_ascii_and_lines_up(self) -> None:
        """Escapes are longer than what they stand for, and the widths know it."""
        assert Table(("a", "b"), is_ascii=True).rows([("é", "x"), ("ab", "\x1b")]) == ("a     b\n\\xe9  x\nab    ^[\n")
