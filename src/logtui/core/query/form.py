"""The filter form: a query seen as one text for each input, and edited through them.

An input shows the first top-level condition on its field, without the field's name. Everything else in the query (other
fields, negations, groups, a second condition on the same field) has no input and is kept as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from logtui.core.columns import BY_NAME
from logtui.core.errors import FormFieldError, QuerySyntaxError
from logtui.core.query.ast import ColumnRef, Node, Since, Term, Until
from logtui.core.query.normal import all_of, conditions
from logtui.core.query.parser import parse
from logtui.core.query.quoting import quoted
from logtui.core.query.text import values_text


@dataclass(frozen=True, slots=True)
class Form:
    """The texts of the inputs; each is what stands after `field:`, "" for no condition."""

    type: str = ""
    actor: str = ""
    subject: str = ""
    trace: str = ""
    device: str = ""
    ip: str = ""
    since: str = ""
    until: str = ""


FORM_FIELDS = tuple(field.name for field in fields(Form))


def form_of(node: Node) -> Form:
    """Return what the inputs show for a query."""
    shown: dict[str, str] = {}
    for condition in conditions(node):
        name, text = _input(condition)
        if name in FORM_FIELDS:
            shown.setdefault(name, text)
    return replace(Form(), **shown)


def with_form(node: Node, form: Form) -> Node:
    """Return the query with the inputs' texts; only conditions whose input changed are touched.

    Raises:
        FormFieldError: the text of an input is not a value of its field.
    """
    before = form_of(node)
    parts = list(conditions(node))
    for name in FORM_FIELDS:
        text = str(getattr(form, name)).strip()
        if text == getattr(before, name):
            continue
        place = next((place for place, part in enumerate(parts) if _input(part)[0] == name), len(parts))
        parts[place : place + 1] = [_condition(name, text)] if text else []
    return all_of(parts)


def _input(condition: Node) -> tuple[str, str]:
    """Return the name and the text of the input for a condition; its name is "" where there is none."""
    match condition:
        case Term(ColumnRef(name) as ref, values):
            return BY_NAME[name].field or "", values_text(values, ref)
        case Since(time):
            return "since", time
        case Until(time):
            return "until", time
        case _:
            return "", ""


def _condition(name: str, text: str) -> Node:
    is_time = name in ("since", "until")
    # A time may be written with a space, 2026-10-04 09:30, which a query has in quotes.
    written = quoted(text) if is_time and " " in text else text
    shift = len(name) + 1 + len(written) - len(text) - (1 if written != text else 0)
    try:
        condition = parse(f"{name}:{written}")
    except QuerySyntaxError as error:
        raise FormFieldError(
            name,
            error.message,
            min(max(error.column - shift, 0), len(text)),
            width=error.width,
            expected=error.expected,
            suggestion=error.suggestion,
        ) from error
    if not isinstance(condition, Term | Since | Until):
        expected = "a comma between values, and quotes around text with spaces or parentheses"
        raise FormFieldError(
            name, "more than one value", 0, width=len(text), expected=expected, suggestion=quoted(text)
        )
    return condition
