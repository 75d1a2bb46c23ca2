"""Sizes and spans read as people say them, and are never rounded up."""

from __future__ import annotations

import pytest

from logtui.core.clock import DAY, HOUR, MINUTE
from logtui.core.sizes import size_text, span_text


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (1, "1 byte"), (10_239, "10,239 bytes"), (10_240, "10 KiB"), (12 << 20, "12 MiB"),
     ((1 << 34) - 1, "15 GiB"), (1 << 62, "4,096 PiB")],
)  # fmt: skip
def test_sizes(size: int, text: str) -> None:
    assert size_text(size) == text


@pytest.mark.parametrize(
    ("micros", "text"),
    [(0, "0 minutes"), (MINUTE, "1 minute"), (2 * HOUR - 1, "119 minutes"), (2 * HOUR, "2 hours"), (3 * DAY, "3 days")],
)
def test_spans(micros: int, text: str) -> None:
    assert span_text(micros) == text
