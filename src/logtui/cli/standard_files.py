"""The three files that a program expects to find open: stdin, stdout and stderr.

Whoever starts it may have closed them (`2>&-`). The next file that is opened, such as an export, would then get their
number, and whatever a library writes to "stderr" would land in it.
"""

from __future__ import annotations

import os


def occupy() -> None:
    """Put `/dev/null` where one of them is closed. Python goes on to take it for closed, and says so."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            # The lowest number that is free, which is this one.
            os.open(os.devnull, os.O_RDWR)
