"""Writers, compaction, readers and followers in any order of their steps."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.storage.test_compaction import compaction, event, live

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY
from logtui.core.page import Selection
from logtui.services.compact import Outcome
from logtui.session import Session, make_store, open_session, open_sink
from logtui.storage.engine import Follow
from logtui.storage.event_sink import EventSink

_NOW, _NEVER = 0, 90 * DAY


class Store(RuleBasedStateMachine):
    """What is stored is what was acknowledged, at every moment, for whoever looks."""

    @initialize()
    def begin(self) -> None:
        self.directory = Path(tempfile.mkdtemp())
        self.store = self.directory / "store"
        make_store(self.store)
        self.stored: set[str] = set()
        self.sinks: list[EventSink] = [open_sink(self.store), open_sink(self.store)]
        self.session: Session = open_session(self.store)
        self.follow: Follow = self.session.engine.follow(None)
        self.given: list[str] = []
        self.slept: set[str] = set()
        """What was merged, inputs gone, before the follower looked."""

    @rule(sink=st.integers(0, 1), numbers=st.lists(st.integers(0, 40), min_size=1, max_size=6))
    def write(self, sink: int, numbers: list[int]) -> None:
        names = {f"e{number}" for number in numbers}
        written = self.sinks[sink].write([event(name) for name in sorted(names)])

        assert written.written == len(names - self.stored)
        self.stored |= names

    @rule(sink=st.integers(0, 1))
    def restart_writer(self, sink: int) -> None:
        self.sinks[sink].close()
        self.sinks[sink] = open_sink(self.store)

    @rule()
    def merge(self) -> None:
        """Up to the commit, as if it was killed then."""
        self.compact(_NEVER)

    @rule()
    def finish(self) -> None:
        """Also what was left unfinished before; what a follower has not read by then is gone from its sight."""
        before = set(self.store.glob("date=*/i-*.parquet"))
        self.compact(_NOW)
        if before - set(self.store.glob("date=*/i-*.parquet")):
            self.slept |= self.stored - set(self.given)

    def compact(self, grace: int) -> None:
        round_, outcome = compaction(self.store, grace), Outcome()
        with round_.compactor.maintaining():
            round_.compactor.recover()
            round_.merge(round_.plan(), outcome, token=CancelToken(), tell_rows=lambda _: None)
            round_.finish(outcome)
        assert outcome.problems == []

    @rule(restarts=st.booleans())
    def look(self, restarts: bool) -> None:
        """A follower gives out each event once; what it slept through, it names."""
        if restarts:
            self.follow = self.session.engine.follow(self.follow.position)
        parts = self.follow.catch_up(Selection(), token=CancelToken())
        self.given += [each.event_id for part in parts for each in part.events]

        assert len(self.given) == len(set(self.given))
        missing = self.stored - set(self.given)
        assert missing <= self.slept
        named = [each for each in self.session.engine.problems() if "came and went unread" in each.message]
        assert bool(missing) <= bool(named)
        assert bool(named) <= bool(self.slept)

    @invariant()
    def every_event_is_live_once(self) -> None:
        if hasattr(self, "store"):
            assert live(self.store) == sorted(self.stored)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            for sink in self.sinks:
                sink.close()
            self.session.close()
            shutil.rmtree(self.directory)


TestStore = Store.TestCase
TestStore.settings = settings(max_examples=15, stateful_step_count=15, deadline=None)
