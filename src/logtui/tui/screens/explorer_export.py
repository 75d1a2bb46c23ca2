"""Exporting from the explorer: the events of the feed, or the marked ones, into a file, while the dialog looks on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logtui.core.cancel import CancelToken
from logtui.core.columns import NAMES
from logtui.core.errors import Cancelled, LogtuiError
from logtui.core.query.ast import ColumnRef, Node, Term
from logtui.core.query.quoting import literal
from logtui.core.query.text import to_text
from logtui.core.sanitise import narrow, visible
from logtui.services.export import ExportStep
from logtui.session import Session
from logtui.tui.screens.explorer_copy import CopyActions
from logtui.tui.screens.explorer_paging import PagingActions

if TYPE_CHECKING:
    from logtui.services.export import Exported, Shape
    from logtui.tui.screens.export import Export, ExportWish
    from logtui.tui.widgets.lines import Part

_ID = ColumnRef("event_id")
_STEP_SECONDS = 0.1
"""Between two reports of how far an export has come."""


@dataclass(frozen=True, slots=True)
class _Stopped:
    """The file was not written because the person changed their mind."""


class ExportActions(CopyActions, PagingActions):
    """The dialog of exports, and the one export that may be under way."""

    _dialog: Export | None = None
    _last_export: ExportWish | None = None
    _export_token: CancelToken | None = None

    def total_text(self) -> str:
        """Return how many events match, as far as that is known."""
        raise NotImplementedError

    def action_export(self) -> None:
        from logtui.services.export_target import suggested_target
        from logtui.tui import clipboard
        from logtui.tui.screens.export import Export

        store, now = self.store, self.clock()
        self._dialog = Export(
            self,
            store,
            total=self.total_text(),
            marks=len(self.feed.marks),
            suggest=lambda suffix: suggested_target(store, suffix, now),
            command=self._export_command,
            copy=lambda text: clipboard.send(self.app, text, "the command line"),
            first=self._last_export,
            keymap=self.settings.keymap,
        )
        self.app.push_screen(self._dialog)

    def cancel(self) -> bool:
        """Withdraw what is under way, an export too: the next ctrl+c leaves."""
        was_exporting = self.stop_export()
        return super().cancel() or was_exporting

    def on_export_stop(self) -> None:
        """The dialog wants it to end."""
        self.stop_export()

    def stop_export(self) -> bool:
        """End the export that is under way; tell whether there was one."""
        token = self._export_token
        if token is None or token.is_cancelled:
            return False
        token.cancel()
        return True

    def on_export_start(self, message: Export.Start) -> None:
        """Write the file in a thread."""
        session, dialog, wish = self.session, self._dialog, message.wish
        if dialog is None:
            return
        if session is None:
            dialog.show_failed([[("the store is still being opened; try again", "warn")]])
            return
        self._last_export = wish
        # Not the question's own token: who cancels is told what became of the file, which may be complete already.
        token = self._export_token = CancelToken()
        job = self._job(session, wish, token)

        def arrive(part: ExportStep | Exported | _Stopped) -> None:
            self._show(dialog, wish, part, _losses(session))

        def fail(error: LogtuiError) -> None:
            self._export_token = None
            dialog.show_failed([[(f"✗ {_shown(str(error))}", "bad")], [_untouched(wish)]])

        self.questions.ask("export", lambda asked: _watched(job, asked), arrive, on_error=fail, on_end=self._end_export)

    def _end_export(self) -> None:
        self._export_token = None

    def _job(self, session: Session, wish: ExportWish, token: CancelToken) -> Iterator[ExportStep | Exported]:
        from logtui.services.export_job import export_job, marked_pages
        from logtui.tui.screens.export import MARKED

        shape, order = self._shape(wish), self.view.order
        if wish.what == MARKED:
            pages = marked_pages(session.search, self.feed.marks, order, token=token)
        else:
            pages = session.search.pages(
                self.selection, limit=None, token=token, order=order, with_payload=shape.needs_payload
            )
        return export_job(pages, wish.path, shape, token=token, may_replace=wish.may_replace)

    def _shape(self, wish: ExportWish) -> Shape:
        from logtui.services.export import Shape

        return Shape(wish.format, self._export_columns(wish) or NAMES)

    def _export_columns(self, wish: ExportWish) -> tuple[str, ...]:
        from logtui.tui.screens.export import VIEW_COLUMNS

        return self.view.columns if wish.columns == VIEW_COLUMNS else ()

    def _export_command(self, wish: ExportWish) -> str:
        """Return the command line that writes the same file."""
        from logtui.tui import clipboard
        from logtui.tui.screens.export import MARKED

        query: Node = self.view.query
        if wish.what == MARKED:
            query = Term(_ID, tuple(literal(mark.event_id, _ID) for mark in sorted(self.feed.marks, reverse=True)))
        return clipboard.command_text(
            self.store,
            to_text(query),
            columns=self._export_columns(wish),
            order=self.view.order,
            mapping=self.mapping,
            options=("--limit", "all", "--format", wish.format, "-o", str(wish.path)),
        )

    def _show(
        self,
        dialog: Export,
        wish: ExportWish,
        part: ExportStep | Exported | _Stopped,
        losses: int,
    ) -> None:
        """Show a step or the end in the dialog."""
        match part:
            case ExportStep():
                dialog.show_step(part)
            case _Stopped():
                dialog.show_failed([[("cancelled", "warn")], [_untouched(wish)]])
            case _:
                dialog.show_done([*self._told(wish, part.count, losses), [("", "plain")], self._same_as(wish)])

    def _told(self, wish: ExportWish, count: int, losses: int) -> list[list[Part]]:
        """Say how many events the file holds, and whether these are all."""
        from logtui.tui.screens.export import MARKED

        noun = "event" if count == 1 else "events"
        lines: list[list[Part]] = [[(f"✓ {count:,} {noun} written to {_shown(str(wish.path))}", "good")]]
        missing = len(self.feed.marks) - count if wish.what == MARKED else 0
        if missing > 0:
            lines.append([(f"✗ {missing:,} marked are gone from the store, and not in the file", "bad")])
        if losses:
            problems = self.key_of("explorer.problems")
            lines.append(
                [(f"✗ {losses:,} files of the store cannot be read, so events may be missing: {problems}", "bad")]
            )
        if not losses and missing <= 0:
            lines.append(
                [("complete: " + ("all that are marked" if wish.what == MARKED else "all that match"), "plain")]
            )
        return lines

    def _same_as(self, wish: ExportWish) -> list[Part]:
        return [("same as  ", "dim"), (_shown(self._export_command(wish)), "plain")]


def _watched(job: Iterator[ExportStep | Exported], asked: CancelToken) -> Iterator[ExportStep | Exported | _Stopped]:
    """Yield the steps of a job, not more often than they can be read; where its own token was cancelled, say so."""
    shown_at = -_STEP_SECONDS
    try:
        for step in job:
            asked.check()
            if not isinstance(step, ExportStep) or time.monotonic() >= shown_at + _STEP_SECONDS:
                shown_at = time.monotonic()
                yield step
    except Cancelled:
        asked.check()
        yield _Stopped()


def _losses(session: Session) -> int:
    return sum(problem.is_loss for problem in session.engine.problems())


def _untouched(wish: ExportWish) -> Part:
    return ("the file is as it was" if wish.may_replace else "no file was written", "dim")


def _shown(text: str) -> str:
    return narrow(visible(text, 2_000))
