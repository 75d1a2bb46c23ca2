"""Hides one-time codes and message bodies in the payload of a webhook, and leaves every other byte alone."""

from __future__ import annotations

import json
from typing import NamedTuple

from logtui.services.ingest.formats.json_spans import skip_space, value_end, walk_object

MASKED = '"[masked]"'
"""Stands in place of a hidden value."""

MARKER = "logtui_masked"
"""The member, put at the end of the payload, that lists the paths of what was hidden."""

_SECRET = frozenset(("message", "body", "body_plain", "body_html", "subject", "data"))
"""Members of `data` that hold the code or the text around it: a mail's subject has it, and its `data` too."""

_EMPTY = frozenset(("null", '""', "{}", "[]"))


def mask(text: str) -> str:
    """Return the JSON text of a webhook with the secret members of its `data` replaced, and a marker that says which.

    Keys are compared without case, however they are escaped, and repeated keys are all hidden. What is empty stays.

    Raises:
        ValueError: `text` is not one JSON object. RecursionError: it is nested too deep.
    """
    secrets, end = _secrets(text)
    if not secrets:
        return text
    pieces: list[str] = []
    done = 0
    for secret in secrets:
        pieces += (text[done : secret.begin], MASKED)
        done = secret.end
    paths = json.dumps(list(dict.fromkeys(secret.path for secret in secrets)), separators=(",", ":"))
    return "".join((*pieces, text[done : end - 1], f',"{MARKER}":{paths}', text[end - 1 :]))


class _Secret(NamedTuple):
    """A value to hide: where it stands in the text, and where in the object."""

    begin: int
    end: int
    path: str


def _secrets(text: str) -> tuple[list[_Secret], int]:
    """Return the secrets of a webhook in their order, and where its object ends."""
    secrets: list[_Secret] = []

    def note(begin: int, path: str) -> int:
        end = value_end(text, begin)
        if text[begin:end] not in _EMPTY:
            secrets.append(_Secret(begin, end, path))
        return end

    def inside(key: str, at: int) -> int:
        return note(at, f"data.{key}") if key.lower() in _SECRET else value_end(text, at)

    def outside(key: str, at: int) -> int:
        if key.lower() != "data":
            return value_end(text, at)
        return walk_object(text, at, inside) if text[at : at + 1] == "{" else note(at, key)

    end = walk_object(text, skip_space(text, 0), outside)
    return secrets, end
