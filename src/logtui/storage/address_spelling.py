"""One spelling for each address, so that its spellings can be looked up as one value."""

from __future__ import annotations

from ipaddress import IPv6Address
from socket import AF_INET6, inet_pton

_DIGITS = frozenset("0123456789abcdefABCDEF:")


def one_spelling(address: str) -> str:
    """Return the same text for each spelling of an IPv6 address, and whatever else it is as it is."""
    if ":" not in address:
        return address
    if _DIGITS.issuperset(address):
        # Ten times as fast as Python's own, with which it agrees where there is neither a zone nor a dot.
        try:
            return f":{inet_pton(AF_INET6, address).hex()}"
        except OSError:
            return address
    try:
        parsed = IPv6Address(address)
    except ValueError:
        return address
    # Not Python's own spelling, which differs between its versions.
    return f":{int(parsed):032x}{'%' if parsed.scope_id else ''}{parsed.scope_id or ''}"
