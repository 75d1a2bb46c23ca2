"""What the locale promises about the terminal's character set. Pure; the environment can be given."""

from __future__ import annotations

import os
from collections.abc import Mapping

_WITHOUT_UTF8 = ("vt100", "vt220")


def is_ascii_only(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether the locale promises no UTF-8, so that only ASCII should be shown.

    It is no matter of looks: a terminal of one byte a character obeys the byte 0x9B, which UTF-8 has in `Û`.
    """
    name = environment.get("LC_ALL") or environment.get("LC_CTYPE") or environment.get("LANG") or ""
    if environment.get("TERM") in _WITHOUT_UTF8:
        return True
    return bool(name) and not name.lower().replace("-", "").endswith("utf8")
