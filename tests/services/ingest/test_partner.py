"""Large files: two processes import parts of them, and what comes of it is what one makes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY
from logtui.core.errors import Cancelled, StoreError
from logtui.core.times import day_start
from logtui.services.ingest import line_ranges
from logtui.services.ingest.intake import Tally
from logtui.services.ingest.line_ranges import LineNumbers, cut, last_line_end
from logtui.services.ingest.partner import WORTH_A_PROCESS, Partner
from logtui.services.ingest.partner_messages import Order
from logtui.services.ingest.pipeline import Pipeline, Surroundings
from logtui.services.ingest.recipe import Recipe
from logtui.services.ingest.record import LONGEST_RECORD
from logtui.services.ingest.rejects import Reject
from logtui.services.ingest.sources import Source
from logtui.session import make_store, open_sink

NOW = day_start("2026-10-05") + DAY // 2


class Kept:
    """Takes rejects."""

    def __init__(self) -> None:
        self.rejects: list[Reject] = []

    def add(self, reject: Reject) -> None:
        self.rejects.append(reject)

    def flush(self) -> None: ...


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


@contextmanager
def partner_of(store: Path) -> Iterator[Partner]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.partner_script", str(store)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None

    def end() -> None:
        process.kill()
        process.wait()

    partner = Partner(process.stdin, process.stdout, end, worth=1)  # type: ignore[arg-type]
    try:
        yield partner
    finally:
        partner.close()


class Imported:
    """What came of an import."""

    def __init__(self, store: Path) -> None:
        store.parent.mkdir(exist_ok=True)
        make_store(store)
        self.store = store
        self.kept = Kept()
        self.tally = Tally()

    def run(
        self,
        path: Path,
        partner: Partner | None = None,
        token: CancelToken | None = None,
        progress: Callable[[Tally], None] = lambda _: None,
    ) -> Imported:
        around = Surroundings(lambda: NOW, token or CancelToken(), lambda _: None, progress)
        sink = open_sink(self.store, clock=lambda: NOW)
        pipeline = Pipeline(sink, self.kept, Recipe(), around, partner=partner)
        self.tally = pipeline.tally
        pipeline.run([Source(path)])
        sink.close()
        return self

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What is stored, by time and id; when it was written differs from run to run."""
        files = sorted(self.store.glob("date=*/*.parquet"))
        if not files:
            return []
        table = pa.concat_tables([pq.read_table(path) for path in files]).drop_columns("ingested_at")
        rows: list[dict[str, Any]] = table.sort_by([("event_time", "ascending"), ("event_id", "ascending")]).to_pylist()
        return rows

    @property
    def ids(self) -> list[str]:
        return [row["event_id"] for row in self.rows]

    @property
    def rejects(self) -> list[tuple[int, str, bytes]]:
        return sorted((each.line, each.reason, each.record) for each in self.kept.rejects)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut small files into parts, too."""
    monkeypatch.setattr(line_ranges, "_MOST", 200_000)
    monkeypatch.setattr(line_ranges, "_LEAST", 50_000)
    monkeypatch.setattr(line_ranges, "CHUNK", 60_000)


def assert_same(path: Path, place: Path) -> Imported:
    """Import alone and with a partner, and compare all that there is to see."""
    alone = Imported(place / "alone").run(path)
    answers: list[int] = []
    with partner_of(place / "both") as partner:
        give = partner.give

        def noted(order: Order) -> None:
            answers.append(order.offset)
            give(order)

        partner.give = noted  # type: ignore[method-assign]
        both = Imported(place / "both").run(path, partner)

    assert both.rows == alone.rows
    assert both.rejects == alone.rejects
    assert {each.file for each in both.kept.rejects} <= {str(path)}
    assert (both.tally.events, both.tally.reasons, both.tally.formats) == (
        alone.tally.events, alone.tally.reasons, alone.tally.formats
    )  # fmt: skip
    assert (both.tally.written.written, both.tally.written.duplicates) == (
        alone.tally.written.written, alone.tally.written.duplicates
    )  # fmt: skip
    assert both.tally.bytes_read == alone.tally.bytes_read == path.stat().st_size
    both.orders = len(answers)  # type: ignore[attr-defined]
    return both


def written(path: Path, lines: list[bytes], *, first: int = 3000, end: bytes = b"\n") -> Path:
    """Write lines behind so many that the format is known and more than one block is full."""
    plain = [own(number, device_id="d" * 1000) for number in range(first)]
    path.write_bytes(b"\n".join([*plain, *lines]) + end)
    return path


class TestSame:
    def test_own_events(self, tmp_path: Path) -> None:
        """None is lost or doubled, and both had something to do."""
        both = assert_same(written(tmp_path / "own", []), tmp_path)

        assert both.ids == sorted(f"e{number}" for number in range(3000))
        assert both.orders > 1  # type: ignore[attr-defined]

    def test_a_vendors_events(self, tmp_path: Path) -> None:
        lines = [okta(number) for number in range(9000)]
        lines[5000:5000] = [b"", b"{broken", b'{"uuid":"x","published":"later"}']
        path = tmp_path / "okta"
        path.write_bytes(b"\n".join(lines))
        both = assert_same(path, tmp_path)

        assert both.tally.events == 9000
        assert [line for line, *_ in both.rejects] == [5002, 5003]

    def test_wrong_lines_have_their_numbers(self, tmp_path: Path) -> None:
        """Also behind blank ones, and in the last line, which does not end."""
        lines = [b"", b"  ", b"{broken", own(5000), b"", b'{"event_time":"never"}', b"\xff\xfe"]
        both = assert_same(written(tmp_path / "own", lines, end=b""), tmp_path)

        assert [line for line, *_ in both.rejects] == [3003, 3006, 3007]

    def test_wrong_lines_everywhere(self, tmp_path: Path) -> None:
        """Whoever reads them."""
        path = tmp_path / "own"
        path.write_bytes(b"".join(own(number) + b"\n" + b"{broken\n" * (number % 3) for number in range(5000)))
        both = assert_same(path, tmp_path)

        assert len(both.rejects) == 4999

    def test_events_of_the_future(self, tmp_path: Path) -> None:
        """The partner has the clock of the first process."""
        lines = [own(4000 + each, event_time="2026-10-09T00:00:00Z") for each in range(900)]
        both = assert_same(written(tmp_path / "own", lines), tmp_path)

        assert [line for line, *_ in both.rejects] == list(range(3001, 3901))

    def test_events_of_one_id(self, tmp_path: Path) -> None:
        """Each once, in whatever part it stands."""
        both = assert_same(
            written(tmp_path / "own", [own(number % 7, device_id="d" * 1000) for number in range(3000)]), tmp_path
        )

        assert both.tally.written.duplicates == 3000

    def test_a_monstrous_line(self, tmp_path: Path) -> None:
        """It is rejected; what follows is imported."""
        lines = [own(6000), b'{"x":"' + b"y" * (LONGEST_RECORD + (1 << 20)) + b'"}', own(6001)]
        both = assert_same(written(tmp_path / "own", lines), tmp_path)

        assert [line for line, *_ in both.rejects] == [3002]
        assert both.tally.events == 3002

    def test_another_shape(self, tmp_path: Path) -> None:
        """A table is read by one; records of any format by two."""
        table = tmp_path / "rows.csv"
        table.write_bytes(b"event_time,event_id,event_type\n" + b"2026-10-04T12:00:00Z,e1,user.created\n" * 100)
        records = tmp_path / "mapped"
        records.write_bytes(
            b"".join(b'{"time":"2026-10-04T12:00:00Z","type":"a.b","id":"%d"}\n' % number for number in range(9000))
        )

        assert assert_same(table, tmp_path / "1").tally.events == 100
        assert assert_same(records, tmp_path / "2").tally.events == 9000

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
    @settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_whatever_comes(self, tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], end: bytes) -> None:
        """The same events, rejects, reasons and line numbers."""
        place = tmp_path_factory.mktemp("any")
        assert_same(written(place / "any", lines, first=600, end=end), place)


def imported_while_the_partner_is_killed(store: Path, path: Path, *, is_idle: bool = False) -> Imported:
    """Import with a partner that is killed when five parts are told.

    Args:
        is_idle: it has its parts by then and has done nothing.
    """
    others = set(psutil.Process().children())
    with partner_of(store) as partner:
        (worker,) = set(psutil.Process().children()) - others
        seen: list[int] = []

        def kill(_: Tally) -> None:
            seen.append(1)
            if len(seen) == 5:
                worker.kill()

        if is_idle:
            worker.suspend()
        return Imported(store).run(path, partner, progress=kill)


class TestEnds:
    def test_a_partner_that_is_killed_loses_nothing(self, tmp_path: Path) -> None:
        """The first process imports what the partner had; what that had stored is known."""
        path = written(tmp_path / "own", [], first=10_000)
        imported = imported_while_the_partner_is_killed(tmp_path / "store", path)

        assert imported.ids == sorted(f"e{number}" for number in range(10_000))
        assert imported.tally.events == 10_000
        assert imported.tally.bytes_read == path.stat().st_size

    def test_a_partner_that_is_killed_leaves_the_numbers_of_lines_right(self, tmp_path: Path) -> None:
        """Its parts are read late, behind those that follow them in the file."""
        path = tmp_path / "own"
        path.write_bytes(b"".join(own(number) + b"\n{broken\n" for number in range(20_000)))
        imported = imported_while_the_partner_is_killed(tmp_path / "store", path, is_idle=True)

        assert [line for line, *_ in imported.rejects] == list(range(2, 40_001, 2))

    def test_a_partner_that_cannot_store_ends_the_import(self, tmp_path: Path) -> None:
        """With its words; what both had stored is counted."""
        store = tmp_path / "store"
        with partner_of(tmp_path / "elsewhere") as partner, pytest.raises(StoreError, match="elsewhere"):
            Imported(store).run(written(tmp_path / "own", [], first=10_000), partner)

    def test_an_import_that_is_cancelled(self, tmp_path: Path) -> None:
        token, others = CancelToken(), set(psutil.Process().children())
        with partner_of(tmp_path / "store") as partner, pytest.raises(Cancelled):
            Imported(tmp_path / "store").run(
                written(tmp_path / "own", [], first=10_000), partner, token, lambda _: token.cancel()
            )

        assert not set(psutil.Process().children()) - others

    def test_a_file_that_another_took_the_place_of_is_read_by_one(self, tmp_path: Path) -> None:
        """The partner opens it by its name, and sees that it is another."""
        path = written(tmp_path / "own", [], first=6000)

        def replace(_: Tally) -> None:
            (tmp_path / "new").write_bytes((own(7777) + b"\n") * 5000)
            (tmp_path / "new").rename(path)

        with partner_of(tmp_path / "store") as partner:
            imported = Imported(tmp_path / "store")
            file = Source(path)
            around = Surroundings(lambda: NOW, CancelToken(), lambda _: None)
            sink = open_sink(imported.store)
            pipeline = Pipeline(sink, imported.kept, Recipe(), around, partner=partner)
            give = partner.give

            def replace_first(order: Order) -> None:
                replace(pipeline.tally)
                give(order)

            partner.give = replace_first  # type: ignore[method-assign]
            pipeline.run([file])

        assert imported.ids == sorted(f"e{number}" for number in range(6000))


class TestProgram:
    def test_a_large_file(self, tmp_path: Path) -> None:
        """By the command itself, which forks."""
        path = tmp_path / "own"
        lines = [own(number, device_id="d" * 2000) for number in range(WORTH_A_PROCESS // 2200 + 2)]
        lines[9000:9000] = [b"{broken"]
        path.write_bytes(b"\n".join(lines) + b"\n")
        done = subprocess.run(
            [sys.executable, "-m", "logtui", "ingest", str(tmp_path / "store"), str(path)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        rows = sum(pq.read_metadata(each).num_rows for each in (tmp_path / "store").glob("date=*/*.parquet"))

        assert done.returncode == 1
        assert f"{len(lines) - 1:,} events stored, 1 rejected" in done.stderr
        assert rows == len(lines) - 1
        (rejects,) = (tmp_path / "store" / ".logtui" / "rejects").iterdir()
        assert json.loads(rejects.read_text())["line"] == 9001

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
    def test_the_partner_ends_with_the_program(self, tmp_path: Path, number: int) -> None:
        """However that ends."""
        path = tmp_path / "own"
        path.write_bytes(b"".join(own(number, device_id="d" * 2000) + b"\n" for number in range(60_000)))
        process = psutil.Popen(
            [sys.executable, "-m", "logtui", "ingest", str(tmp_path / "store"), str(path)], stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 30
        while not (partners := process.children()) and time.monotonic() < deadline:
            assert process.poll() is None
        process.send_signal(number)
        process.wait(30)
        gone, left = psutil.wait_procs(partners, 30)

        assert gone
        assert not left


class TestRanges:
    @given(st.binary(max_size=300).map(lambda text: text.replace(b"\x00", b"\n")), st.integers(1, 50))
    def test_parts_are_whole_lines(self, tmp_path_factory: pytest.TempPathFactory, text: bytes, most: int) -> None:
        """All of them, each once, in order."""
        path = tmp_path_factory.mktemp("lines") / "file"
        path.write_bytes(text)
        with path.open("rb") as file, pytest.MonkeyPatch.context() as patch:
            patch.setattr(line_ranges, "_MOST", most)
            patch.setattr(line_ranges, "_LEAST", 1)
            end = last_line_end(file.fileno(), 0, len(text))
            parts = list(cut(file.fileno(), 0, end))

        assert end == text.rfind(b"\n") + 1
        assert b"".join(text[part.offset : part.end] for part in parts) == text[:end]
        assert all(part.size and text[part.end - 1 : part.end] == b"\n" for part in parts)

    def test_line_numbers_are_counted_from_where_one_stands(self, tmp_path: Path) -> None:
        """In any order."""
        path = tmp_path / "lines"
        path.write_bytes(b"a\nbb\n\nc")
        with path.open("rb") as file:
            numbers = LineNumbers(file.fileno(), 2, 2)

            assert [numbers.at(offset) for offset in (6, 2, 5, 6)] == [4, 2, 3, 4]
