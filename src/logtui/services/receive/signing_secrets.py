"""The secrets that deliveries are signed with: from a file or the environment, never from arguments, which `ps` shows.

Several are in force at a time, so that a new one can be put beside the old one before the sender changes over. No
message repeats any part of a secret; they are told apart by where they stand.
"""

from __future__ import annotations

import base64
import binascii
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from logtui.core.errors import LogtuiError, UsageError

ENVIRONMENT = ("LOGTUI_WEBHOOK_SECRET", "LOGTUI_WEBHOOK_SECRETS")
"""The first holds one secret; the second several, with white space between them."""
PREFIX = "whsec_"
LEAST_BYTES = 16
"""Shorter keys can be guessed; senders make 24 bytes or more."""
_LARGEST_FILE = 65_536
_OTHER_KINDS = ("whsk_", "whpk_")


class SecretFileError(LogtuiError):
    """The file of secrets cannot be read, or others could read it too."""


def read_secrets(file: Path | None, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return all secrets of the file and the environment, each once and with its prefix.

    Raises:
        UsageError: there is none, or one is not a secret; the message names file and line, or the variable.
        SecretFileError: the file cannot be read, or is open to every user of the machine.
    """
    found: dict[str, None] = {}
    if file is not None:
        for number, line in enumerate(_lines(file), 1):
            if text := line.partition("#")[0].strip():
                found[_checked(text, f"{file}, line {number}")] = None
    for name in ENVIRONMENT:
        for text in environment.get(name, "").split():
            found[_checked(text, name)] = None
    if not found and file is not None:
        raise UsageError(f"{file}: holds no webhook secret; it needs one a line")
    if not found:
        raise UsageError(f"no webhook secret: give --secret-file FILE, or set {ENVIRONMENT[0]} in the environment")
    return tuple(found)


def _lines(file: Path) -> list[str]:
    try:
        with file.open("rb") as source:
            status = os.fstat(source.fileno())
            if stat.S_ISREG(status.st_mode) and status.st_mode & stat.S_IRWXO:
                raise SecretFileError(f"{file}: every user of this machine may open it; run chmod o= {file}")
            content = source.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise SecretFileError(f"{file}: {(error.strerror or str(error)).lower()}") from error
    if len(content) > _LARGEST_FILE:
        raise SecretFileError(f"{file}: too large for a file of secrets; it needs one secret a line")
    try:
        return content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise SecretFileError(f"{file}: not a text file; it needs one secret a line") from error


def _checked(text: str, where: str) -> str:
    """Return the secret with its prefix. The library that uses it would skip what is not base64, and go on."""
    if text.startswith(_OTHER_KINDS):
        raise UsageError(f"{where}: this is a key of an asymmetric signature; only {PREFIX}… secrets can be used")
    encoded = text.removeprefix(PREFIX).rstrip("=")
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UsageError(
            f"{where}: not a webhook secret; it is {PREFIX} and base64, as the sender's dashboard shows it"
        ) from error
    if len(key) < LEAST_BYTES:
        raise UsageError(f"{where}: the secret has {len(key)} bytes, fewer than {LEAST_BYTES}; was it cut off?")
    return PREFIX + encoded
