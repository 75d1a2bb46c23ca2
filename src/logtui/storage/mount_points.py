"""Where the tree under a directory leaves its file system: other devices, and bind mounts of the same one.

A bind mount has the device number of its source, so the number alone would let a deletion walk into foreign files.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

_ESCAPED = re.compile(r"\\([0-7]{3})")
_MOUNTS = Path("/proc/self/mountinfo")


def mounted_names(root: str) -> frozenset[str]:
    """Return the names of entries of `root` (a resolved path) that are mount points or hold one.

    Empty where the system has no list of mounts; `same_mount` and device numbers decide there.
    """
    try:
        lines = os.fsdecode(_MOUNTS.read_bytes()).splitlines()
    except OSError:
        return frozenset()
    prefix = root.rstrip("/") + "/"
    places = (_unescaped(fields[4]) for fields in (line.split(" ") for line in lines) if len(fields) > 4)
    return frozenset(place[len(prefix) :].split("/", 1)[0] for place in places if place.startswith(prefix))


def mount_of(descriptor: int) -> tuple[int, str]:
    """Return what tells mounts apart: the device, and the number of the mount where the system gives one."""
    device = os.fstat(descriptor).st_dev
    try:
        lines = Path(f"/proc/self/fdinfo/{descriptor}").read_text("ascii").splitlines()
    except OSError:
        return device, ""
    return device, next((line.split()[1] for line in lines if line.startswith("mnt_id:")), "")


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 8)), text)
