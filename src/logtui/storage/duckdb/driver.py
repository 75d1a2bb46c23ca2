"""DuckDB's extension module, without the Python package around it.

`import duckdb` takes four times as long as the extension alone: it also loads what builds expressions, functions and
version strings, and nothing here uses those. This is the only module that imports either.
"""

from __future__ import annotations

try:
    import _duckdb as duckdb
except ImportError:  # a build that hides the extension inside the package
    import duckdb  # type: ignore[no-redef]

__all__ = ["duckdb"]
