"""Large files: another process reads the lines, and what comes of it is what one process makes."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partialmethod
from pathlib import Path

import psutil
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY
from logtui.core.errors import Cancelled
from logtui.core.times import day_start
from logtui.services.ingest.pipeline import Pipeline, Surroundings, Tally
from logtui.services.ingest.read_ahead import LineNumbers, ReadAhead
from logtui.services.ingest.recipe import Recipe
from logtui.services.ingest.record import LONGEST_RECORD
from logtui.services.ingest.rejects import Reject
from logtui.services.ingest.sources import Source
from logtui.storage.event_sink import Written

NOW = day_start("2026-10-05") + DAY // 2


class Kept:
    """Takes events and rejects."""

    def __init__(self) -> None:
        self.tables: list[pa.Table] = []
        self.rejects: list[Reject] = []

    def write(self, events: pa.Table) -> Written:
        self.tables.append(events)
        return Written(events.num_rows, 0, 1)

    def close(self) -> None: ...

    def add(self, reject: Reject) -> None:
        self.rejects.append(reject)

    def flush(self) -> None: ...

    def rows(self) -> list[dict[str, object]]:
        """What was to be stored; `ingested_at` of a vendor's events depends on how long reading takes."""
        rows: list[dict[str, object]] = pa.concat_tables(self.tables).drop_columns("ingested_at").to_pylist()
        return rows


def own(number: int, **changes: object) -> bytes:
    fields = {
        "event_time": "2026-10-04T12:00:00.000001Z", "event_id": f"e{number}", "event_type": "user.created",
        "actor": "user_1", "payload": {"n": number}, "ingested_at": "2026-10-04T12:00:01Z",
    } | changes  # fmt: skip
    return json.dumps(fields).encode()


def okta(number: int) -> bytes:
    return json.dumps(
        {"uuid": f"o{number}", "published": "2026-10-04T12:00:00.000Z", "eventType": "user.session.start",
         "severity": "INFO", "actor": {"id": "00u1", "type": "User"}, "outcome": {"result": "SUCCESS"},
         "transaction": {"id": "t"}, "debugContext": {}, "client": {"ipAddress": "198.51.100.1"}}
    ).encode()  # fmt: skip


def import_file(
    path: Path, *, worth: int, token: CancelToken | None = None, progress: Callable[[Tally], None] = lambda _: None
) -> tuple[Kept, Tally]:
    kept = Kept()
    around = Surroundings(lambda: NOW, token or CancelToken(), lambda _: None, progress)
    pipeline = Pipeline(kept, kept, Recipe(), around, worth_a_process=worth)
    pipeline.run([Source(path)])
    return kept, pipeline.tally


def workers() -> list[psutil.Process]:
    return list(psutil.Process().children())


@pytest.fixture(autouse=True)
def _waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the process take over at once, however small the file."""
    monkeypatch.setattr(ReadAhead, "is_ready", partialmethod(ReadAhead.is_ready, wait=30))


def assert_same(path: Path) -> tuple[Kept, Tally]:
    alone, by_one = import_file(path, worth=0)
    together, by_two = import_file(path, worth=1)

    assert together.rows() == alone.rows()
    assert together.rejects == alone.rejects
    assert (by_two.events, by_two.reasons, by_two.formats) == (by_one.events, by_one.reasons, by_one.formats)
    assert by_two.bytes_read == by_one.bytes_read == path.stat().st_size
    assert not workers()
    return together, by_two


def written(path: Path, lines: list[bytes], *, first: int = 3000, end: bytes = b"\n") -> Path:
    """Write lines behind so many that the format is known and more than one block is full."""
    plain = [own(number, device_id="d" * 1000) for number in range(first)]
    path.write_bytes(b"\n".join([*plain, *lines]) + end)
    return path


class TestSame:
    def test_own_events(self, tmp_path: Path) -> None:
        """More than one block, in order, none lost or doubled."""
        kept, _ = assert_same(written(tmp_path / "own", []))

        assert [row["event_id"] for row in kept.rows()] == [f"e{number}" for number in range(3000)]

    def test_a_vendors_events(self, tmp_path: Path) -> None:
        """Lines that are not plain go through the careful way in the first process."""
        lines = [okta(number) for number in range(9000)]
        lines[5000:5000] = [b"", b"{broken", b'{"uuid":"x","published":"later"}']
        path = tmp_path / "okta"
        path.write_bytes(b"\n".join(lines))
        kept, tally = assert_same(path)

        assert tally.events == 9000
        assert [reject.line for reject in kept.rejects] == [5002, 5003]

    def test_wrong_lines_have_their_numbers(self, tmp_path: Path) -> None:
        """Also behind blank ones, and in the last line, which does not end."""
        lines = [b"", b"  ", b"{broken", own(5000), b"", b'{"event_time":"never"}', b"\xff\xfe"]
        kept, _ = assert_same(written(tmp_path / "own", lines, end=b""))

        assert [reject.line for reject in kept.rejects] == [3003, 3006, 3007]

    def test_events_of_the_future(self, tmp_path: Path) -> None:
        """Limits are the first process's to know."""
        lines = [own(4000 + each, event_time="2026-10-09T00:00:00Z") for each in range(3)]
        kept, tally = assert_same(written(tmp_path / "own", lines))

        assert [reject.line for reject in kept.rejects] == [3001, 3002, 3003]
        assert tally.events == 3000

    def test_a_monstrous_line(self, tmp_path: Path) -> None:
        """It is rejected; what follows is imported."""
        lines = [own(6000), b'{"x":"' + b"y" * (LONGEST_RECORD + (1 << 20)) + b'"}', own(6001)]
        kept, tally = assert_same(written(tmp_path / "own", lines))

        assert [reject.line for reject in kept.rejects] == [3002]
        assert tally.events == 3002

    @given(
        st.lists(
            st.sampled_from(
                [own(1), own(2, payload="text"), own(3, actor=None), own(4, x=1), own(5, payload="\u0000"), b"", b" ",
                 b"[", b"]", own(6) + b",", b"{", b'{"a":1}', b"\xef\xbb\xbf" + own(7), own(8) + b"\r", b"\xff",
                 b"\x00", okta(1), own(9, event_time=1), own(10, event_id=""), own(11, payload=[1, {"a": "\ud800"}]),
                 b"NaN", own(12) + own(13)]
            ),
            max_size=12,
        ),
        st.sampled_from([b"", b"\n", b"\n\n"]),
    )  # fmt: skip
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_whatever_comes(self, tmp_path: Path, lines: list[bytes], end: bytes) -> None:
        """The same events, rejects, reasons and line numbers."""
        assert_same(written(tmp_path / "any", lines, first=600, end=end))


class TestEnds:
    def test_a_process_that_is_killed_loses_nothing(self, tmp_path: Path) -> None:
        """The first process reads the rest."""
        path = written(tmp_path / "own", [], first=20_000)

        def kill(_: Tally) -> None:
            for worker in workers():
                worker.kill()

        kept, tally = import_file(path, worth=1, progress=kill)

        assert [row["event_id"] for row in kept.rows()] == [f"e{number}" for number in range(20_000)]
        assert tally.bytes_read == path.stat().st_size

    def test_an_import_that_is_cancelled_leaves_no_process(self, tmp_path: Path) -> None:
        """It would go on reading for nobody."""
        token = CancelToken()
        seen: list[int] = []

        def cancel(_: Tally) -> None:
            seen.append(len(workers()))
            token.cancel()

        with pytest.raises(Cancelled):
            import_file(written(tmp_path / "own", [], first=20_000), worth=1, token=token, progress=cancel)

        assert seen[0] == 1
        assert not workers()

    def test_a_file_of_another_shape_is_read_by_one(self, tmp_path: Path) -> None:
        """A table, and records that no block reader knows."""
        table = tmp_path / "rows.csv"
        table.write_bytes(b"event_time,event_id,event_type\n" + b"2026-10-04T12:00:00Z,e1,user.created\n" * 100)
        records = tmp_path / "mapped"
        records.write_bytes(b'{"time":"2026-10-04T12:00:00Z","type":"a.b","id":"1"}\n' * 100)

        assert assert_same(table)[1].events == 100
        assert assert_same(records)[1].events == 100


class TestLineNumbers:
    def test_they_are_counted_from_where_one_stands(self, tmp_path: Path) -> None:
        """Forwards, as far as the file goes."""
        path = tmp_path / "lines"
        path.write_bytes(b"a\nbb\n\nc")
        with path.open("rb") as file:
            numbers = LineNumbers(file.fileno(), 2, 2)

            assert [numbers.at(offset) for offset in (2, 5, 6, 99)] == [2, 3, 4, 4]


def test_an_event_is_what_it_was(tmp_path: Path) -> None:
    """Byte for byte, with its own time of writing."""
    payload = '{"a" : 1.50,"a":2}'
    line = own(1).replace(json.dumps({"n": 1}).encode(), payload.encode())
    kept, _ = import_file(written(tmp_path / "own", [line]), worth=1)
    table = kept.tables[-1]

    assert table["payload"][-1].as_py() == payload
    assert str(table["ingested_at"][-1]) == "2026-10-04 12:00:01+00:00"
