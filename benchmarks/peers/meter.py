"""What one question cost the process that answered it, and the commands that it started."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.answer import Answer


@dataclass(frozen=True, slots=True)
class Cost:
    seconds: float
    first: float
    """Seconds until the first rows."""
    cpu: float
    """Seconds on a processor, of all threads and of commands that have ended."""
    read: int
    """Bytes taken by read and pread (`rchar`), from the page cache too; what is mapped into memory is not seen."""
    peak: int
    """Most resident bytes meanwhile, of the process or of the largest program that it started to answer."""


def measure(ask: Callable[[], Answer]) -> tuple[Answer, Cost]:
    """Ask, and tell what it cost."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # the peak of resident memory begins anew
    read, cpu, start = _read_bytes(), _cpu(), time.perf_counter()
    answer = ask()
    seconds, cpu, read = time.perf_counter() - start, _cpu() - cpu, _read_bytes() - read
    first = seconds if answer.first_at is None else answer.first_at - start
    return answer, Cost(seconds, first, cpu, read, _peak() if answer.peak is None else answer.peak)


def _read_bytes() -> int:
    return int(Path("/proc/self/io").read_text().split()[1])


def _peak() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def _cpu() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime
