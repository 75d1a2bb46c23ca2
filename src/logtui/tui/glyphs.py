"""Every sign of the screen that is not ASCII, and what stands for it where the terminal has no UTF-8.

One cell stays one cell, so that nothing moves. A test looks for signs that are missing here.
"""

from __future__ import annotations

from collections.abc import Mapping

ASCII_FORMS: Mapping[str, str] = {
    # punctuation
    "…": "~", "–": "-", "“": '"', "”": '"', "·": ".", "≥": ">", "≤": "<", "×": "x",
    # arrows and marks
    "↑": "^", "↓": "v", "←": "<", "→": ">", "▸": ">", "▾": "v", "▴": "^", "●": "*", "✓": "+", "✗": "x",
    # frames, ours and Textual's
    "─": "-", "│": "|", "╭": "+", "╮": "+", "╰": "+", "╯": "+", "▔": "-", "▐": "|",
    # bars: upright ones, lying ones, and what is not filled
    "▁": "_", "▂": "_", "▃": ".", "▄": "-", "▅": "-", "▆": "=", "▇": "#", "█": "#",
    "▏": "|", "▎": "|", "▍": "|", "▌": "|", "▋": "|", "▊": "|", "▉": "#", "░": ":",
    # days of the coverage strip
    "╌": "~", "◆": "H",
}  # fmt: skip
