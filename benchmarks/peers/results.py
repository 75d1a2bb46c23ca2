"""The figures of a run, as they are kept in JSON."""

from __future__ import annotations

import json
import statistics
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Measured:
    """One tool's answer to one question on one store."""

    store: str
    question: str
    title: str
    tool: str
    seconds: tuple[float, ...] = ()
    """Of each run that counted; for pages, of one page. Empty where the tool did not answer: see `note`."""
    first: float = 0.0
    """Seconds until the first rows, median."""
    cpu: float = 0.0
    read: int | None = None
    """Bytes read in one run, median; None where it cannot be seen."""
    peak: int = 0
    """Most resident memory in any run, bytes."""
    rows: int = 0
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def spread(self) -> float:
        """Half of the distance between the quartiles, as a part of the median."""
        if len(self.seconds) < 2:
            return 0.0
        low, _, high = statistics.quantiles(self.seconds, n=4, method="inclusive")
        return (high - low) / 2 / self.median


@dataclass(frozen=True, slots=True)
class Store:
    """One store, and the same events in other forms; bytes, 0 where there is no such form."""

    name: str
    events: int
    days: int
    sizes: dict[str, int] = field(default_factory=dict)
    made_by: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """What one of the other benchmarks measured: its figures as `report.Figure` has them."""

    name: str
    title: str
    date: str
    machine: str
    figures: tuple[dict[str, Any], ...]


@dataclass(slots=True)
class Results:
    """One run."""

    date: str = ""
    machine: str = ""
    commit: str = ""
    tools: dict[str, str] = field(default_factory=dict)
    """Tool -> its version."""
    left_out: dict[str, str] = field(default_factory=dict)
    """Tool -> why it was not asked."""
    stores: list[Store] = field(default_factory=list)
    measured: list[Measured] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    def of(self, store: str, question: str) -> dict[str, Measured]:
        """Return what each tool did with a question."""
        return {each.tool: each for each in self.measured if (each.store, each.question) == (store, question)}

    def find(self, store: str, question: str, tool: str = "logtui") -> Measured | None:
        """Return one tool's figures, None where there are none."""
        found = self.of(store, question).get(tool)
        return found if found and found.seconds else None

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"schema": SCHEMA, **asdict(self)}, indent=1, ensure_ascii=False)
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_text(text + "\n")
        unfinished.rename(path)

    @classmethod
    def read(cls, path: Path) -> Results:
        """Read what `write` wrote.

        Raises:
            ValueError: another version of this program wrote it.
        """
        fields: dict[str, Any] = json.loads(path.read_text())
        if fields.pop("schema") != SCHEMA:
            raise ValueError(f"{path}: not of schema {SCHEMA}; measure again")
        return cls(
            **{
                **fields,
                "stores": [Store(**store) for store in fields["stores"]],
                "measured": [measured_from(each) for each in fields["measured"]],
                "tables": [Table(**{**each, "figures": tuple(each["figures"])}) for each in fields["tables"]],
            }
        )


def measured_from(fields: dict[str, Any]) -> Measured:
    return Measured(**{**fields, "seconds": tuple(fields["seconds"])})
