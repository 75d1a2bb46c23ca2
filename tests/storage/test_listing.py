"""What is read of a store that logtui wrote, and that everything else is reported."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.asking import DAY_ONE, add, event, own_store

from logtui.core.clock import DAY
from logtui.core.errors import StoreError
from logtui.core.page import Order, Problem, TimeRange
from logtui.storage.directories import Directories
from logtui.storage.foreign_listing import FileListing, ForeignListing
from logtui.storage.listing import Listing, open_listing
from logtui.storage.own_listing import MANY, OwnListing

DAMAGED_MARKERS = {
    "cut": b'{"format"',
    "empty": b"",
    "not text": b"\xff\xfe",
    "nested deeply": b"[" * 60_000,
    "too large": b" " * 70_000 + b'{"format": 1}',
    "a list": b"[]",
    "no format": b"{}",
    "a text": b'{"format": "1"}',
    "a fraction": b'{"format": 1.0}',
    "a truth": b'{"format": true}',
}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return own_store(tmp_path / "store", [event(0), event(DAY)])


def read(listing: Listing) -> list[str]:
    return [each.name for directory in listing.directories() for each in listing.contents(directory).segments]


def problems(listing: Listing) -> dict[str, bool]:
    """Return path -> whether events may be missing because of it."""
    found: list[Problem] = []
    for directory in listing.directories():
        found.extend(listing.contents(directory).problems)
    return {problem.path: problem.is_loss for problem in (*listing.problems(), *found)}


class TestKind:
    def test_follows_from_the_marker(self, store: Path, tmp_path: Path) -> None:
        [segment] = (store / "date=2026-10-01").iterdir()

        assert isinstance(open_listing(store), OwnListing)
        assert isinstance(open_listing(store / "date=2026-10-01"), ForeignListing)
        assert isinstance(open_listing(segment), FileListing)

    def test_of_a_newer_logtui_is_refused(self, store: Path) -> None:
        (store / ".logtui" / "root.json").write_text('{"format": 99}')

        with pytest.raises(StoreError, match="use a newer logtui"):
            open_listing(store)
        with pytest.raises(StoreError, match="use a newer logtui"):
            add(store, [event(1)])

    @pytest.mark.parametrize("content", DAMAGED_MARKERS.values(), ids=DAMAGED_MARKERS)
    def test_with_a_damaged_marker_is_refused(self, store: Path, content: bytes) -> None:
        """By those who read it and by those who write into it alike."""
        (store / ".logtui" / "root.json").write_bytes(content)

        with pytest.raises(StoreError, match="is damaged"):
            open_listing(store)
        with pytest.raises(StoreError, match="is damaged"):
            add(store, [event(1)])

    def test_with_a_pipe_for_a_marker_is_refused_at_once(self, store: Path) -> None:
        """Opening a pipe waits for its other end, which never comes."""
        (store / ".logtui" / "root.json").unlink()
        os.mkfifo(store / ".logtui" / "root.json")

        with pytest.raises(StoreError, match="is damaged"):
            open_listing(store)
        with pytest.raises(StoreError, match="is damaged"):
            add(store, [event(1)])


class TestNames:
    def test_of_segments_in_days_are_read_newest_day_first(self, store: Path) -> None:
        [second] = (store / "date=2026-10-02").iterdir()
        [first] = (store / "date=2026-10-01").iterdir()

        listing = open_listing(store)

        assert read(listing) == [f"date=2026-10-02/{second.name}", f"date=2026-10-01/{first.name}"]
        assert problems(listing) == {}

    @pytest.mark.parametrize(
        ("name", "is_loss"),
        [
            ("date=2026-13-45", True),
            ("date=2026-1-2", True),
            ("date=２０２６-10-03", True),
            ("date=2026-10-03 ", True),
            ("Date=2026-10-03", False),
            ("notes", False),
        ],
    )
    def test_of_other_directories_are_reported(self, store: Path, name: str, is_loss: bool) -> None:
        (store / name).mkdir()

        listing = open_listing(store)

        assert len(read(listing)) == 2
        assert problems(listing) == {name: is_loss}

    def test_of_directories_with_parquet_files_may_hold_events(self, store: Path) -> None:
        (store / "archive").mkdir()
        (store / "archive" / "x.parquet").write_bytes(b"")

        assert problems(open_listing(store)) == {"archive": True}

    @pytest.mark.parametrize(
        ("name", "is_loss"),
        [
            ("x.parquet", True),
            ("i-.parquet", True),
            ("i-ä.parquet", True),
            (".hidden.parquet", True),
            ("i-x.parquet.tmp", False),
            ("_SUCCESS", False),
        ],
    )
    @pytest.mark.parametrize("place", [".", "date=2026-10-01"])
    def test_of_other_files_are_reported(self, store: Path, place: str, name: str, is_loss: bool) -> None:
        (store / place / name).write_bytes(b"")

        listing = open_listing(store)

        assert len(read(listing)) == 2
        assert problems(listing) == {str(Path(place) / name): is_loss}

    def test_of_what_logtui_keeps_for_itself_are_not_reported(self, store: Path) -> None:
        (store / ".logtui" / "hold").write_text("")
        (store / ".DS_Store").write_text("")
        (store / "date=2026-10-01" / "c-1-a.replaces").write_text(json.dumps({"inputs": []}))

        assert problems(open_listing(store)) == {}

    def test_that_stand_for_links_and_pipes_are_reported(self, store: Path, tmp_path: Path) -> None:
        day = store / "date=2026-10-01"
        [segment] = day.iterdir()
        (day / "i-link.parquet").symlink_to(segment)
        os.mkfifo(day / "i-pipe.parquet")
        (day / "i-directory.parquet").mkdir()
        (store / "date=2026-10-05").symlink_to(day)
        (store / "date=2026-10-06").write_text("")

        listing = open_listing(store)

        assert len(read(listing)) == 2
        assert problems(listing) == {
            "date=2026-10-01/i-link.parquet": True,
            "date=2026-10-01/i-pipe.parquet": True,
            "date=2026-10-01/i-directory.parquet": True,
            "date=2026-10-05": True,
            "date=2026-10-06": True,
        }


class TestChanges:
    def test_are_seen_at_once(self, store: Path) -> None:
        """A second change within one tick of the file system's clock, too."""
        listing = open_listing(store)
        for number in range(20):
            add(store, [event(5 + number)])

            assert len(read(listing)) == 3 + number

    def test_are_not_missed_when_the_directory_is_old(self, store: Path) -> None:
        day = store / "date=2026-10-01"
        for path in (day, store):
            os.utime(path, (0, 0))
        listing = open_listing(store)
        assert len(read(listing)) == 2
        assert listing.contents(listing.directories()[1]) is listing.contents(listing.directories()[1])

        add(store, [event(5)])

        assert len(read(listing)) == 3

    def test_of_one_path_concern_its_day(self, store: Path) -> None:
        listing = open_listing(store)

        [directory] = listing.directories_of(str(store / "date=2026-10-09" / "i-x.parquet")) or ()

        assert directory.day == DAY_ONE + 8 * DAY
        assert listing.directories_of(str(store / ".logtui" / "tmp" / "x")) == ()
        assert listing.directories_of("/elsewhere/date=2026-10-01/i-x.parquet") is None


class TestIndex:
    def test_finds_the_days_of_a_range(self, tmp_path: Path) -> None:
        store = own_store(tmp_path / "store", [event(day * DAY) for day in (0, 1, 2, 5, 6)])
        index = Directories(open_listing(store).directories())

        def days(start: int | None, end: int | None, order: Order = Order.NEWEST_FIRST) -> list[int]:
            times = TimeRange(
                None if start is None else DAY_ONE + start * DAY // 2, None if end is None else DAY_ONE + end * DAY // 2
            )
            return [((each.day or 0) - DAY_ONE) // DAY for each in index.within(times, order)]

        assert days(None, None) == [6, 5, 2, 1, 0]
        assert days(None, None, Order.OLDEST_FIRST) == [0, 1, 2, 5, 6]
        assert days(1, 3) == [1, 0]
        assert days(2, 4) == [1]
        assert days(6, 10) == []
        assert days(5, None) == [6, 5, 2]
        assert days(8, 2) == []
        assert index.days(TimeRange(DAY_ONE + DAY, DAY_ONE + 6 * DAY)) == [DAY_ONE // DAY + day for day in (1, 2, 5)]


def test_a_day_of_very_many_segments_is_said(tmp_path: Path) -> None:
    """Every footer costs time; nothing is lost."""
    store = own_store(tmp_path / "store", [event(0)])
    [segment] = (store / "date=2026-10-01").iterdir()
    for number in range(MANY):
        os.link(segment, segment.with_name(f"i-copy-{number}.parquet"))
    listing = open_listing(store)
    [directory] = listing.directories()

    [problem] = listing.contents(directory).problems

    assert "1,001 segments" in problem.message
    assert "logtui compact" in problem.message
    assert not problem.is_loss
