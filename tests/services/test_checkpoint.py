"""Where a tail had come, kept over restarts."""

from __future__ import annotations

from pathlib import Path

import pytest

from logtui.core.errors import StoreError
from logtui.services.checkpoint import load_checkpoint, save_checkpoint


@pytest.fixture
def store(tmp_path: Path) -> Path:
    directory = tmp_path / "audit"
    directory.mkdir()
    return directory


def test_a_position_comes_back(tmp_path: Path, store: Path) -> None:
    """Names of any kind survive."""
    position = frozenset({"date=2026-10-04/i-1.parquet", "odd \u202e\n.parquet"})

    save_checkpoint(tmp_path / "c", store, position)

    assert load_checkpoint(tmp_path / "c", store) == position


def test_no_file_is_a_first_run(tmp_path: Path, store: Path) -> None:
    """Nothing was printed yet."""

    assert load_checkpoint(tmp_path / "c", store) is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"checkpoint": 2}', b"\xff", b'{"checkpoint":1,"store":"/","segments":[1]}']
)
def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path, store: Path, content: bytes) -> None:
    """To start over silently would repeat, or lose, what it stood for."""
    (tmp_path / "c").write_bytes(content)

    with pytest.raises(StoreError, match="is not a checkpoint of this logtui"):
        load_checkpoint(tmp_path / "c", store)


def test_another_stores_checkpoint_is_refused(tmp_path: Path, store: Path) -> None:
    """Two tails with one file would lose events of both."""
    save_checkpoint(tmp_path / "c", tmp_path, frozenset())

    with pytest.raises(StoreError, match="is the checkpoint of "):
        load_checkpoint(tmp_path / "c", store)


def test_a_directory_is_no_checkpoint(tmp_path: Path, store: Path) -> None:
    """What the system says is passed on."""

    with pytest.raises(StoreError, match="cannot be read: Is a directory"):
        load_checkpoint(tmp_path, store)
