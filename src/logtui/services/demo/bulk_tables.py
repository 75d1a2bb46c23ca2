"""One day's events of a large store, as tables: the month's patterns, filled in for the whole population at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from operator import attrgetter

import pyarrow as pa
import pyarrow.compute as pc

from logtui.core.clock import HOUR, SECOND
from logtui.core.event import Event
from logtui.services.demo.noise import ID_LENGTH, Noise, fixed_texts, joined, whole
from logtui.services.demo.population import Population
from logtui.services.demo.rhythm import Span, quantiles
from logtui.services.demo.templates import LONGEST_REQUEST, About, Hole, Pattern
from logtui.storage.arrow_schema import SCHEMA

MARGIN = LONGEST_REQUEST + SECOND
"""Left free at the end of a span, so that no request runs out of it."""

_PAYLOAD_ROWS = 65_536
"""Rows whose payloads are put together at once; bounds the memory."""
_LATE = 0.004
_MARKS = 512
_MILLISECONDS_OF_HOUR = 3_600_000
_MILLISECONDS_OF_WEEK = 7 * 24 * _MILLISECONDS_OF_HOUR


class Patterns:
    """The patterns of all chains as columns: one row a pattern."""

    def __init__(self, chains: Sequence[Sequence[Pattern]]) -> None:
        patterns = list(chain.from_iterable(chains))
        starts = list(accumulate((len(links) for links in chains), initial=0))
        self.chains = pa.ListArray.from_arrays(pa.array(starts, pa.int32()), pa.arange(0, len(patterns)))
        self.mean_length = len(patterns) / len(chains)
        self.offsets = pa.array([pattern.offset for pattern in patterns])
        self.abouts = pa.array([int(pattern.about) for pattern in patterns])
        self.prefixes = pa.array([pattern.subject_prefix for pattern in patterns])
        self.own_actor = pa.array([pattern.has_own_actor for pattern in patterns])
        self.own_device = pa.array([pattern.has_own_device for pattern in patterns])
        self.own_ip = pa.array([pattern.has_own_ip for pattern in patterns])
        self._events = [pattern.event for pattern in patterns]
        self._set_payloads([pattern.payload for pattern in patterns])

    def column(self, value: Callable[[Event], str | None]) -> pa.Array:
        """Return what the patterns' events have in one column."""
        return pa.array([value(event) for event in self._events], pa.string())

    def _set_payloads(self, payloads: Sequence[Sequence[str | Hole]]) -> None:
        """Keep each payload as a list of codes: of a text, or of a hole beyond all texts."""
        texts = {part: None for part in chain.from_iterable(payloads) if not isinstance(part, Hole)}
        code_of = {text: code for code, text in enumerate(texts)}
        self.texts = pa.array(texts)
        codes = [
            [len(texts) + part if isinstance(part, Hole) else code_of[part] for part in parts] for parts in payloads
        ]
        self.codes = pa.array(codes, pa.list_(pa.int64()))


def table_of_span(span: Span, patterns: Patterns, population: Population, noise: Noise) -> pa.Table:
    """Return the events of a span, newest first."""
    rows = _draw_rows(span, patterns, population, noise)
    columns = {
        "event_time": rows.at,
        "event_id": joined("evt_3", fixed_texts(_ids_in_order(noise.ids(span.events), rows.at), ID_LENGTH)),
        "trace_id": noise.trace_ids(rows.traces).take(rows.trace),
        "ingested_at": _ingestion(span, rows.at, noise),
        **_identities(rows, patterns, population, noise),
    }
    for name in ("event_type", "severity", "actor_type", "subject_type", "source"):
        columns[name] = patterns.column(attrgetter(name)).take(rows.pattern)
    columns["payload"] = _payloads(rows, columns, patterns, population)
    return pa.table([pa.chunked_array(columns[field.name]).cast(field.type) for field in SCHEMA], schema=SCHEMA)


@dataclass(frozen=True, slots=True)
class _Rows:
    """What every event of a span is, in the final order."""

    at: pa.Array
    pattern: pa.Array
    trace: pa.Array
    """Number of the event's trace."""
    traces: int
    user: pa.Array
    """Rank of the trace's user."""


def _draw_rows(span: Span, patterns: Patterns, population: Population, noise: Noise) -> _Rows:
    traces = int(span.events / patterns.mean_length) + 1
    drawn = patterns.chains.take(noise.below(len(patterns.chains), traces))
    while len(drawn.flatten()) < span.events:
        drawn = pa.concat_arrays([drawn, patterns.chains.take(noise.below(len(patterns.chains), traces // 20 + 9))])
    pattern = drawn.flatten().slice(0, span.events)
    trace = pc.list_parent_indices(drawn).slice(0, span.events)
    begin = _moments(span, noise, len(drawn))
    at = pc.add(begin.take(trace), patterns.offsets.take(pattern))
    order = pc.sort_indices(at, sort_keys=[("", "descending")])
    trace = trace.take(order)
    user = noise.ranks(len(population.users), len(drawn)).take(trace)
    return _Rows(at.take(order), pattern.take(order), trace, len(drawn), user)


def _moments(span: Span, noise: Noise, count: int) -> pa.Array:
    """Return times within the span that follow the rhythm of its day."""
    marks = quantiles(span.start, max(span.end - MARGIN, span.start + 1), _MARKS)
    where = pc.multiply(noise.fractions(count), float(_MARKS))
    mark = whole(where)
    low, high = pa.array(marks).take(mark), pa.array(marks).take(pc.add(mark, 1))
    return whole(pc.add(low, pc.multiply(pc.subtract(high, low), pc.subtract(where, mark.cast(pa.float64())))))


def _ids_in_order(ids: bytearray, at: pa.Array) -> bytearray:
    """Swap ids of events of the same microsecond until they descend, as the total order wants."""
    ties = pc.indices_nonzero(pc.equal(at.slice(0, max(len(at) - 1, 0)), at.slice(1))).to_pylist()
    is_sorted = False
    while not is_sorted:
        is_sorted = True
        for tie in ties:
            here, there = (slice(row * ID_LENGTH, (row + 1) * ID_LENGTH) for row in (tie, tie + 1))
            if ids[here] < ids[there]:
                ids[here], ids[there] = ids[there], ids[here]
                is_sorted = False
    return ids


def _ingestion(span: Span, at: pa.Array, noise: Noise) -> pa.Array:
    """Return when the events were written: a little later, a few of them much later, none after the span."""
    soon = pc.add(whole(pc.multiply(noise.fractions(len(at)), 0.8 * SECOND)), SECOND // 10)
    late = whole(pc.multiply(noise.fractions(len(at)), 3.0 * HOUR))
    delay = pc.if_else(pc.less(noise.fractions(len(at)), _LATE), late, soon)
    return pc.min_element_wise(pc.add(at, delay), span.end)


def _identities(rows: _Rows, patterns: Patterns, population: Population, noise: Noise) -> dict[str, pa.Array]:
    """Return who, about what, from which device and where."""

    def own_or_fixed(is_own: pa.Array, own: pa.Array, name: str) -> pa.Array:
        return pc.if_else(is_own.take(rows.pattern), own, patterns.column(attrgetter(name)).take(rows.pattern))

    def of_trace(values: pa.Array) -> pa.Array:
        return values.take(rows.trace)

    users = population.users.take(rows.user)
    another = of_trace(noise.below(len(population.users), rows.traces))
    organization = of_trace(noise.ranks(len(population.organizations), rows.traces))
    subject = {
        About.USER: users,
        About.ANOTHER: population.users.take(another),
        About.SESSION: population.sessions.take(rows.user),
        About.ORGANIZATION: population.organizations.take(organization),
        About.TRACE: of_trace(fixed_texts(noise.ids(rows.traces), ID_LENGTH)),
    }
    device = joined("device_3", population.devices.take(rows.user))
    return {
        "actor": own_or_fixed(patterns.own_actor, joined("user_3", users), "actor"),
        "subject": joined(
            patterns.prefixes.take(rows.pattern),
            pc.choose(patterns.abouts.take(rows.pattern), *(subject[about] for about in About)),
        ),
        "device_id": own_or_fixed(patterns.own_device, device, "device_id"),
        "ip": own_or_fixed(patterns.own_ip, population.addresses.take(rows.user), "ip"),
    }


def _payloads(
    rows: _Rows, columns: Mapping[str, pa.Array], patterns: Patterns, population: Population
) -> list[pa.Array]:
    now = pc.divide(rows.at, 1000)
    filling = {
        Hole.ACTOR: columns["actor"],
        Hole.SUBJECT: columns["subject"],
        Hole.IP: columns["ip"],
        Hole.EMAIL: population.emails.take(rows.user),
        Hole.USER: population.users.take(rows.user),
        Hole.OTHER: population.devices.take(rows.user),
        Hole.NOW: now.cast(pa.string()),
        Hole.BEFORE: pc.subtract(now, _age(rows.user)).cast(pa.string()),
        Hole.AFTER: pc.add(now, _MILLISECONDS_OF_WEEK).cast(pa.string()),
    }
    slices = range(0, len(rows.at), _PAYLOAD_ROWS)
    return [
        _fill(
            patterns,
            rows.pattern.slice(start, _PAYLOAD_ROWS),
            [filling[hole].slice(start, _PAYLOAD_ROWS) for hole in Hole],
        )
        for start in slices
    ]


def _age(user: pa.Array) -> pa.Array:
    """Return how long (milliseconds) things of a user have existed: up to a quarter of a year."""
    hours = pc.add(pc.bit_wise_and(user, 0x7FF), 1)
    return pc.multiply(hours, _MILLISECONDS_OF_HOUR)


def _fill(patterns: Patterns, pattern: pa.Array, filling: Sequence[pa.Array]) -> pa.Array:
    """Put payloads together: gather the texts and what fills the holes by index, then join them row by row."""
    pool = pa.concat_arrays([patterns.texts, *filling])
    codes = patterns.codes.take(pattern)
    flat, row = codes.flatten(), pc.list_parent_indices(codes)
    hole = pc.subtract(flat, len(patterns.texts))
    filled = pc.add(pc.add(pc.multiply(hole, len(pattern)), row), len(patterns.texts))
    where = pc.if_else(pc.less(hole, 0), flat, filled)
    return pc.binary_join(pa.ListArray.from_arrays(codes.offsets, pool.take(where)), "")
