"""Signing the ledger's head with Ed25519: one signature stands for every entry before it.

The private key should not be on the machine that writes the store; the public key is enough to check.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from logtui.core.clock import Clock
from logtui.core.errors import StoreError, UsageError
from logtui.services.verification.findings import Finding, Kind
from logtui.storage.ledger import NAME, Entry, Op, append, read_ledger

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_LEDGER = f".logtui/{NAME}"
_CONTEXT = b"logtui ledger head\n"
"""Before what is signed, so that a signature made for something else never fits."""


def sign_head(root: Path, key_file: Path, clock: Clock) -> Entry:
    """Sign the ledger's present head and append the signature.

    Args:
        key_file: an unencrypted Ed25519 private key in PEM, as `openssl genpkey -algorithm ed25519` makes it.

    Raises:
        UsageError: the key file cannot be used.
        StoreError: the ledger is empty, damaged, or cannot be written.
    """
    key = _private_key(key_file)
    ledger = read_ledger(root)
    ledger.require_whole()
    if not ledger.entries:
        raise StoreError(f"{root}: the ledger has no entries to sign; seal the closed days first")
    signature = key.sign(_CONTEXT + ledger.head.encode())
    body = {"head": ledger.head, "key": _fingerprint(key.public_key()), "signature": signature.hex()}
    return append(root, Op.SIGN, body, clock=clock)


def check_signatures(root: Path, key_file: Path) -> Iterator[Finding]:
    """Check every signature that was made with this key, and say how far the last one reaches.

    Args:
        key_file: the public key in PEM, as `openssl pkey -pubout` writes it; a private one is taken as well.

    Raises:
        UsageError: the key file cannot be used.
    """
    from cryptography.exceptions import InvalidSignature

    key = _public_key(key_file)
    name = _fingerprint(key)
    ledger = read_ledger(root)
    last: Entry | None = None
    for entry in ledger.entries:
        if entry.op != Op.SIGN or entry.body.get("key") != name:
            continue
        try:
            head = str(entry.body["head"])
            key.verify(bytes.fromhex(str(entry.body["signature"])), _CONTEXT + head.encode())
            is_valid = any(each.digest == head and each.number < entry.number for each in ledger.entries)
        except (InvalidSignature, ValueError, KeyError):
            is_valid = False
        if is_valid:
            last = entry
        else:
            yield Finding(_LEDGER, Kind.CHAIN, f"line {entry.number}: the signature does not fit")
    if last is None:
        yield Finding(_LEDGER, Kind.CHAIN, f"nothing in it is signed with the key {name}")
    else:
        after = len(ledger.entries) - last.number
        yield Finding(
            _LEDGER, Kind.NOTE, f"signed up to line {last.number - 1} with the key {name}; {after} came after"
        )


def _fingerprint(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def _private_key(path: Path) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(f"{path}: is no private key in PEM without a password: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(f"{path}: is no Ed25519 key; make one with openssl genpkey -algorithm ed25519")
    return key


def _public_key(path: Path) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        content = path.read_bytes()
        if b"PRIVATE" in content:
            return _private_key(path).public_key()
        key = load_pem_public_key(content)
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(f"{path}: is no public key in PEM: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise UsageError(f"{path}: is no Ed25519 key")
    return key
