"""logtui: explore, follow, filter and expire audit events in Parquet files, in the terminal."""

__version__ = "0.1.0"
