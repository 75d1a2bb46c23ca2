"""A change of a store is told at once, by itself, and nothing stays behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.asking import add, event, own_store

from logtui.core.clock import DAY
from logtui.storage import mounts as mounting
from logtui.storage import watch as watching
from logtui.storage.engine import Watcher
from logtui.storage.watch import NotifiedWatcher, PollingWatcher, watch

_PATIENCE = 10.0


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return own_store(tmp_path / "store", [event(0)])


@pytest.fixture
def watcher(store: Path) -> Iterator[Watcher]:
    watcher = watch(store)
    assert watcher.wait(0) is None  # now it watches
    yield watcher
    watcher.close()


def while_waiting(watcher: Watcher, act: Callable[[], object]) -> tuple[frozenset[str] | None, float]:
    """Return what a wait gave that began before `act`, and how long after `act` it came."""
    with ThreadPoolExecutor(1) as pool:
        waiting: Future[tuple[frozenset[str] | None, float]] = pool.submit(
            lambda: (watcher.wait(_PATIENCE), time.monotonic())
        )
        act()
        acted = time.monotonic()
        found, at = waiting.result(_PATIENCE)
    return found, at - acted


def test_the_first_wait_asks_for_a_full_listing(store: Path) -> None:
    """Files may have come between the start of following and that of watching."""
    watcher = watch(store)

    assert watcher.wait(_PATIENCE) is None
    watcher.close()


def test_a_new_segment_is_told_at_once(store: Path, watcher: Watcher) -> None:
    delays = []
    for number in range(5):
        published: list[Path] = []

        def publish(at: int = number, into: list[Path] = published) -> None:
            into.extend(add(store, [event(at + 1)]))

        found, delay = while_waiting(watcher, publish)
        assert found == frozenset(map(str, published))
        delays.append(delay)

    assert sorted(delays)[2] < 0.25


def test_a_new_day_is_told_and_listed_again_soon(store: Path, watcher: Watcher) -> None:
    """Its first file may have come before the new directory was watched."""
    found, _ = while_waiting(watcher, lambda: add(store, [event(3 * DAY)]))

    assert found
    assert any("date=2026-10-04" in path for path in found)
    assert watcher.wait(_PATIENCE) in (None, frozenset(map(str, (store / "date=2026-10-04").iterdir())))


def test_what_is_no_segment_is_not_told(store: Path, watcher: Watcher) -> None:
    (store / ".logtui" / "tmp" / "x.parquet").write_bytes(b"")
    (store / "notes.txt").write_text("x")

    assert watcher.wait(0.2) == frozenset()


def test_a_removed_segment_is_told(store: Path, watcher: Watcher) -> None:
    [path] = (store / "date=2026-10-01").iterdir()

    found, _ = while_waiting(watcher, path.unlink)

    assert found == frozenset([str(path)])


def test_a_full_listing_is_asked_for_now_and_then(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_LISTING_SECONDS", 0.2)
    watcher = watch(store)
    watcher.wait(0)

    assert watcher.wait(_PATIENCE) is None
    watcher.close()


def test_a_wait_ends_in_time(watcher: Watcher) -> None:
    started = time.monotonic()

    assert watcher.wait(0.1) == frozenset()
    assert 0.08 < time.monotonic() - started < 1


@pytest.mark.parametrize("kind", [NotifiedWatcher, lambda _: PollingWatcher()])
def test_closing_ends_a_wait_from_another_thread(store: Path, kind: Callable[[Path], Watcher]) -> None:
    watcher = kind(store)
    watcher.wait(0)

    def close() -> None:
        threading.Event().wait(0.05)
        watcher.close()

    found, delay = while_waiting(watcher, close)

    assert found in (frozenset(), None)
    assert delay < 0.5
    assert watcher.wait(_PATIENCE) == frozenset()


def test_closing_leaves_no_thread(store: Path) -> None:
    until_none_notifies()
    watcher = watch(store)
    watcher.wait(0)
    watcher.wait(0.01)
    assert notifying() == 1

    watcher.close()
    watcher.close()

    until_none_notifies()
    assert notifying() == 0


def notifying() -> int:
    """Count the threads that take notifications; Python did not start them."""
    count = 0
    for task in Path("/proc/self/task").iterdir():
        try:
            count += (task / "comm").read_text().startswith("notify")
        except OSError:  # it ended meanwhile
            continue
    return count


def until_none_notifies() -> None:
    deadline = time.monotonic() + _PATIENCE
    while notifying() and time.monotonic() < deadline:
        threading.Event().wait(0.005)


def test_waiting_uses_next_to_no_processor(watcher: Watcher) -> None:
    used, started = time.process_time(), time.monotonic()

    watcher.wait(1.0)

    assert (time.process_time() - used) / (time.monotonic() - started) < 0.02


def test_polling_takes_over_where_the_system_has_no_notifications(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object, *, is_recursive: bool) -> object:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(watching, "_notifications", refuse)
    monkeypatch.setattr(watching, "_POLL_SECONDS", 0.05)
    watcher = watch(store)
    watcher.wait(0)

    assert watcher.wait(_PATIENCE) is None
    watcher.close()


def test_files_of_other_machines_are_polled(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        f"40 22 0:50 / {str(store).replace(' ', chr(92) + '040')} rw - nfs4 server:/export rw\n"
    )
    monkeypatch.setattr(mounting, "_MOUNTS", mounts)

    assert isinstance(watch(store), PollingWatcher)
    assert isinstance(watch(tmp_path), NotifiedWatcher)


def test_one_file_can_be_watched(store: Path) -> None:
    [path] = (store / "date=2026-10-01").iterdir()
    watcher = watch(path)
    watcher.wait(0)

    found, _ = while_waiting(watcher, path.unlink)

    assert found == frozenset([str(path)])
    watcher.close()
