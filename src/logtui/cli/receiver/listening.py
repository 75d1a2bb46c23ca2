"""The address to listen on: read from text, bound, and told."""

from __future__ import annotations

import argparse
import ipaddress
import os
import socket
from dataclasses import dataclass

from logtui.core.errors import LogtuiError

_BACKLOG = 256
_LARGEST_PORT = 65_535


class ListenError(LogtuiError):
    """The address cannot be listened on."""


@dataclass(frozen=True, slots=True)
class Address:
    """A host's name or number, and a port; port 0 lets the system choose."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


DEFAULT = Address("127.0.0.1", 8787)
HEALTH_PATH = "/healthz"


def address(text: str) -> Address:
    """Read `HOST:PORT`, `[::1]:PORT`, `HOST` or `:PORT`; what is missing is as in `DEFAULT`.

    Raises:
        ArgumentTypeError: it is none of them.
    """
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]"):
        host, port = text, str(DEFAULT.port)
    is_bracketed = host.startswith("[") and host.endswith("]")
    host = host[1:-1] if is_bracketed else host
    is_port = port.isascii() and port.isdigit() and len(port) <= 5 and int(port) <= _LARGEST_PORT
    if not is_port or (":" in host) != is_bracketed or not host.isprintable():
        raise argparse.ArgumentTypeError(f"expected HOST:PORT, such as {DEFAULT} or [::1]:8787, not {text!r}")
    return Address(host or DEFAULT.host, int(port))


def listen(wanted: Address) -> socket.socket:
    """Return a socket that listens there.

    Raises:
        ListenError: the port is taken, may not be used, or the host is not of this machine.
    """
    try:
        family, _, _, _, place = socket.getaddrinfo(
            wanted.host, wanted.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(place[:2], family=family, backlog=_BACKLOG)
    except PermissionError as error:
        raise ListenError(f"cannot listen on {wanted}: not permitted; ports below 1024 need a privilege") from error
    except socket.gaierror as error:
        raise ListenError(f"cannot listen on {wanted}: {(error.strerror or str(error)).lower()}") from error
    except OSError as error:  # its own text repeats the address
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise ListenError(f"cannot listen on {wanted}: {reason.lower()}") from error
    except UnicodeError as error:
        raise ListenError(f"cannot listen on {wanted}: not the name of a host") from error


def bound_address(listener: socket.socket) -> Address:
    """Return the address that a socket was given."""
    host, port = listener.getsockname()[:2]
    return Address(host, port)


def is_local(address: Address) -> bool:
    """Whether only this machine can reach a bound address."""
    return ipaddress.ip_address(address.host.partition("%")[0]).is_loopback
