"""The parser: query text to tree, by recursive descent over the grammar of SPEC §4.

    query  = or
    or     = and { "OR" and }
    and    = not { ["AND"] not }
    not    = ["-" | "NOT"] ( "(" or ")" | term )

The tree comes out in normal form (see `normal`).
"""

from __future__ import annotations

from logtui.core.errors import QuerySyntaxError
from logtui.core.query.ast import Node, Not, Span, Term, Word
from logtui.core.query.fields import FLAG_FIELD, TIME_FIELDS, ref_of
from logtui.core.query.lexer import Token, TokenKind, TokenReader
from logtui.core.query.normal import EVERYTHING, all_of, any_of
from logtui.core.query.values import one_star, read_flags, read_time, read_values

MAX_DEPTH = 100
"""Parentheses inside parentheses."""

MAX_CONDITIONS = 1000
"""Fields and words in one query; the values of a comma list are not counted."""

_CONDITION = "a field with a value, a word, quoted words, or ( )"
_AFTER_AND = frozenset({TokenKind.OR, TokenKind.CLOSE, TokenKind.END})


def parse(text: str) -> Node:
    """Return the tree that the text means.

    Raises:
        QuerySyntaxError: where the text is wrong, and what was expected there.
    """
    return _Parser(text).run()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._reader = TokenReader(text)
        self._open: list[Token] = []
        self._condition_count = 0

    def run(self) -> Node:
        if self._reader.at(TokenKind.END):
            return EVERYTHING
        node = self._or()
        if self._reader.at(TokenKind.CLOSE):
            raise QuerySyntaxError(
                "no parenthesis is open here",
                self._reader.peek().start,
                expected="a ( before it, or the text in quotes",
            )
        return node

    def _or(self) -> Node:
        children = [self._and()]
        while self._reader.at(TokenKind.OR):
            self._reader.take()
            children.append(self._and())
        return any_of(children)

    def _and(self) -> Node:
        children = [self._not()]
        while not self._reader.at(*_AFTER_AND):
            if self._reader.at(TokenKind.AND):
                self._reader.take()
            children.append(self._not())
        return all_of(children)

    def _not(self) -> Node:
        if not self._reader.at(TokenKind.MINUS, TokenKind.NOT):
            return self._group_or_term()
        sign = self._reader.take()
        following = self._reader.peek()
        if following.kind in (TokenKind.MINUS, TokenKind.NOT):
            raise QuerySyntaxError(
                f"{sign.text} before {following.text}",
                following.start,
                width=following.end - following.start,
                expected='one negation, or text with a - in quotes: "-x"',
            )
        if sign.kind is TokenKind.MINUS and following.start != sign.end:
            raise QuerySyntaxError("this - negates nothing", sign.start, expected='a condition right after it, or "-"')
        return Not(self._group_or_term())

    def _group_or_term(self) -> Node:
        token = self._reader.take()
        match token.kind:
            case TokenKind.OPEN:
                return self._group(token)
            case TokenKind.FIELD:
                return self._field(token)
            case TokenKind.WORD | TokenKind.PHRASE:
                return self._word(token)
            case _:
                raise self._missing(token)

    def _group(self, opening: Token) -> Node:
        if len(self._open) == MAX_DEPTH:
            raise QuerySyntaxError(f"more than {MAX_DEPTH} parentheses inside each other", opening.start)
        self._open.append(opening)
        node = self._or()
        self._open.pop()
        if not self._reader.at(TokenKind.CLOSE):
            raise QuerySyntaxError("this parenthesis is not closed", opening.start, expected="a ) for it")
        self._reader.take()
        return node

    def _field(self, token: Token) -> Node:
        name = token.text
        self._count(token)
        if name == FLAG_FIELD:
            return any_of(read_flags(self._reader, token.start))
        if name in TIME_FIELDS:
            return read_time(self._reader, name, token.start)
        ref = ref_of(token, self._text)
        values = read_values(self._reader, ref)
        return Term(ref, values, Span(token.start, self._reader.before.end))

    def _word(self, token: Token) -> Node:
        self._count(token)
        span = Span(token.start, token.end)
        if token.kind is TokenKind.PHRASE:
            if not token.text:
                raise QuerySyntaxError("there is nothing between the quotes", token.start, width=2, expected="words")
            return Word(token.text, is_quoted=True, span=span)
        text = one_star(token.text)
        return EVERYTHING if text == "*" else Word(text, span=span)

    def _count(self, token: Token) -> None:
        self._condition_count += 1
        if self._condition_count > MAX_CONDITIONS:
            raise QuerySyntaxError(
                f"more than {MAX_CONDITIONS} conditions", token.start, expected="lists of values: actor:a,b,c"
            )

    def _missing(self, token: Token) -> QuerySyntaxError:
        if token.kind is TokenKind.END:
            before = self._reader.before
            if before.kind is TokenKind.OPEN:
                return QuerySyntaxError("this parenthesis is not closed", before.start, expected=_CONDITION)
            message = f"nothing stands after {before.text}"
            return QuerySyntaxError(message, before.start, width=before.end - before.start, expected=_CONDITION)
        if token.kind is TokenKind.CLOSE and self._open:
            return QuerySyntaxError("a condition is missing before this )", token.start, expected=_CONDITION)
        if token.kind is TokenKind.CLOSE:
            return QuerySyntaxError(
                "no parenthesis is open here", token.start, expected="a ( before it, or the text in quotes"
            )
        message = f"a condition is missing before {token.text}"
        expected = f'{_CONDITION}; the word itself goes in quotes: "{token.text}"'
        return QuerySyntaxError(message, token.start, width=token.end - token.start, expected=expected)
