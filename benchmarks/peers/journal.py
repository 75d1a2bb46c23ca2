"""What a run has measured so far, line by line, so that one which was cut short goes on where it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.peers.results import Measured, measured_from


class Journal:
    """A file of JSON lines. What was measured of another commit does not count."""

    def __init__(self, path: Path, commit: str) -> None:
        self.path, self._commit = path, commit
        self.tools: dict[str, str] = {}
        """Tool -> its version, of all that were started."""
        self._done = self._read()

    def note_tools(self, versions: Mapping[str, str]) -> None:
        """Keep which versions were asked."""
        self.tools.update(versions)
        self._append({"tools": self.tools})

    def once(self, store: str, question: str, measure: Callable[[], Sequence[Measured]]) -> list[Measured]:
        """Return what is kept of a question, or measure it and keep that."""
        found = self._done.get((store, question))
        if found is None:
            found = list(measure())
            self._append({"measured": [asdict(each) for each in found]})
        return found

    def _append(self, fields: dict[str, object]) -> None:
        with self.path.open("a") as file:
            file.write(json.dumps({"commit": self._commit, **fields}) + "\n")

    def _read(self) -> dict[tuple[str, str], list[Measured]]:
        done: dict[tuple[str, str], list[Measured]] = {}
        for line in self.path.read_text().splitlines() if self.path.exists() else ():
            try:
                fields = json.loads(line)
            except ValueError:
                continue  # it was cut short: measured again
            if fields["commit"] != self._commit:
                continue
            self.tools.update(fields.get("tools", {}))
            measured = [measured_from(each) for each in fields.get("measured", ())]
            if measured:
                done[measured[0].store, measured[0].question] = measured
        return done

    def __len__(self) -> int:
        return len(self._done)

    def remove(self) -> None:
        """Forget all, when the run is over."""
        self.path.unlink(missing_ok=True)
