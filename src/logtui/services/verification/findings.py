"""What verification says: of each file or day, whether it is as it should be, and if not, whether that was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What was found. Everything but the notes is a problem."""

    VERIFIED = "verified"
    UNSEALED = "unsealed"
    EXPECTED = "expected"
    """It changed, and the ledger says who did it."""
    NOTE = "note"
    CHANGED = "changed"
    MISSING = "missing"
    UNEXPECTED = "unexpected"
    """It is there, and nothing says that it should be."""
    UNREADABLE = "unreadable"
    CHAIN = "chain"
    """Manifests or ledger do not fit each other."""


_NOTES = (Kind.VERIFIED, Kind.UNSEALED, Kind.EXPECTED, Kind.NOTE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that verification has to say. `path` is relative to the store."""

    path: str
    kind: Kind
    message: str
    segments: int = 0
    """Of VERIFIED and UNSEALED: segments, and their bytes."""
    byte_count: int = 0

    @property
    def is_problem(self) -> bool:
        """Whether it puts the store's integrity in doubt."""
        return self.kind not in _NOTES
