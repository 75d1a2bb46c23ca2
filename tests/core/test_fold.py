"""Folding: what "without regard to case" means."""

from __future__ import annotations

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from logtui.core.query.fold import fold


def test_every_character_folds_as_in_duckdb() -> None:
    """The engine compares with `lower()`; the oracle must agree over the whole of Unicode."""
    codes = "range(1, 1114112) t(code) where code not between 55296 and 57343"
    rows = duckdb.execute(f"select chr(code::int), lower(chr(code::int)) from {codes}").fetchall()

    assert [(char, lowered) for char, lowered in rows if fold(char) != lowered] == []
    assert len(rows) == 0x10FFFF - 2048


@given(
    st.text(
        st.characters(codec="utf-8", exclude_characters="\0") | st.sampled_from("ΣσςİıIẞΑ. \U00010d50\ua7cb"),
        max_size=8,
    )
)
def test_a_text_folds_as_in_duckdb(text: str) -> None:
    """No character depends on its neighbours, not even a final sigma."""
    row = duckdb.execute("select lower(?)", [text]).fetchone()

    assert row == (fold(text),)


@given(st.text())
def test_folding_is_stable_and_keeps_the_length(text: str) -> None:
    """Places found in folded text are places in the text itself."""
    folded = fold(text)

    assert (fold(folded), len(folded)) == (folded, len(text))
