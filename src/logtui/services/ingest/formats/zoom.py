"""Zoom: operation logs, in which an administrator's changes are described in a sentence."""

from __future__ import annotations

import re

from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.reading import keys, snake, text
from logtui.services.ingest.formats.vendor import Columns, VendorFormat

_USER = re.compile(r"\bUser ([^\s@]+@[^\s@,;]+)")


def _recognises(fields: Fields) -> bool:
    return keys(fields) >= {"action", "category_type", "operator"}


def _columns(fields: Fields, _at: int) -> Columns:
    category, action = text(fields, "category_type"), text(fields, "action")
    # Only an address that follows the word is taken for a user: the rest of the sentence is prose.
    named = _USER.search(text(fields, "operation_detail") or "")
    operator = text(fields, "operator")
    return Columns(
        ".".join(snake(word) for word in (category, action) if word) or None,
        actor=operator,
        actor_type="user" if operator and "@" in operator else None,
        subject=named[1] if named else None,
        subject_type="user" if named else None,
        source="zoom",
    )


FORMAT = VendorFormat("zoom", "Zoom operation logs", _recognises, (("time",),), "action", _columns)
