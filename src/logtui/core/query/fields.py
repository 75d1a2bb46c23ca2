"""The names that may stand before a colon, and what they stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from logtui.core.columns import BY_FIELD, BY_NAME
from logtui.core.errors import QuerySyntaxError
from logtui.core.query.ast import MAX_PAYLOAD_DEPTH, ColumnRef, FieldRef, PayloadRef
from logtui.core.query.lexer import Token
from logtui.core.query.quoting import is_bare_key, quoted, unquoted
from logtui.core.query.suggest import nearest

FLAG_FIELD = "is"
PAYLOAD_FIELD = "payload"
TIME_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "since": "from this time on",
        "until": "before this time; a day is included",
        "on": "on one day",
        "around": "near an event or a time",
    }
)
"""Name -> meaning."""

_USUAL = ("type", "actor", "subject", "trace", "device", "ip", "source", "severity", "id")
COLUMN_FIELDS = (*_USUAL, *(name for name in BY_FIELD if name not in _USUAL))
"""Names of columns, the most used first."""

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        **{name: BY_FIELD[name].meaning for name in COLUMN_FIELDS},
        PAYLOAD_FIELD: "a leaf of the payload, payload.<path> or p.<path>",
        FLAG_FIELD: "a property of the event",
        **TIME_FIELDS,
    }
)
"""Every name -> meaning."""

_KEY = re.compile(r'\.(?:"((?:[^"\\]|\\.)*)"|([^.]*))', re.DOTALL)


def ref_of(token: Token, text: str) -> FieldRef:
    """Return what a field token of the query `text` refers to.

    Raises:
        QuerySyntaxError: there is no such field.
    """
    column = BY_FIELD.get(token.text)
    if column is not None:
        return ColumnRef(column.name)
    head, dot, _ = token.text.partition(".")
    if dot and head in (PAYLOAD_FIELD, "p"):
        return _payload_ref(token, len(head))
    if token.text in (PAYLOAD_FIELD, "p"):
        raise _refusal(token, f"{token.text}: needs a path", "payload.<path>:, or words alone to search the whole text")
    raise _unknown(token, text)


def field_text(ref: FieldRef) -> str:
    """Return the field's name in query text, without the colon."""
    if isinstance(ref, PayloadRef):
        return ".".join((PAYLOAD_FIELD, *(key if is_bare_key(key) else quoted(key) for key in ref.path)))
    name = BY_NAME[ref.name].field
    if name is None:
        raise ValueError(f"column {ref.name} has no query field")
    return name


def _payload_ref(token: Token, start: int) -> PayloadRef:
    path: list[str] = []
    for match in _KEY.finditer(token.text, start):
        is_quoted = match[1] is not None
        key = unquoted(match[1]) if is_quoted else match[2]
        if not is_quoted and not is_bare_key(key):
            reason = "an empty key" if not key else f"the key {key}"
            raise _refusal(token, f"{reason} in a payload path", "keys with dots between them, odd ones in quotes")
        path.append(key)
    if len(path) > MAX_PAYLOAD_DEPTH:
        raise _refusal(token, "the payload path is too long", f"at most {MAX_PAYLOAD_DEPTH} keys")
    return PayloadRef(tuple(path))


def _unknown(token: Token, text: str) -> QuerySyntaxError:
    rest = text[token.start :].split(maxsplit=1)[0].rstrip(")")
    is_name = token.text.replace("_", "a").replace(".", "a").isalnum() and not token.text[0].isdigit()
    is_address = text.startswith("//", token.end + 1)
    suggestion = nearest(token.text, FIELDS) if is_name and not is_address else quoted(rest)
    return QuerySyntaxError(
        f'unknown field "{token.text}"',
        token.start,
        width=token.end - token.start,
        expected=f"{', '.join(COLUMN_FIELDS)}, payload.<path>, is, {', '.join(TIME_FIELDS)}, or the text in quotes",
        suggestion=suggestion,
    )


def _refusal(token: Token, message: str, expected: str) -> QuerySyntaxError:
    return QuerySyntaxError(message, token.start, width=token.end - token.start, expected=expected)
