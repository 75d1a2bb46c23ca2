"""Events are stored once each, durably, whoever writes them and whatever happens to the segments meanwhile."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, frozen_clock
from logtui.core.errors import StoreError
from logtui.core.event import Event
from logtui.core.times import day_start
from logtui.services.compact import Outcome
from logtui.session import make_store, open_compaction, open_sink
from logtui.storage.arrow_schema import table_of
from logtui.storage.event_sink import EventSink, Written
from logtui.storage.event_writer import EventWriter
from logtui.storage.id_index import Keys
from logtui.storage.locks import day_lock, holding
from logtui.storage.stored_ids import StoredIds

MONDAY = "2026-10-05"
AT = day_start(MONDAY)


def event(name: str, at: int = AT, payload: str = "{}") -> Event:
    return Event(at, name, "session.created", payload=payload, ingested_at=at)


def events(count: int, first: int = 0, at: int = AT) -> list[Event]:
    return [event(f"e{number}", at + number) for number in range(first, first + count)]


def segments(store: Path, kind: str = "*") -> list[Path]:
    return sorted(store.glob(f"date=*/{kind}.parquet"))


def ids(store: Path) -> list[str]:
    """Return what any tool sees that reads all the files."""
    found = [pq.read_table(path, columns=["event_id"], partitioning=None) for path in segments(store)]
    return sorted(name for table in found for name in table["event_id"].to_pylist())


def compact(store: Path, grace: int = 0) -> Outcome:
    compaction = open_compaction(store, clock=frozen_clock(AT + 40 * DAY), target=1 << 28, grace=grace)
    outcome = Outcome()
    with compaction.compactor.maintaining():
        compaction.merge(compaction.plan(), outcome, token=CancelToken(), tell_rows=lambda _: None)
        compaction.finish(outcome)
    return outcome


@pytest.fixture
def store(tmp_path: Path) -> Path:
    make_store(tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def sink(store: Path) -> Iterator[EventSink]:
    opened = open_sink(store)
    yield opened
    opened.close()


class TestOnceEach:
    def test_events_go_to_the_days_of_their_times(self, store: Path, sink: EventSink) -> None:
        """Also those before 1970, and the first and the last of a day."""
        times = [AT, AT - 1, AT + DAY - 1, AT + DAY, -1]

        written = sink.write([event(f"e{at}", at) for at in times])

        assert written == Written(5, 0, 4)
        assert {path.parent.name for path in segments(store)} == {
            "date=2026-10-05", "date=2026-10-04", "date=2026-10-06", "date=1969-12-31",
        }  # fmt: skip

    def test_a_second_write_adds_nothing(self, store: Path, sink: EventSink) -> None:
        sink.write(events(50))

        assert sink.write(events(50)) == Written(0, 50, 0)
        assert open_sink(store).write(events(60)) == Written(10, 50, 1)
        assert ids(store) == sorted(each.event_id for each in events(60))

    def test_what_comes_twice_in_one_call_is_stored_once(self, store: Path, sink: EventSink) -> None:
        assert sink.write([*events(3), *events(5)]) == Written(5, 3, 1)

    def test_what_comes_twice_with_other_content_is_counted(self, store: Path, sink: EventSink) -> None:
        """Somebody's ids are not unique, and the person has to know."""
        first, second, other = (event("a", payload=text) for text in ('{"n":1}', '{"n":2}', '{"n":1}'))

        assert sink.write([first, second, other, *events(2)]) == Written(3, 2, 1, differing=1)

    def test_an_id_names_one_event_of_a_day(self, store: Path, sink: EventSink) -> None:
        """The same id at another time of the day is the same event; on another day it is another one."""
        written = sink.write([event("a"), event("a", AT + 5), event("a", AT + DAY)])

        assert written == Written(2, 1, 2)
        assert sink.write([event("a", AT + 7)]) == Written(0, 1, 0)

    def test_a_table_is_stored_like_events(self, store: Path, sink: EventSink) -> None:
        assert sink.write(table_of(events(5))) == Written(5, 0, 1)
        assert sink.write(events(6)) == Written(1, 5, 1)
        assert sink.write(table_of([])) == Written(0, 0, 0)

    def test_an_event_without_a_required_column_stops_the_call(self, store: Path, sink: EventSink) -> None:
        with pytest.raises(ValueError, match="payload"):
            sink.write([event("a"), Event(AT + DAY, "b", "x", ingested_at=AT)])

        assert segments(store) == []

    def test_large_days_are_cut_into_several_segments(
        self, store: Path, sink: EventSink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("logtui.storage.event_writer.MOST_ROWS", 10)

        assert sink.write(events(25)) == Written(25, 0, 3)
        assert sink.write(events(25)) == Written(0, 25, 0)

    @settings(max_examples=30, deadline=None)
    @given(calls=st.lists(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2)), max_size=8), max_size=6))
    def test_any_calls_store_each_event_once(
        self, calls: list[list[tuple[int, int]]], tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """Two sinks take turns; each counts exactly what it added."""
        store = tmp_path_factory.mktemp("any") / "store"
        make_store(store)
        sinks = [open_sink(store), open_sink(store)]
        stored: set[tuple[int, int]] = set()
        for turn, call in enumerate(calls):
            written = sinks[turn % 2].write([event(f"e{name}", AT + day * DAY) for name, day in call])

            assert written.written == len(set(call) - stored)
            assert written.written + written.duplicates == len(call)
            stored |= set(call)
        assert ids(store) == sorted(f"e{name}" for name, _ in stored)


class TestOthers:
    def test_another_writer_of_the_same_events_adds_nothing(self, store: Path) -> None:
        first, second = open_sink(store), open_sink(store)
        for start in range(0, 60, 10):
            assert first.write(events(10, start)).written == 10
            assert second.write(events(10, start)).written == 0
            assert second.write(events(10, start + 1000)).written == 10

        assert len(ids(store)) == len(set(ids(store))) == 120

    def test_writers_in_one_process_do_not_meet(self, store: Path, sink: EventSink) -> None:
        """Threads of one sink, with the same batches at the same time."""
        batches = [events(20, start) for start in range(0, 200, 10)] * 2
        with ThreadPoolExecutor(4) as pool:
            written = sum(pool.map(sink.write, batches), Written(0, 0, 0))

        assert written.written == 210
        assert ids(store) == sorted(each.event_id for each in events(210))

    def test_writers_of_several_processes_do_not_meet(self, store: Path) -> None:
        code = (
            "import sys; from pathlib import Path; from logtui.session import open_sink; "
            "from tests.storage.test_event_writer import events; sink = open_sink(Path(sys.argv[1])); "
            "print(sum(sink.write(events(20, start)).written for start in range(0, 400, 10)))"
        )
        root = Path(__file__).parents[2]
        command = [sys.executable, "-c", code, str(store)]
        running = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        written = [int(each.communicate(timeout=60)[0]) for each in running]

        assert sum(written) == 410
        assert ids(store) == sorted(each.event_id for each in events(410))

    def test_a_long_wait_names_who_is_waited_for(self, store: Path) -> None:
        told: list[str] = []
        waits: list[float] = []
        other = holding(store, day_lock(AT // DAY))
        other.__enter__()

        def sleep(seconds: float) -> None:
            waits.append(seconds)
            if sum(waits) > 3:
                other.__exit__(None, None, None)

        with holding(store, day_lock(AT // DAY), tell=told.append, sleep=sleep):
            assert [note for note in told if f"process {os.getpid()} " in note] == told
            assert len(told) == 1

    def test_a_lock_that_is_never_released_is_an_error(self, store: Path) -> None:
        with (
            holding(store, "days-00"),
            pytest.raises(StoreError, match=rf"process {os.getpid()} .* is at work on it"),
            holding(store, "days-00", sleep=lambda _: None),
        ):
            pass

    def test_a_link_in_place_of_a_lock_is_not_followed(self, store: Path, sink: EventSink, tmp_path: Path) -> None:
        sink.write(events(1))
        lock = store / ".logtui" / "locks" / f"{day_lock(AT // DAY)}.lock"
        assert lock.stat().st_mode & 0o777 == 0o600
        lock.unlink()
        lock.symlink_to(tmp_path / "victim")

        with pytest.raises(StoreError, match="cannot lock"):
            sink.write(events(2))

        assert not (tmp_path / "victim").exists()


class TestChangingSegments:
    @pytest.mark.parametrize("grace", [0, DAY * 9])
    def test_redelivery_after_a_merge_adds_nothing(self, store: Path, sink: EventSink, grace: int) -> None:
        """To a sink that knew the inputs, and to one that did not; with the inputs gone, and still there."""
        for start in range(0, 100, 10):
            sink.write(events(10, start))
        assert len(compact(store, grace).merged) == 1
        assert len(segments(store, "i-*")) == (10 if grace else 0)

        assert sink.write(events(101)) == Written(1, 100, 1)
        assert open_sink(store).write(events(102)) == Written(1, 101, 1)

    def test_a_known_merge_is_not_read_again(self, store: Path, sink: EventSink) -> None:
        """Its inputs are known, so what it holds is too; else each merge of a large day would hold up the writer."""
        for start in range(0, 100, 10):
            sink.write(events(10, start))
        compact(store, grace=DAY * 9)
        (merged,) = segments(store, "c-*")
        merged.write_bytes(b"not read")

        assert sink.write(events(100)) == Written(0, 100, 0)

    def test_what_was_removed_can_be_stored_again(self, store: Path, sink: EventSink) -> None:
        """Retention removes days, and people remove files."""
        sink.write(events(10))
        sink.write(events(10, 10))
        segments(store)[0].unlink()

        assert sink.write(events(20)) == Written(10, 10, 1)
        shutil.rmtree(store / f"date={MONDAY}")
        assert sink.write(events(20)) == Written(20, 0, 1)

    def test_a_damaged_segment_is_told_and_does_not_stop_the_writer(self, store: Path) -> None:
        """Nobody sees its events, so they are stored anew when they come again."""
        open_sink(store).write(events(10))
        segments(store)[0].write_bytes(b"PAR1 damaged PAR1")
        told: list[str] = []

        assert open_sink(store, tell=told.append).write(events(10)) == Written(10, 0, 1)
        assert [note for note in told if "is damaged" in note and "i-" in note] == told
        assert len(told) == 1

    def test_days_beyond_the_memory_are_still_compared(self, store: Path) -> None:
        stored = StoredIds(store, most_bytes=15 * 12)
        sink = open_sink(store)
        for day in range(3):
            sink.write([event(f"a{day}{n}", AT + day * DAY) for n in range(10)])
            sink.write([event(f"b{day}{n}", AT + day * DAY) for n in range(10)])
        for _ in range(2):
            for day, name in enumerate(["2026-10-05", "2026-10-06", "2026-10-07"]):
                asked = [f"a{day}3", "no", f"b{day}9"]
                answer = stored.are_stored(
                    name, table_of([event(each) for each in asked])["event_id"].chunk(0), Keys.of(asked)
                )
                assert answer.to_pylist() == [True, False, True]

    def test_a_large_day_is_looked_through_once_and_then_known(
        self, store: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("logtui.storage.stored_ids._LARGE", 5)
        open_sink(store).write(events(10))
        open_sink(store).write(events(10, 10))
        sink = open_sink(store)

        for number in range(4):
            assert sink.write([*events(1, 9), *events(1, 19), *events(1, 20 + number)]) == Written(1, 2, 1)

    @pytest.mark.parametrize("large", [5, 500])
    def test_damage_within_a_segment_is_told_too(
        self, store: Path, monkeypatch: pytest.MonkeyPatch, large: int
    ) -> None:
        """One bit of an id, which its page's checksum shows; whether it is looked through or indexed."""
        monkeypatch.setattr("logtui.storage.stored_ids._LARGE", large)
        open_sink(store).write(events(10))
        (path,) = segments(store)
        content = bytearray(path.read_bytes())
        content[pq.read_metadata(path).row_group(0).column(1).data_page_offset + 60] ^= 1
        path.write_bytes(content)
        told: list[str] = []
        sink = open_sink(store, tell=told.append)

        assert sink.write(events(3)) == Written(3, 0, 1)
        assert sink.write(events(4)) == Written(1, 3, 1)
        assert [note for note in told if "is damaged" in note and path.name in note] == told
        assert len(told) == 1

    @pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user")
    def test_a_day_that_may_not_be_listed_is_not_taken_for_empty(self) -> None:
        """Its events would be stored twice."""
        code = (
            "import os, sys; from pathlib import Path; from logtui.session import open_sink; "
            "from logtui.core.errors import StoreError; from tests.storage.test_event_writer import events; "
            "sink = open_sink(Path(sys.argv[1])); os.setgroups([]); os.setuid(65534)\n"
            "try: print(sink.write(events(1)))\n"
            "except StoreError as error: print(error)"
        )
        with tempfile.TemporaryDirectory() as directory:
            store = Path(directory, "store")
            make_store(store)
            open_sink(store).write(events(1))
            for path in (Path(directory), *Path(directory).rglob("*")):
                path.chmod(0o777 if path.is_dir() else 0o666)
            segments(store)[0].parent.chmod(0o333)
            root = Path(__file__).parents[2]
            command = [sys.executable, "-c", code, str(store)]
            done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)

        assert "the directory cannot be read: permission denied" in done.stdout


class TestFailures:
    def test_a_place_that_is_no_store_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="not a store"):
            open_sink(tmp_path)

    def test_a_file_system_without_links_is_refused(self, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def link(*_: object, **__: object) -> None:
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(os, "link", link)
        with pytest.raises(StoreError, match="cannot keep a store whole"):
            open_sink(store)

    def test_one_day_that_fails_leaves_the_others_and_can_be_repeated(self, store: Path, sink: EventSink) -> None:
        (store / "date=2026-10-06").write_text("in the way")
        both = [*events(5), *events(5, at=AT + DAY)]
        with pytest.raises(StoreError, match="2026-10-06"):
            sink.write(both)
        (store / "date=2026-10-06").unlink()

        assert sink.write(both) == Written(5, 5, 1)

    def test_what_failed_is_not_taken_for_stored(
        self, store: Path, sink: EventSink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fsync(_: int) -> None:
            raise OSError(5, os.strerror(5))

        with monkeypatch.context() as failing:
            failing.setattr(os, "fsync", fsync)
            with pytest.raises(StoreError, match="input/output error; the disk may be failing"):
                sink.write(events(3))

        assert segments(store) == []
        assert list((store / ".logtui" / "tmp").iterdir()) == []
        assert sink.write(events(3)) == Written(3, 0, 1)

    def test_what_a_dead_writer_left_is_swept_and_what_a_live_one_uses_is_not(self, store: Path) -> None:
        from logtui.storage.publishing import staged

        dead = store / ".logtui" / "tmp" / "0.tmp"
        fresh = store / ".logtui" / "tmp" / "1.tmp"
        for path in (dead, fresh):
            path.write_bytes(b"half")
        os.utime(dead, (0, 0))
        with staged(store) as used:
            os.utime(used, (0, 0))
            EventWriter(store).close()

            assert not dead.exists()
            assert fresh.exists()
            assert used.exists()


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounts a file system")


@needs_root
class TestSmallDisk:
    @pytest.fixture
    def disk(self, tmp_path: Path) -> Iterator[Path]:
        place = tmp_path / "disk"
        place.mkdir()
        options = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
        if subprocess.run(options, capture_output=True, check=False).returncode:
            pytest.skip("tmpfs cannot be mounted here")
        make_store(place / "store")
        yield place / "store"
        subprocess.run(["umount", "-l", str(place)], check=True)

    def fill(self, sink: EventSink) -> list[Event]:
        """Write until it fails, and return what was acknowledged."""
        acknowledged: list[Event] = []

        def write_on() -> None:
            for start in range(0, 100_000, 200):
                batch = [event(f"e{n}", AT + n, os.urandom(400).hex()) for n in range(start, start + 200)]
                sink.write(batch)
                acknowledged.extend(batch)

        with pytest.raises(StoreError, match="no space left on device; free some space there, then write again"):
            write_on()
        return acknowledged

    def test_a_full_disk_loses_nothing_and_works_again_with_room(self, disk: Path) -> None:
        sink = open_sink(disk)
        ballast = disk.parent / "ballast"
        ballast.write_bytes(bytes(500_000))
        acknowledged = self.fill(sink)

        assert acknowledged
        assert ids(disk) == sorted(each.event_id for each in acknowledged)
        assert list((disk / ".logtui" / "tmp").iterdir()) == []
        ballast.unlink()
        assert sink.write([*acknowledged, event("more")]).written == 1

    def test_a_full_disk_is_no_reason_to_merge(self, disk: Path) -> None:
        self.fill(open_sink(disk))
        before = ids(disk)

        with pytest.raises(StoreError, match=r"merging needs .* free some space"):
            compact(disk)

        assert ids(disk) == before
        assert segments(disk, "c-*") == []

    def test_a_disk_mounted_for_reading_is_named(self, disk: Path) -> None:
        sink = open_sink(disk)
        remount = ["mount", "-o", "remount,ro", str(disk.parent)]
        subprocess.run(remount, check=True)

        with pytest.raises(StoreError, match="read-only file system; mount it for writing"):
            sink.write(events(1))
        with pytest.raises(StoreError, match="read-only file system"):
            open_sink(disk)
        with pytest.raises(StoreError, match="read-only file system"):
            compact(disk)


@needs_root
def test_a_user_who_may_not_write_is_told() -> None:
    """Run in a process of another user, because root may do anything."""
    code = (
        "import os, sys; from pathlib import Path; from logtui.storage.event_writer import EventWriter; "
        "from logtui.core.errors import StoreError; os.setgroups([]); os.setuid(65534)\n"
        "try: EventWriter(Path(sys.argv[1]))\n"
        "except StoreError as error: print(error)"
    )
    with tempfile.TemporaryDirectory() as directory:
        store = Path(directory, "store")
        make_store(store)
        for path in (Path(directory), store, store / ".logtui", store / ".logtui" / "root.json"):
            path.chmod(0o755)
        done = subprocess.run([sys.executable, "-c", code, str(store)], capture_output=True, text=True, check=True)

    assert "permission denied; run as a user who may write there" in done.stdout
