"""Holds keep, kept types stay, restore undoes, adopt asks, readers see whole days."""

from __future__ import annotations

import threading
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.retained import apply, day, events_of_day, make_days, picture, plan, problems, retained
from tests.samples import NOW

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY
from logtui.core.errors import StoreError, UsageError
from logtui.core.page import Order, Selection
from logtui.core.retention.partition import Hold, State
from logtui.core.retention.policy import Policy
from logtui.core.times import day_start
from logtui.services.retention.adopting import adopt, look_over, set_policy
from logtui.services.retention.holding import add_hold, release_hold
from logtui.services.retention.restoring import restore
from logtui.services.verification.sealing import seal_store
from logtui.session import open_session
from logtui.storage.segment_writer import write_segment


def ids(store: Path) -> list[str]:
    """The ids of all events that a reader finds, oldest first."""
    session = open_session(store)
    try:
        pages = session.search.pages(Selection(), limit=None, token=CancelToken(), order=Order.OLDEST_FIRST)
        found = [event.event_id for page in pages for event in page.events]
        assert not any(problem.is_loss for problem in session.engine.problems())
        return found
    finally:
        session.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Days 0 to 3, and 9 to 11 days ago."""
    return make_days(tmp_path / "store", (0, 1, 2, 3, 9, 10, 11))


class TestHolds:
    """What is held outlives any policy."""

    def test_a_held_day_survives_and_says_why(self, root: Path) -> None:
        add_hold(retained(root), Hold("case", "case 4711", day_start(day(10)), day_start(day(10))))

        assert apply(root, 1, now=NOW + 400 * DAY).dropped == 6
        entry = next(each for each in plan(root, 1).entries if each.partition.name == f"date={day(10)}")
        assert (entry.state, entry.reason) == (State.HELD, "case: case 4711")

    def test_it_goes_after_its_release(self, root: Path) -> None:
        add_hold(retained(root), Hold("case", "case 4711", day_start(day(10)), day_start(day(10))))
        apply(root, 5)
        release_hold(retained(root), "case", "closed", keep_trash=0, token=CancelToken())

        assert apply(root, 5).dropped == 1

    def test_a_hold_by_query_keeps_exactly_the_matching_events(self, root: Path) -> None:
        """They open like any store and verify, with every column and the payload byte for byte."""
        add_hold(retained(root), Hold("ada", "case", query="actor:user_ada"))
        before = {
            event["event_id"]: event
            for path in root.glob("date=*/*.parquet")
            for event in pq.read_table(path, partitioning=None).to_pylist()
        }

        applied = apply(root, 5)

        held = root / ".logtui" / "holds" / "ada"
        expected = [f"evt_{day(back)}_{number}" for back in (11, 10, 9) for number in (1, 3)]
        assert dict(applied.held) == {"ada": 6}
        assert ids(held) == expected
        kept = [row for path in held.glob("date=*/*") for row in pq.read_table(path, partitioning=None).to_pylist()]
        assert all(row == before[row["event_id"]] for row in kept)
        seal_store(retained(root), token=CancelToken())
        assert problems(root) == []
        assert problems(held) == []

    def test_a_hold_by_query_and_days_keeps_only_these(self, root: Path) -> None:
        start = day_start(day(10))
        add_hold(retained(root), Hold("ada", "case", start, start, query="actor:user_ada"))

        apply(root, 5)

        assert ids(root / ".logtui" / "holds" / "ada") == [f"evt_{day(10)}_1", f"evt_{day(10)}_3"]

    def test_a_day_that_cannot_be_looked_through_stays(self, root: Path) -> None:
        """A flipped bit would hide what must be kept, and the engine does not notice it."""
        add_hold(retained(root), Hold("ada", "case", query="actor:user_ada"))
        path = next((root / f"date={day(10)}").iterdir())
        content = bytearray(path.read_bytes())
        content[120] ^= 4
        path.write_bytes(content)

        applied = apply(root, 5)

        assert applied.dropped == 2
        assert path.exists()
        assert [problem.path for problem in applied.problems] == [f"date={day(10)}"]

    def test_released_events_go_to_the_trash(self, root: Path) -> None:
        add_hold(retained(root), Hold("ada", "case", query="actor:user_ada"))
        apply(root, 5)
        release_hold(retained(root), "ada", "closed", keep_trash=0, token=CancelToken())

        assert not (root / ".logtui" / "holds" / "ada").exists()
        assert problems(root) == []

    @pytest.mark.parametrize(
        "hold",
        [
            Hold("x", ""),
            Hold("x", "case"),
            Hold("../x", "case", 0),
            Hold("x", "case", DAY, 0),
            Hold("x", "case", query="since:2d"),
            Hold("x", "case", query="actor:("),
        ],
    )
    def test_a_hold_that_means_nothing_is_refused(self, root: Path, hold: Hold) -> None:
        with pytest.raises(UsageError):
            add_hold(retained(root), hold)

    def test_a_name_is_taken_once(self, root: Path) -> None:
        add_hold(retained(root), Hold("x", "case", 0))
        with pytest.raises(StoreError, match="already"):
            add_hold(retained(root), Hold("x", "other", 0))


class TestKeptTypes:
    """Events of types that are kept longer stay where readers find them."""

    def test_they_stay_and_the_rest_goes(self, root: Path) -> None:
        set_policy(retained(root), Policy(5, keep=(("user.*", 100),)))

        applied = apply(root, 5)

        left = [f"evt_{day(back)}_3" for back in (11, 10, 9)]
        assert applied.reduced == 3
        assert ids(root) == [*left, *[f"evt_{day(back)}_{number}" for back in (3, 2, 1, 0) for number in range(4)]]
        assert apply(root, 5).run == ""
        later = apply(root, 5, now=NOW + 95 * DAY)
        assert (later.dropped, later.reduced) == (3, 4)
        seal_store(retained(root), token=CancelToken())
        assert problems(root) == []

    def test_restore_brings_the_rest_back(self, root: Path) -> None:
        before = ids(root)
        pictured = picture(root, but=(".logtui",))
        set_policy(retained(root), Policy(5, keep=(("user.*", 100),)))
        apply(root, 5)

        restore(retained(root), token=CancelToken())

        assert ids(root) == before
        assert picture(root, but=(".logtui",)) == pictured


class TestRestore:
    """A day that was dropped by mistake comes back whole."""

    def test_it_comes_back_byte_for_byte(self, root: Path) -> None:
        seal_store(retained(root), token=CancelToken())
        before = picture(root, but=(".logtui",))
        manifests = picture(root / ".logtui" / "manifests")
        apply(root, 5)
        assert picture(root, but=(".logtui",)) != before

        back = restore(retained(root), token=CancelToken())

        assert [dropped.day for dropped in back] == [day(11), day(10), day(9)]
        assert picture(root, but=(".logtui",)) == before
        assert picture(root / ".logtui" / "manifests") == manifests
        assert problems(root) == []

    def test_one_day_comes_back_alone(self, root: Path) -> None:
        apply(root, 5)

        restore(retained(root), days={day(10)}, token=CancelToken())

        assert (root / f"date={day(10)}").is_dir()
        assert set(retained(root).standing().dropped) == {day(9), day(11)}
        restore(retained(root), token=CancelToken())
        assert retained(root).standing().dropped == {}

    def test_the_window_ends(self, root: Path) -> None:
        apply(root, 5, keep_trash=DAY)
        apply(root, 5, now=NOW + 2 * DAY)

        with pytest.raises(StoreError, match="nothing to restore"):
            restore(retained(root), token=CancelToken())

    def test_a_day_that_was_written_to_meanwhile_is_not_mixed(self, root: Path) -> None:
        apply(root, 5)
        write_segment(root, day(10), events_of_day(day(10), 1), name="late")

        with pytest.raises(StoreError, match=f"date={day(10)}: cannot be restored"):
            restore(retained(root), days={day(10)}, token=CancelToken())
        assert len(ids(root)) == 17


class TestAdopt:
    """A store of other tools needs consent first."""

    @pytest.fixture
    def foreign(self, tmp_path: Path) -> Path:
        own = make_days(tmp_path / "own", (0, 1, 9))
        place = tmp_path / "foreign"
        for path in own.glob("date=*/*.parquet"):
            target = place / path.parent.name / "part-0.parquet"
            target.parent.mkdir(parents=True)
            path.rename(target)
        return place

    def test_it_is_refused_before_and_kept_after(self, foreign: Path) -> None:
        before = ids(foreign)
        with pytest.raises(StoreError, match="adopt"):
            plan(foreign, 5)

        adopt(retained(foreign), look_over(retained(foreign)))

        assert ids(foreign) == before
        assert apply(foreign, 5).dropped == 1
        assert ids(foreign) == before[4:]
        seal_store(retained(foreign), token=CancelToken())
        assert problems(foreign) == []

    def test_types_cannot_be_kept_longer_there(self, foreign: Path) -> None:
        adopt(retained(foreign), look_over(retained(foreign)))
        set_policy(retained(foreign), Policy(5, keep=(("user.*", 100),)))

        with pytest.raises(UsageError, match="store of other tools"):
            plan(foreign, 5)

    def test_a_directory_without_days_is_not_adopted(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="no directories named date="):
            adopt(retained(tmp_path), look_over(retained(tmp_path)))

    def test_an_own_store_needs_none(self, root: Path) -> None:
        with pytest.raises(StoreError, match="already"):
            adopt(retained(root), look_over(retained(root)))


def test_readers_see_whole_days_and_no_error(root: Path) -> None:
    """While days go and come back, each answer holds a day's four events or none."""
    is_over = threading.Event()
    wrong: list[object] = []

    def read() -> None:
        while not is_over.is_set():
            counts: dict[str, int] = {}
            for event in ids(root):
                counts[event[:14]] = counts.get(event[:14], 0) + 1
            wrong.extend(count for count in counts.values() if count != 4)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for _ in range(6):
            apply(root, 5)
            restore(retained(root), token=CancelToken())
    finally:
        is_over.set()
        reader.join()
    assert wrong == []
