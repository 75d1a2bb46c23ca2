"""Exports that somebody watches: steps, cancelling, what is left behind, and where they may go."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.samples import NOW, small_events

from logtui.core.cancel import CancelToken
from logtui.core.errors import Cancelled, StoreError, UsageError
from logtui.core.event import Cursor
from logtui.core.page import Order, Selection
from logtui.services.export import Exported, ExportStep, Shape
from logtui.services.export_job import export_job, marked_pages
from logtui.services.export_target import suggested_target, target_of
from logtui.session import Session, open_session

CSV = Shape("csv", ("event_id",))
NEWEST = [event.event_id for event in reversed(small_events())]


@pytest.fixture
def session(small_store: Path) -> Session:
    return open_session(small_store)


def ids(path: Path) -> list[str]:
    with path.open(newline="") as file:
        return [row["event_id"] for row in csv.DictReader(file)]


class TestJob:
    def test_tells_its_steps_and_last_what_is_there(self, session: Session, tmp_path: Path) -> None:
        """The file appears with the last one."""
        token, path = CancelToken(), tmp_path / "out.csv"
        pages = session.search.pages(Selection(), limit=None, token=token)
        steps = []
        for step in export_job(pages, path, CSV, token=token, may_replace=False):
            assert path.exists() == isinstance(step, Exported)
            steps.append(step)

        assert steps[-1] == Exported(90, has_more=False)
        assert isinstance(steps[-2], ExportStep)
        assert steps[-2].progress.is_complete
        assert ids(path) == NEWEST

    def test_cancelling_leaves_nothing(self, session: Session, tmp_path: Path) -> None:
        """Neither the file nor a part of it under another name."""
        token, path = CancelToken(), tmp_path / "out.csv"
        pages = session.search.pages(Selection(), limit=None, token=token)
        job = export_job(pages, path, CSV, token=token, may_replace=False)

        next(job)
        token.cancel()

        with pytest.raises(Cancelled):
            list(job)
        assert list(tmp_path.iterdir()) == []

    def test_a_file_is_replaced_only_when_that_is_meant(self, session: Session, tmp_path: Path) -> None:
        """Also one that appears while the export is under way."""
        token, path = CancelToken(), tmp_path / "out.csv"

        def job(*, may_replace: bool) -> list[ExportStep | Exported]:
            pages = session.search.pages(Selection(), limit=None, token=token)
            steps = []
            for step in export_job(pages, path, CSV, token=token, may_replace=may_replace):
                path.write_text("theirs") if not isinstance(step, Exported) else None
                steps.append(step)
            return steps

        with pytest.raises(StoreError, match="is there already"):
            job(may_replace=False)
        assert path.read_text() == "theirs"
        job(may_replace=True)
        assert ids(path) == NEWEST

    @pytest.mark.parametrize("order", Order)
    def test_marked_events_come_whole_and_in_order(self, session: Session, order: Order) -> None:
        """Those that are gone from the store are left out; whoever counts notices."""
        wanted = [event.cursor for event in small_events()[3:6]]
        gone = Cursor(NOW, "evt_gone")

        (page,) = marked_pages(session.search, [*wanted, gone], order, token=CancelToken())

        found = [event.cursor for event in page.events]
        assert found == (wanted if order is Order.OLDEST_FIRST else wanted[::-1])
        assert all(event.payload for event in page.events)


class TestTarget:
    @pytest.fixture
    def store(self, tmp_path: Path) -> Path:
        (tmp_path / "audit").mkdir()
        (tmp_path / "other").mkdir()
        (tmp_path / "link").symlink_to("audit")
        return tmp_path / "audit"

    @pytest.mark.parametrize("place", ["audit/x.csv", "link/x.csv", "other/../audit/x.csv"])
    def test_nothing_is_written_into_the_store(self, store: Path, place: str) -> None:
        """Whatever leads there: the next search would read it."""
        with pytest.raises(UsageError, match="lies in the store that is read"):
            target_of(str(store.parent / place), store)

    def test_beside_the_store_is_fine(self, store: Path) -> None:
        """A name that only begins like the store's is another one."""
        assert target_of(str(store.parent / "audit.csv"), store).name == "audit.csv"
        assert target_of(str(store.parent / "other" / "x.csv"), store.parent / "link").name == "x.csv"

    def test_a_store_of_one_file_is_not_replaced(self, tmp_path: Path) -> None:
        """It would be lost."""
        one = tmp_path / "one.parquet"
        one.touch()

        with pytest.raises(UsageError, match="is the file that is read"):
            target_of(str(one), one)

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ("  ", "a file name is missing"),
            ("nowhere/x.csv", "nowhere: there is no such directory"),
            ("other", "other: is a directory; name a file in it"),
            ("/dev/null", "/dev/null: is no regular file"),
            ("a\0b", "NUL"),
            ("x" * 300, "File name too long"),
        ],
    )
    def test_says_why_a_name_cannot_be_taken(
        self, store: Path, text: str, complaint: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Before anything is searched."""
        monkeypatch.chdir(store.parent)
        with pytest.raises(UsageError, match=complaint):
            target_of(text, store)

    def test_a_name_may_begin_with_the_home_directory(self, store: Path) -> None:
        """As in the shell."""
        assert target_of(" ~/x.csv ", store) == Path.home() / "x.csv"

    def test_suggests_a_name_after_store_and_time(self, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where the person is, and never in the store; nothing strange in it."""
        monkeypatch.chdir(store.parent)
        assert suggested_target(store, ".csv", NOW) == str(store.parent / "audit-20261004T120000Z.csv")
        assert suggested_target(Path("/x/a\x1b b;c"), ".csv", NOW).endswith("/a_b_c-20261004T120000Z.csv")
        monkeypatch.chdir(store)
        assert suggested_target(store, ".csv", NOW) == "~/audit-20261004T120000Z.csv"
        monkeypatch.setenv("HOME", str(store.parent))
        monkeypatch.chdir(store.parent / "other")
        assert suggested_target(store, ".csv", NOW) == "~/other/audit-20261004T120000Z.csv"
