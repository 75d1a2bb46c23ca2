"""Sizes and spans for people."""

from __future__ import annotations

from logtui.core.clock import DAY, HOUR, MINUTE

_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB")


def size_text(size: int) -> str:
    """Return bytes in the largest unit that leaves two digits or more: `12 MiB`, never rounded up."""
    value, unit = size, 0
    while value >= 10_240 and unit < len(_UNITS) - 1:
        value //= 1024
        unit += 1
    return f"{value:,} {_UNITS[unit] if size != 1 else 'byte'}"


def span_text(micros: int) -> str:
    """Return a length of time in its largest fitting unit, never rounded up: `3 hours`, `1 minute`."""
    unit, length = next(
        ((name, size) for name, size in (("day", DAY), ("hour", HOUR)) if micros >= 2 * size), ("minute", MINUTE)
    )
    count = micros // length
    return f"{count:,} {unit}{'' if count == 1 else 's'}"
