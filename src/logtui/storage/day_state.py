"""What of a partition may be merged."""

from __future__ import annotations

from pathlib import Path

from logtui.core.errors import SegmentError
from logtui.core.page import Problem
from logtui.storage.compactor import DayState, Mergeable
from logtui.storage.footers import group_ranges, read_footer
from logtui.storage.listing import Contents, Segment
from logtui.storage.partitions import is_replaces
from logtui.storage.thrift import ThriftError


def day_state(day: str, contents: Contents) -> DayState:
    """Return what may be merged of what a partition holds."""
    if with_damaged_side_files(contents):
        # A merged segment and its inputs would be merged together, and every event kept twice.
        return DayState(day, ())
    problems = list(contents.problems)
    found: list[Mergeable] = []
    for segment in contents.segments:
        # One whose inputs are still there has to be finished first.
        if segment.name not in contents.inputs:
            try:
                found.append(_mergeable(segment))
            except FileNotFoundError:
                continue
            except (SegmentError, ThriftError) as error:
                problems.append(Problem(segment.name, f"{error}, so it is not merged"))
    return DayState(day, tuple(found), tuple(problems))


def with_damaged_side_files(contents: Contents) -> set[str]:
    """Return the merged segments of which the listing does not know what they replace."""
    paths = [Path(each.path) for each in contents.problems]
    return {path.with_suffix(".parquet").name for path in paths if is_replaces(path.name)}


def _mergeable(segment: Segment) -> Mergeable:
    footer = read_footer(segment.path)
    times = next((column for column in footer.columns if column.name == "event_time"), None)
    highs = [] if times is None else [group.high for group in group_ranges(footer, times)]
    newest = max((high for high in highs if isinstance(high, int)), default=0)
    return Mergeable(Path(segment.path).name, segment.size, footer.rows, newest)
