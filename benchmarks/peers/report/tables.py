"""Markdown tables of a run. Each function returns one block, without a line end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from benchmarks.peers.report import amounts
from benchmarks.peers.results import Measured, Results, Store, Table

TITLES = {
    "logtui": "logtui",
    "logtui-index": "logtui `--index`",
    "duckdb": "DuckDB, same files",
    "duckdb-own": "DuckDB, own files",
    "chdb": "chDB, same files",
    "chdb-table": "chDB, own table",
    "polars": "Polars, same files",
    "rg": "`rg`, `jq`, `tac`",
    "lnav": "lnav",
    "toolong": "toolong",
    "textual": "a bare Textual app",
    "import": "`import duckdb`",
    "sha256sum": "`sha256sum`",
    "rm": "`rm -r`",
}
"""Tools, in the order of the columns."""
Writer = Callable[[Results, str], str]
_WINS = 0.95
"""A peer that takes at least this part of logtui's time has not won: that much is noise."""


def grid(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def store_title(store: Store) -> str:
    return f"{amounts.count(store.events)} events over {store.days:,} days"


def times(results: Results, store: str) -> str:
    """Return medians with their spread, and how many times logtui's time each peer took. The fastest is bold.

    Args:
        store: the name of a store, or of another group of measurements.
    """
    tools = _tools(results, store)
    rows = []
    for question, title in _questions(results, store):
        found = results.of(store, question)
        fastest = min((each.median for each in found.values() if each.seconds), default=0.0)
        ours = found.get("logtui")
        rows.append([title, *(_time(found.get(tool), ours, fastest) for tool in tools)])
    return grid(["what", *(TITLES[tool] for tool in tools)], rows)


def _time(each: Measured | None, ours: Measured | None, fastest: float) -> str:
    if each is None or not each.seconds:
        return _reason(each)
    text = amounts.seconds(each.median)
    text = f"**{text}**" if each.median == fastest else text
    spread = f" ±{each.spread:.0%}" if len(each.seconds) > 1 else ""
    if each.tool == "logtui":
        what = "an estimate" if each.question.startswith("facet") else "first rows"
        early = f", {what} {amounts.seconds(each.first)}" if each.first < 0.8 * each.median else ""
        return text + spread + early + (" (an estimate)" if each.note else "")
    ratio = f" ({amounts.times(each.median / ours.median)})" if ours and ours.seconds else ""
    return text + spread + ratio


def _reason(each: Measured | None) -> str:
    if each is None:
        return ""
    return next((word for word in ("disagrees", "left out", "took more", "failed") if each.note.startswith(word)), "—")


def costs(results: Results, store: str) -> str:
    """Return the bytes that each question read, the processor's time, and the most memory that the process had."""
    tools = _tools(results, store)
    rows = []
    for question, title in _questions(results, store):
        found = results.of(store, question)
        rows.append([title, *(_cost(found.get(tool)) for tool in tools)])
    return grid(["what", *(TITLES[tool] for tool in tools)], rows)


def _cost(each: Measured | None) -> str:
    if each is None or not each.seconds:
        return _reason(each)
    read = "?" if each.read is None else amounts.size(each.read)
    return f"{read}, {amounts.seconds(each.cpu)}, {amounts.size(each.peak) if each.peak else '?'}"


def contests(results: Results, group: str) -> str:
    """Return what few tools were measured at, a line for each tool."""
    rows = []
    for question, title in _questions(results, group):
        found = results.of(group, question)
        ours = found.get("logtui")
        fastest = min((each.median for each in found.values() if each.seconds), default=0.0)
        for tool in (tool for tool in TITLES if tool in found):
            each = found[tool]
            rows.append(
                [title, TITLES[tool], _time(each, ours, fastest), *(_parts(each) if each.seconds else ("",) * 3)]
            )
            title = ""
    return grid(["what", "tool", "time", "bytes read", "processor", "most memory"], rows)


def _parts(each: Measured) -> tuple[str, str, str]:
    read = "" if each.read is None else amounts.size(each.read)
    return read, amounts.seconds(each.cpu) if each.cpu else "", amounts.size(each.peak) if each.peak else ""


def wins(results: Results, store: str) -> str:
    """Return where peers were faster than logtui, and by how much."""
    lines = []
    for question, title in _questions(results, store):
        found = results.of(store, question)
        ours = found.get("logtui")
        if ours is None or not ours.seconds:
            continue
        faster = sorted(
            (each.median, each) for each in found.values()
            if each.seconds and each.median < _WINS * ours.median
        )  # fmt: skip
        if faster:
            names = ", ".join(f"{TITLES[each.tool]} {amounts.seconds(at)}" for at, each in faster)
            lines.append(f"- {title}: {names}; logtui {amounts.seconds(ours.median)}")
    return "\n".join(lines) or "No peer was faster at any of these questions."


def unanswered(results: Results) -> str:
    """Return why a tool has no figure, each reason once."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for each in results.measured:
        if not each.seconds:
            asked = reasons.setdefault((each.tool, each.note), [])
            if each.title not in asked:
                asked.append(each.title)
    lines = [f"- {TITLES[tool]}: {why}" for tool, why in results.left_out.items()]
    lines += [f"- {TITLES[tool]}: {', '.join(asked)}: {note}" for (tool, note), asked in reasons.items()]
    return "\n".join(lines) or "All tools answered everything."


def stores(results: Results) -> str:
    """Return the stores and their sizes in each form."""
    names = {
        "logtui": "logtui",
        "sidecars": "of it, sidecars",
        "duckdb-own": "DuckDB's files",
        "chdb-table": "ClickHouse's table",
        "rg": "NDJSON",
    }
    tools = [tool for tool in names if any(tool in store.sizes for store in results.stores)]
    rows = [
        [store_title(store), *(amounts.size(store.sizes[tool]) if tool in store.sizes else "" for tool in tools)]
        for store in results.stores
    ]
    return grid(["store", *(names[tool] for tool in tools)], rows)


def figures(table: Table) -> str:
    """Return what another benchmark measured, beside its bounds."""
    rows = []
    for figure in table.figures:
        value, bound, unit = float(figure["value"]), float(figure["bound"]), str(figure["unit"])
        note = str(figure["note"])
        has_bound = not note.startswith("no bound")
        rows.append(
            [
                str(figure["name"]),
                f"{value:,.3g} {unit}" + ("" if value <= bound or not has_bound else " **(missed)**"),
                f"{bound:,.3g} {unit}" if has_bound else "",
                "" if not has_bound else note,
            ]
        )
    return grid(["what", "measured", "bound", ""], rows)


def as_text(results: Results) -> str:
    """Return all of it, for a terminal."""
    parts = [f"{results.date}, {results.machine}, logtui {results.commit}"]
    parts += [f"{TITLES[tool]}: {version}" for tool, version in results.tools.items()]
    parts.append(stores(results))
    for store in results.stores:
        parts += [f"## {store_title(store)}", times(results, store.name), "Bytes read, processor time, most memory:",
                  costs(results, store.name), "Where a peer wins:", wins(results, store.name)]  # fmt: skip
    for group in ("screens", "deeds"):
        parts += [f"## {group.capitalize()}", contests(results, group)]
    return "\n\n".join([*parts, "## Not answered", unanswered(results)])


def _tools(results: Results, store: str) -> list[str]:
    asked = {each.tool for each in results.measured if each.store == store}
    return [tool for tool in TITLES if tool in asked]


def _questions(results: Results, store: str) -> list[tuple[str, str]]:
    return list({each.question: each.title for each in results.measured if each.store == store}.items())
