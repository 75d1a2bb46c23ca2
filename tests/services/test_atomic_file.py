"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from logtui.core.errors import StoreError
from logtui.services.atomic_file import replacing


def test_the_file_appears_at_the_end(tmp_path: Path) -> None:
    """A reader never sees a part of it."""
    path = tmp_path / "out.csv"

    with replacing(path) as sink:
        sink.write(b"whole")
        assert not path.exists()

    assert path.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """An export that ends early costs nothing that was there."""
    path = tmp_path / "out.csv"
    path.write_bytes(b"old")

    with pytest.raises(KeyboardInterrupt):  # noqa: PT012, SIM117 - the block must have begun to write
        with replacing(path) as sink:
            sink.write(b"new")
            raise KeyboardInterrupt

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_older_file_passes_on_its_mode(tmp_path: Path) -> None:
    """What was private stays private."""
    path = tmp_path / "out.csv"
    path.touch(0o600)
    path.chmod(0o600)

    with replacing(path) as sink:
        sink.write(b"new")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_keeps_pointing_to_the_file(tmp_path: Path) -> None:
    """The file behind the link is replaced, not the link."""
    target = tmp_path / "target"
    target.write_bytes(b"old")
    (tmp_path / "link").symlink_to("target")

    with replacing(tmp_path / "link") as sink:
        sink.write(b"new")

    assert (tmp_path / "link").is_symlink()
    assert target.read_bytes() == b"new"


def test_a_device_is_written_to(tmp_path: Path) -> None:
    """`-o /dev/null` discards the output and keeps the device."""

    with replacing(Path(os.devnull)) as sink:
        sink.write(b"gone")

    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("name", ["", "no/such/directory/file"])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    """A directory, or one that is missing."""
    with pytest.raises(StoreError, match="cannot be written: "), replacing(tmp_path / name):
        pass  # pragma: no cover


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    """The message says what the system says."""
    with pytest.raises(StoreError, match="cannot be written: No space left on device"):  # noqa: SIM117
        with replacing(Path("/dev/full")) as sink:
            sink.write(b"x")
