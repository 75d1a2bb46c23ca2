"""Reads blocks of lines as tables, in the formats whose lines can be read many at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from logtui.services.ingest.formats.format import Format
from logtui.services.ingest.formats.vendor import VendorFormat
from logtui.services.ingest.own_schema import OwnSchema, read_block
from logtui.services.ingest.record import Lines
from logtui.services.ingest.vendor_block import read_vendor_block

if TYPE_CHECKING:
    import pyarrow as pa


def has_line_tables(form: Format | None) -> bool:
    """Tell whether lines of a format can become tables."""
    return isinstance(form, OwnSchema | VendorFormat)


def line_tables(
    form: Format | None, block: Lines, ingested_at: int, *, is_only: bool
) -> Iterable[tuple[Lines, pa.Table | None]]:
    """Return the lines of a block, in order, with their events as a table of `SCHEMA`.

    None stands for the table of lines that are to be looked at one by one.

    Args:
        is_only: every record is of the format, whether it looks so or not.
    """
    if isinstance(form, VendorFormat):
        return read_vendor_block(form, block, ingested_at, is_only=is_only)
    return ((block, read_block(block.data, ingested_at) if isinstance(form, OwnSchema) else None),)
