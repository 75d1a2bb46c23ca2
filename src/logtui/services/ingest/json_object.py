"""Parses records: fast where they are JSON as everybody writes it, with care and a reason where they are not."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import msgspec

_LONGEST_NUMBER = 1000
"""Digits of a whole number that is built as one; Python refuses more than 4,300, so a longer one is left as text."""

_fast = msgspec.json.Decoder().decode


class NotJsonError(ValueError):
    """The text is not JSON; the message is the reason for rejecting it."""


def parse(text: bytes) -> Any:
    """Return what a text means; of equal keys in an object the last one counts.

    Raises:
        NotJsonError: it is not JSON, not UTF-8, or nested too deeply.
    """
    try:
        return _fast(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _parse_with_care(text)


def _parse_with_care(text: bytes) -> Any:
    """Parse what the fast parser refuses: numbers of any size and lone surrogates are JSON, too."""
    try:
        return _CAREFUL.decode(text.decode())
    except UnicodeDecodeError as error:
        raise NotJsonError(f"byte {error.start + 1}: not UTF-8") from error
    except json.JSONDecodeError as error:
        reason = error.msg[0].lower() + error.msg[1:]
        raise NotJsonError(f"not JSON: {reason} (column {error.pos + 1})") from error
    except RecursionError as error:
        raise NotJsonError("nested too deeply to be read") from error


def _refuse(constant: str) -> NoReturn:
    raise NotJsonError(f"not JSON: {constant} is no number")


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


_CAREFUL = json.JSONDecoder(parse_constant=_refuse, parse_int=_integer)
