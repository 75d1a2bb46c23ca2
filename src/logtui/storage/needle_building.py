"""Building a segment's filter of ids.

pyarrow does it: it writes such filters into Parquet files, so the ids are written as a file of their own, of which
nothing but the filter is kept.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from logtui.storage.address_spelling import one_spelling
from logtui.storage.needles import BLOCK, LETTERS, PART_BLOCKS, Needle
from logtui.storage.sidecars import Identity, Kind, sealed

_FALSE_POSITIVES = 0.004
"""At worst. The size is a power of two, so most filters have fewer: one in a thousand."""
_MOST_BYTES_PER_KEY = 8
_KEY = "key"
_FOOTER = 64 * 1024
"""More than what follows the filter in the file."""


class NeedleBuilder:
    """Makes a segment's filter of ids."""

    kind = Kind.NEEDLES
    columns = tuple(LETTERS)

    def __init__(self) -> None:
        self._values: dict[str, list[pa.Array]] = {name: [] for name in LETTERS}

    def add(self, group: pa.Table) -> None:
        for name, values in self._values.items():
            # Ids of events are all different, which takes long to find out. What comes again in other row groups does
            # no harm: pyarrow makes the filter as small as what is in it allows.
            values.append(group[name].combine_chunks() if name == "event_id" else pc.unique(group[name]))

    def write(self, file: IO[bytes], about: Identity) -> None:
        samples = [(name, each[0]) for name, values in self._values.items() for each in values[:1] if len(each)]
        filter_ = _filter(list(self._keys()))
        order = (len(filter_) // BLOCK).bit_length() - 1
        _check(filter_, order, samples)
        step = PART_BLOCKS * BLOCK
        for part, at in enumerate(range(0, len(filter_), step)):
            file.write(sealed(Kind.NEEDLES, about, filter_[at : at + step], part, layout=order))

    def _keys(self) -> Iterator[pa.Array]:
        for name, letter in LETTERS.items():
            values = self._values.pop(name)
            if name == "ip":
                values = [_one_spelling(pa.chunked_array(values, pa.string()).unique().drop_null())]
            for each in values:
                # Several times faster than joining them.
                yield pc.binary_replace_slice(each.drop_null().cast(pa.binary()), 0, 0, letter.encode())


def _check(filter_: bytes, order: int, samples: Sequence[tuple[str, pa.StringScalar]]) -> None:
    """Refuse a filter in which readers do not find what is in it: another pyarrow might write them in another way."""
    for name, value in samples:
        if value.is_valid:
            needle = Needle.of(name, value.as_py())
            at = (needle.place << order >> 32) * BLOCK
            if int.from_bytes(filter_[at : at + BLOCK], "little") & needle.bits != needle.bits:
                raise pa.ArrowInvalid("the filter of ids does not hold them")


def _one_spelling(addresses: pa.Array) -> pa.Array:
    is_version6 = pc.match_substring(addresses, ":")
    spelled = pa.array(map(one_spelling, addresses.filter(is_version6).to_pylist()), pa.string())
    return pa.concat_arrays([addresses.filter(pc.invert(is_version6)), spelled])


def _filter(keys: list[pa.Array]) -> bytes:
    """Return the filter of some keys: a power of two of blocks."""
    table = pa.table({_KEY: pa.chunked_array(keys, pa.binary())})
    rows = max(1, table.num_rows)
    sink = _Tail(rows * _MOST_BYTES_PER_KEY + _FOOTER)
    writer = pq.ParquetWriter(
        sink,
        table.schema,
        compression="none",
        use_dictionary=False,
        write_statistics=False,
        store_schema=False,
        bloom_filter_options={_KEY: {"ndv": rows, "fpp": _FALSE_POSITIVES}},
    )
    writer.write_table(table, row_group_size=rows)
    writer.close()
    content = sink.content()
    chunk = pq.read_metadata(io.BytesIO(content)).row_group(0).column(0)
    # A short header, then the filter itself, which pyarrow makes no larger than the keys need.
    size = 1 << (chunk.bloom_filter_length.bit_length() - 1)
    end = chunk.bloom_filter_offset + chunk.bloom_filter_length - sink.dropped
    return content[end - size : end]


class _Tail(io.RawIOBase):
    """A file of which only the end is kept."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size
        self._parts: list[bytes] = []
        self._kept = 0
        self.dropped = 0
        """Bytes before what is kept."""

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.dropped + self._kept

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        self._kept += len(data)
        while self._kept - len(self._parts[0]) >= self._size:
            gone = len(self._parts.pop(0))
            self._kept -= gone
            self.dropped += gone
        return len(data)

    def content(self) -> bytes:
        return b"".join(self._parts)
