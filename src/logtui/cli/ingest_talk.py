"""What `logtui ingest` says: how far it is, on a terminal, and what came of it, in one line."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from logtui.cli import diagnostics
from logtui.cli.diagnostics import ProgressLine
from logtui.services.ingest.intake import Tally
from logtui.services.ingest.rejects import Reject

_MOST_REASONS = 3
"""Reasons that the summary names, the most frequent first."""
_BAR = 20
_HOUR, _MINUTE = 3600, 60


class Talk:
    """Speaks for one run."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._line = ProgressLine()
        self._began = steady()

    def note(self, text: str) -> None:
        """Say something between the progress."""
        self._line.erase()
        diagnostics.note(text)

    def show(self, tally: Tally) -> None:
        """Draw the progress, where there is a terminal."""
        self._line.say(lambda: progress_text(tally, self._steady() - self._began))

    def erase(self) -> None:
        """Remove the progress."""
        self._line.erase()

    def sum_up(self, tally: Tally, rejects: Path | None) -> None:
        """Say what came of it."""
        self._line.erase()
        diagnostics.note(summary_text(tally, self._steady() - self._began))
        if len(tally.formats) > 1:
            shares = (f"{count:,} as {title}" for title, count in tally.formats.most_common())
            diagnostics.note(f"records were read {', '.join(shares)}")
        if tally.reasons:
            shown = tally.reasons.most_common(_MOST_REASONS)
            told = [f"{count:,} × {reason}" for reason, count in shown]
            rest = tally.rejected - sum(count for _, count in shown)
            told += [f"{rest:,} for other reasons"] if rest else []
            diagnostics.note(f"rejected: {'; '.join(told)}")
            if rejects is not None:
                diagnostics.note(f"rejected records are in {rejects}")


class SaidRejects:
    """A `RejectSink` that says the first rejects, and keeps none."""

    _MOST = 5

    def __init__(self) -> None:
        self._count = 0

    def add(self, reject: Reject) -> None:
        self._count += 1
        if self._count <= self._MOST:
            diagnostics.note(f"{reject.file}, line {reject.line}: rejected: {reject.reason}")

    def flush(self) -> None:
        pass

    def sum_up(self) -> None:
        """Say how many were not said."""
        if self._count > self._MOST:
            diagnostics.note(f"{self._count - self._MOST:,} more records were rejected")


def progress_text(tally: Tally, seconds: float) -> str:
    """Return `[████······] 42 %, 1,234,567 events, 98,000/s, 3 rejected, 1m 20s left`."""
    parts = [f"{tally.events:,} events", f"{_rate(tally.events, seconds):,}/s"]
    if tally.rejected:
        parts.append(f"{tally.rejected:,} rejected")
    share = tally.bytes_read / tally.bytes_known if tally.bytes_known else 0
    if not share:
        return ", ".join(parts)
    share = min(share, 1.0)
    parts.append(f"{_duration(seconds / share - seconds)} left")
    filled = int(share * _BAR)
    return f"[{'█' * filled}{'·' * (_BAR - filled)}] {share:.0%}, {', '.join(parts)}"


def summary_text(tally: Tally, seconds: float) -> str:
    """Return `1,204 events stored, 3 duplicates left out, 2 rejected; 1.2 s, 1,003/s`."""
    parts = [f"{_counted(tally.written.written, 'event')} stored"]
    if tally.written.duplicates:
        parts.append(f"{_counted(tally.written.duplicates, 'duplicate')} left out")
        if tally.written.differing:
            parts[-1] += f" ({tally.written.differing:,} with other content than the event that has their id)"
    if tally.rejected:
        parts.append(f"{tally.rejected:,} rejected")
    if tally.problems:
        parts.append(f"{_counted(tally.problems, 'input')} not read whole")
    stored = tally.written.written + tally.written.duplicates
    if stored < tally.events:
        parts.append(f"{_counted(tally.events - stored, 'event')} read but not stored")
    return f"{', '.join(parts)}; {seconds:.1f} s, {_rate(tally.events, seconds):,} events/s"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")


def _rate(count: int, seconds: float) -> int:
    return round(count / seconds) if seconds > 0 else 0


def _duration(seconds: float) -> str:
    whole = max(0, round(seconds))
    if whole >= _HOUR:
        return f"{whole // _HOUR}h {whole % _HOUR // _MINUTE:02}m"
    return f"{whole // _MINUTE}m {whole % _MINUTE:02}s" if whole >= _MINUTE else f"{whole}s"
