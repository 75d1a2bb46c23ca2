"""Completion of the line that is being typed: what is certain is put in, the ways to go on are told."""

from __future__ import annotations

from logtui.core.query.complete import Seen, complete
from logtui.core.sanitise import one_for_one
from logtui.plain.commands import COMMANDS, QUERY_SIGN
from logtui.plain.line_editor import Complete

_MOST_TOLD = 10


def completer(seen: Seen) -> Complete:
    """Return what completes commands and queries; `seen` gives values that the store was seen to hold."""

    def find(text: str, at: int) -> tuple[str, tuple[str, ...]]:
        head = text[:at]
        if head and " " not in head:
            names = [f"{command.name} " for command in COMMANDS if command.name.startswith(head)]
            if names:
                return _common(names, head), _told(names)
        skipped = len(QUERY_SIGN) if head.startswith(QUERY_SIGN) else 0
        completion = complete(text[skipped:], at - skipped, seen=seen)
        typed = head[skipped + completion.start :]
        # What cannot be seen cannot be chosen either.
        options = [option.text for option in completion.options if one_for_one(option.text) == option.text]
        return _common([option for option in options if option.startswith(typed)], typed), _told(options)

    return find


def _common(options: list[str], typed: str) -> str:
    """Return what all options go on with."""
    if not options:
        return ""
    first, last = min(options), max(options)
    end = next((at for at, char in enumerate(first) if at >= len(last) or last[at] != char), len(first))
    return first[len(typed) : end]


def _told(options: list[str]) -> tuple[str, ...]:
    if len(options) < 2:
        return ()
    more = f", and {len(options) - _MOST_TOLD} more" if len(options) > _MOST_TOLD else ""
    return (", ".join(option.strip() for option in options[:_MOST_TOLD]) + more,)
