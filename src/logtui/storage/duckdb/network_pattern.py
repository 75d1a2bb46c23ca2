"""Regular expressions for all spellings of the addresses of one network.

DuckDB's own address type lives in an extension, which a closed machine cannot load. An IPv4 address has one spelling;
an IPv6 address has many: groups with or without leading zeros, `::` for any run of zero groups, either case, the last
two groups as IPv4. The patterns accept what Python's `ipaddress` accepts and match whole values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_GROUPS = 8
_NIBBLES = 4
_ZONE = "(?:%[^%/]+)?"


def network_pattern(network: str) -> str:
    """Return a pattern for the addresses of a network such as `203.0.113.0/24` or `2001:db8::/32`."""
    parsed = ip_network(network)
    if isinstance(parsed, IPv4Network):
        return _ipv4(parsed)
    # The zone of an address, `%eth0`, says where it is valid, not which address it is.
    return f"(?is){_ipv6(parsed)}{_ZONE}"


def address_pattern(text: str) -> str | None:
    """Return a pattern for the spellings of an address, None if it has but one or is no address."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return None
    zone = f"(?-i:%{re.escape(address.scope_id)})" if address.scope_id else ""
    return f"(?is){_ipv6(IPv6Network(int(address)))}{zone}"


def _ipv4(network: IPv4Network) -> str:
    lows, highs = network.network_address.packed, network.broadcast_address.packed
    return r"\.".join(map(_octet, lows, highs))


def _octet(low: int, high: int) -> str:
    if (low, high) == (0, 255):
        return _OCTET
    return str(low) if low == high else f"(?:{'|'.join(map(str, range(low, high + 1)))})"


def _ipv6(network: IPv6Network) -> str:
    groups = [_group(network, place) for place in range(_GROUPS)]
    is_zero = [_may_be_zero(network, place) for place in range(_GROUPS)]
    dotted = _ipv4(IPv4Network((int(network.network_address) & 0xFFFFFFFF, max(0, network.prefixlen - 96))))
    last_two = f"(?:{groups[6]}:{groups[7]}|{dotted})"
    spellings = [":".join([*groups[:6], last_two])]
    for first in range(_GROUPS):
        if not is_zero[first]:
            continue
        left = ":".join(groups[:first])
        spellings.append(f"{left}::{_after_gap(groups, is_zero, last_two, first)}")
    return f"(?:{'|'.join(spellings)})"


def _after_gap(groups: Sequence[str], is_zero: Sequence[bool], last_two: str, first: int) -> str:
    """Return a pattern for what may follow a `::` that stands for the groups from `first` on, at least that one."""
    tail = ""
    for place in range(first + 1, 6):
        tail = f"{_optional(tail, all(is_zero[first:place]))}{groups[place]}:"
    tails = []
    if first < 6:
        tails.append(_optional(tail, all(is_zero[first:6])) + last_two)
    if first < 7 and all(is_zero[first:7]):
        tails.append(groups[7])
    return _optional("|".join(tails), all(is_zero[first:]))


def _optional(pattern: str, is_optional: bool) -> str:
    if is_optional and pattern:
        return f"(?:{pattern})?"
    return f"(?:{pattern})" if "|" in pattern else pattern


def _may_be_zero(network: IPv6Network, place: int) -> bool:
    return not any(network.network_address.packed[2 * place : 2 * place + 2])


def _group(network: IPv6Network, place: int) -> str:
    """Return a pattern for one group of four hexadecimal digits, with or without its leading zeros."""
    lows = _digits(network.network_address, place)
    digits = [_digit(*ends) for ends in zip(lows, _digits(network.broadcast_address, place), strict=True)]
    pattern = digits[0]
    for count in range(1, _NIBBLES):
        pattern = _optional(pattern, set(lows[:count]) == {0}) + digits[count]
    return _SHORT.get(pattern, pattern)


def _digits(address: IPv6Address, place: int) -> list[int]:
    return [byte >> shift & 15 for byte in address.packed[2 * place : 2 * place + 2] for shift in (4, 0)]


def _digit(low: int, high: int) -> str:
    if (low, high) == (0, 15):
        return "[0-9a-f]"
    return f"{low:x}" if low == high else f"[{''.join(f'{digit:x}' for digit in range(low, high + 1))}]"


_SHORT = {
    "(?:(?:(?:[0-9a-f])?[0-9a-f])?[0-9a-f])?[0-9a-f]": "[0-9a-f]{1,4}",
    "(?:(?:(?:0)?0)?0)?0": "0{1,4}",
}
"""Groups that are free or zero, for reading."""
