"""docs/query-language.md says what the parser does."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from logtui.core.errors import QuerySyntaxError
from logtui.core.query import lexer, parser, regex
from logtui.core.query.ast import MAX_PAYLOAD_DEPTH
from logtui.core.query.fields import FIELDS
from logtui.core.query.flags import FAILURE_WORDS, FLAGS
from logtui.core.query.parser import parse
from logtui.core.query.sentence import to_sentence
from logtui.core.query.text import to_text

DOCUMENT = (Path(__file__).parents[2] / "docs" / "query-language.md").read_text(encoding="utf-8")


def _examples(kind: str) -> list[tuple[str, str]]:
    """Return the queries of the document's blocks of one kind, each with what stands after its #."""
    blocks = re.findall(rf"```{kind}\n(.*?)```", DOCUMENT, re.DOTALL)
    lines = [line.partition("  # ") for block in blocks for line in block.splitlines()]
    return [(query.strip(), meaning.strip()) for query, _, meaning in lines]


@pytest.mark.parametrize(("query", "meaning"), _examples("query"))
def test_every_example_parses(query: str, meaning: str) -> None:
    """And reads back, and has a meaning beside it."""
    assert parse(to_text(parse(query))) == parse(query)
    assert meaning


@pytest.mark.parametrize(("query", "sentence"), _examples("sentence"))
def test_every_sentence_is_what_is_shown(query: str, sentence: str) -> None:
    """Word for word."""
    assert to_sentence(parse(query)) == sentence


@pytest.mark.parametrize(("query", "message"), _examples("error"))
def test_every_mistake_is_answered_as_written(query: str, message: str) -> None:
    """Word for word."""
    with pytest.raises(QuerySyntaxError) as caught:
        parse(query)

    assert caught.value.message == message


def test_what_is_said_to_be_the_same_is_the_same() -> None:
    """An example with the meaning "the same" asks what the one above it asks."""
    pairs = [(above, query) for (above, _), (query, meaning) in pairwise(_examples("query")) if meaning == "the same"]

    assert len(pairs) == 3
    assert [pair for pair in pairs if parse(pair[0]) != parse(pair[1])] == []


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_in_the_table_and_in_the_examples(field: str) -> None:
    """A new column is documented or the build fails."""
    assert re.search(rf"^\|.*`{field}[`.:]", DOCUMENT, re.MULTILINE)


@pytest.mark.parametrize("flag", FLAGS)
def test_every_flag_is_documented(flag: str) -> None:
    """With its meaning."""
    assert re.search(rf"^\| `is:{flag}` \| \w+", DOCUMENT, re.MULTILINE)


def test_every_word_for_failure_is_documented() -> None:
    """Someone who misses an event can see why."""
    assert [name for name in FAILURE_WORDS if f"`{name}`" not in DOCUMENT] == []


@pytest.mark.parametrize(
    ("what", "limit"),
    [
        ("characters in a query", lexer.MAX_LENGTH),
        ("conditions", parser.MAX_CONDITIONS),
        ("parentheses inside each other", parser.MAX_DEPTH),
        ("keys in a payload path", MAX_PAYLOAD_DEPTH),
        ("characters in a regular expression", regex.MAX_LENGTH),
    ],
)
def test_every_limit_is_documented(what: str, limit: int) -> None:
    """With the number that the code has."""
    assert re.search(rf"^\| {what}.* \| {limit:,} \|$", DOCUMENT, re.MULTILINE)
