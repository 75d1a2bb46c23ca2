"""Times plan, drop and verification against what they must keep to.

python benchmarks/retention.py [DIRECTORY]
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.retained import apply, events_of_day, retained
from tests.samples import NOW, write_store

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, frozen_clock
from logtui.services.retention.planning import Override, plan_store
from logtui.services.verification.sealing import seal_store
from logtui.services.verification.verifying import verify_store
from logtui.storage.segment_writer import init_store

_TODAY = date(2026, 10, 4)


def fill(root: Path, days: int, files: int, payload: bytes = b"") -> None:
    """Make a store of copies of one small segment, old enough to expire; with `payload`, of such files instead."""
    init_store(root)
    seed = write_store(root.with_name("seed"), events_of_day("2000-01-01"))
    content = payload or next(seed.glob("date=*/*")).read_bytes()
    for back in range(1, days + 1):
        place = root / f"date={_TODAY - timedelta(days=back)}"
        place.mkdir()
        for number in range(files):
            (place / f"i-{number}.parquet").write_bytes(content)


def timed(name: str, deed: Callable[[], object]) -> float:
    """Run it, print wall and processor time, return the wall time."""
    wall, cpu = time.perf_counter(), time.process_time()
    deed()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{name:52} {wall:7.2f} s   (processor {cpu:.2f} s)")
    return wall


def main() -> None:
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as directory:
        place = Path(directory)
        wide = place / "wide"
        fill(wide, 3650, 10)
        timed("plan over 3,650 partitions of 10 files", lambda: plan_store(retained(wide), Override(30)))
        shutil.rmtree(wide)
        deep = place / "deep"
        fill(deep, 400, 100)
        timed("drop of 365 days of 100 files, undo window open", lambda: apply(deep, 35))
        shutil.rmtree(deep)
        deep = place / "deep2"
        fill(deep, 400, 100)
        timed("the same, deleted at once", lambda: apply(deep, 35, keep_trash=0))
        shutil.rmtree(deep)
        _verification(place / "large")


def _verification(root: Path) -> None:
    noise = b"".join(hashlib.sha512(str(number).encode()).digest() for number in range(1 << 18))
    fill(root, 16, 4, noise)
    size = sum(path.stat().st_size for path in root.glob("date=*/*"))
    seal_store(retained(root), token=CancelToken())
    names = [str(path) for path in root.glob("date=*/*")]
    plain = timed("sha256sum of 1 GB", lambda: subprocess.run(["sha256sum", *names], check=True, capture_output=True))
    clock = frozen_clock(NOW + DAY)
    ours = timed("verify of the same files", lambda: list(verify_store(root, clock, token=CancelToken())))
    print(f"verify: {size / ours / 1e6:,.0f} MB/s, {plain / ours:.0%} of sha256sum")


if __name__ == "__main__":
    main()
