"""`--view NAME`: saved views on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.samples import small_events

from logtui.cli.options import OpenScreen
from logtui.core.page import Order
from logtui.core.query.parser import parse
from logtui.core.view import View
from logtui.services.saved_views import SavedViews

FAILED = View(parse("is:failure since:36h"), ("event_id", "actor"), Order.OLDEST_FIRST)


@pytest.fixture
def views(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SavedViews:
    """The person's own file, with one view in it."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    views = SavedViews(tmp_path / "logtui" / "views.toml")
    views.save("failed", FAILED)
    return views


@pytest.mark.usefixtures("views")
class TestView:
    def test_query_has_its_conditions_columns_and_order(self, logtui: Run, small_store: Path) -> None:
        """As on the screen, with relative times as of now."""
        outcome = logtui("query", small_store, "--view", "failed")

        assert outcome.code == 0
        assert [list(event) for event in outcome.events] == [["event_id", "actor"]] * 6
        assert outcome.ids == sorted(outcome.ids, key=[event.event_id for event in small_events()].index)

    def test_a_query_narrows_it(self, logtui: Run, small_store: Path) -> None:
        """Both must hold."""
        outcome = logtui("query", small_store, "-actor:user_ada", "--view", "failed")

        assert {event["actor"] for event in outcome.events} == {"user_bob", "user_cyd"}

    def test_options_win_over_it(self, logtui: Run, small_store: Path) -> None:
        """Who says more exactly what is wanted gets that."""
        view = logtui("query", small_store, "--view", "failed")
        outcome = logtui("query", small_store, "--view", "failed", "--order", "desc", "--columns", "event_id,ip")

        assert outcome.ids == view.ids[::-1]
        assert set(outcome.events[0]) == {"event_id", "ip"}

    def test_counting_uses_its_query(self, logtui: Run, small_store: Path) -> None:
        """A view is also a question for `stats` and `types`."""
        assert logtui("stats", small_store, "--view", "failed", "--by", "type").events == [
            {"event_type": "sign_in.password.failed", "count": 6}
        ]
        assert logtui("types", small_store, "--view", "failed").events[0]["count"] == 6

    def test_the_screen_opens_with_it(self, logtui: Run, small_store: Path) -> None:
        """Its name is known there, so that saving again can replace it."""
        wish = logtui("--view", "failed", small_store, "actor:user_ada").code

        assert isinstance(wish, OpenScreen)
        assert wish.query == "is:failure since:36h actor:user_ada"
        assert wish.saved is not None
        assert (wish.saved.name, wish.saved.view) == ("failed", FAILED)

    def test_a_name_that_is_not_there_gets_a_hint(self, logtui: Run, small_store: Path) -> None:
        """A usage error, before anything is read."""
        outcome = logtui("query", small_store, "--view", "faild")

        assert outcome.code == 2
        assert outcome.err.startswith('logtui: there is no saved view "faild" in ')
        assert outcome.err.endswith("views.toml; did you mean failed?\n")

    def test_types_needs_a_store_for_a_view(self, logtui: Run) -> None:
        """It is not ignored without a word."""
        assert "no store" in logtui("types", "--view", "failed").err


class TestPlace:
    def test_the_configuration_may_name_another_file(self, logtui: Run, small_store: Path, tmp_path: Path) -> None:
        """Relative to itself, so that a team's configuration and views travel together."""
        (tmp_path / "config.toml").write_text('views = "team.toml"')
        SavedViews(tmp_path / "team.toml").save("ours", View(parse("actor:user_ada")))

        outcome = logtui("query", small_store, "--config", tmp_path / "config.toml", "--view", "ours")

        assert len(outcome.events) == 30

    def test_a_damaged_file_is_named_with_its_line(self, logtui: Run, small_store: Path, views: SavedViews) -> None:
        """And nothing is read."""
        views.path.write_text('[view.failed]\nquery = "x\n')

        outcome = logtui("query", small_store, "--view", "failed")

        assert outcome.code == 2
        assert f"{views.path}: is not TOML: " in outcome.err
        assert "line 2" in outcome.err

    def test_without_a_home_the_setting_is_asked_for(
        self, logtui: Run, small_store: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """There is nowhere to look."""

        def nobody() -> Path:
            raise RuntimeError("no home")

        monkeypatch.setattr(Path, "home", nobody)

        assert "name a file as `views`" in logtui("query", small_store, "--view", "x").err
