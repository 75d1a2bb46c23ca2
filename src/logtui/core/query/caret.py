"""Where the caret stands in a query that is still being typed, and so may be wrong everywhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass

from logtui.core.query.lexer import QUOTED
from logtui.core.query.quoting import unquoted

_REGEX = re.compile(r"/(?:[^/\\]|\\.)*/", re.DOTALL)
_REST_OF_WORD = re.compile(r'[^\s():"]*:?')
_REST_OF_VALUE = re.compile(r'[^\s(),"]*"?')


@dataclass(frozen=True, slots=True)
class Place:
    """The piece of the query that the caret is in: a word, or one value of a field."""

    start: int
    end: int
    prefix: str
    """What the piece holds before the caret, without an opening quote."""
    field: str | None = None
    """The field whose value it is."""
    is_first: bool = True
    """Whether the value is the first of its list."""
    is_quoted: bool = False


def place_at(text: str, cursor: int) -> Place | None:
    """Return the piece around the caret; None inside a regex and inside quoted words."""
    cursor = max(0, min(cursor, len(text)))
    return _Walk(text, cursor).run()


class _Walk:
    """Reads the text up to the caret, remembering where the current term and its last value began."""

    def __init__(self, text: str, cursor: int) -> None:
        self._text = text
        self._cursor = cursor
        self._at = 0
        self._term: int | None = None
        self._colon: int | None = None
        self._piece = 0

    def run(self) -> Place | None:
        while self._at < self._cursor:
            char = self._text[self._at]
            if char == '"':
                end = self._end_of(QUOTED)
                if end > self._cursor:
                    return self._inside_quotes(end)
                self._start_term()
                self._at = end
            elif char == "/" and self._colon is not None and self._at == self._piece:
                self._at = self._end_of(_REGEX)
                if self._at > self._cursor:
                    return None
            else:
                self._step(char)
        if self._term is None:
            self._piece = self._cursor
        if self._colon is None:
            return Place(self._piece, self._rest(_REST_OF_WORD), self._text[self._piece : self._cursor])
        return self._value(self._rest(_REST_OF_VALUE), is_quoted=False)

    def _end_of(self, pattern: re.Pattern[str]) -> int:
        """Return where the quotes or the regex here end; beyond the text when they are not closed."""
        match = pattern.match(self._text, self._at)
        return match.end() if match is not None else len(self._text) + 1

    def _start_term(self) -> None:
        if self._term is None:
            self._term = self._piece = self._at

    def _step(self, char: str) -> None:
        if char in "()" or (char.isspace() and not self._is_after_comma()):
            self._term = self._colon = None
        elif char.isspace() or (char == "," and self._colon is not None):
            self._piece = self._at + 1
        elif char == ":" and self._term is not None and self._colon is None:
            self._colon = self._at
            self._piece = self._at + 1
        elif char != "-":
            self._start_term()
        self._at += 1

    def _is_after_comma(self) -> bool:
        return self._colon is not None and self._text[: self._at].rstrip().endswith(",")

    def _inside_quotes(self, end: int) -> Place | None:
        if self._colon is None:
            return None
        return self._value(end if end <= len(self._text) else self._rest(_REST_OF_VALUE), is_quoted=True)

    def _value(self, end: int, *, is_quoted: bool) -> Place:
        prefix = self._text[self._piece : self._cursor]
        return Place(
            self._piece,
            end,
            unquoted(prefix[1:]) if is_quoted else prefix,
            self._text[self._term : self._colon],
            is_first="," not in self._text[self._colon : self._piece],
            is_quoted=is_quoted,
        )

    def _rest(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._text, self._cursor)
        return match.end() if match is not None else self._cursor
