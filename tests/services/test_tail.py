"""Following a store, step by step."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

import pytest
from tests.samples import small_events

from logtui.core.cancel import CancelToken
from logtui.core.errors import Cancelled
from logtui.core.event import Event
from logtui.core.page import NOTHING_FRESH, Selection
from logtui.core.query.parser import parse
from logtui.services.tail import Tail
from logtui.storage.memory import MemoryEngine

EVENTS = small_events()
ALL = Selection()
SOMETHING = frozenset({"/store/date=2026-10-04/i-1.parquet"})


class ScriptedWatcher:
    """A watcher that answers what the test says, and remembers how long it was asked to wait."""

    def __init__(self, *answers: frozenset[str] | None) -> None:
        self.answers = deque(answers)
        self.waits: list[float] = []
        self.is_closed = False
        self.on_wait: Callable[[], None] = lambda: None

    def wait(self, timeout: float) -> frozenset[str] | None:
        self.waits.append(timeout)
        self.on_wait()
        return self.answers.popleft() if self.answers else frozenset()

    def close(self) -> None:
        self.is_closed = True


def step(tail: Tail, selection: Selection = ALL) -> list[str]:
    return ids(tail.step(selection, limit=100, timeout=0.5, token=CancelToken()).events)


def ids(events: Iterable[Event]) -> list[str]:
    return [event.event_id for event in events]


class TestStep:
    def test_the_first_step_does_not_wait(self) -> None:
        """What came between the start of the follower and of the watcher is found."""
        engine = MemoryEngine(EVENTS[:5])
        watcher = ScriptedWatcher()
        tail = Tail(engine.follow(), watcher)
        engine.append(EVENTS[5:7])

        assert step(tail) == ids([EVENTS[6], EVENTS[5]])
        assert watcher.waits == []

    def test_without_a_change_nothing_is_read(self) -> None:
        """An idle store costs a wait and nothing else."""
        engine = MemoryEngine(EVENTS[:5])
        watcher = ScriptedWatcher()
        tail = Tail(engine.follow(), watcher)
        step(tail)
        engine.append(EVENTS[5:])

        assert tail.step(ALL, limit=10, timeout=0.5, token=CancelToken()) is NOTHING_FRESH
        assert watcher.waits == [0.5]

    @pytest.mark.parametrize("answer", [SOMETHING, None])
    def test_a_change_brings_what_is_new(self, answer: frozenset[str] | None) -> None:
        """Whether the watcher knows the paths or only that something changed."""
        engine = MemoryEngine(EVENTS[:5])
        tail = Tail(engine.follow(), ScriptedWatcher(answer))
        step(tail)
        engine.append(EVENTS[5:7])

        assert step(tail) == ids([EVENTS[6], EVENTS[5]])

    def test_only_matching_events_are_given(self) -> None:
        """The question may change from step to step."""
        engine = MemoryEngine(())
        tail = Tail(engine.follow(), ScriptedWatcher(SOMETHING))
        engine.append(EVENTS[:6])

        assert step(tail, Selection(parse("type:session.*"))) == ids([EVENTS[5], EVENTS[3]])

    def test_a_cancelled_step_loses_nothing(self) -> None:
        """The next one looks at the same changes again, without waiting."""
        engine = MemoryEngine(EVENTS[:5])
        watcher = ScriptedWatcher(SOMETHING)
        tail = Tail(engine.follow(), watcher)
        step(tail)
        engine.append(EVENTS[5:6])
        token = CancelToken()
        watcher.on_wait = token.cancel

        with pytest.raises(Cancelled):
            tail.step(ALL, limit=10, timeout=0.5, token=token)

        assert step(tail) == ids([EVENTS[5]])
        assert watcher.waits == [0.5, 0]

    def test_closing_closes_the_watcher(self) -> None:
        """A step that waits in another thread ends."""
        watcher = ScriptedWatcher()

        Tail(MemoryEngine(()).follow(), watcher).close()

        assert watcher.is_closed


class TestCatchUp:
    def test_everything_new_comes_oldest_first(self) -> None:
        """As `tail` prints it, payload and all."""
        engine = MemoryEngine(())
        tail = Tail(engine.follow(), ScriptedWatcher())
        engine.append(EVENTS)

        parts = list(tail.catch_up(ALL, timeout=0.5, token=CancelToken(), with_payload=True))

        assert tuple(event for part in parts for event in part.events) == EVENTS

    def test_the_position_continues_in_another_run(self) -> None:
        """What one tail gave out, the next one does not."""
        engine = MemoryEngine(EVENTS[:3])
        first = Tail(engine.follow(), ScriptedWatcher())
        engine.append(EVENTS[3:6])
        list(first.catch_up(ALL, timeout=0.5, token=CancelToken(), with_payload=False))
        engine.append(EVENTS[6:9])

        second = Tail(engine.follow(first.position), ScriptedWatcher())
        parts = list(second.catch_up(ALL, timeout=0.5, token=CancelToken(), with_payload=False))

        assert ids(event for part in parts for event in part.events) == ids(EVENTS[6:9])

    def test_an_unfinished_part_does_not_move_the_position(self) -> None:
        """A reader that went away in the middle gets the batch again."""
        engine = MemoryEngine(())
        tail = Tail(engine.follow(), ScriptedWatcher())
        engine.append(EVENTS)
        before = tail.position

        parts = tail.catch_up(ALL, timeout=0.5, token=CancelToken(), with_payload=False)
        next(iter(parts))

        assert tail.position == before
