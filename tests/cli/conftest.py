"""Running the command line inside the test's own process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from logtui.cli.main import main
from logtui.cli.options import OpenScreen


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run left: its exit code, or the wish to open the screen, and both outputs."""

    code: int | OpenScreen
    out: bytes
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """The objects of NDJSON output."""
        return [json.loads(line) for line in self.out.decode().splitlines()]

    @property
    def ids(self) -> list[str]:
        return [event["event_id"] for event in self.events]


Run = Callable[..., Outcome]


@pytest.fixture
def logtui(capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run `logtui` with these arguments, at 2026-10-04T12:00:00Z unless `clock` is None."""

    def run(*arguments: str | Path, clock: str | None = "2026-10-04T12:00:00Z") -> Outcome:
        code = main([*(["--now", clock] if clock else []), *map(str, arguments)])
        captured = capsysbinary.readouterr()
        return Outcome(code, captured.out, captured.err.decode())

    return run
