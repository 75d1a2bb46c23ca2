"""What is echoed while a line is typed is what a terminal that only prints shows of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logtui.plain.line_editor import LineEditor, Typed

KEYS = [
    *"abc é漢", "\x01", "\x02", "\x04", "\x05", "\x06", "\x08", "\x0b", "\x0e", "\x10", "\x15", "\x17", "\x7f",
    "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[3~", "\x1bOH", "\r",
]  # fmt: skip


class Paper:
    """A terminal that can print, and go back by backspaces: one line of it."""

    def __init__(self) -> None:
        self.cells: list[str] = []
        self.at = 0

    def print(self, text: str) -> None:
        """Print text; a wide character takes two cells."""
        for char in text:
            if char == "\b":
                self.at -= 1
                assert self.at >= 0, "before the beginning of the line"
                continue
            for cell in (char, "") if char == "漢" else (char,):
                self.cells[self.at : self.at + 1] = [cell]
                self.at += 1


def typed(editor: LineEditor, text: str) -> list[Typed]:
    """Type a text."""
    return editor.take(text.encode())


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.sampled_from(KEYS), max_size=40))
def test_the_echo_shows_the_line_and_the_cursor(keys: list[str]) -> None:
    """After any keys, the paper has the text, blanks behind it, and its head at the cursor."""
    editor, paper = LineEditor(width=500), Paper()
    for key in keys:
        for answer in typed(editor, key):
            paper.print(answer.echo)
            assert not answer.is_repeat
            if answer.line is not None:
                assert "".join(paper.cells).rstrip() == answer.line.rstrip()
                paper = Paper()
            if answer.is_end:
                assert editor.text == ""
    assert "".join(paper.cells).rstrip() == editor.text.rstrip()
    before = Paper()
    before.print(editor.text[: editor.at])
    assert paper.at == before.at


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_taken(data: bytes) -> None:
    """And none of them is echoed as a control character but backspace."""
    editor = LineEditor(width=500)
    echo = "".join(answer.echo for answer in editor.take(data))

    assert all(char == "\b" or char.isprintable() or ord(char) > 0x9F for char in echo)


class TestKeys:
    @pytest.mark.parametrize(
        ("keys", "line"),
        [
            ("abc\r", "abc"),
            ("abc\x7f\x7fd\r", "ad"),
            ("one two\x17x\r", "one x"),
            ("abc\x01\x04x\r", "xbc"),
            ("abc\x1b[D\x1b[Dx\r", "axbc"),
            ("abc\x02\x0bd\r", "abd"),
            ("wrong\x15right\r", "right"),
            ("a\x1b[15~b\x1bxc\r", "abc"),
            ("\r", ""),
        ],
    )
    def test_edit_as_in_a_shell(self, keys: str, line: str) -> None:
        """Unknown keys do nothing."""
        assert typed(LineEditor(), keys)[-1].line == line

    def test_lines_come_back(self) -> None:
        """Upwards through what was typed, and down to the empty line again."""
        editor = LineEditor()
        typed(editor, "one\rtwo\r")
        typed(editor, "\x1b[A\x1b[A")
        assert editor.text == "one"
        typed(editor, "\x1b[B")
        assert editor.text == "two"
        typed(editor, "\x1b[B")
        assert editor.text == ""

    def test_the_end_of_input_is_an_empty_line_with_ctrl_d(self) -> None:
        """In a line, the key deletes."""
        editor = LineEditor()
        assert typed(editor, "\x04")[-1].is_end
        assert not typed(editor, "a\x01\x04")[-1].is_end

    def test_a_sequence_may_come_in_pieces(self) -> None:
        """Lines are slow."""
        editor = LineEditor()
        for piece in (b"ab\x1b", b"[", b"Dx", "é".encode()[:1], "é".encode()[1:]):
            editor.take(piece)
        assert editor.text == "axéb"

    def test_a_line_that_is_too_long_is_shown_again(self) -> None:
        """Backspaces do not go up a line."""
        editor = LineEditor(width=5)
        assert [each.is_repeat for each in typed(editor, "abcdef\x7f\x7f")] == [*[False] * 6, True, True]
        assert editor.shown == "abcd"

    def test_completion_is_put_in_and_the_ways_to_go_on_are_told(self) -> None:
        """What is certain at once, the rest as words."""
        editor = LineEditor(complete=lambda text, _at: ("pe:", ("type:sign_in", "type:sign_up")) if text else ("", ()))
        answer = typed(editor, "ty\t")[-1]
        assert (answer.echo, answer.options) == ("pe:", ("type:sign_in", "type:sign_up"))
        assert editor.text == "type:"
