"""Saved views: named, kept in a file that people edit, too, and never lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.query_strategies import raw_nodes

from logtui.core.columns import DEFAULT_FEED, NAMES
from logtui.core.errors import StoreError, UsageError
from logtui.core.page import Order
from logtui.core.query.ast import Node
from logtui.core.query.parser import parse
from logtui.core.query.text import to_text
from logtui.core.view import SavedView, View
from logtui.services.saved_views import LARGEST_FILE, MOST_VIEWS, NameTakenError, SavedViews

FAILURES = View(parse("is:failure since:24h"))
ADA = View(parse("actor:user_ada"), ("event_time", "event_type"), Order.OLDEST_FIRST)

NAMES_TYPED = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=20)

BY_HAND = """\
# What we look at every morning.
[view.morning]
query = "is:failure since:24h" # one day

# Only on Mondays.
[view."last week"]
query = "since:7d"
columns = [
    "event_time",
    "event_type",
]
"""


@pytest.fixture
def views(tmp_path: Path) -> SavedViews:
    return SavedViews(tmp_path / "logtui" / "views.toml")


def by_hand(views: SavedViews, text: str = BY_HAND) -> None:
    views.path.parent.mkdir(exist_ok=True)
    views.path.write_text(text, "utf-8")


class TestSaving:
    def test_no_file_is_no_views(self, views: SavedViews) -> None:
        """Looking makes nothing."""
        assert views.load().views == ()
        assert not views.path.parent.exists()

    def test_what_was_saved_comes_back_in_alphabetical_order(self, views: SavedViews) -> None:
        """Query, columns and order, under the name without blanks around it."""
        views.save("failures", FAILURES)
        saved = views.save("  Ada ", ADA)

        assert saved.views == (SavedView("Ada", ADA), SavedView("failures", FAILURES))
        assert views.load() == saved
        assert views.find("Ada").view == ADA

    def test_relative_times_stay_relative(self, views: SavedViews) -> None:
        """`since:24h` means the last day whenever it is opened."""
        views.save("day", FAILURES)

        assert to_text(views.find("day").view.query) == "is:failure since:24h"

    def test_a_taken_name_is_replaced_only_when_that_is_meant(self, views: SavedViews) -> None:
        """Nobody's view goes by accident."""
        views.save("mine", FAILURES)

        with pytest.raises(NameTakenError, match='there is a view "mine" already'):
            views.save("mine", ADA)
        assert views.find("mine").view == FAILURES

        views.save("mine", ADA, is_replacing=True)
        assert views.find("mine").view == ADA
        views.save("mine", FAILURES, is_replacing=True)
        assert views.find("mine").view == FAILURES

    @pytest.mark.parametrize(
        ("name", "complaint"),
        [
            ("", "a view needs a name"),
            (" \t ", "a view needs a name"),
            ("x" * 81, "the name has 81 characters, at most 80 are allowed"),
            ("a\x1b[2Jb", "the name holds characters that nobody can see"),
            ("a\u202eb", "the name holds characters that nobody can see"),
        ],
    )
    def test_a_name_can_be_seen_and_typed(self, views: SavedViews, name: str, complaint: str) -> None:
        """What cannot be read on the screen cannot be told apart."""
        with pytest.raises(UsageError, match=complaint):
            views.save(name, FAILURES)
        assert not views.path.exists()

    @settings(max_examples=30)
    @given(name=NAMES_TYPED, query=raw_nodes())
    def test_any_name_and_any_query_survive(self, name: str, query: Node) -> None:
        """Quotes, backslashes, brackets: the file says what was saved, and the others stay."""
        name = f"{name.strip()}."
        with TemporaryDirectory() as directory:
            views = SavedViews(Path(directory) / "views.toml")
            views.save("other", FAILURES)
            views.save(name, View(query), is_replacing=True)

            assert to_text(views.find(name).view.query) == to_text(query)
            assert views.find("other").view == FAILURES

    def test_there_is_an_end_to_it(self, views: SavedViews) -> None:
        """A file that fills by a mistake is noticed."""
        by_hand(views, "".join(f'[view.v{number}]\nquery = ""\n' for number in range(MOST_VIEWS)))

        with pytest.raises(UsageError, match="1,000 views are all that it can hold; delete one"):
            views.save("one more", FAILURES)
        views.save("v7", FAILURES, is_replacing=True)
        assert len(views.load().views) == MOST_VIEWS


class TestChanging:
    def test_renaming_keeps_the_place_and_the_comments(self, views: SavedViews) -> None:
        """The file stays the person's own."""
        by_hand(views)

        views.rename("morning", "every day")

        assert views.path.read_text("utf-8") == BY_HAND.replace("view.morning", 'view."every day"')

    def test_renaming_never_covers_another_view(self, views: SavedViews) -> None:
        """Two views do not become one."""
        by_hand(views)

        with pytest.raises(NameTakenError):
            views.rename("morning", "last week")
        with pytest.raises(UsageError, match=r'there is no saved view "mornin" in .*; did you mean morning'):
            views.rename("mornin", "x")
        assert views.path.read_text("utf-8") == BY_HAND

    def test_deleting_leaves_the_others(self, views: SavedViews) -> None:
        """And says so when there is nothing to delete any more."""
        by_hand(views)

        assert [saved.name for saved in views.delete("morning").views] == ["last week"]
        with pytest.raises(UsageError, match='there is no saved view "morning"'):
            views.delete("morning")
        assert views.delete("last week").views == ()
        assert views.save("again", FAILURES).views == (SavedView("again", FAILURES),)

    def test_a_link_to_a_shared_file_stays_a_link(self, views: SavedViews, tmp_path: Path) -> None:
        """People keep their configuration in a repository."""
        (tmp_path / "repository").mkdir()
        views.path.parent.mkdir()
        views.path.symlink_to(tmp_path / "repository" / "views.toml")

        views.save("failures", FAILURES)

        assert views.path.is_symlink()
        assert SavedViews(tmp_path / "repository" / "views.toml").find("failures").view == FAILURES

    def test_programs_that_save_at_once_lose_nothing(self, views: SavedViews) -> None:
        """Each reads what the others wrote before it adds its own."""
        code = (
            "import sys; from pathlib import Path; from logtui.services.saved_views import SavedViews;"
            "from logtui.core.view import View; views = SavedViews(Path(sys.argv[1]));"
            "[views.save(f'{sys.argv[2]} {number}', View()) for number in range(10)]"
        )
        running = [subprocess.Popen([sys.executable, "-c", code, views.path, name]) for name in ("a", "b")]

        assert [process.wait(60) for process in running] == [0, 0]
        assert len(views.load().views) == 20


class TestDamage:
    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ('[view.a]\nquery = "x"\n[view.b\n', r"is not TOML: .*\(at line 3, column 8\)"),
            ('[view.a]\nquery = "x"\n[view.a]\n', r"is not TOML: .*line 3"),
            ("x = " + "[" * 5_000, "is nested too deep"),
            ('[view.a]\nquery = "\ud800"\n', "line 2: is not UTF-8 text"),
            ("#" * (LARGEST_FILE + 1), "has 1,000,001 bytes; at most 1,000,000 are read"),
        ],
    )
    def test_a_file_that_is_not_understood_is_named_and_never_written(
        self, views: SavedViews, text: str, complaint: str
    ) -> None:
        """Somebody may still need what it says."""
        views.path.parent.mkdir()
        content = text.encode("utf-8", "surrogatepass")
        views.path.write_bytes(content)

        for attempt in (views.load, lambda: views.save("new", FAILURES), lambda: views.delete("a")):
            with pytest.raises(UsageError, match=complaint) as caught:
                attempt()
            assert str(views.path) in str(caught.value)
        assert views.path.read_bytes() == content

    @pytest.mark.parametrize(
        ("entry", "line", "complaint"),
        [
            ('[view.bad]\nquery = "actr:x"', 9, 'view "bad": unknown field "actr" (column 1)'),
            ('[view.bad]\ncolumns = ["event_time"]', 8, 'view "bad": query must be a text'),
            ('[view.bad]\n# hm\nquery = "x"\ncolumns = [\n"actr"]', 11, "view \"bad\": there is no column 'actr'; did"),
            ('[view.bad]\nquery = "x"\ncolumns = ["ip", "ip"]', 10, "columns names one of them twice"),
            ('[view.bad]\nquery = "x"\norder = "up"', 10, "order must be desc or asc"),
            ('[view.bad]\nquery = "x"\nqery = "x"', 10, "unknown key qery; did you mean query?"),
            ('["view" . "bad"]\nquery = 1', 9, "query must be a text"),
            ('[view.""]\nquery = "x"', 8, "the name is empty"),
            ('[veiw.x]\nquery = "x"', 8, "unknown key veiw; did you mean view?"),
        ],
    )
    def test_one_wrong_view_is_named_with_its_line_and_the_others_work(
        self, views: SavedViews, entry: str, line: int, complaint: str
    ) -> None:
        """Saving another one leaves it as it is."""
        first = '[view.good]\nquery = "is:failure since:24h"\n\n\n\n\n\n'
        by_hand(views, f"{first}{entry}\n")

        known = views.load()

        assert [saved.name for saved in known.views] == ["good"]
        assert complaint in known.broken[0].reason
        assert known.broken[0].line == line
        views.save("another", ADA)
        assert f"{entry}\n" in views.path.read_text("utf-8")
        assert [broken.reason for broken in views.load().broken] == [broken.reason for broken in known.broken]

    def test_a_wrong_view_is_refused_by_name(self, views: SavedViews) -> None:
        """With its line; a name that is not there gets a hint."""
        by_hand(views, '[view.bad]\nquery = "actr:x"\n')

        with pytest.raises(UsageError, match=r'views.toml: line 2: view "bad": unknown field "actr"'):
            views.find("bad")
        with pytest.raises(UsageError, match="did you mean bad"):
            views.find("bda")
        with pytest.raises(NameTakenError):
            views.save("bad", FAILURES)

    def test_views_that_are_no_table(self, views: SavedViews) -> None:
        """There is no place to save to."""
        by_hand(views, 'view = "x"\n')

        assert views.load().broken[0].line == 1
        with pytest.raises(UsageError, match="view must be a table"):
            views.save("new", FAILURES)

    def test_a_view_without_columns_has_the_usual_ones(self, tmp_path: Path) -> None:
        """Those of the configuration."""
        path = tmp_path / "views.toml"
        path.write_text('[view.short]\nquery = "x"\n')

        assert SavedViews(path).find("short").view.columns == DEFAULT_FEED
        assert SavedViews(path, NAMES[:2]).find("short").view.columns == NAMES[:2]

    def test_a_disk_that_cannot_be_written_is_told(self, tmp_path: Path) -> None:
        """With the file's name."""
        (tmp_path / "file").touch()
        views = SavedViews(tmp_path / "file" / "views.toml")

        with pytest.raises(StoreError, match=r"views.toml: cannot be written: "):
            views.save("new", FAILURES)
