"""What is asked. Knows no tool: each translates a `Question` into its own language."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

PAGE = 100
NEXT_PAGES = 20
HOUR = 3_600_000_000
LISTED = (
    "event_time", "event_id", "event_type", "severity", "actor", "actor_type", "subject", "subject_type", "source",
    "trace_id", "device_id", "ip", "ingested_at",
)  # fmt: skip
"""What a list of events shows: everything but the payload."""


@dataclass(frozen=True, slots=True)
class Where:
    """One condition. `kind` is all, type (a prefix), actor, trace, word, leaf, number (at least), or range."""

    kind: str = "all"
    value: str = ""
    path: str = ""
    """The key in the payload, for leaf and number."""
    start: int = 0
    end: int = 0
    """Of a range, microseconds: start <= event_time < end."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question to a store.

    `asks` is page (ids of `limit` events, newest first; 0 for all that match), pages (`NEXT_PAGES` pages after
    `after`, each from where the one before ended), count, histogram (by hour), or facets (of `columns`).
    """

    name: str
    title: str
    asks: str
    where: Where = Where()
    limit: int = PAGE
    columns: tuple[str, ...] = ()
    after: tuple[int, str] | None = None

    @property
    def parts(self) -> int:
        """By how many its time is divided to be comparable with the other questions'."""
        return NEXT_PAGES if self.asks == "pages" else 1

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> Question:
        fields: dict[str, Any] = json.loads(text)
        after = fields["after"]
        return cls(
            **{
                **fields,
                "where": Where(**fields["where"]),
                "columns": tuple(fields["columns"]),
                "after": None if after is None else (int(after[0]), str(after[1])),
            }
        )


@dataclass(frozen=True, slots=True)
class Needles:
    """Values of one store, to look for."""

    after: tuple[int, str]
    """Time and id of the newest page's last event."""
    actor: str
    """Has at most 100 events."""
    trace: str
    word: str
    """An id in the payloads of one actor, at no column."""
    address: str
    """An e-mail address in at most a few hundred payloads, at the key `ADDRESS_PATH` of some of them."""
    start: int
    end: int
    """A range that begins and ends in the middle of days."""
    actors: tuple[tuple[str, int], ...] = ()
    """Actors with about ten times as many events each, and how many."""


WORD_PATH, ADDRESS_PATH = "client_id", "identifier"
COMMON_WORD = "chrome"
ABSENT_WORD = "xylophonist"


def questions(needles: Needles) -> tuple[Question, ...]:
    """Return what is asked of every store."""
    type_ = Where("type", "sign_in.")
    word = Where("word", needles.word)
    return (
        Question("page", "newest 100", "page"),
        Question("next", f"next 100 (mean of {NEXT_PAGES})", "pages", after=needles.after),
        Question("type", "newest 100 of a type", "page", type_),
        Question("actor", "an actor, all events", "page", Where("actor", needles.actor), 0),
        Question("trace", "a trace ID", "page", Where("trace", needles.trace), 0),
        Question("trace-absent", "a trace ID that is nowhere", "page", Where("trace", needles.trace[::-1]), 0),
        Question("word", "a rare word, all events", "page", word, 0),
        Question("address", "an e-mail address, all events", "page", Where("word", needles.address), 0),
        Question("word-common", "newest 100 with a common word", "page", Where("word", COMMON_WORD)),
        Question("word-absent", "a word that is nowhere", "page", Where("word", ABSENT_WORD), 0),
        Question("leaf", "a payload leaf, all events", "page", Where("leaf", needles.address, ADDRESS_PATH), 0),
        Question("leaf-number", "newest 100 with a leaf ≥ 5", "page", Where("number", "5", "attempts")),
        Question("histogram", "histogram by the hour", "histogram"),
        Question("facets", "values of type, severity, source", "facets", limit=20,
                 columns=("event_type", "severity", "source")),
        Question("facet-actor", "ten busiest actors", "facets", limit=10, columns=("actor",)),
        Question("count", "how many", "count"),
        Question("count-range", "how many from noon to noon", "count",
                 Where("range", start=needles.start, end=needles.end)),
        Question("count-type", "how many of a type", "count", type_),
    )  # fmt: skip


def by_matches(needles: Needles) -> tuple[Question, ...]:
    """Return questions that differ in how many events match: every event of ever busier actors."""
    return tuple(
        Question(f"matches-{count}", f"all {count:,} events of an actor", "page", Where("actor", actor), 0)
        for actor, count in needles.actors
    )
