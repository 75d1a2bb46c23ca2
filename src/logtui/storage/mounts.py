"""Which file system a path lies on, as far as Linux says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_REMOTE = ("nfs", "cifs", "smb", "9p", "fuse", "ceph", "lustre", "gluster", "afs", "vboxsf", "virtiofs")


@dataclass(frozen=True, slots=True)
class FileSystem:
    """One mounted file system."""

    kind: str
    """`ext4`, `nfs4` …; "" where the system does not say."""

    @property
    def is_remote(self) -> bool:
        """Whether other machines may change its files, which is then not notified here."""
        return self.kind.startswith(_REMOTE)


def file_system(path: Path) -> FileSystem:
    """Return the file system that holds an absolute path."""
    try:
        lines = _MOUNTS.read_text("utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return FileSystem("")
    deepest, kind = "", ""
    for line in lines:
        fields, _, source = line.partition(" - ")
        mount = fields.split(" ")[4].encode().decode("unicode_escape")
        is_above = path.is_relative_to(mount)
        if is_above and len(mount) >= len(deepest):
            deepest, kind = mount, source.split(" ")[0]
    return FileSystem(kind)
