"""Sidecars are of their segment or not used, come and go with it, and never keep events from being stored."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from unittest.mock import Mock

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.retained import apply, retained
from tests.samples import NOW

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, frozen_clock
from logtui.core.condition import Condition
from logtui.core.errors import StoreError
from logtui.core.event import Event
from logtui.core.retention.policy import Policy
from logtui.core.times import day_of, day_start
from logtui.services.compact import Compaction, Outcome
from logtui.services.doctor import examine, examine_pages
from logtui.services.retention.adopting import set_policy
from logtui.services.retention.recovering import recover
from logtui.services.retention.restoring import restore
from logtui.session import examine_store, open_compaction
from logtui.storage import trash
from logtui.storage.needle_building import NeedleBuilder
from logtui.storage.segment_writer import SegmentExistsError, init_store, write_segment
from logtui.storage.sidecar_keeping import orphans
from logtui.storage.sidecar_kinds import BUILDERS, lacking
from logtui.storage.sidecars import (
    HEADER_SIZE,
    LEAST_ROWS,
    LEAST_SETTLED,
    Identity,
    Kind,
    is_whole,
    sealed,
    sidecar_path,
    unsealed,
)
from logtui.storage.summary_building import SummaryBuilder
from logtui.storage.words.building import FilterBuilder

TEXT = day_of(NOW - 9 * DAY)
PARTITION = f"date={TEXT}"
SEGMENT = f"{PARTITION}/i-batch.parquet"
SEALED = sealed(Kind.SUMMARY, Identity(5000, 1 << 33), b"what was found", 3, layout=7)


def events(count: int = LEAST_ROWS, day: str = TEXT, name: str = "evt") -> list[Event]:
    start = day_start(day)
    types = ("session.created", "user.deleted")
    return [
        Event(start + n, f"{name}_{n}", types[n % 2], actor=f"user_{n % 7}", payload="{}", ingested_at=start)
        for n in range(count)
    ]


EVENTS = events()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    init_store(tmp_path / "store")
    return tmp_path / "store"


def kept(store: Path) -> set[str]:
    """The sidecars of a store, by the names of their segments and kinds."""
    place = store / ".logtui" / "index"
    return {str(path.relative_to(place)) for path in place.rglob("*") if path.is_file()}


def expected(*segments: str) -> set[str]:
    return {f"{segment.removesuffix('.parquet')}.{kind}" for segment in segments for kind in BUILDERS}


def segments(store: Path) -> list[str]:
    return sorted(str(path.relative_to(store)) for path in store.glob("date=*/*.parquet"))


def is_complete(store: Path, segment: str) -> bool:
    rows, size = pq.read_metadata(store / segment).num_rows, (store / segment).stat().st_size
    return not lacking(store, segment, Identity(rows, size))


class TestWhatIsReadAtOnce:
    """It is what was written, of the right segment, or nothing."""

    def test_it_comes_back(self) -> None:
        assert bytes(unsealed(SEALED + b"more", Kind.SUMMARY, 1 << 33, 3, layout=7) or b"") == b"what was found"

    def test_no_flipped_bit_passes(self) -> None:
        for bit in range(len(SEALED) * 8):
            flipped = bytearray(SEALED)
            flipped[bit // 8] ^= 1 << bit % 8
            assert unsealed(bytes(flipped), Kind.SUMMARY, 1 << 33, 3, layout=7) is None

    def test_no_cut_passes(self) -> None:
        assert not any(unsealed(SEALED[:size], Kind.SUMMARY, 1 << 33, 3) for size in range(len(SEALED)))

    def test_nothing_else_is_taken_for_it(self) -> None:
        assert unsealed(SEALED, Kind.SUMMARY, 1 << 33, 3, layout=6) is None
        assert unsealed(SEALED, Kind.SUMMARY, 1 << 33, 2) is None
        assert unsealed(SEALED, Kind.SUMMARY, 1 << 32, 3) is None
        assert unsealed(SEALED, Kind.WORDS, 1 << 33, 3) is None

    @given(st.lists(st.binary(max_size=40), min_size=1, max_size=5), st.data())
    def test_a_sidecar_is_whole_or_not(self, bodies: list[bytes], data: st.DataObject) -> None:
        about = Identity(9000, 123_456)
        content = b"".join(sealed(Kind.WORDS, about, body, part) for part, body in enumerate(bodies))
        cut = data.draw(st.integers(0, len(content) - 1))
        whole_parts = {sum(HEADER_SIZE + len(body) for body in bodies[:count]) for count in range(1, len(bodies))}

        assert is_whole(content, Kind.WORDS, about.size)
        assert is_whole(content[:cut], Kind.WORDS, about.size) == (cut in whole_parts)
        assert not is_whole(content[:cut] + bytes([content[cut] ^ 1]) + content[cut + 1 :], Kind.WORDS, about.size)


class TestWriting:
    def test_a_segment_has_them_unless_it_is_small(self, store: Path) -> None:
        large = write_segment(store, TEXT, EVENTS)
        write_segment(store, TEXT, EVENTS[1:])

        assert kept(store) == expected(f"{PARTITION}/{large.name}")
        assert is_complete(store, f"{PARTITION}/{large.name}")

    def test_they_are_as_private_as_the_events(self, store: Path) -> None:
        write_segment(store, TEXT, EVENTS)
        modes = {path.stat().st_mode & 0o777 for path in (store / ".logtui" / "index").rglob("*")}

        assert modes == {0o750, 0o640}

    @pytest.mark.parametrize("obstacle", ["index", f"index/{PARTITION}"])
    def test_events_are_stored_where_sidecars_cannot_be(self, store: Path, obstacle: str) -> None:
        place = store / ".logtui" / obstacle
        place.parent.mkdir(exist_ok=True)
        place.write_text("in the way")
        write_segment(store, TEXT, EVENTS, name="batch")

        assert pq.read_metadata(store / SEGMENT).num_rows == len(EVENTS)
        assert place.read_text() == "in the way"
        assert list((store / ".logtui" / "tmp").iterdir()) == []

    def test_what_fails_to_be_built_is_left_out(self, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def add(*_: object) -> None:
            raise MemoryError

        for make in (SummaryBuilder, NeedleBuilder, FilterBuilder):
            monkeypatch.setattr(make, "add", add)
        write_segment(store, TEXT, EVENTS, name="batch")

        assert segments(store) == [SEGMENT]
        assert kept(store) == set()

    def test_a_batch_that_comes_again_changes_nothing(self, store: Path) -> None:
        write_segment(store, TEXT, EVENTS, name="batch")
        before = Path(sidecar_path(store, SEGMENT, Kind.NEEDLES)).read_bytes()
        with pytest.raises(SegmentExistsError):
            write_segment(store, TEXT, events(name="other"), name="batch")

        assert Path(sidecar_path(store, SEGMENT, Kind.NEEDLES)).read_bytes() == before

    def test_those_of_an_attempt_that_ended_early_are_not_taken_over(self, store: Path) -> None:
        write_segment(store, TEXT, events(name="other"), name="batch").unlink()
        assert kept(store) == expected(SEGMENT)
        write_segment(store, TEXT, EVENTS, name="batch", sidecars=())

        assert kept(store) == set()

    def test_a_segment_that_cannot_be_published_leaves_none(self, store: Path) -> None:
        (store / PARTITION).write_text("no directory")
        with pytest.raises(StoreError, match="not a directory"):
            write_segment(store, TEXT, EVENTS)

        assert kept(store) == set()


KILLED_AT_EVERY_STEP = """
import json, os, sys
from pathlib import Path
from logtui.storage import trash
from logtui.storage.segment_writer import init_store, write_segment
from logtui.storage.arrow_schema import table_of
from logtui.storage.words.id_gathering import id_pieces_in
from logtui.storage.words.plain_gathering import plain_pieces_in
from tests.dying import die_at
from tests.storage.test_sidecars import EVENTS, TEXT

id_pieces_in(table_of(EVENTS[:1]))
plain_pieces_in(table_of(EVENTS[:1]))  # makes tables of weights, which else each of the many processes would
acknowledged = []
while not acknowledged or not acknowledged[-1]:
    store = Path(sys.argv[1]) / str(len(acknowledged) + 1)
    child = os.fork()
    if child == 0:
        init_store(store)
        die_at(int(store.name))
        write_segment(store, TEXT, EVENTS, name="batch")
        os._exit(0)
    acknowledged.append(os.waitpid(child, 0)[1] == 0)
print(json.dumps(acknowledged))
"""


def test_a_writer_that_is_killed_leaves_no_segment_without_sidecars(tmp_path: Path) -> None:
    """At each step: a segment that is there has its sidecars; some without one may stay, until the next attempt."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", KILLED_AT_EVERY_STEP, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, cwd=root)
    acknowledged = json.loads(done.stdout)
    stores = [tmp_path / str(step + 1) for step in range(len(acknowledged))]
    states = {(bool(segments(store)), bool(kept(store))) for store in stores}

    assert states == {(False, False), (False, True), (True, True)}
    other = events(name="other")
    for store in stores:
        assert all(is_complete(store, segment) for segment in segments(store))
        # What stayed of the killed attempt is not of this segment.
        with suppress(SegmentExistsError):
            write_segment(store, TEXT, other, name="batch")
        assert is_complete(store, SEGMENT)
        assert len(list(orphans(store))) == 0


def compaction(store: Path) -> Compaction:
    return open_compaction(store, clock=frozen_clock(NOW + 40 * DAY), target=1 << 28, grace=0)


def compact(store: Path) -> Outcome:
    """Do one round."""
    round_, outcome, token = compaction(store), Outcome(), CancelToken()
    with round_.compactor.maintaining():
        round_.compactor.recover()
        plan = round_.plan()
        round_.merge(plan, outcome, token=token, tell_rows=lambda _: None)
        round_.index(plan, outcome, token=token, tell=lambda _: None)
        round_.finish(outcome)
    return outcome


class TestCompacting:
    def test_a_merged_segment_has_them_and_its_inputs_have_none(self, store: Path) -> None:
        for number in range(3):
            write_segment(store, TEXT, events(name=f"evt{number}"))
        compact(store)
        (merged,) = segments(store)

        assert merged.startswith(f"{PARTITION}/c-")
        assert is_complete(store, merged)
        assert kept(store) == expected(merged)

    def test_small_inputs_make_a_segment_that_has_them(self, store: Path) -> None:
        for at in range(0, LEAST_ROWS, LEAST_ROWS // 2):
            write_segment(store, TEXT, EVENTS[at : at + LEAST_ROWS // 2])
        compact(store)

        assert kept(store) == expected(*segments(store))

    def test_small_segments_get_theirs_when_their_day_is_over(self, store: Path) -> None:
        write_segment(store, TEXT, EVENTS[:LEAST_SETTLED], name="batch")
        write_segment(store, day_of(NOW), events(LEAST_SETTLED - 1, day_of(NOW)))
        today = open_compaction(store, clock=frozen_clock(day_start(TEXT) + DAY), target=1 << 28, grace=0)
        assert today.plan().unindexed == ()

        assert compact(store).indexed == 1
        assert kept(store) == expected(SEGMENT)

    @pytest.mark.parametrize("content", [None, b"", b"LTSC of another format"])
    def test_what_is_missing_is_made(self, store: Path, content: bytes | None) -> None:
        write_segment(store, TEXT, EVENTS, name="batch")
        path = Path(sidecar_path(store, SEGMENT, Kind.NEEDLES))
        made = path.read_bytes()
        path.unlink()
        if content is not None:
            path.write_bytes(content)

        assert compaction(store).plan().unindexed == ((TEXT, "i-batch.parquet"),)
        assert compact(store).indexed == 1
        assert path.read_bytes() == made
        assert compact(store).indexed == 0

    def test_a_damaged_segment_gets_none_and_is_named(self, store: Path) -> None:
        path = write_segment(store, TEXT, EVENTS, name="batch")
        Path(sidecar_path(store, SEGMENT, Kind.NEEDLES)).unlink()
        content = bytearray(path.read_bytes())
        ids = pq.read_metadata(path).row_group(0).column(1)
        content[ids.data_page_offset + ids.total_compressed_size - 1] ^= 1
        path.write_bytes(content)
        outcome = compact(store)

        assert [problem.path for problem in outcome.problems] == [SEGMENT]
        assert outcome.indexed == 0

    def test_those_of_no_segment_go_when_none_can_be_on_its_way(
        self, store: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_segment(store, TEXT, EVENTS, name="batch").unlink()
        (store / PARTITION).rmdir()
        compact(store)
        assert kept(store) == expected(SEGMENT)

        later = time.time() + 61
        monkeypatch.setattr(time, "time", lambda: later)
        compact(store)
        assert list((store / ".logtui" / "index").iterdir()) == []


COMPACTION_KILLED_AT_EVERY_STEP = """
import json, os, shutil, sys
from pathlib import Path
from logtui.storage.arrow_schema import table_of
from logtui.storage.words.id_gathering import id_pieces_in
from logtui.storage.words.plain_gathering import plain_pieces_in
from tests.dying import die_at
from tests.storage.test_sidecars import EVENTS, compact

id_pieces_in(table_of(EVENTS[:1]))
plain_pieces_in(table_of(EVENTS[:1]))
root, finished = Path(sys.argv[1]), []
while not finished or not finished[-1]:
    store = root / str(len(finished) + 1)
    shutil.copytree(root / "store", store)
    child = os.fork()
    if child == 0:
        die_at(int(store.name))
        compact(store)
        os._exit(0)
    finished.append(os.waitpid(child, 0)[1] == 0)
print(json.dumps(finished))
"""


def test_a_compactor_that_is_killed_leaves_no_merged_segment_without_sidecars(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each step; and the next run leaves the merged segment's alone."""
    for number in range(2):
        write_segment(store, TEXT, events(LEAST_SETTLED, name=f"evt{number}"))
    command = [sys.executable, "-c", COMPACTION_KILLED_AT_EVERY_STEP, str(store.parent)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120, cwd=root)
    stores = [store.parent / str(step + 1) for step in range(len(json.loads(done.stdout)))]
    merged = [[name for name in segments(each) if "/c-" in name] for each in stores]

    assert {len(names) for names in merged} == {0, 1}
    assert any(kept(each) and not names for each, names in zip(stores, merged, strict=True))
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    for each, names in zip(stores, merged, strict=True):
        assert all(is_complete(each, name) for name in names)
        compact(each)
        compact(each)
        (left,) = segments(each)
        assert kept(each) == expected(left)
        assert is_complete(each, left)


class TestRetention:
    def test_they_leave_with_their_day_and_come_back_with_it(self, store: Path) -> None:
        write_segment(store, TEXT, EVENTS, name="batch")
        write_segment(store, day_of(NOW), events(day=day_of(NOW)), name="batch")
        today = f"date={day_of(NOW)}/i-batch.parquet"
        apply(store, 5)
        assert kept(store) == expected(today)

        restore(retained(store), token=CancelToken())
        assert kept(store) == expected(today, SEGMENT)

    def test_a_run_that_is_cut_off_takes_them_when_it_is_finished(
        self, store: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_segment(store, TEXT, EVENTS, name="batch")
        with monkeypatch.context() as patched:
            patched.setattr(trash, "move_sidecars", Mock(side_effect=KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                apply(store, 5)
        assert segments(store) == []
        assert kept(store) == expected(SEGMENT)

        recover(retained(store), token=CancelToken())
        assert kept(store) == set()
        restore(retained(store), token=CancelToken())
        assert kept(store) == expected(SEGMENT)

    def test_nothing_stays_of_them_when_the_day_is_deleted(self, store: Path) -> None:
        write_segment(store, TEXT, EVENTS, name="batch")
        apply(store, 5, keep_trash=0)

        assert not [path for path in store.rglob("*") if path.suffix[1:] in list(Kind)]

    def test_those_of_reduced_segments_go(self, store: Path) -> None:
        write_segment(store, TEXT, events(2 * LEAST_ROWS), name="batch")
        set_policy(retained(store), Policy(5, keep=(("user.deleted", 100),)))
        apply(store, 5)
        (left,) = segments(store)
        assert kept(store) == expected(left)

        restore(retained(store), token=CancelToken())
        assert segments(store) == [SEGMENT]
        assert kept(store) == set()


class TestDoctor:
    def condition(self, store: Path) -> Condition:
        return examine_store(store, mapping={}, token=CancelToken(), told=lambda *_: None)

    def findings(self, store: Path, later: int = 0) -> Iterator[tuple[str, str]]:
        now = int(time.time() * 1_000_000) + later
        for finding in [*examine(self.condition(store), now), *examine_pages(store, token=CancelToken())]:
            if finding.area == "index":
                yield finding.what, finding.paths[0]

    def test_a_whole_store_is_well(self, store: Path) -> None:
        write_segment(store, TEXT, EVENTS, name="batch")

        assert list(self.findings(store)) == []

    def test_it_tells_what_is_missing(self, store: Path) -> None:
        write_segment(store, TEXT, EVENTS, name="batch")
        Path(sidecar_path(store, SEGMENT, Kind.NEEDLES)).unlink()
        ((what, path),) = self.findings(store)

        assert "1 segment without what makes searching" in what
        assert path == SEGMENT

    def test_it_tells_what_is_damaged(self, store: Path) -> None:
        write_segment(store, TEXT, EVENTS, name="batch")
        sidecar = Path(sidecar_path(store, SEGMENT, Kind.NEEDLES))
        content = bytearray(sidecar.read_bytes())
        content[-1] ^= 1
        sidecar.write_bytes(content)
        ((what, path),) = self.findings(store)

        assert "is damaged and not used" in what
        assert path == os.path.relpath(sidecar, store)

    def test_one_of_another_version_is_not_called_damaged(self, store: Path) -> None:
        """It is missing, which compaction makes up for."""
        write_segment(store, TEXT, EVENTS, name="batch")
        sidecar = Path(sidecar_path(store, SEGMENT, Kind.WORDS))
        content = bytearray(sidecar.read_bytes())
        content[5] += 1
        sidecar.write_bytes(content)
        ((what, _),) = self.findings(store)

        assert "damaged" not in what

    def test_it_tells_what_is_of_no_segment(self, store: Path) -> None:
        write_segment(store, TEXT, EVENTS, name="batch").unlink()
        assert list(self.findings(store)) == []
        ((what, path),) = self.findings(store, later=DAY // 12)

        assert "about events that are gone" in what
        assert path == os.path.relpath(sidecar_path(store, SEGMENT, Kind.IDS), store)
