"""Text in place of a store: a file or standard input is read into a store that is removed in the end."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from logtui.cli.diagnostics import ExitCode
from logtui.core.cancel import CancelToken
from logtui.core.clock import Clock
from logtui.core.errors import StoreError

STDIN = Path("-")
_PARQUET = b"PAR1"


def is_text(store: Path) -> bool:
    """Tell whether what was named as the store is standard input, a pipe, or a file that is not Parquet."""
    if store == STDIN:
        return True
    try:
        mode = store.stat().st_mode
        if stat.S_ISFIFO(mode):
            return True
        if not stat.S_ISREG(mode) or store.suffix.lower() == ".parquet":
            return False
        with store.open("rb") as file:
            begun = file.read(len(_PARQUET))
    except OSError:
        # Opening it as a store tells what is wrong.
        return False
    return begun not in (_PARQUET, b"")


@contextmanager
def as_store(source: Path, mapping: Mapping[str, str], clock: Clock, token: CancelToken) -> Iterator[tuple[Path, int]]:
    """Give a store with the events of a text, and the exit code that reading it means; removed in the end.

    Raises:
        StoreError: there is no room for it.
    """
    made = make_store_of(source, mapping, clock, token)
    try:
        yield made.store, made.code
    finally:
        made.remove()


@dataclass(frozen=True, slots=True)
class TextStore:
    """A store with the events of a text, and the exit code that reading it means."""

    store: Path
    code: int
    remove: Callable[[], None]


def make_store_of(source: Path, mapping: Mapping[str, str], clock: Clock, token: CancelToken) -> TextStore:
    """Return a store with the events of a text, to be removed in the end.

    Raises:
        StoreError: there is no room for it.
    """
    from logtui.cli.ingest_talk import SaidRejects, Talk
    from logtui.services.ingest.pipeline import Pipeline, Surroundings
    from logtui.services.ingest.recipe import make_recipe
    from logtui.services.ingest.sources import Source
    from logtui.session import make_store, open_sink
    from logtui.storage.throwaway import ThrowAway

    try:
        directory = ThrowAway("logtui-read-")
    except OSError as error:
        raise StoreError(f"no place for a throw-away store: {error}; set TMPDIR") from error
    store = directory.path / ("stdin" if source == STDIN else source.name)
    try:
        make_store(store, is_durable=False)
        sink = open_sink(store, is_durable=False)
        talk, rejects = Talk(), SaidRejects()
        around = Surroundings(clock, token, talk.note, talk.show)
        pipeline = Pipeline(sink, rejects, make_recipe(None, mapping, {}), around)
        try:
            pipeline.run([Source(None if source == STDIN else source)])
        finally:
            talk.erase()
            sink.close()
    except BaseException:
        directory.remove()
        raise
    rejects.sum_up()
    return TextStore(store, ExitCode.DONE if pipeline.tally.is_complete else ExitCode.PROBLEM, directory.remove)


def read_keys_from_terminal() -> None:
    """Make the terminal standard input again, after the text that was piped in was read.

    Raises:
        StoreError: there is no terminal.
    """
    try:
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        raise StoreError("there is no terminal to read keys from; use logtui query for pipes") from error
    os.dup2(terminal, 0)
    os.close(terminal)
