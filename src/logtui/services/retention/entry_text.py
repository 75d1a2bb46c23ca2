"""Entries of the ledger as sentences, for `retention log` and the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from logtui.core.retention.policy import Policy, size_text
from logtui.storage.ledger import Body, Entry, Op


def sentence(entry: Entry) -> str:
    """Say what an entry records. Never raises: an entry of a newer logtui is shown by its name."""
    write = _WRITERS.get(entry.op)
    try:
        return write(entry.body) if write else entry.op
    except (KeyError, TypeError, ValueError, AttributeError):
        return entry.op


def policy_text(body: Mapping[str, Any]) -> str:
    """Say a policy as the ledger holds it."""
    policy = Policy(body["days"], body["plan"], body["max_bytes"], tuple(body["keep"].items()))
    return policy.describe()


def _drop(body: Body) -> str:
    taken = body["partitions"]
    days = _span([each["day"] for each in taken])
    rows = sum(each["rows"] for each in taken)
    size = sum(each["bytes"] for each in taken)
    reduced = sum(each["action"] == "reduce" for each in taken)
    held = sum(count for each in taken for count in each["held"].values())
    text = f"dropped {days}: {rows:,} events, {size_text(size)}; {taken[0]['reason']}"
    text += f"; policy {policy_text(body['policy'])}"
    if reduced:
        text += f"; {reduced} of them reduced to the types that are kept"
    if held:
        text += f"; {held:,} events copied for holds"
    return text + f"; run {body['id']}" + (f"; {body['note']}" if body.get("note") else "")


def _hold(body: Body) -> str:
    days = f"{body['from'] or 'the beginning'} to {body['to'] or 'the end'}"
    what = f"events of {body['query']}, {days}" if body["query"] else days
    return f"hold {body['name']}: {what}; {body['reason']}"


def _restore(body: Body) -> str:
    return f"restored {_span(body['days'])} from run {body['id']}"


def _adopt(body: Body) -> str:
    return f"adopted the store: {body['partitions']:,} partitions, {body['rows']:,} events, {size_text(body['bytes'])}"


def _seal(body: Body) -> str:
    return f"sealed {body['day']}: {body['segments']} segments, {body['rows']:,} events, {size_text(body['bytes'])}"


def _compact(body: Body) -> str:
    return f"compacted {body['day']}: {len(body['removed'])} segments into {len(body['files'])}"


def _span(days: Sequence[str]) -> str:
    ordered = sorted(days)
    if len(ordered) == 1:
        return ordered[0]
    return f"{len(ordered)} days, {ordered[0]} to {ordered[-1]}" if ordered else "no day"


_WRITERS: Mapping[str, Callable[[Body], str]] = {
    Op.ADOPT: _adopt,
    Op.POLICY: lambda body: f"policy: {policy_text(body['policy'])}",
    Op.HOLD: _hold,
    Op.RELEASE: lambda body: f"released hold {body['name']}" + (f": {body['reason']}" if body["reason"] else ""),
    Op.SEAL: _seal,
    Op.SEAL_HOLD: lambda body: f"sealed the events of hold {body['name']}",
    Op.INGEST: lambda body: f"late events for {body['day']}: {len(body['files'])} segments after its seal",
    Op.COMPACT: _compact,
    Op.DROP: _drop,
    Op.RESTORE: _restore,
    Op.PURGE: lambda body: f"deleted for good what run {body['id']} had put into the trash",
    Op.SIGN: lambda body: f"signed the ledger with the key {body['key']}",
    Op.NOTE: lambda body: str(body["text"]),
}
