"""The explorer's lines of status: store and follow state above, place and count below, and the keys that matter."""

from __future__ import annotations

from collections.abc import Sequence

from logtui.core.query.sentence import to_sentence
from logtui.core.sanitise import visible
from logtui.services.search import SLOW, is_slow
from logtui.tui.keymap import Action, footer, key_label, keys_of
from logtui.tui.screens.explorer_core import ASKED_FOR
from logtui.tui.screens.explorer_live import LiveActions
from logtui.tui.screens.explorer_times import RELATIVE_SECONDS, TimeActions
from logtui.tui.terminal import is_ascii_only
from logtui.tui.widgets.feed import Feed
from logtui.tui.widgets.feed_header import FeedHeader
from logtui.tui.widgets.filter_strip import FilterStrip
from logtui.tui.widgets.histogram import Histogram
from logtui.tui.widgets.query_bar import QueryBar
from logtui.tui.widgets.status_line import Part, StatusLine

_ZONE_NAMES = {"utc": "UTC", "local": "local time", "relative": "ages"}


class StatusActions(TimeActions, LiveActions):
    """Everything that is said outside the feed."""

    _said: tuple[Part, ...] = ()
    _chord: Sequence[tuple[str, Action]] = ()

    def begin_status(self) -> None:
        """Show the lines, and keep them up to date with the reader's place."""
        self.watch(self.feed, "place", self._on_place, init=False)
        self.watch(self.feed, "cursor_column", self._on_cell, init=False)
        self.watch(self.feed, "waiting", lambda _count: self.refresh_status(), init=False)
        is_ascii = is_ascii_only()
        for widget in (
            *self.query(StatusLine),
            self.feed,
            *self.query(FeedHeader),
            *self.query(Histogram),
            *self.query(FilterStrip),
        ):
            widget.is_ascii = is_ascii
        self.set_interval(RELATIVE_SECONDS, self._age)
        self.refresh_hints()
        self.refresh_status()

    def say(self, text: str, style: str = "plain") -> None:
        """Tell the person something in the status line, until the next move."""
        self._said = ((text, style),) if text else ()
        self.refresh_status()

    def show_columns(self) -> None:
        """Show the columns of the present view."""
        self.feed.columns = self.query_one(FeedHeader).columns = self.view.columns

    def show_zone(self) -> None:
        """Show times in the present zone."""
        feed = self.feed
        feed.now = self.clock()
        histogram = self.query_one(Histogram)
        histogram.now = feed.now
        histogram.zone = feed.zone = self.query_one(FeedHeader).zone = self.zone

    def _age(self) -> None:
        # Only relative times change by themselves: an idle screen writes nothing.
        if self.zone == "relative":
            self.show_zone()

    def on_screen_resume(self) -> None:
        """The terminal's cursor was in a dialog."""
        self._point()

    def _point(self) -> None:
        # There screen readers and magnifiers look.
        if self.feed.has_focus:
            self.app.cursor_position = self.feed.cursor_offset

    def _on_place(self) -> None:
        self._said = ()
        self._point()
        self.refresh_status()

    def _on_cell(self, column: str) -> None:
        self.query_one(FeedHeader).cursor_column = column

    def refresh_status(self) -> None:
        """Show what changed; lines that stay the same are not painted."""
        if not self.is_mounted:
            return
        header, status = self.query_one("#header", StatusLine), self.query_one("#status", StatusLine)
        header.left = (
            ("logtui ", "strong"),
            (visible(self.store.name or str(self.store), 60), "plain"),
            *self._view_parts(),
            *self._problem_parts(),
        )
        header.right = (*self._live_parts(), (f" {_ZONE_NAMES[self.zone]}", "dim"))
        status.left = self._said or (*self._place_parts(), (f"  {visible(to_sentence(self.view.query), 400)}", "dim"))
        status.right = self._progress_parts()

    def _view_parts(self) -> tuple[Part, ...]:
        saved = self.saved
        if saved is None or saved.view != self.view:
            return ()
        return ((f"  view {visible(saved.name, 40)}", "key"),)

    def _problem_parts(self) -> tuple[Part, ...]:
        problems = self.session.engine.problems() if self.session is not None else ()
        lost = sum(len(problem.paths) for problem in problems if problem.is_loss)
        if lost:
            return ((f"  ✗ {lost:,} unreadable, events may be missing: {self.key_of('explorer.problems')}", "bad"),)
        noted = sum(len(problem.paths) for problem in problems)
        notes = "1 note" if noted == 1 else f"{noted:,} notes"
        return ((f"  {notes}: {self.key_of('explorer.problems')}", "dim"),) if problems else ()

    def _live_parts(self) -> tuple[Part, ...]:
        parts: list[Part] = []
        if self.feed.waiting:
            parts.append((f"▴ {self.feed.waiting:,} new above ", "warn"))
        if self.rate:
            parts.append((f" {self.rate:.1f}/s ", "dim"))
        newest, follow = self.key_of("feed.newest"), self.key_of("explorer.follow")
        if not self.is_following:
            parts.append((f" || paused, {follow} follows ", "warn"))
        elif self.feed.position == 0 or self.feed.row_count == 0:
            parts.append((" ▸ following ", "good"))
        else:
            parts.append((f" || holding still, {newest} follows ", "strong"))
        return tuple(parts)

    def _place_parts(self) -> tuple[Part, ...]:
        position = self.feed.position
        row = "–" if self.feed.row_count == 0 else "…" if position is None else f"{position + 1:,}"
        return ((f"{row} of {self.total_text()}", "strong"),)

    def total_text(self) -> str:
        """Return how many events match, and whether that is certain."""
        summary = self.summary
        if summary is not None and summary.is_exact:
            return f"{summary.total:,}"
        feed = self.feed
        known = summary.total if summary is not None else 0
        if feed.row_count:
            known = max(known, (feed.position or 0) + 1, feed.row_count)
        elif not (known or feed.has_older or self.is_loading):
            return "0"  # the search has been through everything, whatever is still being counted
        bound = f"≥ {known:,}" if known else "0 so far"
        if self.questions.is_open("summary"):
            return f"{bound}, still counting"
        return bound if feed.has_older or self.is_loading else f"{known:,}"

    def _progress_parts(self) -> tuple[Part, ...]:
        progress = self.progress
        if self.questions.is_open("open"):
            return (("opening …", "dim"),)
        if self.questions.is_noticeable("search", "older"):
            how = f", {SLOW}" if is_slow(self.view.query) else ""
            if progress is None or progress.is_complete:
                return ((f" searching …{how}", "warn"),)
            return ((f" searching: {progress.days_searched:,} of {progress.days_asked:,} days{how}", "warn"),)
        return ((" searching …", "warn"),) if self.questions.is_noticeable(*ASKED_FOR) else ()

    # -- hints

    def show_chord(self, options: Sequence[tuple[str, Action]]) -> None:
        """Show what may follow the keys that were pressed, label and action each; nothing when none may."""
        self._chord = options
        self.refresh_hints()

    def refresh_hints(self) -> None:
        """Show the six keys that matter where the focus is, or what may follow the keys of a chord."""
        parts: list[Part] = []
        if self._chord:
            for label, action in self._chord:
                parts += [(f" {label}", "key"), (f" {action.title} ", "dim")]
        else:
            for action in footer(self.scope):
                keys = keys_of(action, self.settings.keymap)
                if keys:
                    parts += [(f" {key_label(keys[0])}", "key"), (f" {action.title} ", "dim")]
        self.query_one("#hints", StatusLine).left = tuple(parts)

    @property
    def scope(self) -> str:
        """Where the focus is, as the table of actions calls it."""
        focused = self.focused
        if focused is None or isinstance(focused, Feed):
            return "feed"
        if isinstance(focused, Histogram):
            return "histogram"
        return "query" if any(isinstance(each, QueryBar) for each in focused.ancestors) else "form"

    def on_descendant_focus(self) -> None:
        self.refresh_hints()
