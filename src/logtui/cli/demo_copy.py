"""The demo's throw-away store: a copy of the bundled data that ends now, with live events coming in beside it."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from logtui.cli import diagnostics
from logtui.cli.demo_writer import BEGIN, STORE
from logtui.core.errors import StoreError
from logtui.services.demo.bundle import copy_bundle, distance_to
from logtui.session import make_store
from logtui.storage.throwaway import ThrowAway

_GRACE = 5.0
"""Seconds that the writer gets to remove everything."""


class DemoCopy:
    """Exists until `close`, or until this process ends in whatever way: the writer sees to it."""

    def __init__(self, now: int) -> None:
        """Make the store so that it ends at a time.

        Raises:
            StoreError: the directory for temporary files cannot be written to.
        """
        try:
            self._directory = ThrowAway("logtui-demo-")
        except OSError as error:
            raise StoreError(f"no place for a throw-away store: {error}; set TMPDIR") from error
        self.store = self._directory.path / STORE
        self._writer = _start_writer(self._directory.path, now)
        try:
            copy_bundle(make_store(self.store, is_durable=False), distance_to(now))
        except BaseException:
            self.close()
            raise
        self._begin()

    def close(self) -> None:
        """End the live events and remove the store; says so if the events had ended by themselves."""
        code = self._writer.poll()
        try:
            _, said = self._writer.communicate(timeout=_GRACE)
        except subprocess.TimeoutExpired:
            self._writer.kill()
            _, said = self._writer.communicate()
        self._directory.remove()
        if code is not None:
            reason = said.decode(errors="replace").strip().rpartition("\n")[2]
            diagnostics.note(f"the live events had stopped: {reason or f'exit code {code}'}")

    def _begin(self) -> None:
        assert self._writer.stdin is not None
        with suppress(BrokenPipeError):  # told about when the demo closes
            self._writer.stdin.write(BEGIN)


def _start_writer(directory: Path, now: int) -> subprocess.Popen[bytes]:
    """Start the process, in a session of its own: keys and signals of the terminal are not for it."""
    command = [sys.executable, "-P", "-m", "logtui.cli.demo_writer", str(directory), str(now)]
    return subprocess.Popen(
        command,
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
