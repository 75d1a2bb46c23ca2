"""Nothing that logtui writes lands in a store, whatever name leads there."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.samples import small_events, write_store

from logtui.core.errors import UsageError
from logtui.services.output_place import check_checkpoint, check_output, descriptor_named, store_around

Check = Callable[[Path, Path], None]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return write_store(tmp_path / "store", small_events())


@pytest.fixture
def segment(store: Path) -> Path:
    return next(iter(sorted(store.glob("date=*/*.parquet"))))


@pytest.fixture(params=[check_output, check_checkpoint])
def check(request: pytest.FixtureRequest) -> Check:
    found: Check = request.param
    return found


class TestStores:
    def test_anything_below_the_store_is_refused(self, check: Check, store: Path, segment: Path) -> None:
        """A segment, a new file beside one, one in the root, one among logtui's own files."""
        for place in (segment, segment.with_name("new.parquet"), store / "out.csv", store / ".logtui" / "root.json"):
            with pytest.raises(UsageError, match="lies in the store that is read; name a file outside"):
                check(place, store)

    def test_links_are_followed_first(self, check: Check, store: Path, segment: Path, tmp_path: Path) -> None:
        """To a directory above, to the file itself, one that dangles, and a store that is named through a link."""
        (tmp_path / "above").symlink_to(segment.parent)
        (tmp_path / "out.csv").symlink_to(segment)
        (tmp_path / "dangling.csv").symlink_to(store / "new.csv")
        (tmp_path / "alias").symlink_to(store)
        for place, read in (
            (tmp_path / "above" / "new.csv", store),
            (tmp_path / "out.csv", store),
            (tmp_path / "dangling.csv", store),
            (store / "out.csv", tmp_path / "alias"),
            (tmp_path / "alias" / ".." / "store" / "out.csv", store),
        ):
            with pytest.raises(UsageError, match="lies in the store that is read"):
                check(place, read)

    def test_a_hard_link_to_a_segment_is_refused(
        self, check: Check, store: Path, segment: Path, tmp_path: Path
    ) -> None:
        """The message says which segment it is."""
        os.link(segment, tmp_path / "out.parquet")

        with pytest.raises(UsageError, match=f"is the same file as {segment.parent.name}/{segment.name} in the store"):
            check(tmp_path / "out.parquet", store)

    def test_a_file_that_is_a_store_is_not_replaced(self, check: Check, segment: Path, tmp_path: Path) -> None:
        """Nor by one of its other names; a file beside it is a place like any other."""
        single = tmp_path / "single.parquet"
        single.write_bytes(segment.read_bytes())
        os.link(single, tmp_path / "hard.parquet")
        (tmp_path / "soft.parquet").symlink_to(single)
        for name in ("single.parquet", "hard.parquet", "soft.parquet"):
            with pytest.raises(UsageError, match="is the file that is read; name another one"):
                check(tmp_path / name, single)

        check(tmp_path / "other.parquet", single)

    def test_a_store_that_is_not_read_is_safe_too(self, check: Check, store: Path, segment: Path) -> None:
        """A segment that is read as a store of its own does not open its neighbours to writing."""
        with pytest.raises(UsageError, match=f"lies in the logtui store {store}; name a file outside it"):
            check(segment.with_name("new.parquet"), segment)

    def test_a_directory_of_foreign_files_is_a_store(self, check: Check, segment: Path, tmp_path: Path) -> None:
        """What is in it would be read the next time."""
        foreign = tmp_path / "foreign"
        foreign.mkdir()
        (foreign / "a.parquet").write_bytes(segment.read_bytes())

        with pytest.raises(UsageError, match="lies in the store that is read"):
            check(foreign / "deep" / "out.parquet", foreign)

    def test_everywhere_else_is_fine(self, check: Check, store: Path, tmp_path: Path) -> None:
        """A new file, an old one, one in a directory whose name only begins like the store's."""
        (tmp_path / "old.csv").touch()
        (tmp_path / "store-exports").mkdir()
        for name in ("new.csv", "old.csv", "store-exports/out.csv", "store.csv"):
            check(tmp_path / name, store)


class TestKinds:
    def test_a_directory_is_no_output(self, store: Path, tmp_path: Path) -> None:
        """A file in it would be."""
        with pytest.raises(UsageError, match="is a directory; name a file in it"):
            check_output(tmp_path, store)

    def test_devices_and_pipes_are_written_to_as_they_are(self, store: Path, tmp_path: Path) -> None:
        """`/dev/null`, a FIFO that somebody reads, an open file by its number."""
        os.mkfifo(tmp_path / "fifo")
        for place in (Path(os.devnull), tmp_path / "fifo", Path("/dev/fd/63"), Path("/dev/stdout")):
            check_output(place, store)

    def test_a_checkpoint_is_a_regular_file(self, store: Path, tmp_path: Path) -> None:
        """It is read back: a pipe would wait for ever, a directory or device holds none."""
        os.mkfifo(tmp_path / "fifo")
        for place in (tmp_path, tmp_path / "fifo", Path(os.devnull), Path("/dev/stdout")):
            with pytest.raises(UsageError, match="a checkpoint is a regular file"):
                check_checkpoint(place, store)

    @pytest.mark.parametrize(
        ("name", "number"),
        [("/dev/stdout", 1), ("/dev/stderr", 2), ("/dev/fd/63", 63), ("/proc/self/fd/1", 1), ("/dev/null", None)],
    )
    def test_names_of_open_files(self, name: str, number: int | None) -> None:
        """As shells write them, `-o >(gzip)` among them."""

        assert descriptor_named(Path(name)) == number


def test_the_store_around_a_path_is_found(store: Path, segment: Path, tmp_path: Path) -> None:
    """However deep; none where there is none."""

    assert store_around(segment.parent / "a" / "b") == store
    assert store_around(tmp_path / "a") is None
