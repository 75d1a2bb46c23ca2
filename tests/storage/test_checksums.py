"""A flipped bit in a segment is found, wherever it is."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.asking import add, event, own_store

from logtui.core.cancel import CancelToken
from logtui.core.errors import Cancelled
from logtui.core.page import Problem
from logtui.storage.checksums import verify, verify_store


@pytest.fixture(scope="module")
def segment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = own_store(tmp_path_factory.mktemp("checksums") / "store")
    [path] = add(root, [event(number, f"evt_{number * 7919 % 1000:05}") for number in range(500)])
    return path


def problems(path: Path) -> list[Problem]:
    return list(verify([("name", path)], token=CancelToken()))


def test_a_whole_segment_has_no_problem(segment: Path) -> None:
    assert problems(segment) == []


def test_every_flipped_bit_of_a_page_is_found(segment: Path, tmp_path: Path) -> None:
    """A hundred single bits anywhere in the columns' chunks, each alone."""
    data = segment.read_bytes()
    footer = pq.read_metadata(segment)
    chunks = [footer.row_group(0).column(number) for number in range(footer.num_columns)]
    spans = [
        (
            min(chunk.data_page_offset, chunk.dictionary_page_offset or chunk.data_page_offset),
            chunk.total_compressed_size,
        )
        for chunk in chunks
    ]
    dice = random.Random(10)
    missed = []
    for _ in range(100):
        start, size = dice.choice(spans)
        place, bit = start + dice.randrange(size), 1 << dice.randrange(8)
        flipped = tmp_path / "flipped.parquet"
        flipped.write_bytes(data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :])
        if not problems(flipped) and pq.ParquetFile(flipped).read() != pq.ParquetFile(segment).read():
            missed.append((place, bit))

    assert missed == []


@pytest.mark.parametrize("content", [b"", b"no parquet at all", b"PAR1" + bytes(40) + b"PAR1"])
def test_what_is_no_parquet_file_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.parquet"
    path.write_bytes(content)

    [problem] = problems(path)

    assert problem.path == "name"
    assert problem.is_loss


def test_a_file_that_is_gone_is_passed_over(tmp_path: Path) -> None:
    assert problems(tmp_path / "gone.parquet") == []


def test_files_without_checksums_are_decoded(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"a": list(range(1000))}), path)
    data = path.read_bytes()
    (tmp_path / "y.parquet").write_bytes(data[:4] + bytes(40) + data[44:])

    assert problems(path) == []
    assert len(problems(tmp_path / "y.parquet")) == 1


def test_a_store_is_checked_segment_by_segment(tmp_path: Path) -> None:
    root = own_store(tmp_path / "store", [event(number * 86_400_000_000) for number in range(3)])
    bad = next((root / "date=2026-10-02").iterdir())
    data = bad.read_bytes()
    bad.write_bytes(data[:4] + bytes([data[4] ^ 1]) + data[5:-900] + data[-900:])

    found = list(verify_store(root, token=CancelToken()))

    assert [problem.path for problem in found] == [f"date=2026-10-02/{bad.name}"]


def test_it_can_be_cancelled(segment: Path) -> None:
    token = CancelToken()
    token.cancel()

    with pytest.raises(Cancelled):
        list(verify([("name", segment)], token=token))
