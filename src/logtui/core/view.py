"""The view: what the screen shows, nameable and shareable (SPEC §2)."""

from __future__ import annotations

from dataclasses import dataclass

from logtui.core.columns import DEFAULT_FEED
from logtui.core.page import Order
from logtui.core.query.ast import Everything, Node


@dataclass(frozen=True, slots=True)
class View:
    """Query, columns and order. The time range is part of the query (`since:`, `until:`, `on:`, `around:`)."""

    query: Node = Everything()
    columns: tuple[str, ...] = DEFAULT_FEED
    order: Order = Order.NEWEST_FIRST


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view and its name. The name may hold anything: it is made visible where it is shown."""

    name: str
    view: View
