"""The peers' own environment, made once under BENCH_DIR. What cannot be installed is left out of the run, and said."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks import stores

VENV = stores.BENCH_DIR / "peers-venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def install() -> None:
    """Install what `requirements.txt` names, one by one, so that one which cannot be had costs none of the others."""
    mark = VENV / ".requirements"
    wanted = REQUIREMENTS.read_text()
    if mark.exists() and mark.read_text() == wanted:
        return
    print(f"installing {', '.join(requirements())} into {VENV}", file=sys.stderr, flush=True)
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    done = [
        subprocess.run([str(PYTHON), "-m", "pip", "install", "--quiet", requirement]).returncode
        for requirement in requirements()
    ]
    if not any(done):
        mark.write_text(wanted)


def requirements() -> list[str]:
    return [line for line in REQUIREMENTS.read_text().splitlines() if line and not line.startswith("#")]


def lacks_module(name: str) -> str:
    """Return why a package of the peers' environment cannot be used, nothing if it can."""
    if not PYTHON.exists():
        return "not installed"
    done = subprocess.run([str(PYTHON), "-c", f"import {name}"], capture_output=True, text=True)
    return f"not installed: {done.stderr.strip().splitlines()[-1]}" if done.returncode else ""


def lacks_program(*names: str) -> str:
    """Return which of the programs are missing, nothing if none is."""
    missing = [name for name in names if not shutil.which(name)]
    return f"not installed: {', '.join(missing)}" if missing else ""
