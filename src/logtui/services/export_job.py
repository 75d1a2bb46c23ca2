"""An export that somebody watches: it tells how far it has come, can be cancelled, and replaces nothing unasked.

The file appears when it is complete. What ends the job earlier, be it a cancelled token or an error, leaves the place
as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from logtui.core.cancel import CancelToken
from logtui.core.errors import StoreError
from logtui.core.event import Cursor, Event
from logtui.core.page import Order, Page, Progress
from logtui.services.atomic_file import replacing
from logtui.services.export import Exported, ExportStep, Shape, write_steps
from logtui.services.search import Search

_PART = 100
"""Events that are looked up one by one before they are written together."""


def export_job(
    pages: Iterable[Page], path: Path, shape: Shape, *, token: CancelToken, may_replace: bool
) -> Iterator[ExportStep | Exported]:
    """Write all events of `pages` into a new file; yield every step, and last what the complete file holds.

    Raises:
        StoreError: the file cannot be written, or is there and may not be replaced.
        Cancelled: the token was cancelled before the file had its name.
    """
    step = ExportStep(0, has_more=False, progress=Progress(0, 0))
    _refuse_existing(path, may_replace)
    with replacing(path) as sink:
        for step in write_steps(pages, sink, shape):
            yield step
            token.check()
        _refuse_existing(path, may_replace)
    yield Exported(step.count, step.has_more)


def _refuse_existing(path: Path, may_replace: bool) -> None:
    if not may_replace and path.exists():
        raise StoreError(f"{path}: is there already")


def marked_pages(search: Search, marks: Iterable[Cursor], order: Order, *, token: CancelToken) -> Iterator[Page]:
    """Yield the events at these places with their payloads; those whose files are gone are left out."""
    cursors = sorted(marks, reverse=order is Order.NEWEST_FIRST)
    for at in range(0, len(cursors), _PART):
        found = [search.event(cursor, token=token) for cursor in cursors[at : at + _PART]]
        events: tuple[Event, ...] = tuple(event for event in found if event is not None)
        yield Page(events, Progress(0, 0), is_final=at + _PART >= len(cursors), has_more=False)
