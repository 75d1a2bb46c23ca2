"""Regular expressions that RE2 and Python read alike."""

from __future__ import annotations

import contextlib
import re

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from logtui.core.query.regex import MAX_LENGTH, RegexError, check, compiled

SUBJECTS = (
    "", "a", "A", "ab", "a b", "aab_1", "\n", "a\n", "é", "É", "K", "_-", "[x]", "01", "\x0b", "a.b", "$^", "b\na",
    "a{2}", "\\", "/:&", "Kk~=,", "\x85", "٣", "\u00a0", "Σσς",
)  # fmt: skip
PIECES = (
    *"abAB01_ -^$.|()[]{}*+?\\,/:&~Ké\n", r"\d", r"\w", r"\s", r"\S", r"\W", r"\D", r"\b", r"\B", r"\z", r"\A",
    "(?:", "(?i:", "[^", "{2}", "{1,3}", r"\x41", r"\x{e9}", r"\.", r"\-", "(?i)", "(?m)", "(?s)", "(?P<n>",
    "[a-z]", r"[^\d]",
)  # fmt: skip


def _in_duckdb(pattern: str, *, is_caseless: bool) -> list[bool]:
    rows = duckdb.execute(
        "select regexp_matches(subject, ?, ?) from (select unnest(?) as subject)",
        [pattern, "i" if is_caseless else "c", list(SUBJECTS)],
    ).fetchall()
    return [found for (found,) in rows]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join), st.booleans())
@example("(?m)^a$", False)
@example("^a$", False)
@example("a{b", True)
@example(r"[\w-z]", False)
@example("[+--]", False)
@example("[[]", True)
@example("[]a]", False)
@example("[a-c-e]", False)
@example("a&&b||c", False)
def test_python_finds_what_re2_finds(pattern: str, is_caseless: bool) -> None:
    """A pattern that is let through compiles in RE2 and has the same answer there."""
    try:
        found = compiled(pattern, is_caseless=is_caseless)
    except RegexError:
        return
    if is_caseless and r"\W" in pattern and "[" in pattern:
        return  # the difference that the module names

    assert [found.search(subject) is not None for subject in SUBJECTS] == _in_duckdb(pattern, is_caseless=is_caseless)


@pytest.mark.parametrize(
    ("pattern", "offset", "reason"),
    [
        ("a(?=b)", 1, "lookaround"),
        ("a(?!b)", 1, "lookaround"),
        ("(?<=a)b", 0, "lookaround"),
        ("(?<!a)b", 0, "lookaround"),
        (r"(a)\1", 3, "backreferences"),
        (r"(?P<n>a)(?P=n)", 8, "backreferences"),
        ("(?>a)", 0, "atomic"),
        ("(a)(?(1)b)", 3, "conditional"),
        ("(?#x)a", 0, "comments"),
        ("(?<n>a)", 0, r"\(\?P<name>"),
        ("a(?i)b", 1, "at the start"),
        ("(?x)a", 0, "this group"),
        ("a++", 1, "possessive"),
        ("a{1001}", 1, "1000 repetitions"),
        ("(a{100}){100}", 8, "1000 repetitions"),
        ("a{,3}", 1, r"\{0,n\}"),
        (r"\pL", 0, "Unicode classes"),
        (r"a\Z", 1, r"\\z"),
        (r"\q", 0, r"unknown escape \\q"),
        ("a\\", 1, "nothing follows"),
        ("[[:alpha:]]", 1, r"\[:alpha:\]"),
        ("[a", 0, "not closed"),
        ("x(?:)", 4, "empty"),
        (r"\x{110000}", 0, "no such character"),
        ("(" * 60 + ")" * 60, 50, "deep"),
        ("a" * (MAX_LENGTH + 1), MAX_LENGTH, "characters"),
        ("(", 0, "unterminated subpattern"),
        ("a)", 0, "unbalanced parenthesis"),
        ("*a", 0, "nothing to repeat"),
        ("[z-a]", 0, "bad character range"),
    ],
)
def test_what_re2_lacks_is_refused_with_the_reason(pattern: str, offset: int, reason: str) -> None:
    """Nobody waits for a search to learn that the engine cannot do it."""
    with pytest.raises(RegexError, match=reason) as caught:
        check(pattern)

    assert caught.value.offset == offset


def test_case_is_regarded_unless_asked() -> None:
    """Ids are case-sensitive, types are not; the caller knows which it is."""
    assert compiled("sign").search("SIGN_IN") is None
    assert compiled("sign", is_caseless=True).search("SIGN_IN")
    assert compiled("(?i)sign").search("SIGN_IN")


@given(st.text(max_size=12))
def test_any_text_is_answered_or_refused(pattern: str) -> None:
    """No pattern gets out of the check by another error."""
    with contextlib.suppress(RegexError):
        assert isinstance(compiled(pattern), re.Pattern)
