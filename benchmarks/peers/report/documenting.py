"""Writes a run into docs/performance.md, between markers, and its charts beside it.

Everything outside of the markers is people's. A block that this program does not know, or a marker that has no end,
is an error: a table that nobody writes any more would go on looking new.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from benchmarks.peers.report import bounds, growth, pictures, tables
from benchmarks.peers.results import Results

_BLOCK = re.compile(r"(<!-- bench:([\w-]+) -->\n)(.*?)(<!-- /bench -->)", re.DOTALL)
_MARK = re.compile(r"<!-- /?bench\b.*?-->")
GROWTH, PEERS = "bench-growth.svg", "bench-peers.svg"


def blocks(results: Results) -> dict[str, str]:
    """Return every block by its name."""
    known = {
        "run": _run(results),
        "bounds": bounds.table(results),
        "stores": tables.stores(results),
        "times": _for_each_store(results, tables.times),
        "costs": _for_each_store(results, tables.costs),
        "wins": _for_each_store(results, tables.wins),
        "unanswered": tables.unanswered(results),
        "growth": growth.table(results),
        "screens": tables.contests(results, "screens"),
        "deeds": tables.contests(results, "deeds"),
    }
    for table in results.tables:
        known[table.name] = f"{table.title}; {table.date}, {table.machine}.\n\n{tables.figures(table)}"
    return known


def _for_each_store(results: Results, write: tables.Writer) -> str:
    return "\n\n".join(f"#### {tables.store_title(store)}\n\n{write(results, store.name)}" for store in results.stores)


def _run(results: Results) -> str:
    versions = "; ".join(f"{tables.TITLES[tool]}: {version}" for tool, version in results.tools.items())
    stores = ", ".join(sorted({store.made_by for store in results.stores}))
    measured = f"Measured on {results.date}, commit {results.commit} (stores made by {stores}), {results.machine}."
    return f"{measured}\n\nVersions: {versions}."


def filled(text: str, known: Mapping[str, str]) -> str:
    """Return a document with its blocks written anew. What was not measured keeps what it had.

    Raises:
        ValueError: a marker has no partner.
    """
    if len(_MARK.findall(text)) != 2 * len(_BLOCK.findall(text)):
        raise ValueError("a <!-- bench:NAME --> has no <!-- /bench --> after it, or the other way round")
    return _BLOCK.sub(lambda found: found[1] + _body(known.get(found[2]), found[3]) + found[4], text)


def _body(written: str | None, before: str) -> str:
    return before if written is None else f"\n{written}\n\n"


def document(results: Results, page: Path) -> list[Path]:
    """Write the page and its pictures; return what was written."""
    page.write_text(filled(page.read_text(), blocks(results)))
    images = page.parent / "images"
    written = [page]
    for name, picture in ((GROWTH, pictures.growth_chart(results)), (PEERS, pictures.peers_chart(results))):
        if picture is not None:
            (images / name).write_text(picture)
            written.append(images / name)
    return written
