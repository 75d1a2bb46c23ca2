"""docs/formats.md tells how every format is read."""

from __future__ import annotations

import re
from pathlib import Path

from logtui.core.columns import NAMES
from logtui.services.ingest.formats import FORMATS
from logtui.services.ingest.formats.masking import MARKER, MASKED

TEXT = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")
TABLES = re.findall(r"^\| format \|(.*)\|\n\|[-|]+\n((?:\|.*\n)+)", TEXT, re.MULTILINE)


def test_both_tables_have_every_format_once() -> None:
    """In the order in which the documentation chose to tell them, and no format that is gone."""
    for _, rows in TABLES:
        names = re.findall(r"^\| `(\w+)` \|", rows, re.MULTILINE)
        assert sorted(names) == sorted(form.name for form in FORMATS)
    assert len(TABLES) == 2


def test_every_row_has_as_many_cells_as_its_table() -> None:
    """A cell too few shifts the others into wrong columns."""
    for header, rows in TABLES:
        cells = header.count("|") + 2
        for row in rows.splitlines():
            assert len(re.findall(r"(?<!\\)\|", row)) == cells + 1, row


def test_the_masks_marks_are_told() -> None:
    """Who finds one in a payload can look it up."""
    assert f"`{MASKED}`" in TEXT
    assert MARKER in TEXT


def test_the_columns_that_are_named_exist() -> None:
    """A column that was renamed is renamed here too."""
    assert {"event_type", "event_time", "event_id"} <= set(NAMES)
