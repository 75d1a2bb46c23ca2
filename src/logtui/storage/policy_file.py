"""The store's own settings, `.logtui/store.toml`: every tool and person that opens the store sees the same policy."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from logtui.core.clock import DAY
from logtui.core.errors import UsageError
from logtui.core.query.suggest import nearest
from logtui.core.retention.policy import Policy, days_of_plan, parse_size
from logtui.core.times import format_duration, parse_duration
from logtui.storage.control_files import control, write_control

NAME = "store.toml"
DEFAULT_KEEP_TRASH = DAY
"""How long what was dropped can be restored, in microseconds, unless the file or the command says otherwise."""
_KEYS = ("days", "plan", "max_size", "keep_trash", "keep")


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """What the file says."""

    policy: Policy = Policy()
    keep_trash: int = DEFAULT_KEEP_TRASH


def read_policy(root: Path) -> StoredPolicy:
    """Read a store's policy; a store without the file keeps everything.

    Raises:
        UsageError: the file is wrong; the message names it and the key.
    """
    path = control(root, NAME)
    try:
        content = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return StoredPolicy()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error
    try:
        table = tomllib.loads(content).get("retention", {})
    except tomllib.TOMLDecodeError as error:
        detail = str(error)
        raise UsageError(f"{path}: is not TOML: {detail[:1].lower()}{detail[1:]}") from error
    try:
        return _stored(table)
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from error


def write_policy(root: Path, policy: Policy) -> None:
    """Write a policy into the file; what else people wrote there stays, comments as well.

    Raises:
        StoreError: it cannot be written.
        UsageError: what is there is not understood, so it is not touched.
    """
    import tomlkit

    read_policy(root)
    path = control(root, NAME)
    document = tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()
    table = document.setdefault("retention", tomlkit.table())
    for key in ("days", "plan", "max_size", "keep"):
        table.pop(key, None)
    fixed = policy.plan and policy.plan != "enterprise"
    if policy.plan:
        table["plan"] = policy.plan
    if policy.days is not None and not fixed:
        table["days"] = policy.days
    if policy.max_bytes is not None:
        table["max_size"] = policy.max_bytes
    if policy.keep:
        table["keep"] = dict(policy.keep)
    write_control(root, NAME, content=tomlkit.dumps(document).encode())


def policy_body(policy: Policy) -> Mapping[str, Any]:
    """Return a policy as the ledger holds it."""
    return {
        "days": policy.days,
        "plan": policy.plan,
        "max_bytes": policy.max_bytes,
        "keep": dict(policy.keep),
    }


def keep_trash_text(keep_trash: int) -> str:
    """Return how long the undo window is."""
    return format_duration(keep_trash)


def _stored(table: object) -> StoredPolicy:
    if not isinstance(table, dict):
        raise UsageError("retention must be a table")
    for key in table:
        if key not in _KEYS:
            near = nearest(key, _KEYS)
            raise UsageError(f"unknown key {key}" + (f"; did you mean {near}?" if near else ""))
    days = _days("days", table["days"]) if "days" in table else None
    plan = table.get("plan", "")
    if not isinstance(plan, str):
        raise UsageError("plan must be a text")
    if plan:
        days = days_of_plan(plan, days)
    size = table.get("max_size")
    if size is not None:
        size = size if isinstance(size, int) and not isinstance(size, bool) else parse_size(str(size))
    keep = table.get("keep", {})
    if not isinstance(keep, dict):
        raise UsageError("keep must be a table of event types and days")
    kept = tuple((pattern, _days(f"keep {pattern}", value)) for pattern, value in keep.items())
    trash = table.get("keep_trash")
    window = DEFAULT_KEEP_TRASH if trash is None else parse_duration(str(trash))
    return StoredPolicy(Policy(days, plan, size, kept), window)


def _days(key: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise UsageError(f"{key} must be a whole number of days; quote types with dots")
    return value
