"""Finds silent damage: checks the checksums of every page of a file.

DuckDB reads over them, so that a flipped bit would give a wrong value and no error. Only files whose writer stored
checksums can be checked; the others are decoded, which finds less. Slow (all bytes are read) and apart from the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from logtui.core.cancel import CancelToken
from logtui.core.page import Problem
from logtui.storage.listing import open_listing, reason

_BATCH_ROWS = 16_384


def verify_store(store: Path, *, token: CancelToken) -> Iterator[Problem]:
    """Verify every live segment of a store, newest day first.

    Raises:
        StoreError: there is no store, or it may not be read.
        Cancelled: the token was cancelled.
    """
    listing = open_listing(store)
    for directory in listing.directories():
        segments = listing.contents(directory).segments
        yield from verify(((each.name, Path(each.path)) for each in segments), token=token)


def verify(paths: Iterable[tuple[str, Path]], *, token: CancelToken) -> Iterator[Problem]:
    """Read files whole and yield what is damaged in them, as it is found.

    Args:
        paths: the name to report and the place of each file; one that is gone meanwhile is passed over.

    Raises:
        Cancelled: the token was cancelled; noticed between row groups.
    """
    for name, path in paths:
        token.check()
        message = _damage(path, token)
        if message is not None:
            yield Problem(name, message)


def _damage(path: Path, token: CancelToken) -> str | None:
    # Imported here, because it costs 30 ms and 40 MB and the reading path does without it.
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path, page_checksum_verification=True, memory_map=False) as file:
            missing = file.metadata.num_rows
            for batch in file.iter_batches(batch_size=_BATCH_ROWS):
                token.check()
                # A damaged page header has no checksum: its column then comes out shorter than the others.
                batch.validate()
                missing -= batch.num_rows
    except FileNotFoundError:
        return None
    except pa.ArrowException as error:
        return f"is damaged: {_plain(str(error))}"
    except OSError as error:
        # pyarrow raises it for damage too, then without a number.
        return f"cannot be read: {reason(error)}" if error.errno else f"is damaged: {_plain(str(error))}"
    return f"is damaged: {abs(missing):,} rows too {'few' if missing > 0 else 'many'}" if missing else None


def _plain(message: str) -> str:
    first = message.strip().splitlines()[0] if message.strip() else "unreadable"
    return (first[:1].lower() + first[1:]).rstrip(".")
