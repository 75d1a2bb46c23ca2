"""What the feed tells its parent. In code they are `Feed.Moved`, …; their handlers are `on_feed_moved`, …"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from logtui.core.event import Cursor, Event

if TYPE_CHECKING:
    from logtui.tui.widgets.feed import Feed


@dataclass
class FeedMessage(Message, namespace="feed"):
    """The feed has something to tell."""

    feed: Feed

    @property
    def control(self) -> Feed:
        return self.feed


@dataclass
class Moved(FeedMessage, namespace="feed"):
    """The reader is at another event or position."""

    event: Event | None
    position: int | None

    def can_replace(self, message: Message) -> bool:
        """Of moves that nobody has handled yet, only the last one counts."""
        return isinstance(message, Moved)


@dataclass
class Opened(FeedMessage, namespace="feed"):
    """An event is to be read whole."""

    event: Event


@dataclass
class NeedsOlder(FeedMessage, namespace="feed"):
    """The reader comes near the last row: answer with `extend_older(…, after=after)`."""

    after: Cursor


@dataclass
class NeedsNewer(FeedMessage, namespace="feed"):
    """The reader goes above the first row: answer with `extend_newer(…, after=after)`."""

    after: Cursor


@dataclass
class NeedsReload(FeedMessage, namespace="feed"):
    """The rows can no longer be trusted: load again around `cursor` (None: from the newest) and `replace`."""

    cursor: Cursor | None


@dataclass
class WantsNewest(FeedMessage, namespace="feed"):
    """The newest event is wanted and not loaded: search again from the top."""


@dataclass
class WantsOldest(FeedMessage, namespace="feed"):
    """The oldest event is wanted and not loaded: search from the other end."""


@dataclass
class WaitingChanged(FeedMessage, namespace="feed"):
    """Another number of live events waits above the first row."""

    count: int
