"""Checks what is known of a request before its body is read: size, path, method, length, encoding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from logtui.services.receive import answers
from logtui.services.receive.answers import Answer
from logtui.services.receive.signatures import FAMILIES, PARTS

MOST_HEADER_BYTES = 16_384
MOST_HEADERS = 100
_SIGNED = frozenset(f"{family}-{part}" for family in FAMILIES for part in PARTS)
_ONCE = _SIGNED | {"content-length", "content-encoding"}
_LONGEST_NUMBER = 15
_PLAIN_ENCODINGS = ("", "identity")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much and how long; all of it bounded, so that no sender can use up the machine."""

    body_bytes: int = 1 << 20
    held_bytes: int = 256 << 20
    """Of all bodies that are read or stored at a time; a lone body of the largest size always fits."""
    slots: int = 128
    """Connections at a time; one more is answered 503 at once."""
    head_seconds: float = 5.0
    """From the connection, or the end of the request before, until the headers are complete."""
    body_seconds: float = 10.0
    """For the whole body."""
    idle_seconds: int = 5
    """A connection without a request is closed then."""
    store_seconds: float = 10.0
    """Senders give up after 15."""
    linger_seconds: float = 1.0
    """For what still comes after an answer that ends the connection."""
    stop_seconds: int = 25
    """What is under way gets that long to end after a signal."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a request that may be read on."""

    length: int
    """Bytes of the body."""
    headers: dict[str, str]
    """Those that signatures are in; names in lower case."""


def refuse_size(headers: Iterable[tuple[bytes, bytes]]) -> Answer | None:
    """Return the answer to a head that is too large; None if it is not."""
    count = size = 0
    for name, value in headers:
        count, size = count + 1, size + len(name) + len(value) + 4
    return answers.HEAD_TOO_LARGE if size > MOST_HEADER_BYTES or count > MOST_HEADERS else None


def read_head(headers: Iterable[tuple[bytes, bytes]], limits: Limits) -> Head | Answer:
    """Return the head of a delivery, or the answer that refuses it.

    Args:
        headers: names in lower case.
    """
    found: dict[str, str] = {}
    is_chunked = False
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if name in found:
            return Answer(400, f"the header {name} is there twice")
        if name in _ONCE:
            found[name] = value
        is_chunked |= name == "transfer-encoding"
    length = found.get("content-length")
    if is_chunked or length is None:
        return Answer(411, "the body needs a content-length and no transfer-encoding")
    if not (length.isascii() and length.isdigit() and len(length) <= _LONGEST_NUMBER):
        return Answer(400, "the content-length is not a number")
    if int(length) > limits.body_bytes:
        return Answer(413, f"the body is larger than {limits.body_bytes:,} bytes")
    if found.get("content-encoding", "").strip().lower() not in _PLAIN_ENCODINGS:
        return Answer(415, "the body must come without a content-encoding")
    return Head(int(length), {name: value for name, value in found.items() if name in _SIGNED})
