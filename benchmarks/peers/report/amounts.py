"""How amounts are written: three digits at most, and the unit that suits."""

from __future__ import annotations

_TIMES = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))
_SIZES = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))
_COUNTS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def seconds(value: float) -> str:
    """Write a time: `3.2 ms`."""
    unit, name = next((each for each in _TIMES if value >= each[0]), _TIMES[-1])
    return f"{digits(value / unit)} {name}"


def size(value: float) -> str:
    """Write bytes: `1.4 MB`."""
    unit, name = next((each for each in _SIZES if value >= each[0]), (1.0, "B"))
    return f"{digits(value / unit)} {name}"


def count(value: float) -> str:
    """Write a number of events or days for an axis: `10 M`, `365`."""
    unit, name = next((each for each in _COUNTS if value >= each[0]), (1.0, ""))
    return f"{digits(value / unit)} {name}".strip()


def times(value: float) -> str:
    """Write a ratio: `0.42×`, `88×`."""
    return f"{digits(value)}×"


def digits(value: float) -> str:
    """Write two digits, and all that stand before the point."""
    if value == 0 or value >= 9.95:
        return f"{value:,.0f}"
    return f"{value:.1f}".removesuffix(".0") if value >= 0.995 else f"{value:.2g}"
