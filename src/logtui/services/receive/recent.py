"""Remembers what the latest deliveries contained, so that an id that comes again with other content is noticed.

That no event is stored twice does not depend on this: the store itself knows every id.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict

CAPACITY = 10_000


class RecentDeliveries:
    """The digests of the latest stored deliveries by their message ids, up to a number of them."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._digests: OrderedDict[str, bytes] = OrderedDict()

    def is_other(self, message_id: str, body: bytes) -> bool:
        """Whether a delivery of this id is remembered, and had another body."""
        known = self._digests.get(message_id)
        return known is not None and known != _digest(body)

    def remember(self, message_id: str, body: bytes) -> None:
        """Remember a delivery as the latest, in place of the oldest one if there are too many."""
        self._digests[message_id] = _digest(body)
        self._digests.move_to_end(message_id)
        if len(self._digests) > self._capacity:
            self._digests.popitem(last=False)


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()
