"""The charts of a run: what grows with what, and every question beside the peers."""

from __future__ import annotations

from benchmarks.peers.report import amounts, growth
from benchmarks.peers.report.chart import Line, Panel, chart
from benchmarks.peers.report.growth import Axis
from benchmarks.peers.report.tables import TITLES
from benchmarks.peers.results import Results

_COLUMNS = 3


def growth_chart(results: Results) -> str | None:
    """Return logtui's costs against days, events and matches; None where no two sizes were measured."""
    panels = [_by(results, axis) for axis in (growth.by_days(results), growth.by_events(results)) if axis]
    matches = [Line(_plain(tool), found) for tool in TITLES if len(found := growth.by_matches(results, tool)) > 1]
    if matches:
        panels.append(Panel("all events of an actor", matches, amounts.count, amounts.seconds, "events that match"))
    return chart(panels, len(panels)) if panels else None


def _by(results: Results, axis: Axis) -> Panel:
    titles = _titles(results)
    lines = [Line(title, growth.points(results, axis, question)) for question, title in titles.items()]
    store = axis.stores[0][1]
    same = f"{amounts.count(store.events)} events" if axis.name == "days" else f"{store.days:,} days"
    return Panel(
        f"logtui, {same}", [line for line in lines if len(line.points) > 1], amounts.count, amounts.seconds, axis.name
    )


def peers_chart(results: Results) -> str | None:
    """Return a panel for each question, with each tool's cost against the number of events."""
    axis = growth.by_events(results)
    if axis is None:
        return None
    panels = []
    for question, title in _titles(results).items():
        lines = [Line(_plain(tool), growth.points(results, axis, question, tool)) for tool in TITLES]
        found = [line for line in lines if line.points]
        if any(len(line.points) > 1 for line in found):
            panels.append(Panel(title, found, amounts.count, amounts.seconds, "events"))
    return chart(panels, _COLUMNS)


def _titles(results: Results) -> dict[str, str]:
    return {
        each.question: each.title for each in results.measured
        if each.tool == "logtui" and each.seconds and not each.question.startswith("matches-")
    }  # fmt: skip


def _plain(tool: str) -> str:
    """Return a tool's title without Markdown."""
    return TITLES[tool].replace("`", "")
