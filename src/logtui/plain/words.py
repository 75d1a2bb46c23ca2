"""Events, counts and mistakes as sentences that are heard or felt one after the other. Pure.

What comes from data is made visible here. No sign stands for a word, and nothing is aligned by blanks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from logtui.core.catalogue import Entry
from logtui.core.clock import DAY
from logtui.core.columns import BY_NAME, DEFAULT_FEED
from logtui.core.errors import QuerySyntaxError
from logtui.core.event import Event
from logtui.core.page import Facet, Histogram
from logtui.core.payload_tree import Kind, PayloadTree
from logtui.core.query.ast import PayloadRef
from logtui.core.query.fields import field_text
from logtui.core.sanitise import visible
from logtui.core.times import format_duration
from logtui.tui.event_fields import event_fields
from logtui.tui.moments import ZONE_NAMES, Zone
from logtui.tui.signs import MISSING

COLUMNS = ("event_time", "severity", "event_type", "actor", "subject")
"""What is told of an event in a list, unless the person chose columns."""
_SAID_WHEN_MISSING = ("actor", "subject")
_BARE = ("event_time", "ingested_at", "severity", "event_type")
_CLOCK_CELLS = 8
_MOST_VALUE = 2_000
_MOST_READ = 20_000
"""Lines of a payload that are looked at."""


def columns_told(columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns to tell, where a view shows these."""
    return COLUMNS if tuple(columns) == DEFAULT_FEED else tuple(columns)


# -- events


def event_words(event: Event, number: int, columns: Sequence[str], zone: Zone) -> str:
    """Return one event: number, time, severity, type, actor, subject; a missing value is left out or said."""
    parts = [_value(event, column, zone) for column in columns]
    return f"{number}. " + ", ".join(part for part in parts if part)


def day_words(event: Event, zone: Zone) -> str:
    """Return the day of an event, for a line before the first event of each; "" for ages, which tell it themselves."""
    return "" if zone.name == "relative" else f"{zone.tick(event.event_time, DAY)}, {ZONE_NAMES[zone.name]}:"


def _value(event: Event, column: str, zone: Zone) -> str:
    value: str | int | None = getattr(event, column)
    title = BY_NAME[column].title
    if isinstance(value, int):
        time = zone.moment(value, _CLOCK_CELLS)
        text = f"{time} ago" if zone.name == "relative" else time
        return text if column == "event_time" else f"{title} {text}"
    if value is None:
        return f"no {title}" if column in _SAID_WHEN_MISSING else ""
    text = visible(value, _MOST_VALUE) or "empty"
    return text if column in _BARE else f"{title} {text}"


def whole_words(event: Event, entry: Entry | None, now: int) -> Iterator[str]:
    """Yield every column of an event, one a line, but for its payload."""
    for field in event_fields(event, entry, now):
        if field.column == "payload":
            continue
        text = "none" if field.text == MISSING else field.text
        said = ", ".join(filter(None, (text, field.note)))
        yield f"{field.label}: {said}" if field.label else said


def payload_words(payload: str, limit: int) -> Iterator[str]:
    """Yield at most `limit` leaves of a payload by their paths, then how many more there are."""
    if not payload:
        yield "the payload is empty"
        return
    tree = PayloadTree(payload, max_lines=_MOST_READ)
    tree.read(_MOST_READ)
    leaves = [line for line in range(len(tree)) if not tree.has_children(line)]
    for line in leaves[:limit]:
        path = tuple(str(key) for key in tree.path(line))
        name = field_text(PayloadRef(path)) if path else "payload"
        yield f"{visible(name, 500)}: {_leaf(tree, line)}"
    if len(leaves) > limit:
        more = "at least " if not tree.is_complete or tree.is_cut else ""
        yield f"and {more}{len(leaves) - limit:,} more leaves"
    if tree.broken is not None:
        place = tree.broken.position
        yield f"no JSON from character {place + 1:,} on: {visible(payload[place:], 200)}"


def _leaf(tree: PayloadTree, line: int) -> str:
    match tree.kind(line):
        case Kind.OBJECT:
            return "an empty object"
        case Kind.ARRAY:
            return "an empty list"
        case Kind.STRING:
            return visible(tree.value(line), _MOST_VALUE) or "empty text"
        case _:
            return visible(tree.raw(line, _MOST_VALUE))


# -- counts


def events_words(count: int) -> str:
    """Return `1 event`, `1,204 events`."""
    return f"{count:,} event{'' if count == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Total:
    """How many events match, and whether that is certain."""

    count: int
    is_exact: bool

    @property
    def text(self) -> str:
        if self.is_exact:
            return events_words(self.count)
        return f"at least {events_words(self.count)}, still counting" if self.count else "still counting"


UNKNOWN = Total(0, is_exact=False)


def times_words(histogram: Histogram, zone: Zone) -> Iterator[str]:
    """Yield how many events each stretch of time has, stretches without any taken together."""
    peak = max(histogram.counts, default=0)
    yield f"stretches of {format_duration(histogram.bucket)}, {ZONE_NAMES[zone.name]}"
    empty = 0
    for number, count in enumerate(histogram.counts):
        if not count:
            empty += 1
            continue
        if empty:
            yield _nothing(empty)
            empty = 0
        at = zone.tick(histogram.start + number * histogram.bucket, histogram.bucket)
        yield f"{at}: {events_words(count)}{', the most' if count == peak else ''}"
    if empty:
        yield _nothing(empty)


def _nothing(stretches: int) -> str:
    return "nothing in one stretch" if stretches == 1 else f"nothing in {stretches} stretches"


def facet_words(facet: Facet) -> Iterator[str]:
    """Yield the most frequent values of a column, with numbers."""
    title = BY_NAME[facet.column].title
    if not facet.values:
        yield f"{title}: no events"
        return
    sure = "" if facet.is_exact else "at least "
    yield f"{title}, the {len(facet.values)} most frequent values:"
    for number, found in enumerate(facet.values, start=1):
        value = f"no {title}" if found.value is None else visible(found.value, _MOST_VALUE) or "empty"
        yield f"{number}. {value}, {sure}{events_words(found.count)}"
    if facet.other:
        yield f"other values, {sure}{events_words(facet.other)}"


# -- mistakes


def mistake_words(mistake: QuerySyntaxError, text: str) -> Iterator[str]:
    """Yield what is wrong with a query and where, without a mark below the line that only eyes could use."""
    meant = visible(text[mistake.column : mistake.column + mistake.width], 60)
    before = visible(text[: mistake.column].rstrip()[-20:])
    where = f"at “{meant}”" if meant else "at the end"
    after = f", after “{before}”" if before else ""
    yield f"not understood: {visible(mistake.message, 400)}"
    yield f"character {mistake.column + 1}, {where}{after}"
    if mistake.expected:
        yield f"expected {visible(mistake.expected, 400)}"
    if mistake.suggestion:
        yield f"did you mean {visible(mistake.suggestion)}?"
