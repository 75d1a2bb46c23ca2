"""Which events a question is about: a selection as the engine needs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logtui.core.page import Selection, TimeRange
from logtui.core.query.ast import Between, Everything, Node
from logtui.core.query.normal import conditions
from logtui.storage.duckdb.compiler import compile_condition
from logtui.storage.duckdb.sql import TRUE, Sql

if TYPE_CHECKING:
    from logtui.storage.sieve import Sieve
    from logtui.storage.words.demands import Demand


@dataclass(frozen=True, slots=True)
class Scope:
    """A condition and a range of time; both must hold."""

    where: Sql
    times: TimeRange
    is_selective: bool = False
    """Whether events of `times` may not match."""
    is_needle: bool = False
    """Whether Bloom filters pass over most of what does not match, so that files cost more than events."""
    condition: Node = Everything()
    """What `where` says, as a tree."""
    sieve: Sieve | None = None
    """Which segments cannot hold what matches."""
    demand: Demand | None = None
    """What the texts of rows must hold for an event among them to match; None for nothing that a filter knows."""

    @classmethod
    def of(cls, selection: Selection) -> Scope:
        """Compile a selection.

        Raises:
            UnsupportedQueryError: a term cannot be put to DuckDB.
        """
        times = selection.range
        terms = conditions(selection.condition)
        for term in terms:
            if isinstance(term, Between):
                times = times.intersect(TimeRange(term.start, term.end))
        if all(isinstance(term, Between) for term in terms):
            return cls(TRUE, times)
        # The first page of a store needs none.
        from logtui.storage.sieve import sieve_of

        compiled = compile_condition(selection.condition)
        sieve = sieve_of(selection.condition)
        is_needle = compiled.is_needle or sieve is not None
        demand = None
        if compiled.needs_payload:
            from logtui.storage.words.demands import demand_of

            demand = demand_of(selection.condition)
        return cls(
            Sql(compiled.sql, compiled.params),
            times,
            is_selective=True,
            is_needle=is_needle,
            condition=selection.condition,
            sieve=sieve,
            demand=demand,
        )
