"""What colours look like: contrast as WCAG 2 counts it, colour vision as Machado, Oliveira and Fernandes model it."""

from __future__ import annotations

import math
from itertools import combinations

Rgb = tuple[int, int, int]
_Vector = tuple[float, float, float]
_Matrix = tuple[_Vector, _Vector, _Vector]

# Machado et al. 2009, the whole loss of one kind of cone; applied to linear RGB.
VISIONS: dict[str, _Matrix] = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
_TO_XYZ: _Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE: _Vector = (0.95047, 1.0, 1.08883)


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast ratio of two colours: 1 for the same, 21 for black and white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def distance(one: Rgb, other: Rgb, vision: str) -> float:
    """Return how far apart two colours are for a kind of vision, in CIELAB: 2 is seen side by side, 10 at a glance."""
    return math.dist(_lab(one, vision), _lab(other, vision))


def least_distance(colours: list[Rgb], vision: str) -> float:
    """Return the distance of the two of several colours that are nearest to each other."""
    return min(distance(one, other, vision) for one, other in combinations(colours, 2))


def _linear(colour: Rgb) -> _Vector:
    red, green, blue = (
        value / 255 / 12.92 if value / 255 <= 0.04045 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in colour
    )
    return red, green, blue


def _luminance(colour: Rgb) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _times(matrix: _Matrix, vector: _Vector) -> _Vector:
    first, second, third = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return first, second, third


def _lab(colour: Rgb, vision: str) -> _Vector:
    seen = _times(VISIONS[vision], _linear(colour))
    clipped = (min(1.0, max(0.0, seen[0])), min(1.0, max(0.0, seen[1])), min(1.0, max(0.0, seen[2])))
    x, y, z = (_cube_root(value / white) for value, white in zip(_times(_TO_XYZ, clipped), _WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _cube_root(value: float) -> float:
    return float(value ** (1 / 3)) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116
