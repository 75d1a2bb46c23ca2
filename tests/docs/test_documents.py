"""The documents tell the truth: links lead somewhere, queries parse, names exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from logtui.core.columns import NAMES
from logtui.core.query.parser import parse

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])

_LINK = re.compile(r"\[[^\]]*\]\(([^)#]+)(?:#[^)]*)?\)")
_MAKE = re.compile(r"^make ([a-z-]+)", re.MULTILINE)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_every_link_leads_to_a_file(document: Path) -> None:
    """A reader who follows a link arrives."""
    targets = [target for target in _LINK.findall(document.read_text("utf-8")) if "://" not in target]

    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_every_make_target_of_the_readme_exists() -> None:
    """The commands to copy work."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = _MAKE.findall((ROOT / "README.md").read_text("utf-8"))

    assert set(named) >= {"demo", "test"}
    assert set(named) <= targets


def test_every_query_of_the_readme_parses() -> None:
    """An example that is refused would be the first thing that a newcomer meets."""
    text = (ROOT / "README.md").read_text("utf-8")
    asked = re.search(r"## Ask\n\n```\n(.*?)```", text, re.DOTALL)
    assert asked is not None
    queries = [re.split(r"\s{3,}", line)[0] for line in asked[1].splitlines()]
    queries += [shlex.split(line)[3] for line in text.splitlines() if line.startswith(("logtui query", "logtui tail"))]

    assert len(queries) >= 9
    for query in queries:
        parse(query)


def test_the_store_format_names_every_column() -> None:
    """Who reads the files with another tool finds every column explained."""
    text = (ROOT / "docs" / "store-format.md").read_text("utf-8")

    assert [name for name in NAMES if f"`{name}`" not in text] == []


def test_every_dependency_has_its_reason() -> None:
    """No package is there by accident."""
    declared = re.search(
        r"^dependencies = \[(.*?)^\]", (ROOT / "pyproject.toml").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert declared is not None
    names = re.findall(r'"([a-z0-9-]+)[<>=]', declared[1])
    reasons = (ROOT / "docs" / "dependencies.md").read_text("utf-8")

    assert names
    assert [name for name in names if f"| {name} |" not in reasons] == []
