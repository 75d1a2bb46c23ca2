"""What the kernel knows of bytes that were written to a terminal and wait."""

from __future__ import annotations

import fcntl
import select
import struct
import termios

_MOST_WAITING = 512
"""Bytes: a tenth of a second on a line of 38,400 baud."""


def is_full(descriptor: int) -> bool:
    """Tell whether a terminal has yet to take what was written to it.

    Serial lines count the bytes that wait. Linux does not for pseudo-terminals, as sshd has them: those only tell when
    all their buffers are full.
    """
    try:
        waiting = struct.unpack("i", fcntl.ioctl(descriptor, termios.TIOCOUTQ, b"\0" * 4))[0]
        return waiting > _MOST_WAITING or not select.select([], [descriptor], [], 0)[1]
    except (OSError, ValueError):
        return False
