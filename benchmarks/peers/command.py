"""Runs a program, and tells how much memory it or a program that it started took at most."""

from __future__ import annotations

import os
import select
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ran:
    output: str
    complaint: str
    status: int
    peak: int
    """Bytes resident, of the largest of its processes; 0 of one that ended before it was looked at."""


def run(command: Sequence[str], cwd: Path | None = None) -> Ran:
    """Run a command to its end."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaint:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=complaint, cwd=cwd)
        peak = _watch(process.pid)
        process.wait()
        texts = []
        for file in (output, complaint):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
    return Ran(texts[0], texts[1], process.returncode, peak)


def _watch(pid: int) -> int:
    """Look at the peaks of a process and its children until it ends.

    What `wait4` tells cannot be used: a child's peak begins with that of the process which started it.
    """
    peak, pause, end = 0, 0.001, os.pidfd_open(pid)
    try:
        while not select.select([end], [], [], pause)[0]:
            peak, pause = max(peak, _largest(pid)), min(0.02, 2 * pause)
    finally:
        os.close(end)
    return peak


def _largest(pid: int) -> int:
    place = Path(f"/proc/{pid}")
    try:
        own = int((place / "status").read_text().partition("VmHWM:")[2].split()[0]) * 1024
        children = (place / "task" / str(pid) / "children").read_text().split()
    except (OSError, IndexError):
        return 0
    return max([own, *(_largest(int(child)) for child in children)])


def run_well(command: Sequence[str], cwd: Path | None = None) -> Ran:
    """Run a command.

    Raises:
        RuntimeError: it did not end well; the message has its last words.
    """
    ran = run(command, cwd)
    if ran.status:
        raise RuntimeError((ran.complaint or ran.output).strip()[-300:] or f"status {ran.status}")
    return ran
