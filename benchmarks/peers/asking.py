"""Runs tools as worker processes, and gives up on what takes too long or too much memory."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil

from benchmarks.peers.questions import Question

ROOT = Path(__file__).parents[2]
PATIENCE = float(os.environ.get("BENCH_PATIENCE", "300"))
"""Seconds that one question may take."""
MOST_MEMORY = int(psutil.virtual_memory().total * 0.6)
_LOOK = 0.25


class GaveUpError(Exception):
    """The tool was stopped, or ended by itself; the message says why."""


class Worker:
    """One tool on one store. Started when it is first asked, and again after it was given up."""

    def __init__(self, python: str, tool: str, arguments: Sequence[str], env: Mapping[str, str] | None = None) -> None:
        self._command = [python, "-m", "benchmarks.peers.worker", tool, *arguments]
        self._env = {**os.environ, **(env or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self.version = ""

    def ask(self, question: Question, *, whole: bool) -> dict[str, Any]:
        """Return what the worker replied.

        Args:
            whole: whether the values themselves are wanted, or only their digest.

        Raises:
            GaveUpError: it took too long or too much, or ended.
        """
        process = self._started()
        request = {"question": asdict(question), "whole": whole}
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
        except OSError as error:
            self.close()
            raise GaveUpError("its process ended") from error
        return self._reply(process)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
                env=self._env, start_new_session=True,
            )  # fmt: skip
            self.version = str(self._reply(self._process)["version"])
        return self._process

    def _reply(self, process: subprocess.Popen[bytes]) -> dict[str, Any]:
        assert process.stdout is not None
        deadline = time.monotonic() + PATIENCE
        line = b""
        while not line.endswith(b"\n"):
            if select.select([process.stdout], [], [], _LOOK)[0]:
                part = os.read(process.stdout.fileno(), 1 << 20)
                line += part
                if not part:
                    raise GaveUpError(f"its process ended: {self._last_words(process)}")
            elif time.monotonic() > deadline:
                self.close()
                raise GaveUpError(f"took more than {PATIENCE:.0f} s")
            elif _memory(process.pid) > MOST_MEMORY:
                self.close()
                raise GaveUpError(f"took more than {MOST_MEMORY / 2**30:.0f} GiB of memory")
        reply: dict[str, Any] = json.loads(line)
        return reply

    def _last_words(self, process: subprocess.Popen[bytes]) -> str:
        assert process.stderr is not None
        process.wait()
        words = os.read(process.stderr.fileno(), 65_536).decode(errors="replace").strip().splitlines()
        self.close()
        return words[-1] if words else f"status {process.returncode}"

    def close(self) -> None:
        """End the process and what it started."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self._process = None


def _memory(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0
