"""Whatever stored text holds, a terminal is told nothing that harmless text would not have told it.

`benchmarks/hostile.py` walks the same ways with 100,000 values.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.control_functions import functions, hidden
from tests.hostile_doors import (
    Ground,
    Walk,
    grounds,
    judge,
    mistakes,
    plain,
    query_line,
    screen,
    tables,
    tables_in_ascii,
)
from tests.hostile_values import SEQUENCES, hostile_values

pytestmark = pytest.mark.pty

ALL_KINDS = 1_450
"""Values that hold every kind once, and some mixtures."""


def part_of_query_line(ground: Ground) -> bytes:
    """As many values as one query has."""
    return query_line(replace(ground, values=ground.values[:1650:3]))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ground, Ground]:
    """Stores of hostile and of harmless values."""
    return grounds(tmp_path_factory.mktemp("doors"), hostile_values(ALL_KINDS))


@pytest.mark.parametrize("walk", [screen, part_of_query_line, plain, tables, tables_in_ascii, mistakes])
def test_no_value_tells_a_terminal_anything(walk: Walk, both: tuple[Ground, Ground]) -> None:
    """Neither what is seen nor what is copied."""
    assert judge(walk, *both) == set()


class TestRecorder:
    def test_every_known_sequence_is_one(self) -> None:
        """A judge that sees nothing would acquit everybody."""
        unseen = [sequence for sequence in SEQUENCES if not functions(f"a\x1b{sequence}b".encode())]

        assert unseen == []

    @pytest.mark.parametrize("code", [*range(0x20), *range(0x7F, 0xA0)])
    def test_every_control_character_is_one(self, code: int) -> None:
        """By itself, too."""
        assert functions(f"a{chr(code)}b".encode())

    @pytest.mark.parametrize(
        ("written", "found"),
        [
            (b"\x1b[?1049;25h", {"CSI ?h 1049", "CSI ?h 25"}),
            (b"\x1b[1;38;5;200;4m", {"CSI m 1", "CSI m 38", "CSI m 4"}),
            (b"\x1b[5;1H\x1b[9C", {"CSI H", "CSI C"}),
            ("\x9b31m".encode(), {"CSI m 31"}),
            (b"\x1b]52;c;QQ==\x07\x1b]0;t\x1b\\", {"OSC 52", "OSC 0"}),
            (b"\x1bP$qm\x1b\\\x1b(0\x1bc", {"string 'P'", "ESC (0", "ESC c"}),
            ("a\u202eb\xa0".encode(), {"U+202E", "U+00A0"}),
            ("é日本 ⚠\ufe0f".encode(), set()),
        ],
    )
    def test_names(self, written: bytes, found: set[str]) -> None:
        """Each with what it does."""
        assert functions(written) == found

    def test_hidden(self) -> None:
        """Selectors hide, but for emoji."""
        assert hidden("a\ufe0f\u200b⚠\ufe0f\U000e0041") == {"\ufe0f", "\u200b", "\U000e0041"}
        assert hidden("⚠\ufe0f") == set()
