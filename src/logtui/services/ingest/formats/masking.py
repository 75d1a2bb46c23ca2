"""Hides one-time codes and message bodies in the payload of a webhook, and leaves every other byte alone."""

from __future__ import annotations

import json

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
    spans: list[tuple[int, int]] = []
    paths: dict[str, None] = {}

    def inside(key: str, at: int) -> int:
        end = value_end(text, at)
        if key.lower() in _SECRET and text[at:end] not in _EMPTY:
            spans.append((at, end))
            paths[f"data.{key}"] = None
        return end

    def outside(key: str, at: int) -> int:
        if key.lower() != "data":
            return value_end(text, at)
        if text[at : at + 1] == "{":
            return walk_object(text, at, inside)
        end = value_end(text, at)
        if text[at:end] not in _EMPTY:
            spans.append((at, end))
            paths[key] = None
        return end

    begin = skip_space(text, 0)
    end = walk_object(text, begin, outside) - 1
    if not spans:
        return text
    pieces: list[str] = []
    done = 0
    for at, until in spans:
        pieces += (text[done:at], MASKED)
        done = until
    pieces += (text[done:end], f',"{MARKER}":{json.dumps(list(paths), separators=(",", ":"))}', text[end:])
    return "".join(pieces)
