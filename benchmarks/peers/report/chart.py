"""Charts as SVG with logarithmic axes: a straight line is a power of what is below it, a flat one is no growth."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

_COLOURS = ("#0b6e99", "#c2410c", "#15803d", "#7e22ce", "#a16207", "#be123c", "#0f766e", "#4338ca", "#6b7280")
_DASHES = ("", "6 3", "2 3")
_WIDTH, _HEIGHT = 500, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 208, 34, 44
_LINE = 13
_STYLE = "text{font:11px sans-serif;fill:#1f2937}.h{font-weight:bold;font-size:13px}.a{fill:#6b7280}"


@dataclass(frozen=True, slots=True)
class Line:
    """What was measured at growing sizes; all values are above 0."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Panel:
    """Lines over one axis. `x` writes a value of the axis below, `y` one of the other."""

    title: str
    lines: Sequence[Line]
    x: Callable[[float], str]
    y: Callable[[float], str]
    x_title: str = ""


def chart(panels: Sequence[Panel], columns: int) -> str:
    """Return a picture of panels, row by row. Lines of one name have one look in all of them."""
    names = list({line.name: None for panel in panels for line in panel.lines})
    looks = {name: _look(number) for number, name in enumerate(names)}
    width, height = columns * _WIDTH, -(-len(panels) // columns) * _HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">',
        f'<style>{_STYLE}</style><rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for number, panel in enumerate(panels):
        x, y = number % columns * _WIDTH, number // columns * _HEIGHT
        parts.append(f'<g transform="translate({x},{y})">{_panel(panel, looks)}</g>')
    return "\n".join([*parts, "</svg>", ""])


def _look(number: int) -> str:
    dash = _DASHES[number // len(_COLOURS) % len(_DASHES)]
    return f'stroke="{_COLOURS[number % len(_COLOURS)]}"' + (f' stroke-dasharray="{dash}"' if dash else "")


def _panel(panel: Panel, looks: dict[str, str]) -> str:
    lines = [line for line in panel.lines if line.points]
    across = _Scale([x for line in lines for x, _ in line.points], _LEFT, _WIDTH - _RIGHT)
    up = _Scale([y for line in lines for _, y in line.points], _HEIGHT - _BOTTOM, _TOP)
    parts = [f'<text class="h" x="{_LEFT}" y="20">{escape(panel.title)}</text>']
    for value in up.ticks():
        at = up.place(value)
        parts.append(f'<path d="M{_LEFT} {at:.1f}H{_WIDTH - _RIGHT}" stroke="#e5e7eb"/>')
        parts.append(
            f'<text class="a" x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{escape(panel.y(value))}</text>'
        )
    for value in sorted({x for line in lines for x, _ in line.points}, key=float)[:: across.step(lines)]:
        at = across.place(value)
        parts.append(f'<path d="M{at:.1f} {_TOP}V{_HEIGHT - _BOTTOM}" stroke="#f3f4f6"/>')
        below = _HEIGHT - _BOTTOM + 16
        parts.append(f'<text class="a" x="{at:.1f}" y="{below}" text-anchor="middle">{escape(panel.x(value))}</text>')
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    parts.append(
        f'<text class="a" x="{middle:.0f}" y="{_HEIGHT - 8}" text-anchor="middle">{escape(panel.x_title)}</text>'
    )
    ends = []
    for line in lines:
        places = [(across.place(x), up.place(y)) for x, y in line.points]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        parts.append(f'<path d="M{path}" fill="none" stroke-width="1.8" {looks[line.name]}/>')
        colour = looks[line.name].split('"')[1]
        parts.extend(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>' for x, y in places)
        ends.append((places[-1], line.name, looks[line.name]))
    return "".join([*parts, *_labels(ends)])


def _labels(ends: list[tuple[tuple[float, float], str, str]]) -> list[str]:
    """Name the lines at their right ends, one below the other where they would overlap."""
    parts, x, lowest = [], _WIDTH - _RIGHT + 22, float(_TOP)
    room = _HEIGHT - _BOTTOM
    for number, ((from_x, from_y), name, look) in enumerate(sorted(ends, key=lambda end: end[0][1])):
        still = len(ends) - number - 1
        y = min(max(from_y, lowest), room - still * _LINE)
        lowest = y + _LINE
        parts.append(
            f'<path d="M{from_x + 4:.1f} {from_y:.1f}L{x - 3} {y:.1f}" stroke-width="0.7" fill="none" {look}/>'
        )
        parts.append(f'<text x="{x}" y="{y + 4:.1f}">{escape(name)}</text>')
    return parts


class _Scale:
    """Places values of any positive size between two edges, by their logarithm."""

    def __init__(self, values: Sequence[float], first: float, last: float) -> None:
        low, high = (math.log10(min(values)), math.log10(max(values))) if values else (0.0, 1.0)
        margin = 0.08 * (high - low) if high > low else 0.5
        self._low, self._high, self._first, self._last = low - margin, high + margin, first, last

    def place(self, value: float) -> float:
        part = (math.log10(value) - self._low) / (self._high - self._low)
        return self._first + part * (self._last - self._first)

    def ticks(self) -> list[float]:
        """Return the powers of ten that lie within; where that is fewer than two, their halves and fifths too."""
        decades = range(math.floor(self._low), math.ceil(self._high) + 1)
        coarse = self._within([10.0**power for power in decades])
        return (
            coarse if len(coarse) > 1 else self._within([part * 10.0**power for power in decades for part in (1, 2, 5)])
        )

    def _within(self, values: list[float]) -> list[float]:
        return [value for value in values if self._low <= math.log10(value) <= self._high]

    def step(self, lines: Sequence[Line]) -> int:
        """Return of how many values one is written below, so that they have room."""
        return -(-len({x for line in lines for x, _ in line.points}) // 6) or 1
