"""How much is on its way to the terminal: on a line as it is thought of, in seconds that are thought of, too."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field

import pytest

from logtui.tui.output.flow import Flow

KEY_SECONDS = 1 / 30


@dataclass
class Line:
    """A line of so many bytes a second; what is answered at its other end takes `there_and_back` more seconds."""

    rate: float
    there_and_back: float = 0.0
    answers: bool = True
    now: float = 100.0
    _free_at: float = 0.0
    _due: deque[float] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.flow = Flow(lambda: self.now)

    def send(self, count: int) -> None:
        """Send a frame, whatever is on the way."""
        is_asking = self.flow.sending(count)
        self._free_at = max(self.now, self._free_at) + count / self.rate
        if is_asking and self.answers:
            self._due.append(self._free_at + self.there_and_back)

    def wait(self, seconds: float) -> None:
        """Let time go by, and answers come."""
        end = self.now + seconds
        while self._due and self._due[0] <= end:
            self.now = self._due.popleft()
            self.flow.answered()
        self.now = end

    def hold_key(self, seconds: float, frame: int) -> tuple[float, int]:
        """Send frames as the flow allows while a key is held; return when the newest one is there, and how many were.

        The time counts from the release of the key.
        """
        released, frames, is_behind = self.now + seconds, 0, False
        next_key = self.now
        while self.now < released or is_behind:
            if next_key <= self.now < released:
                is_behind, next_key = True, next_key + KEY_SECONDS
            if is_behind and self.flow.has_room():
                self.send(frame)
                frames, is_behind = frames + 1, False
            self.wait(0.005)
        return max(0.0, self._free_at + self.there_and_back / 2 - released), frames


@pytest.mark.parametrize("rate", [2_400, 9_600, 38_400, 1_000_000])
@pytest.mark.parametrize("there_and_back", [0.0, 0.05, 0.3])
@pytest.mark.parametrize("frame", [350, 1500])
def test_a_held_key_is_followed_by_little(rate: float, there_and_back: float, frame: int) -> None:
    """Less than what two frames take, half a second, and the way there."""
    line = Line(rate, there_and_back)
    for _ in range(3):
        late, _ = line.hold_key(3, frame)
        assert late <= 2 * frame / rate + 0.5 + there_and_back
        line.wait(2)


@pytest.mark.parametrize("there_and_back", [0.001, 0.05, 0.2, 0.4])
def test_a_fast_line_gets_every_frame_however_long_it_is(there_and_back: float) -> None:
    """After the first second, in which it is found out."""
    line = Line(1_000_000, there_and_back)
    line.hold_key(1, 350)
    _, frames = line.hold_key(2, 350)
    assert frames >= 58


def test_a_slow_line_is_not_left_idle() -> None:
    line = Line(9_600)
    _, frames = line.hold_key(10, 1_000)
    assert frames >= 80


def test_a_page_on_a_slow_line_is_not_followed_by_another_one() -> None:
    """Before it is shown, that is."""
    line = Line(9_600)
    line.send(4_800)
    line.wait(0.4)
    assert not line.flow.has_room()
    line.wait(0.2)
    assert line.flow.has_room()


def test_a_single_small_frame_asks_nothing() -> None:
    flow = Flow(lambda: 100.0)
    assert not flow.sending(400)
    assert flow.sending(400)


def test_a_terminal_that_never_answers_gets_all_frames() -> None:
    line = Line(1_000_000, answers=False)
    line.hold_key(2, 350)
    assert line.flow.is_mute
    _, frames = line.hold_key(2, 350)
    assert frames >= 58


def test_a_terminal_that_stops_answering_is_not_waited_for_long() -> None:
    """A multiplexer that nobody is attached to takes what it gets, and answers nothing."""
    line = Line(1_000_000, 0.01)
    line.hold_key(1, 350)
    line.answers = False
    line.hold_key(1, 4_000)
    line.wait(1.1)
    assert line.flow.has_room()
    assert not line.flow.is_mute


def test_one_lost_answer_is_given_up_soon_where_the_others_were_quick() -> None:
    line = Line(38_400)
    line.hold_key(1, 350)
    line.wait(1)
    line.answers = False
    line.send(6_000)
    line.wait(0.2)
    assert not line.flow.has_room()
    line.wait(0.2)
    assert line.flow.has_room()


def test_answers_that_nobody_asked_for_do_nothing() -> None:
    flow = Flow(lambda: 100.0)
    flow.answered()
    assert flow.has_room()


class TestLastAnswers:
    """Whoever gives the terminal back waits for them: the shell would take them for keys."""

    def test_nothing_to_wait_for(self) -> None:
        Flow(lambda: 100.0).wait(60)

    def test_the_wait_ends_with_the_last_answer(self) -> None:
        flow = Flow(lambda: 100.0)
        flow.sending(5_000)
        thread = threading.Thread(target=flow.answered)
        thread.start()
        flow.wait(60)
        thread.join()

    def test_the_wait_ends_without_an_answer(self) -> None:
        flow = Flow(lambda: 100.0)
        flow.sending(5_000)
        flow.wait(0.001)
        assert not flow.has_room()
