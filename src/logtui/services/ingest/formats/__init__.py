"""One module a vendor's format, each with its samples beside it; `FORMATS` is the order in which they are tried."""

from __future__ import annotations

from logtui.services.ingest.formats.base import Format

FORMATS: tuple[Format, ...] = ()
