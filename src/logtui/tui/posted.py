"""What threads have for a screen, as messages: Textual brings them to the screen's own thread."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from logtui.tui.live import News
from logtui.tui.questions import Answered


@dataclass
class AnswerArrived(Message):
    """A part of an answer came back."""

    answered: Answered


@dataclass
class NewsArrived(Message):
    """The follower has something to tell."""

    news: News
