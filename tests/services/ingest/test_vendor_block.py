"""Blocks of vendors' lines read as columns: the same comes out as when each line is read by itself."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.vendor_samples import BY_NAME, INGESTED_AT, sample

from logtui.core.event import Event
from logtui.services.ingest.formats.vendor import VendorFormat
from logtui.services.ingest.json_lines import records_of
from logtui.services.ingest.reading import InputReader
from logtui.services.ingest.recipe import make_recipe
from logtui.services.ingest.record import Lines, Piece
from logtui.services.ingest.rejects import Reject
from logtui.storage.arrow_schema import events_of

VENDORS = {name: form for name, form in BY_NAME.items() if isinstance(form, VendorFormat)}
PLAIN = {
    name: [json.dumps(line.fields).encode() for line in sample(name) if form.read(line.fields) is not None]
    for name, form in VENDORS.items()
}
ODD = (
    b"",
    b"   ",
    b"[",
    b"nonsense",
    b"\xff{}",
    b"null",
    b"{}",
    b'{"a":"\xff"}',
    b'{"records":[{"time":"2026-09-21T14:13:20Z","type":"a.b"}]}',
    b'{"eventType":"a.b","actor":{},"published":"yesterdayish"}',
    b'{"eventType":"a.b","actor":{},"published":"2099-01-01T00:00:00Z"}',
    b'{"EVENTTYPE":"a.b","ACTOR":{},"PUBLISHED":"2026-09-21T14:13:20Z"}',
    b'{"eventType":"a.b","actor":{"id":"\\ud800"},"published":"2026-09-21T14:13:20.5Z"}',
)


@dataclass
class Kept:
    """Keeps what a reader gives out."""

    events: list[Event] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    tables: int = 0

    def add(self, event: Event) -> None:
        self.events.append(event)

    def add_table(self, table: pa.Table) -> None:
        self.tables += 1
        self.events.extend(events_of(table))

    def reject(self, reject: Reject) -> None:
        self.rejects.append(reject)


def read_all(pieces: list[Piece], name: str | None, constants: dict[str, str]) -> tuple[Kept, Counter[str]]:
    """Read pieces with a format; the format is sniffed where it has no name."""
    kept = Kept()
    reader = InputReader("in", make_recipe(name, {}, constants), kept, lambda: INGESTED_AT, lambda _: None)
    for piece in pieces:
        reader.take(piece)
    reader.settle()
    return kept, reader.formats


def assert_alike(lines: list[bytes], name: str | None, constants: dict[str, str] | None = None) -> Kept:
    block = Lines(b"\n".join(lines) + b"\n", 1)
    together, formats = read_all([block], name, constants or {})
    alone, formats_alone = read_all(list(records_of(block)), name, constants or {})
    assert together.events == alone.events
    assert together.rejects == alone.rejects
    assert formats == formats_alone
    return together


@pytest.mark.parametrize("name", VENDORS)
class TestBlocks:
    @pytest.mark.parametrize("is_sniffed", [True, False])
    def test_samples_become_the_same_events(self, name: str, *, is_sniffed: bool) -> None:
        """Whoever imports an export gets what the format says of each of its records."""
        lines = PLAIN[name] * 40
        assert assert_alike(lines, None if is_sniffed else name).tables

    def test_odd_lines_keep_their_place(self, name: str) -> None:
        """What cannot be read as columns is read, or rejected with its line, between the others and in order."""
        lines = [line for odd in ODD for line in (*PLAIN[name] * 40, odd)]
        kept = assert_alike(lines, None)
        assert kept.tables
        assert kept.rejects

    def test_constants_are_set(self, name: str) -> None:
        """`--set` holds however the lines are read."""
        kept = assert_alike(PLAIN[name] * 40, name, {"source": "billing"})
        assert {event.source for event in kept.events} == {"billing"}


LINE = st.sampled_from([line for name in VENDORS for line in PLAIN[name]] + list(ODD))
RUN = st.tuples(LINE, st.sampled_from([1, 2, 31, 32, 40]), st.sampled_from([b"", b"\r", b" ,", b"\t"]))


@settings(max_examples=60, deadline=None)
@given(st.lists(RUN, min_size=1, max_size=6))
def test_any_mix_of_lines_is_read_alike(runs: list[tuple[Any, int, bytes]]) -> None:
    """Several vendors in one file, damaged lines, line ends of other systems: nothing depends on the way of reading."""
    assert_alike([line + end for line, count, end in runs for _ in range(count)], None)
