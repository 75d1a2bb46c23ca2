"""What a sender is told: a status and one plain sentence, which repeats nothing of the request."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one request."""

    status: int
    error: str = ""
    """What is wrong, for the sender; empty if nothing is."""
    detail: str = ""
    """What is wrong, for the receiver's own log; it may quote the request and is not safe to print as it is."""
    retry_after: int | None = None
    """Seconds."""
    allow: str = ""
    """With 405: the methods that would do."""

    @property
    def is_fine(self) -> bool:
        """Whether the sender may forget the delivery."""
        return self.status < 300


STORED = Answer(200)
TOO_MANY = Answer(503, "too many requests are under way", retry_after=5)
TOO_SLOW = Answer(503, "storing takes too long", retry_after=10)
BODY_TOO_LATE = Answer(408, "the body did not come in time")
HEAD_TOO_LATE = Answer(408, "the headers did not come in time")
HEAD_TOO_LARGE = Answer(431, "the headers are too large")
NOT_HTTP = Answer(400, "the request is not valid HTTP")
