"""Counts as bars of text, and the words below them. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from logtui.core.page import Histogram, Summary
from logtui.core.times import format_duration
from logtui.tui.moments import ZONE_NAMES, Zone

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_ASCII_EIGHTHS = " ..::||##"
_EMPTY = "·"
_ASCII_EMPTY = "_"
"""What an empty bucket shows: neither a gap nor the lowest bar."""


def edge(number: int, buckets: int, width: int) -> int:
    """Return the first cell of a bucket, where `buckets` share `width` cells."""
    return number * width // buckets


def bucket_at(cell: int, buckets: int, width: int) -> int:
    """Return the bucket that has a cell."""
    return ((cell + 1) * buckets - 1) // max(1, width)


def bars(counts: Sequence[int], *, height: int, width: int, is_ascii: bool = False) -> list[str]:
    """Return `height` lines of `width` cells, the top one first, with a bar for every count; at most one for a cell.

    The highest bar reaches the top; a bucket with any event shows at least an eighth of a cell.
    """
    signs, empty = (_ASCII_EIGHTHS, _ASCII_EMPTY) if is_ascii else (_EIGHTHS, _EMPTY)
    peak = max(counts, default=0)
    eighths = [max(1, round(count * height * 8 / peak)) if count else 0 for count in counts]
    widths = [edge(number + 1, len(counts), width) - edge(number, len(counts), width) for number in range(len(counts))]
    lines = []
    for floor in range((height - 1) * 8, -1, -8):
        cells = [signs[max(0, min(8, level - floor))] if level or floor else empty for level in eighths]
        lines.append("".join(cell * cells_each for cell, cells_each in zip(cells, widths, strict=True)))
    return lines


def total_text(summary: Summary | None) -> str:
    """Return how many events there are, and whether that is certain."""
    if summary is None or not (summary.total or summary.is_exact):
        return "counting …"
    if summary.is_exact:
        return _events(summary.total)
    return f"≥ {summary.total:,} events, still counting"


def axis_text(shown: Histogram, summary: Summary | None, zone: Zone, width: int) -> str:
    """Return the line below the bars: where they begin and end, and in the middle what they count."""
    end = shown.start + shown.bucket * len(shown.counts)
    first, last = zone.tick(shown.start, shown.bucket), zone.tick(end, shown.bucket)
    if zone.name != "relative":
        last = f"{last} {ZONE_NAMES[zone.name]}"
    total, each, peak = total_text(summary), f"a bar {format_duration(shown.bucket)}", f"peak {max(shown.counts):,}"
    for middle in (" · ".join((total, each, peak)), " · ".join((total, each)), total):
        room = width - len(first) - len(last)
        if len(middle) + 4 <= room:
            return f"{first}{middle.center(room)}{last}"
    return total if len(first) + len(last) + 2 > width else f"{first}{last.rjust(width - len(first))}"


def range_text(shown: Histogram, first: int, last: int, zone: Zone) -> str:
    """Return the line below the bars while buckets `first` to `last` are chosen."""
    start = shown.start + first * shown.bucket
    end = shown.start + (last + 1) * shown.bucket
    times = f"{zone.tick(start, shown.bucket)} – {zone.tick(end, shown.bucket)}"
    return f"{times} · {format_duration(end - start)} · {_events(sum(shown.counts[first : last + 1]))}"


def _events(count: int) -> str:
    return f"{count:,} event{'' if count == 1 else 's'}"
