"""What stands after a field's colon: values, flags and times, read from tokens."""

from __future__ import annotations

import re
from typing import NoReturn

from logtui.core.errors import QuerySyntaxError, UsageError
from logtui.core.event import SEVERITY_RANK
from logtui.core.query.ast import (
    Around,
    Cidr,
    ColumnRef,
    Compare,
    Exists,
    FieldRef,
    Flag,
    Literal,
    On,
    Range,
    Regex,
    Since,
    Span,
    TimeTerm,
    Until,
    Value,
    Wildcard,
)
from logtui.core.query.flags import FLAGS
from logtui.core.query.fold import fold
from logtui.core.query.lexer import VALUE_KINDS, Token, TokenKind, TokenReader
from logtui.core.query.quoting import IP, quoted
from logtui.core.query.ranges import is_reversed
from logtui.core.query.suggest import nearest
from logtui.core.query.text import values_text
from logtui.core.times import (
    DAY_WORDS,
    EXPECTED_DAY,
    EXPECTED_DURATION,
    EXPECTED_TIME,
    is_time,
    parse_day,
    parse_duration,
    parse_period,
)

DEFAULT_RADIUS = "5m"
"""What `around:` means without `~`."""

_SEVERITY = ColumnRef("severity")
_STARS = re.compile(r"\*{2,}")


def one_star(text: str) -> str:
    """Return the pattern with runs of `*`, which mean no more than one, made one."""
    return _STARS.sub("*", text)


# -- values


def read_values(reader: TokenReader, ref: FieldRef) -> tuple[Value, ...]:
    """Read the comma list after the field.

    Raises:
        QuerySyntaxError: it is empty, or one of the values is not a value of the field.
    """
    values = [_read_value(reader, ref)]
    while reader.at(TokenKind.COMMA):
        reader.take()
        values.append(_read_value(reader, ref))
    _end_value(reader)
    return tuple(values)


def _read_value(reader: TokenReader, ref: FieldRef) -> Value:
    if reader.at(TokenKind.COMPARE):
        operator = reader.take().text
        return Compare(operator, _read_operand(reader, ref))
    if reader.at(TokenKind.REGEX):
        return _regex(reader.take())
    if reader.at(TokenKind.DOTS):
        token = reader.peek()
        _refuse(token, "the lower end of the range is missing", "both ends, a..b, or the text in quotes")
    _require_value(reader)
    token = reader.take()
    if reader.at(TokenKind.DOTS):
        reader.take()
        return _range(token, reader, ref)
    if token.kind is TokenKind.QUOTED:
        return Literal(token.text, is_quoted=True)
    return _bare(token, ref)


def _range(token: Token, reader: TokenReader, ref: FieldRef) -> Range:
    found = Range(_operand(token, ref), _read_operand(reader, ref))
    if is_reversed(found, ref):
        message = f"the range runs backwards: {found.low} comes after {found.high}"
        width, turned = reader.before.end - token.start, values_text((Range(found.high, found.low),), ref)
        raise QuerySyntaxError(message, token.start, width=width, expected="the lower end first", suggestion=turned)
    return found


def _read_operand(reader: TokenReader, ref: FieldRef) -> str:
    _require_value(reader)
    return _operand(reader.take(), ref)


def _operand(token: Token, ref: FieldRef) -> str:
    if token.kind is TokenKind.TEXT and "*" in token.text:
        _refuse(token, "a wildcard in a comparison", "the text to compare with, in quotes if it holds a *")
    if not token.text:
        _refuse(token, "nothing to compare with", "text or a number")
    if ref != _SEVERITY:
        return token.text
    severity = fold(token.text)
    if severity not in SEVERITY_RANK:
        _refuse(token, f'"{token.text}" has no rank', ", ".join(SEVERITY_RANK), nearest(severity, SEVERITY_RANK))
    return severity


def _bare(token: Token, ref: FieldRef) -> Value:
    text = one_star(token.text)
    if text == "*":
        return Exists()
    if "*" in text:
        return Wildcard(text)
    return _cidr(token) if ref == IP and "/" in text else Literal(text)


def _cidr(token: Token) -> Cidr:
    import ipaddress

    try:
        return Cidr(str(ipaddress.ip_network(token.text, strict=False)))
    except ValueError:
        _refuse(token, f"{token.text} is not a network", "an address and a prefix length, such as 203.0.113.0/24")


def _regex(token: Token) -> Regex:
    from logtui.core.query.regex import RegexError, check

    if not token.text:
        _refuse(token, "the regex is empty", "a pattern between the slashes, or * for any value")
    try:
        check(token.text)
    except RegexError as error:
        # Every slash of the pattern was written with a backslash before it.
        column = token.start + 1 + error.offset + token.text.count("/", 0, error.offset)
        raise QuerySyntaxError(
            f"bad regex: {error}", column, width=token.end - column, expected="RE2 syntax"
        ) from error
    return Regex(token.text)


# -- flags and times


def read_flags(reader: TokenReader, start: int) -> list[Flag]:
    """Read the comma list after `is:`.

    Raises:
        QuerySyntaxError: it is empty, or there is no such flag.
    """
    flags = [_read_flag(reader, start)]
    while reader.at(TokenKind.COMMA):
        reader.take()
        flags.append(_read_flag(reader, start))
    _end_value(reader)
    return flags


def _read_flag(reader: TokenReader, start: int) -> Flag:
    _require_value(reader)
    token = reader.take()
    if token.text not in FLAGS:
        _refuse(token, f'unknown flag "{token.text}"', ", ".join(FLAGS), nearest(token.text, FLAGS))
    return Flag(token.text, Span(start, token.end))


def read_time(reader: TokenReader, name: str, start: int) -> TimeTerm:
    """Read the time after `since:`, `until:`, `on:` or `around:`.

    Raises:
        QuerySyntaxError: it is not a time, a day or a duration.
    """
    if reader.at(TokenKind.COMPARE, TokenKind.REGEX):
        _refuse(reader.peek(), f"{name}: takes one time", EXPECTED_TIME)
    _require_value(reader)
    token = reader.take()
    term = _around(token, reader, start) if name == "around" else _time_term(token, name, start)
    if reader.at(*VALUE_KINDS):
        _refuse(reader.peek(), f"{name}: takes one time", "a space; an id with other signs goes in quotes")
    return term


def _time_term(token: Token, name: str, start: int) -> TimeTerm:
    span = Span(start, token.end)
    text = _one_piece(token.text)
    if name == "on":
        _check_day(token, text)
        return On(text, span)
    _check_time(token, text)
    return Since(text, span) if name == "since" else Until(text, span)


def _around(token: Token, reader: TokenReader, start: int) -> Around:
    anchor, radius, end = token.text, None, token.end
    if token.kind is TokenKind.QUOTED:
        if reader.at(TokenKind.TEXT):
            rest = reader.take()
            radius, end = rest.text[1:], rest.end
    elif "~" in anchor:
        anchor, _, radius = anchor.rpartition("~")
    if not anchor:
        _refuse(token, "around: needs an anchor", "an event id or a time, then ~ and a duration")
    if is_time(anchor):
        anchor = _one_piece(anchor)
    if radius is not None:
        _check_radius(radius, end)
    return Around(anchor, DEFAULT_RADIUS if radius is None else radius, Span(start, end))


def _one_piece(time: str) -> str:
    """Return `2026-10-04 09:30`, which needs quotes, as `2026-10-04T09:30`."""
    return time.replace(" ", "T")


def _check_radius(radius: str, end: int) -> None:
    try:
        parse_duration(radius)
    except UsageError as error:
        message = f'"{radius}" is not a duration' if radius else "a duration is missing after the ~"
        column = end - len(radius)
        raise QuerySyntaxError(message, column, width=len(radius), expected=EXPECTED_DURATION) from error


def _check_time(token: Token, text: str) -> None:
    try:
        parse_period(text, 0)
    except UsageError as error:
        raise _not_a(token, "time", EXPECTED_TIME) from error


def _check_day(token: Token, text: str) -> None:
    try:
        parse_day(text, 0)
    except UsageError as error:
        raise _not_a(token, "day", EXPECTED_DAY) from error


def _not_a(token: Token, what: str, expected: str) -> QuerySyntaxError:
    suggestion = nearest(token.text, (*DAY_WORDS, "now")) if token.text.isalpha() else ""
    width = token.end - token.start
    return QuerySyntaxError(
        f'"{token.text}" is not a {what}', token.start, width=width, expected=expected, suggestion=suggestion
    )


# -- what is refused


def _require_value(reader: TokenReader) -> None:
    if reader.at(TokenKind.TEXT, TokenKind.QUOTED):
        return
    before = reader.before
    sign = f"{before.text}:" if before.kind is TokenKind.FIELD else before.text
    column = before.start + len(sign)
    raise QuerySyntaxError(
        f"nothing stands after {sign}", column, expected='a value without a space before it, or "" for empty text'
    )


def _end_value(reader: TokenReader) -> None:
    if reader.at(*VALUE_KINDS):
        token = reader.peek()
        _refuse(token, f"{token.text} does not belong here", "a comma or a space", quoted(token.text))


def _refuse(token: Token, message: str, expected: str, suggestion: str = "") -> NoReturn:
    raise QuerySyntaxError(
        message, token.start, width=token.end - token.start, expected=expected, suggestion=suggestion
    )
