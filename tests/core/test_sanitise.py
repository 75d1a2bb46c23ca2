"""Whatever a text holds, what is shown of it cannot steer a terminal, hide, or become a formula."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logtui.core.sanitise import MARKS_SHOWN, NO_LIMIT, ascii_only, csv_cell, json_safe, multiline, narrow, visible

ALL_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
OBEYED = {"Cc", "Cs", "Zl", "Zp"}
SHOWN_FORMATS = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]")
"""Format characters with a shape of their own: Arabic, Syriac and Kaithi signs around numbers."""


class TestVisible:
    def test_leaves_no_character_that_a_terminal_obeys_or_that_hides(self) -> None:
        """Checked for every code point there is."""
        offenders = [
            hex(ord(char))
            for code in range(0x110000)
            for char in visible(chr(code))
            if (kind := unicodedata.category(char)) in OBEYED
            or (kind == "Cf" and not SHOWN_FORMATS.match(char))
            or (kind == "Zs" and char != " ")
        ]

        assert offenders == []

    def test_says_which_character_it_was(self) -> None:
        """Two different characters never look the same afterwards."""
        spelled = {visible(chr(code)) for code in range(0x110000)}

        assert len(spelled) == 0x110000 - _shown_twice()

    @pytest.mark.parametrize(
        ("hostile", "shown"),
        [
            ("\x1b]52;c;Zm9v\x07", "␛]52;c;Zm9v␇"),
            ("\x9b2J", r"\x9b2J"),
            ("a\r\nb\tc\x7f", "a␍␊b␉c␡"),
            ("admin\u202etxt.exe", r"admin\u202etxt.exe"),
            ("user\u200b_1", r"user\u200b_1"),
            ("admin\u00a0", r"admin\u00a0"),
            ("\ud83d alone", r"\ud83d alone"),
            ("\U000e0041", r"\U000e0041"),
            ("\uffff\U0010ffff", r"\uffff\U0010ffff"),
            ("id_1\ufe0f", r"id_1\ufe0f"),
            ("[/nope] [@click=app.quit]x[/]", "[/nope] [@click=app.quit]x[/]"),
            ("日本語 Ünïcode ❤️ 👍🏽", "日本語 Ünïcode ❤️ 👍🏽"),
        ],
    )
    def test_spells_out(self, hostile: str, shown: str) -> None:
        """What is hostile is shown; what is text, of any language, stays as it is."""
        assert shown == visible(hostile)

    @given(ALL_TEXT)
    @settings(max_examples=200, deadline=None)
    def test_is_at_its_end_after_once(self, text: str) -> None:
        """Text that went through twice reads like text that went through once."""
        assert visible(visible(text)) == visible(text)

    def test_cuts_before_it_spells_and_says_how_much(self) -> None:
        """A megabyte of controls costs and shows as much as the limit allows."""
        assert visible("\x00" * 1_000_000, 3) == "␀␀␀ …(+999,997 chars)"

    def test_counts_marks_that_would_be_stacked_over_other_lines(self) -> None:
        """A pile of accents cannot paint over its neighbours."""
        assert visible("a" + "\u0301" * 30 + "b") == "a" + "\u0301" * MARKS_SHOWN + "…(+22 marks)b"

    def test_keeps_long_runs_of_signs_that_are_no_marks(self) -> None:
        """Only marks are counted, not every sign."""
        assert visible("→" * 30 + "।" * 20) == "→" * 30 + "।" * 20


class TestMultiline:
    def test_keeps_line_feeds_and_nothing_else(self) -> None:
        """Lines stay lines; a carriage return could overwrite one."""
        assert multiline("a\nb\r\n\x1b[2Jc") == "a\nb␍\n␛[2Jc"

    @given(ALL_TEXT)
    @settings(max_examples=200, deadline=None)
    def test_shows_each_line_as_visible_does(self, text: str) -> None:
        """The only difference is the line feed itself."""
        assert [visible(line) for line in multiline(text).split("\n")] == [visible(line) for line in text.split("\n")]

    def test_leaves_marks_alone(self) -> None:
        """They paint over lines of a screen only, and copies are exact."""
        assert multiline("a" + "\u0301" * 30) == "a" + "\u0301" * 30


class TestJsonSafe:
    @given(st.dictionaries(ALL_TEXT, ALL_TEXT, max_size=2), st.sampled_from([None, 1, "\t"]))
    @settings(max_examples=200, deadline=None)
    def test_means_the_same_and_hides_nothing(self, value: dict[str, str], indent: int | str | None) -> None:
        """Hidden characters stand in strings only, where an escape says the same."""
        safe = json_safe(json.dumps(value, ensure_ascii=False, indent=indent))

        assert json.loads(safe) == value
        assert multiline(safe) == safe

    def test_stays_as_it_is_written(self) -> None:
        """Order, numbers, indents and letters are evidence."""
        text = '{\n  "b": 1.10,\n  "a": "é"\n}'

        assert json_safe(text) == text


class TestNarrow:
    def test_drops_what_terminals_give_different_widths(self) -> None:
        """Skin tones and emoji style go; the emoji stays."""
        assert narrow("⚠️ 👍🏽 ok") == "⚠ 👍 ok"


class TestAsciiOnly:
    def test_turns_our_signs_into_similar_ones(self) -> None:
        """A terminal without UTF-8 still shows trees, bars and controls."""
        assert ascii_only("▸ a … ␛[ é €") == r"> a ... ^[[ \xe9 \u20ac"

    @given(ALL_TEXT)
    @settings(max_examples=100, deadline=None)
    def test_is_printable_ascii(self, text: str) -> None:
        """Nothing else is left, whatever came in."""
        shown = ascii_only(visible(text))

        assert shown.isascii()
        assert shown.isprintable()


class TestCsvCell:
    @pytest.mark.parametrize(
        ("text", "cell"),
        [
            ("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"),
            ("+1+1", "'+1+1"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1+1", "␉=1+1"),
            ("  =1+1", "'  =1+1"),
            ("＝1+1", "'＝1+1"),
            ("%0a", "'%0a"),
            ("-5", "-5"),
            ("-1.5e3", "-1.5e3"),
            ("ok", "ok"),
            ("", ""),
        ],
    )
    def test_is_never_a_formula(self, text: str, cell: str) -> None:
        """Spreadsheets run what starts with these signs; numbers are harmless."""
        assert cell == csv_cell(text)

    def test_is_whole(self) -> None:
        """An export is evidence: nothing is cut."""
        assert len(csv_cell("x" * 100_000)) == 100_000


def _shown_twice() -> int:
    """Control Pictures and DEL's stand for themselves and for the control that they picture."""
    pictured = sum(visible(chr(0x2400 + code)) == visible(chr(code)) for code in range(32))
    return pictured + (visible("␡") == visible("\x7f"))


def test_no_limit_is_no_limit() -> None:
    """The largest size that a text can have is within it."""
    assert visible("x" * 10, NO_LIMIT) == "x" * 10
