"""Checks that a delivery comes from who holds a secret, and is fresh (Standard Webhooks 1.0.0; Svix is its origin).

The published library knows the secret's form, what exactly is signed, and how. Its own `verify` cannot be used: it
asks the machine's clock, where ours is an argument, and some malformed headers make it raise `ValueError`. So the
signature is made by the library and compared here; a test holds both verdicts against each other.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook

from logtui.core.clock import MINUTE, SECOND, Clock

TOLERANCE = 5 * MINUTE
"""How far a delivery's time may lie from ours, either way."""
PARTS = ("id", "timestamp", "signature")
FAMILIES = ("svix", "webhook")
"""Prefixes of the headers; the first that is there whole counts."""

# What is signed is joined by dots, so an id must hold none; nor should anything that is hard to see or to quote.
_ID = re.compile(r"[A-Za-z0-9_:+=/~-]{1,128}")
_TIMESTAMP = re.compile(r"[1-9][0-9]{0,10}")
_VERSION = "v1"


class SignatureRefusedError(Exception):
    """The delivery is not proven to be genuine and fresh; the text says why, and repeats nothing of it."""


class Verifier:
    """Verifies deliveries against any of several secrets."""

    def __init__(self, secrets: Sequence[str], clock: Clock) -> None:
        self._keys = [Webhook(secret) for secret in secrets]
        self._clock = clock

    def verify(self, headers: Mapping[str, str], body: bytes) -> str:
        """Return the message id of a genuine, fresh delivery.

        Args:
            headers: names in lower case.
            body: as it came over the wire.

        Raises:
            SignatureRefusedError: it is not.
        """
        message_id, timestamp, signatures = _parts(headers)
        if not _ID.fullmatch(message_id):
            raise SignatureRefusedError("the message id has a form that is not allowed")
        if not _TIMESTAMP.fullmatch(timestamp):
            raise SignatureRefusedError("the timestamp is not a number of seconds")
        if not self._is_signed(message_id, int(timestamp), body, signatures):
            raise SignatureRefusedError("no signature matches")
        age = self._clock() - int(timestamp) * SECOND
        if age > TOLERANCE:
            raise SignatureRefusedError("the signature is too old")
        if age < -TOLERANCE:
            raise SignatureRefusedError("the signature is from the future; are both clocks right?")
        return message_id

    def _is_signed(self, message_id: str, timestamp: int, body: bytes, signatures: str) -> bool:
        try:
            text = body.decode()
        except UnicodeDecodeError:  # only text can be signed
            return False
        at = datetime.fromtimestamp(timestamp, UTC)
        given = [entry.encode() for entry in signatures.split(" ") if entry.startswith(f"{_VERSION},")]
        wanted = [key.sign(message_id, at, text).encode() for key in self._keys]
        return any(hmac.compare_digest(one, other) for one in wanted for other in given)


def _parts(headers: Mapping[str, str]) -> list[str]:
    for family in FAMILIES:
        parts = [headers.get(f"{family}-{part}", "") for part in PARTS]
        if all(parts):
            return parts
    names = ", ".join(f"{FAMILIES[0]}-{part}" for part in PARTS)
    raise SignatureRefusedError(f"the headers {names} (or {FAMILIES[1]}-…) are not all there")
