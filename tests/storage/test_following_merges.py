"""A follower that slept while segments were merged and their side files went."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.storage.test_compaction import PARTITION, fill, names, run

from logtui.core.cancel import CancelToken
from logtui.core.page import Selection
from logtui.session import Session, make_store, open_session
from logtui.storage.engine import Follow

EVERYTHING = Selection()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    make_store(tmp_path / "store")
    fill(tmp_path / "store")
    opened = open_session(tmp_path / "store")
    yield opened
    opened.close()


def caught_up(follow: Follow) -> int:
    return sum(len(part.events) for part in follow.catch_up(EVERYTHING, token=CancelToken()))


def test_what_was_given_out_before_is_nothing_new_after_the_merge(session: Session) -> None:
    follow = session.engine.follow(None)
    run(session.store)
    fresh = follow.fresh(EVERYTHING, limit=10, token=CancelToken())

    assert (fresh.events, fresh.is_reset) == ((), False)
    assert caught_up(follow) == 0
    assert session.engine.problems() == ()


def test_a_checkpoint_from_before_several_merges_is_good(session: Session) -> None:
    """The second merge takes in the first, which nobody ever listed."""
    saved = session.engine.follow(None).position
    run(session.store)
    fill(session.store, segments=1, first=10)
    follow = session.engine.follow(saved)
    assert caught_up(follow) == 5
    run(session.store)

    assert [name[0] for name in names(session.store)] == ["c"]
    assert caught_up(session.engine.follow(follow.position)) == 0
    assert session.engine.problems() == ()


def test_events_that_came_and_went_unread_are_named(session: Session) -> None:
    """They cannot be told apart in the merged segment, so they are not followed, and that is said."""
    follow = session.engine.follow(None)
    fill(session.store, first=10)
    run(session.store)
    (merged,) = names(session.store)

    assert caught_up(follow) == 0
    assert [(each.path, each.is_loss) for each in session.engine.problems()] == [(f"{PARTITION}/{merged}", True)]
    assert "search for them" in session.engine.problems()[0].message
    fill(session.store, segments=1, first=20)
    assert caught_up(follow) == 5


def test_the_screen_searches_anew_instead(session: Session) -> None:
    follow = session.engine.follow(None)
    fill(session.store, first=10)
    run(session.store)

    assert follow.fresh(EVERYTHING, limit=10, token=CancelToken()).is_reset
    assert session.engine.problems() == ()
