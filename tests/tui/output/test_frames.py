"""The terminal ends up with what Textual would have painted, whatever was there before, and gets fewer bytes for it."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Offset, Size
from textual.strip import Strip

from logtui.tui.output.abilities import Abilities
from logtui.tui.output.frames import Frames
from logtui.tui.output.pens import Pens
from tests.tui.output.emulator import TRUECOLOR, Emulator, painted, part, whole

WIDTH, HEIGHT = 20, 8
SIZE = Size(WIDTH, HEIGHT)
HOME = Offset(0, 0)
ALL = Abilities(fills=True)

STYLES = (
    None,
    Style(color="red"),
    Style(color="#102030", bgcolor="#e0e0e0"),
    Style(bgcolor="#e0e0e0"),
    Style(bold=True, reverse=True),
    Style(underline=True),
)
TEXTS = ("", " ", "   ", "a", "event", "user_1", "2026-10-04", "é…✓")
WIDE = (*TEXTS, "漢字", "e\u0301")
ODD = (*WIDE, "👩\u200d💻", "⚠\ufe0f", "ไ")
ROUNDS = 15


def strip_of(runs: Sequence[tuple[str, Style | None]], width: int = WIDTH) -> Strip:
    return Strip([Segment(text, style) for text, style in runs]).adjust_cell_length(width)


def frames(can: Abilities = ALL) -> Frames:
    return Frames(Pens(ColorSystem.TRUECOLOR, can_take_back=can.takes_back), can)


def lines(*texts: str) -> list[Strip]:
    return [strip_of([(text, None)]) for text in (*texts, *[""] * (HEIGHT - len(texts)))]


class Dice(random.Random):
    """Screens and changes to them, by chance and always the same ones."""

    odd: Sequence[str] = ODD

    def strip(self, width: int = WIDTH) -> Strip:
        texts = self.odd if self.random() < 0.2 else TEXTS
        return strip_of([(self.choice(texts), self.choice(STYLES)) for _ in range(self.randint(0, 5))], width)

    def screen(self) -> list[Strip]:
        return [self.strip() for _ in range(HEIGHT)]

    def abilities(self) -> Abilities:
        return Abilities(fills=True, takes_back=self.random() < 0.5, scrolls=self.random() < 0.5)

    def some(self, most: int) -> list[int]:
        """Return some lines of the screen."""
        return sorted(self.sample(range(HEIGHT), self.randint(1, most)))


@pytest.fixture(params=range(5))
def dice(request: pytest.FixtureRequest) -> Dice:
    return Dice(request.param)


class Pair:
    """What is sent, and the terminal that it is sent to."""

    def __init__(self, can: Abilities = ALL) -> None:
        self.frames = frames(can)
        self.terminal = Emulator(WIDTH, HEIGHT)

    def show(self, update: LayoutUpdate | ChopsUpdate) -> None:
        self.frames.take(update, SIZE)
        self.terminal.write(self.frames.render(HOME))


def test_whole_screens_end_up_as_painted(dice: Dice) -> None:
    for _ in range(ROUNDS):
        pair = Pair(dice.abilities())
        for _ in range(3):
            screen = dice.screen()
            pair.show(whole(screen, WIDTH))
            assert pair.terminal.cells == painted(screen, WIDTH)


def test_lines_that_move_end_up_where_they_belong(dice: Dice) -> None:
    """Some of them, up or down, with others changing beside and between them."""
    for _ in range(ROUNDS):
        screen, pair = dice.screen(), Pair()
        pair.show(whole(screen, WIDTH))
        step, top = dice.randint(-HEIGHT, HEIGHT), dice.randrange(HEIGHT)
        region = range(top, dice.randint(top, HEIGHT))
        moved = [screen[y + step] if y in region and y + step in region else line for y, line in enumerate(screen)]
        for y in dice.some(3):
            moved[y] = dice.strip()
        pair.show(part(HEIGHT, WIDTH, {y: (0, line) for y, line in enumerate(moved) if line != screen[y]}))
        assert pair.terminal.cells == painted(moved, WIDTH)


def test_pieces_end_up_among_what_was_there(dice: Dice) -> None:
    """As from a dialog in the middle. No graphemes of several characters: Textual cuts them in its own way."""
    dice.odd = WIDE
    for _ in range(ROUNDS):
        screen, pair = dice.screen(), Pair()
        pair.show(whole(screen, WIDTH))
        for _ in range(3):
            x, width = dice.choice([(0, 7), (5, 10), (12, 8)])
            pieces = {y: (x, dice.strip(width)) for y in dice.some(4)}
            pair.show(part(HEIGHT, WIDTH, pieces))
            for y, (_, piece) in pieces.items():
                screen[y] = Strip.join([screen[y].crop(0, x), piece, screen[y].crop(x + width, WIDTH)])
            assert pair.terminal.cells == painted(screen, WIDTH)


def test_frames_that_were_not_sent_are_made_up_for(dice: Dice) -> None:
    for _ in range(ROUNDS):
        pair, screen = Pair(), dice.screen()
        pair.frames.take(whole(dice.screen(), WIDTH), SIZE)
        pair.show(whole(screen, WIDTH))
        assert pair.terminal.cells == painted(screen, WIDTH)
        assert pair.frames.render(HOME) == ""


def test_a_terminal_that_somebody_else_wrote_to_is_repaired(dice: Dice) -> None:
    screen, pair = dice.screen(), Pair()
    pair.show(whole(screen, WIDTH))
    pair.terminal.write("\x1b[2;2HBroadcast message from root\x1b[44m\x1b[5;1H\x1b[2K\x1b[0m")
    pair.frames.forget()
    pair.terminal.write(pair.frames.render(HOME))
    assert pair.terminal.cells == painted(screen, WIDTH)


def test_never_more_than_textual_sends(dice: Dice) -> None:
    """But for a few bytes where a line is cleared first, because terminals disagree about its width."""
    sent = frames()
    for _ in range(ROUNDS):
        update = whole(dice.screen(), WIDTH)
        sent.take(update, SIZE)
        assert len(sent.render(HOME)) <= len(update.render_segments(TRUECOLOR)) + 6 * HEIGHT


class TestBytes:
    """How few they are; the sequences are those of the VT100, SGR of ECMA-48."""

    def sent_for(self, before: list[Strip], after: list[Strip], can: Abilities = ALL) -> str:
        sent = frames(can)
        sent.take(whole(before, WIDTH), SIZE)
        sent.render(HOME)
        sent.take(whole(after, WIDTH), SIZE)
        return sent.render(HOME)

    def test_nothing_where_nothing_has_changed(self) -> None:
        screen = lines("one", "two")
        assert self.sent_for(screen, lines("one", "two")) == ""

    def test_only_the_cursor_where_only_it_has_moved(self) -> None:
        sent = frames()
        sent.take(whole(lines("one"), WIDTH), SIZE)
        sent.render(HOME)
        assert sent.render(Offset(4, 2)) == "\x1b[3;5H"

    def test_the_cells_that_differ(self) -> None:
        assert self.sent_for(lines("row 1 of 100"), lines("row 2 of 101")) == "\x1b[1;5H2\x1b[6C1\x1b[H"

    def test_blanks_at_the_end_are_erased(self) -> None:
        assert self.sent_for(lines("a long line of text"), lines("a")) == "\x1b[1;3H\x1b[K\x1b[H"

    def test_blanks_with_a_background_are_erased_where_the_terminal_can(self) -> None:
        style = Style(bgcolor="#e0e0e0")
        before, after = (
            [strip_of([(text, style)], WIDTH).adjust_cell_length(WIDTH, style), *lines()[1:]]
            for text in ("a long line of text ", "a".ljust(WIDTH))
        )
        assert "\x1b[K" in self.sent_for(before, after)
        assert "\x1b[K" not in self.sent_for(before, after, Abilities(fills=False))

    def test_a_blank_takes_the_colour_that_there_is(self) -> None:
        red, blue = Style(color="#ff0000"), Style(color="#0000ff")
        after = [strip_of([("a  ", red), ("  b", blue)], WIDTH), *lines()[1:]]
        assert self.sent_for(lines(), after).count("m") == 3

    def test_lines_that_move_up_are_moved_by_the_terminal(self) -> None:
        before = lines(*(f"{name} is a line" for name in "abcdefgh"))
        after = lines(*(f"{name} is a line" for name in "bcdefghi"))
        assert self.sent_for(before, after) == "\x1b[1;8r\x1b[8H\x1bD\x1b[r\x1b[8Hi is a line\x1b[H"

    def test_lines_that_move_down_are_moved_by_the_terminal(self) -> None:
        """Those above and below them stay."""
        before = lines("top", *(f"{name} is a line" for name in "abcdef"), "bottom")
        after = lines("top", *(f"{name} is a line" for name in "12abcd"), "bottom")
        assert self.sent_for(before, after).startswith("\x1b[2;7r\x1b[2H\x1bM\x1bM\x1b[r\x1b[2H1 is a line\x1b[3H2")

    def test_a_terminal_that_cannot_scroll_gets_the_lines(self) -> None:
        before = lines(*(f"{name} is a line" for name in "abcdefgh"))
        after = lines(*(f"{name} is a line" for name in "bcdefghi"))
        assert "r" not in self.sent_for(before, after, Abilities(scrolls=False))


class TestWhatIsNotKnown:
    def test_a_part_of_a_screen_that_was_never_whole(self) -> None:
        with pytest.raises(ValueError, match="rest of the screen"):
            frames().take(part(HEIGHT, WIDTH, {0: (0, lines("a")[0])}), SIZE)

    def test_a_screen_of_another_size(self) -> None:
        with pytest.raises(ValueError, match="another size"):
            frames().take(whole(lines("a"), WIDTH), Size(80, 24))

    def test_an_update_of_another_kind(self) -> None:
        sent = frames()
        sent.take(whole(lines("a"), WIDTH), SIZE)
        with pytest.raises(TypeError, match="unknown update str"):
            sent.take("hello", SIZE)

    @pytest.mark.parametrize(
        "segment",
        [Segment("a", Style(link="https://example.com")), Segment("\x1b[2J", None, [(1,)])],  # type: ignore[list-item]
    )
    def test_what_is_no_text(self, segment: Segment) -> None:
        with pytest.raises(ValueError, match="only text"):
            frames().take(whole([Strip([segment, Segment(" " * (WIDTH - 1))]), *lines()[1:]], WIDTH), SIZE)

    def test_a_line_that_is_too_wide(self) -> None:
        with pytest.raises(ValueError, match="wider"):
            frames().take(whole([strip_of([("a", None)], WIDTH + 1), *lines()[1:]], WIDTH), SIZE)

    def test_a_resize_starts_anew(self) -> None:
        sent = frames()
        sent.take(whole(lines("a"), WIDTH), SIZE)
        sent.render(HOME)
        wider = [strip.adjust_cell_length(30) for strip in lines("a")]
        sent.take(whole(wider, 30), Size(30, HEIGHT))
        terminal = Emulator(30, HEIGHT)
        terminal.write("#" * 30 + sent.render(HOME))
        assert terminal.cells == painted(wider, 30)
