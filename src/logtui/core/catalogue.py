"""The catalogue: the event types that are documented today, with their categories and meanings.

The list changes every month, so a type that is not in it is normal. Keys that a later list adds are ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from logtui.core.query.fold import fold


@dataclass(frozen=True, slots=True)
class Entry:
    """What the catalogue says about one event type."""

    type: str
    category: str
    subcategory: str | None = None
    description: str = ""
    versions: tuple[str, ...] = ()
    """Editions of the list that have the type."""


class Catalogue:
    """Known event types, in the order of the list; types compare without regard to case."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries: Mapping[str, Entry] = {fold(entry.type): entry for entry in entries}
        self.types = tuple(entry.type for entry in self._entries.values())
        """Names of all types."""
        self._longest = max(map(len, self.types), default=0)

    def get(self, event_type: str) -> Entry | None:
        """Return what is known about a type, None for an unknown one."""
        # Types are data: folding one of megabytes for every line of the screen takes seconds.
        return self._entries.get(fold(event_type)) if len(event_type) <= self._longest else None

    def category(self, event_type: str) -> str | None:
        """Return the category of a type, None for an unknown one."""
        entry = self.get(event_type)
        return entry.category if entry is not None else None

    def __contains__(self, event_type: str) -> bool:
        return self.get(event_type) is not None

    def __len__(self) -> int:
        return len(self._entries)


@lru_cache(maxsize=1)
def load() -> Catalogue:
    """Return the catalogue that ships with logtui."""
    # importlib.resources would take longer to import than the list to read.
    from pkgutil import get_data

    data = get_data("logtui", "data/event_types.json")
    assert data is not None, "the package's loader can read its data"
    return read(data.decode())


def read(text: str) -> Catalogue:
    """Return the catalogue of a JSON list of objects with at least `type` and `category`.

    Raises:
        ValueError: it is not such a list.
    """
    import json

    rows = json.loads(text)
    try:
        return Catalogue(_entry(row) for row in rows)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("a catalogue is a list of objects with type and category") from error


def _entry(row: Mapping[str, object]) -> Entry:
    versions = row.get("versions")
    subcategory = row.get("subcategory")
    return Entry(
        type=str(row["type"]),
        category=str(row["category"]),
        subcategory=str(subcategory) if subcategory else None,
        description=str(row.get("description") or ""),
        versions=tuple(str(version) for version in versions) if isinstance(versions, list) else (),
    )
