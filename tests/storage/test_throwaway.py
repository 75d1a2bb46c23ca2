"""What a killed process left is removed by the next one, and nothing else is."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from logtui.storage.throwaway import ThrowAway, held, sweep

_MAKE = """
import sys, time
from pathlib import Path
from logtui.storage.throwaway import ThrowAway
made = ThrowAway("logtui-", Path(sys.argv[1]))
(made.path / "spilled").write_bytes(b"events")
print(made.path, flush=True)
sys.stdin.read()
"""


@contextmanager
def another_process(place: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """Run a process that has a throw-away directory; give both."""
    process = subprocess.Popen([sys.executable, "-c", _MAKE, str(place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield process, Path(os.fsdecode(process.stdout.readline().strip()))
    finally:
        process.kill()
        process.communicate()


def test_only_this_user_may_look_into_it(tmp_path: Path) -> None:
    """Events may be spilled into it."""
    made = ThrowAway("logtui-", tmp_path)

    assert made.path.parent == tmp_path
    assert made.path.stat().st_mode & 0o777 == 0o700
    made.remove()
    made.remove()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_goes_with_the_next_one(tmp_path: Path) -> None:
    """As long as the process lives nobody touches it."""
    with another_process(tmp_path) as (process, left):
        ThrowAway("logtui-", tmp_path).remove()
        assert (left / "spilled").exists()
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert left.exists()

        ThrowAway("logtui-", tmp_path).remove()

        assert not left.exists()


def test_what_is_not_surely_ours_stays(tmp_path: Path) -> None:
    """Other names, directories without the mark, files and links of the right name elsewhere."""
    (tmp_path / "logtui-notes").mkdir()
    (tmp_path / "logtui-abcd1234").mkdir()
    (tmp_path / "logtui-abcd1234" / "thesis.txt").touch()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / ".logtui-throw-away").touch()
    (tmp_path / "logtui-abcd1235").symlink_to(elsewhere)
    before = sorted(tmp_path.rglob("*"))

    ThrowAway("logtui-", tmp_path).remove()

    assert sorted(tmp_path.rglob("*")) == before


def test_a_directory_that_was_made_just_before_the_end_is_removed(tmp_path: Path) -> None:
    """It is empty and has no mark yet."""
    (tmp_path / "logtui-abcd1234").mkdir()

    ThrowAway("logtui-", tmp_path).remove()

    assert list(tmp_path.iterdir()) == []


def test_it_may_be_kept_under_another_name(tmp_path: Path) -> None:
    """No mark stays in it; a name that is taken is an error."""
    made = ThrowAway("logtui-", tmp_path)
    (made.path / "data").touch()
    made.keep_as(tmp_path / "kept")

    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["data"]
    with pytest.raises(OSError, match="not empty"):
        ThrowAway("logtui-", tmp_path).keep_as(tmp_path / "kept")


def test_a_lock_is_held_once(tmp_path: Path) -> None:
    """And not on what is gone."""
    path = tmp_path / "file"
    path.touch()
    first = held(path)

    assert first is not None
    assert held(path) is None
    os.close(first)
    assert held(tmp_path / "none") is None


def test_a_place_that_cannot_be_listed_is_passed_over(tmp_path: Path) -> None:
    """Sweeping is a courtesy, never a reason to fail."""

    sweep(tmp_path / "none", re.compile("x"))
