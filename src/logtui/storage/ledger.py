"""The ledger: what happened to the store, one JSON line each, every line holding the digest of the line before it.

It only grows, and it outlives the events. Changing, removing or inserting a line breaks the chain; cutting lines off
its end shows in `ledger.head` beside it and, whatever else was rewritten, to anybody who kept a head digest.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import pwd
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from logtui.core.clock import Clock
from logtui.core.errors import StoreError, UsageError
from logtui.core.times import format_instant, parse_instant
from logtui.storage.control_files import as_store_error, control, flush_directory, make_directory, write_control
from logtui.storage.marker import read_marker

NAME = "ledger.jsonl"
HEAD = "ledger.head"
NOTHING = "0" * 64
"""The digest before the first line."""
_LOCK = "ledger.lock"
_KEYS = ("n", "at", "who", "op", "previous")
Body = Mapping[str, Any]
"""What an entry says beside who and when; JSON values."""


class Op(StrEnum):
    """What an entry records."""

    ADOPT = "adopt"
    POLICY = "policy"
    HOLD = "hold"
    RELEASE = "release"
    SEAL = "seal"
    SEAL_HOLD = "seal hold"
    INGEST = "ingest"
    COMPACT = "compact"
    DROP = "drop"
    RESTORE = "restore"
    PURGE = "purge"
    SIGN = "sign"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line."""

    number: int
    """From 1 on."""
    at: int
    """Microseconds since the epoch, as its writer's clock said."""
    who: str
    op: str
    body: Body
    previous: str
    digest: str
    """SHA-256 of the line's bytes; the next line holds it."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger as it was read."""

    entries: tuple[Entry, ...] = ()
    damage: tuple[str, ...] = ()
    """What is wrong with it, each naming the line; empty for a whole one."""
    torn: int = 0
    """Bytes of an unfinished last line, which a crash leaves; the next append notes and removes them."""
    size: int = 0

    @property
    def head(self) -> str:
        """The digest of the last line, which stands for all of them."""
        return self.entries[-1].digest if self.entries else NOTHING

    def require_whole(self) -> None:
        """Raise `StoreError` when something is wrong with it: nothing is deleted on the word of a damaged ledger."""
        if self.damage:
            raise StoreError(f"the ledger is damaged: {self.damage[0]}; `logtui verify` tells more; nothing was done")


def read_ledger(root: Path) -> Ledger:
    """Read a store's ledger and check its chain; a store without one has an empty one.

    Raises:
        StoreError: it is there and cannot be read.
    """
    path = control(root, NAME)
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
            content = file.read()
    except (FileNotFoundError, NotADirectoryError):
        content = b""
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {(error.strerror or str(error)).lower()}") from error
    return _parse(content, _read_head(root))


def append(root: Path, op: Op, body: Body, *, clock: Clock) -> Entry:
    """Add one line; see `append_all`."""
    return append_all(root, [(op, body)], clock=clock)[0]


def append_all(root: Path, records: Sequence[tuple[Op, Body]], *, clock: Clock) -> list[Entry]:
    """Add lines, all durable when this returns; several processes may do so at once.

    Raises:
        StoreError: they could not be written, or the ledger is damaged and must not be built upon.
    """
    with as_store_error(f"{control(root, NAME)}: cannot be written"), _locked(root) as descriptor:
        if os.fstat(descriptor).st_size == 0 and _read_head(root) is None:
            write_control(root, HEAD, content=f"0 {NOTHING}\n".encode())
        known = read_ledger(root)
        known.require_whole()
        if known.torn:
            os.ftruncate(descriptor, known.size - known.torn)
            records = [(Op.NOTE, {"text": f"removed an unfinished line of {known.torn} bytes"}), *records]
        entries = _linked(known, records, _uuid(root), clock)
        content = b"".join(line + b"\n" for _, line in entries)
        written = os.write(descriptor, content)
        if written < len(content):
            raise StoreError(f"{control(root, NAME)}: cannot be written: the disk is full")
        os.fsync(descriptor)
        last = entries[-1][0]
        write_control(root, HEAD, content=f"{last.number} {last.digest}\n".encode())
    return [entry for entry, _ in entries]


def person() -> str:
    """Return who runs this: `ada@host (uid 1000)`, with the name behind sudo."""
    uid = os.getuid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        name = "?"
    behind = os.environ.get("SUDO_USER", "")
    via = f", sudo by {behind}" if behind and behind != name else ""
    return f"{name}@{socket.gethostname()} (uid {uid}{via})"


def _linked(known: Ledger, records: Sequence[tuple[Op, Body]], uuid: str, clock: Clock) -> list[tuple[Entry, bytes]]:
    entries: list[tuple[Entry, bytes]] = []
    number, previous, who, at = len(known.entries), known.head, person(), clock()
    for op, given in records:
        number += 1
        # The first line says whose ledger it is.
        body = given if number > 1 else {**given, "store": uuid}
        fields = {"n": number, "at": format_instant(at), "who": who, "op": op.value, **body, "previous": previous}
        line = json.dumps(fields, separators=(",", ":")).encode()
        entries.append((Entry(number, at, who, op.value, body, previous, _digest(line)), line))
        previous = entries[-1][0].digest
    return entries


def _uuid(root: Path) -> str:
    try:
        marker = read_marker(root)
    except FileNotFoundError:
        marker = None
    if marker is None:
        raise StoreError(f"{root}: is no store that logtui made, so it has no ledger")
    return marker.uuid


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


@contextmanager
def _locked(root: Path) -> Iterator[int]:
    make_directory(root)
    lock = os.open(control(root, _LOCK), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        is_new = not control(root, NAME).exists()
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(control(root, NAME), flags, 0o640)
        try:
            if is_new:
                flush_directory(control(root))
            yield descriptor
        finally:
            os.close(descriptor)
    finally:
        os.close(lock)


def _read_head(root: Path) -> tuple[int, str] | None:
    try:
        text = control(root, HEAD).read_text("ascii")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        return -1, ""
    number, _, digest = text.removesuffix("\n").partition(" ")
    with suppress(ValueError):
        if text == f"{int(number)} {digest}\n":
            return int(number), digest
    return -1, ""


def _parse(content: bytes, head: tuple[int, str] | None) -> Ledger:
    lines = content.split(b"\n")
    torn = lines.pop()
    entries: list[Entry] = []
    damage: list[str] = []
    previous = NOTHING
    for number, line in enumerate(lines, 1):
        entry = _entry(line, number)
        if isinstance(entry, str):
            damage.append(f"line {number} {entry}")
            previous = _digest(line)
            continue
        if entry.previous != previous:
            damage.append(
                f"line {number} does not follow the line before it: one of them was changed, or some are gone"
            )
        previous = entry.digest
        entries.append(entry)
    damage.extend(_against_head(entries, len(lines), head))
    return Ledger(tuple(entries), tuple(damage), len(torn), len(content))


def _entry(line: bytes, number: int) -> Entry | str:
    try:
        fields = json.loads(line)
        known = [fields[key] for key in _KEYS]
        at = parse_instant(fields["at"], 0)
    except (ValueError, KeyError, TypeError, UsageError, AttributeError):
        return "is not an entry"
    if known[0] != number:
        return f"has the number {known[0]!r}"
    body = {key: value for key, value in fields.items() if key not in _KEYS}
    return Entry(number, at, str(fields["who"]), str(fields["op"]), body, str(fields["previous"]), _digest(line))


def _against_head(entries: Sequence[Entry], lines: int, head: tuple[int, str] | None) -> Iterator[str]:
    """The head is written after the line, so a crash may leave it behind the last line, but never ahead."""
    if head is None:
        if lines:
            yield f"{HEAD} beside it is gone"
        return
    number, digest = head
    if number < 0 or (number == 0 and digest != NOTHING):
        yield f"{HEAD} beside it was changed"
    elif number == 0:
        return
    elif number > lines:
        yield f"it has {lines} lines, but {HEAD} knows of {number}: lines were cut off"
    elif not any(entry.number == number and entry.digest == digest for entry in entries):
        yield f"{HEAD} does not fit line {number}: one of them was changed"
