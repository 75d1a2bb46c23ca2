"""The lexer: query text to tokens with their places.

After `field:` the text is read by the rules of values (commas, ranges, operators, regexes); everywhere else by those
of words. Only the kind of token tells the parser which it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NoReturn

from logtui.core.errors import QuerySyntaxError
from logtui.core.query.quoting import KEYWORDS, quoted, unquoted

MAX_LENGTH = 65_536
"""Characters in one query."""


class TokenKind(Enum):
    """What a token is; keywords and signs have themselves as their value."""

    OPEN = "("
    CLOSE = ")"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    MINUS = "-"
    WORD = "a word"
    PHRASE = "quoted words"
    FIELD = "a field"
    # Inside a value:
    TEXT = "text"
    QUOTED = "quoted text"
    REGEX = "a regex"
    COMPARE = "a comparison"
    DOTS = ".."
    COMMA = ","
    END = "the end"


VALUE_KINDS = frozenset(
    {TokenKind.TEXT, TokenKind.QUOTED, TokenKind.REGEX, TokenKind.COMPARE, TokenKind.DOTS, TokenKind.COMMA}
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `text` is without quotes, slashes and escapes, `start` to `end` is all of it."""

    kind: TokenKind
    text: str
    start: int
    end: int


QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_PAYLOAD_HEAD = re.compile(r'(?:payload|p)(?:\.(?:"(?:[^"\\]|\\.)*"|[^\s():".]*))+(?=:)', re.DOTALL)
_REGEX = re.compile(r"/((?:[^/\\]|\\.)*)/", re.DOTALL)
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r'[^\s():"]+')
_COMPARE = re.compile(r"[<>]=?")
_TEXT = re.compile(r'(?:(?!\.\.)[^\s(),"])+')
_IMPOSSIBLE = re.compile("[\0\ud800-\udfff]")

_ENDS_VALUE = re.compile(r"[\s)]|\Z")
_ENDS_PIECE = re.compile(r"[\s),]|\.\.|\Z")
_ENDS_REGEX = re.compile(r"[\s),]|\Z")


def tokens(text: str) -> Iterator[Token]:
    """Split a query as far as it is read; the last token is `END`.

    Raises:
        QuerySyntaxError: a quote or a regex is not closed, or a sign stands where it cannot.
    """
    if len(text) > MAX_LENGTH:
        raise QuerySyntaxError(
            f"the query is longer than {MAX_LENGTH} characters", MAX_LENGTH, width=len(text) - MAX_LENGTH
        )
    impossible = _IMPOSSIBLE.search(text)
    if impossible is not None:
        raise QuerySyntaxError("no event holds this character", impossible.start(), expected="valid Unicode")
    yield from _Lexer(text).run()
    yield Token(TokenKind.END, "", len(text), len(text))


class _Lexer:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def run(self) -> Iterator[Token]:
        while True:
            self._skip_space()
            if self._at == len(self._text):
                return
            token = self._token()
            yield token
            if token.kind is TokenKind.FIELD:
                yield from self._value_tokens()

    def _skip_space(self) -> None:
        space = _SPACE.match(self._text, self._at)
        if space is not None:
            self._at = space.end()

    def _token(self) -> Token:
        match self._text[self._at]:
            case "(":
                return self._take(TokenKind.OPEN, 1)
            case ")":
                return self._take(TokenKind.CLOSE, 1)
            case "-":
                return self._take(TokenKind.MINUS, 1)
            case '"':
                return self._quoted(TokenKind.PHRASE, _ENDS_VALUE)
            case _:
                return self._word_or_field()

    def _take(self, kind: TokenKind, length: int, text: str | None = None) -> Token:
        start = self._at
        self._at += length
        return Token(kind, self._text[start : self._at] if text is None else text, start, self._at)

    def _refuse(self, message: str, *, width: int = 1, expected: str = "", suggestion: str = "") -> NoReturn:
        raise QuerySyntaxError(message, self._at, width=width, expected=expected, suggestion=suggestion)

    def _word_or_field(self) -> Token:
        if self._text[self._at] == ":":
            self._refuse("a field is missing before the colon", expected="a field such as type:, or text in quotes")
        payload = _PAYLOAD_HEAD.match(self._text, self._at)
        if payload is not None:
            return self._field(payload[0])
        match = _WORD.match(self._text, self._at)
        assert match is not None, "every other sign has its own case"
        chunk = match[0]
        after = self._text[match.end() : match.end() + 1]
        if after == ":":
            return self._field(chunk)
        if chunk in KEYWORDS and after != '"':
            return self._take(TokenKind(chunk), len(chunk))
        if after in ("(", '"'):
            self._refuse_inside(match.end())
        return self._take(TokenKind.WORD, len(chunk))

    def _field(self, name: str) -> Token:
        token = self._take(TokenKind.FIELD, len(name))
        self._at += 1
        return token

    def _refuse_inside(self, at: int) -> NoReturn:
        whole = quoted(self._up_to_space())
        name = "quote" if self._text[at] == '"' else "parenthesis"
        self._at = at
        expected = "a space before it, or the whole text in quotes"
        self._refuse(f"a {name} inside a word", expected=expected, suggestion=whole)

    def _up_to_space(self) -> str:
        return self._text[self._at :].split(maxsplit=1)[0]

    # -- values

    def _value_tokens(self) -> Iterator[Token]:
        is_start = True
        while _ENDS_VALUE.match(self._text, self._at) is None:
            token = self._value_token(is_start=is_start)
            yield token
            is_start = token.kind is TokenKind.COMMA
            if is_start:
                self._skip_space()

    def _value_token(self, *, is_start: bool) -> Token:
        char = self._text[self._at]
        if char == ",":
            return self._take(TokenKind.COMMA, 1)
        if char == '"':
            return self._quoted(TokenKind.QUOTED, _ENDS_PIECE)
        if char == "(":
            self._refuse("a parenthesis inside a value", expected="a space before it, or the value in quotes")
        if self._text.startswith("..", self._at):
            return self._take(TokenKind.DOTS, 2)
        if is_start and char == "/":
            return self._regex()
        if is_start and char in "<>":
            match = _COMPARE.match(self._text, self._at)
            assert match is not None, "it begins with < or >"
            return self._take(TokenKind.COMPARE, len(match[0]))
        return self._bare()

    def _bare(self) -> Token:
        match = _TEXT.match(self._text, self._at)
        assert match is not None, "every other sign has its own case"
        token = self._take(TokenKind.TEXT, len(match[0]))
        if self._text.startswith('"', self._at):
            self._refuse("a quote inside a value", expected='the whole value in quotes, with \\" for a quote inside it')
        return token

    def _quoted(self, kind: TokenKind, ends: re.Pattern[str]) -> Token:
        match = QUOTED.match(self._text, self._at)
        if match is None:
            self._refuse("this quote is not closed", width=len(self._text) - self._at, expected='a closing "')
        token = self._take(kind, len(match[0]), unquoted(match[1]))
        is_id = kind is TokenKind.QUOTED and self._text.startswith("~", self._at)
        if ends.match(self._text, self._at) is None and not is_id:
            self._refuse("text right after a closing quote", expected='a space, or \\" for a quote inside quotes')
        return token

    def _regex(self) -> Token:
        match = _REGEX.match(self._text, self._at)
        meant = quoted(self._up_to_space())
        if match is None:
            self._refuse(
                "this regex is not closed",
                width=len(self._text) - self._at,
                expected="a closing /, or the text in quotes",
                suggestion=meant,
            )
        token = self._take(TokenKind.REGEX, len(match[0]), match[1].replace("\\/", "/"))
        if _ENDS_REGEX.match(self._text, self._at) is None:
            self._refuse(
                "text after the closing / of a regex",
                expected=r"\/ for a slash inside it, (?i) at its start to ignore case, or the text in quotes",
                suggestion=meant,
            )
        return token


class TokenReader:
    """A place in a query's tokens. Reads no further than asked, so that the first mistake is the one reported."""

    def __init__(self, text: str) -> None:
        self._tokens = tokens(text)
        self._next: Token | None = None
        self.before = Token(TokenKind.END, "", 0, 0)
        """The token that was taken last."""

    def peek(self) -> Token:
        """Return the next token and stay before it."""
        if self._next is None:
            self._next = next(self._tokens)
        return self._next

    def at(self, *kinds: TokenKind) -> bool:
        """Tell whether a token of one of these kinds comes next."""
        return self.peek().kind in kinds

    def take(self) -> Token:
        """Return the next token and move past it; `END` is never passed."""
        token = self.peek()
        if token.kind is not TokenKind.END:
            self.before, self._next = token, None
        return token
