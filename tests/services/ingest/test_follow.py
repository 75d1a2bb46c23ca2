"""Following: every line once, over rotation, truncation, restarts and failures. The wait of the loop is the test's."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from tests.samples import NOW

from logtui.core.cancel import CancelToken
from logtui.core.clock import frozen_clock
from logtui.core.errors import Cancelled, StoreError
from logtui.core.event import Event
from logtui.services.ingest import follow
from logtui.services.ingest.follow import Follower
from logtui.services.ingest.pipeline import Surroundings
from logtui.services.ingest.recipe import Recipe
from logtui.services.ingest.rejects import Rejects
from logtui.storage.event_sink import Written

Step = Callable[[], object]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Events are due at once."""
    monkeypatch.setattr(follow, "_AGE", 0.0)


class Sink:
    """An `EventSink` that remembers ids in the order of their writing, and may fail."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.is_full = False

    def write(self, events: Sequence[Event] | pa.Table) -> Written:
        assert isinstance(events, pa.Table)
        if self.is_full:
            raise StoreError("no space left on device")
        self.ids += events["event_id"].to_pylist()
        return Written(events.num_rows, 0, 1)

    def close(self) -> None:
        pass


class Steps:
    """A `Watcher` that takes a step of the test at each wait, and cancels after the last."""

    def __init__(self, steps: Sequence[Step], token: CancelToken) -> None:
        self._steps: Iterator[Step] = iter(steps)
        self._token = token

    def wait(self, timeout: float) -> frozenset[str] | None:
        step = next(self._steps, None)
        if step is not None:
            step()
        return None

    def is_over(self) -> bool:
        return False

    def close(self) -> None:
        pass


class Scene:
    """A directory with a log, a sink, and a checkpoint."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.log = root / "app.log"
        self.sink = Sink()
        self.notes: list[str] = []
        self.number = 0

    def line(self, count: int = 1) -> bytes:
        """Return the next lines; their ids are numbers."""
        numbers = range(self.number, self.number + count)
        self.number += count
        return b"".join(b'{"time":%d,"type":"a.b","id":"%d"}\n' % (1_759_570_200 + n, n) for n in numbers)

    def append(self, data: bytes, path: Path | None = None) -> Step:
        def write() -> None:
            with (path or self.log).open("ab") as file:
                file.write(data)

        return write

    def run(self, *steps: Step, names: Sequence[str] | None = None) -> None:
        """Follow, taking a step at each wait; ends after two waits without one."""
        token = CancelToken()
        watcher = Steps([*steps, lambda: None, token_cancel(token)], token)
        around = Surroundings(frozen_clock(NOW), token, self.notes.append)
        follower = Follower(
            names or [str(self.log)], self.sink, Rejects(lambda: self.root / "rejects"), Recipe(), around,
            checkpoint=self.root / "checkpoint", watcher=watcher,
        )  # fmt: skip
        with pytest.raises(Cancelled):
            follower.run()

    @property
    def expected(self) -> list[str]:
        return [str(n) for n in range(self.number)]


def token_cancel(token: CancelToken) -> Step:
    # The loop looks at the token itself; cancelling inside of its own wait would interrupt that.
    return lambda: setattr(token, "_is_cancelled", True)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


class TestGrowth:
    def test_what_is_there_and_what_comes_is_stored_once(self, scene: Scene) -> None:
        """From the beginning of the file, over restarts."""
        scene.log.write_bytes(scene.line(3))
        scene.run(scene.append(scene.line(2)), scene.append(scene.line()))
        scene.append(scene.line(2))()
        scene.run(scene.append(scene.line()))

        assert scene.sink.ids == scene.expected

    def test_a_half_line_waits_for_its_end_also_over_a_restart(self, scene: Scene) -> None:
        """A line counts when it is whole."""
        line = scene.line()
        scene.run(scene.append(line[:10]), scene.append(line[10:20]))
        assert scene.sink.ids == []
        scene.run(scene.append(line[20:]))

        assert scene.sink.ids == ["0"]

    def test_a_file_that_is_not_there_yet_is_waited_for(self, scene: Scene) -> None:
        """A service may start before what it follows."""
        scene.run(lambda: None, scene.append(scene.line()))

        assert scene.sink.ids == scene.expected

    def test_new_files_of_a_directory_join(self, scene: Scene) -> None:
        """Also those of a directory in it."""
        inner = scene.root / "logs" / "inner"
        inner.mkdir(parents=True)
        later = scene.append(scene.line(), inner / "b.log")
        scene.run(scene.append(scene.line(), inner.parent / "a.log"), later, names=[str(inner.parent)])

        assert sorted(scene.sink.ids) == scene.expected

    def test_compressed_files_are_said_and_left(self, scene: Scene) -> None:
        """Their lines were read before they were compressed."""
        scene.log.write_bytes(b"\x1f\x8b\x08")
        scene.run()

        assert any("is compressed" in note for note in scene.notes)

    def test_bad_lines_are_in_the_rejects_before_the_checkpoint_moves(self, scene: Scene) -> None:
        """A restart does not read them again, so they must be kept."""
        scene.log.write_bytes(b"oops\n" + scene.line())
        scene.run()
        scene.run()

        assert [json.loads(line)["line"] for line in (scene.root / "rejects").read_bytes().splitlines()] == [1]


class TestRotation:
    def rename(self, scene: Scene) -> None:
        scene.log.rename(scene.root / "app.log.1")

    def test_a_renamed_file_is_read_to_its_end(self, scene: Scene) -> None:
        """Its writer may go on for a while; the new file is read beside it."""
        scene.log.write_bytes(scene.line())
        late = scene.line()
        scene.run(
            lambda: self.rename(scene),
            scene.append(late, scene.root / "app.log.1"),
            scene.append(scene.line()),
        )

        assert sorted(scene.sink.ids) == scene.expected

    def test_the_last_line_of_a_renamed_file_needs_no_line_feed(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Nothing will complete it any more, once its writer had time to notice."""
        monkeypatch.setattr(follow, "_PATIENCE", 0.0)
        scene.log.write_bytes(scene.line().rstrip())
        scene.run(lambda: self.rename(scene), lambda: None, scene.append(scene.line()))

        assert sorted(scene.sink.ids) == scene.expected

    def test_a_file_that_was_rotated_while_nobody_followed_is_finished(self, scene: Scene) -> None:
        """It is found by its inode and its first bytes."""
        scene.log.write_bytes(scene.line(2))
        scene.run()
        scene.append(scene.line(2))()
        self.rename(scene)
        scene.log.write_bytes(scene.line())
        scene.run()

        assert sorted(scene.sink.ids) == scene.expected

    @pytest.mark.parametrize("is_running", [True, False])
    def test_files_that_nobody_saw_under_their_name_are_read(self, scene: Scene, *, is_running: bool) -> None:
        """Rotated twice between two looks, or several times while nobody followed."""
        scene.log.write_bytes(scene.line())

        def rotate_twice() -> None:
            self.rename(scene)
            scene.log.write_bytes(scene.line())
            scene.log.rename(scene.root / "app.log.0")
            scene.log.write_bytes(scene.line())

        scene.run(*([rotate_twice] if is_running else []))
        if not is_running:
            rotate_twice()
            scene.run()

        assert sorted(scene.sink.ids) == scene.expected

    def test_a_removed_file_is_read_to_its_end(self, scene: Scene) -> None:
        """It stays open."""
        scene.log.write_bytes(scene.line())
        rest = scene.line()

        def append_and_remove() -> None:
            scene.append(rest)()
            scene.log.unlink()

        scene.run(append_and_remove, scene.append(scene.line()))

        assert sorted(scene.sink.ids) == scene.expected

    def test_a_truncated_file_is_read_from_its_beginning(self, scene: Scene) -> None:
        """And that is said."""
        scene.log.write_bytes(scene.line(3))
        scene.run(lambda: os.truncate(scene.log, 0), scene.append(scene.line()))

        assert scene.sink.ids == scene.expected
        assert f"{scene.log}: was truncated; reading it from its beginning" in scene.notes

    def test_the_copy_of_a_truncated_file_is_finished(self, scene: Scene) -> None:
        """What came between the last look and the copy is in the copy alone."""
        scene.log.write_bytes(scene.line(3))
        between = scene.line()

        def copy_and_truncate() -> None:
            scene.append(between)()
            (scene.root / "app.log.1").write_bytes(scene.log.read_bytes())
            os.truncate(scene.log, 0)

        scene.run(copy_and_truncate, scene.append(scene.line()))

        assert sorted(scene.sink.ids) == scene.expected

    def test_another_file_under_the_same_inode_is_read_from_its_beginning(self, scene: Scene) -> None:
        """Written anew, longer than before: only its first bytes tell."""
        scene.log.write_bytes(scene.line(2))
        scene.run()
        inode = scene.log.stat().st_ino
        with scene.log.open("r+b") as file:
            file.truncate()
            file.write(scene.line(5))
        scene.run()

        assert scene.log.stat().st_ino == inode
        assert scene.sink.ids == scene.expected

    def test_what_cannot_be_found_again_is_said(self, scene: Scene) -> None:
        """A loss that is possible is not passed over."""
        scene.log.write_bytes(scene.line(2))
        scene.run()
        scene.log.unlink()
        scene.run()

        assert any("is not the file any more that was read up to byte" in note for note in scene.notes)


class TestFailure:
    def test_the_checkpoint_stays_when_events_cannot_be_stored(self, scene: Scene) -> None:
        """The next run, with room on the disk, stores them."""
        scene.log.write_bytes(scene.line(2))
        scene.sink.is_full = True
        with pytest.raises(StoreError, match="no space left"):
            scene.run()
        scene.sink.is_full = False
        scene.run()

        assert scene.sink.ids == scene.expected

    @pytest.mark.parametrize(
        "content", [b"", b"{}", b"[1]", b'{"checkpoint":1,"kind":"ingest","looked_at":1,"files":[{"path":1}]}']
    )
    def test_a_checkpoint_that_is_none_is_refused(self, scene: Scene, content: bytes) -> None:
        """Nothing is guessed from it."""
        (scene.root / "checkpoint").write_bytes(content)

        with pytest.raises(StoreError, match="is not a checkpoint of this logtui"):
            scene.run()
