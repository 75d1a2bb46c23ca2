"""An answer as headers and body: JSON, with the same few words on every way out."""

from __future__ import annotations

import json
from collections.abc import Mapping

from logtui.services.receive.answers import Answer

Headers = list[tuple[bytes, bytes]]


def encode(answer: Answer, content: Mapping[str, object] | None = None, *, closes: bool) -> tuple[Headers, bytes]:
    """Return headers and body of an answer.

    Args:
        content: what to say instead of the error, or of the fact that the event is stored.
        closes: whether the connection ends with the answer.
    """
    content = content or ({"stored": True} if answer.is_fine else {"error": answer.error})
    body = json.dumps(content).encode() + b"\n"
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    if answer.retry_after is not None:
        headers.append((b"retry-after", str(answer.retry_after).encode()))
    if answer.allow:
        headers.append((b"allow", answer.allow.encode()))
    if closes:
        headers.append((b"connection", b"close"))
    return headers, body
