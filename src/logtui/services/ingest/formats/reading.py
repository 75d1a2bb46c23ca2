"""How formats look into a parsed record: nothing that stands there can raise, and lower-cased keys are found too.

Exporters lower-case some keys of a record and leave others alone, so each name is tried as the vendor writes it and in
lower case. A record with keys in yet another case is read after `folded`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from logtui.services.ingest.formats.format import Fields

_NOTHING: Fields = {}
"""Never changed; a plain dict because looking into a mapping proxy takes twice as long."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_ADDRESS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}|(?=[^:]*:[^:]*:)[0-9a-fA-F:]+(?:\.[0-9]{1,3}){0,3}")
_ADDRESS_AND_PORT = re.compile(r"([0-9.]{7,15}):[0-9]{1,5}|\[([0-9a-fA-F:.]+)\](?::[0-9]{1,5})?")
_DEEPEST = 16
"""Levels down to which formats look, arrays counted too."""


def value(fields: Fields, name: str) -> Any:
    """Return what stands under a name, None if nothing does."""
    found = fields.get(name)
    return fields.get(name.lower()) if found is None else found


def part(fields: Fields, name: str) -> Fields:
    """Return the object under a name, an empty one if there is none."""
    found = fields.get(name)
    if found is None:
        if not fields:
            return _NOTHING
        found = fields.get(name.lower())
    return found if isinstance(found, dict) else _NOTHING


def parts(fields: Fields, name: str) -> list[Fields]:
    """Return the objects in the list under a name."""
    found = value(fields, name)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def text(fields: Fields, name: str) -> str | None:
    """Return the text or number under a name, trimmed; None for an empty text and for anything else."""
    found = fields.get(name)
    if found is None:
        if not fields:
            return None
        found = fields.get(name.lower())
        if found is None:
            return None
    # Nearly all are such texts, and this function is called a dozen times an event.
    if type(found) is str and found.isascii():
        return found.strip() or None
    return as_text(found)


def first(fields: Fields, *names: str) -> str | None:
    """Return the first text that stands under any of the names."""
    for name in names:
        found = text(fields, name)
        if found is not None:
            return found
    return None


def dig(fields: Fields, path: tuple[str, ...]) -> Any:
    """Return what stands at the end of a path, None if nothing does."""
    for name in path[:-1]:
        fields = part(fields, name)
    return value(fields, path[-1])


def as_text(found: object) -> str | None:
    """Return a text or number as a text that can be stored; None for anything else."""
    if isinstance(found, str):
        return (found if found.isascii() else _SURROGATE.sub("\ufffd", found)).strip() or None
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    if isinstance(found, float):
        return repr(int(found) if found.is_integer() else found) if math.isfinite(found) and abs(found) < 1e16 else None
    return str(found) if found.bit_length() < 1024 else None


@lru_cache(maxsize=8192)
def address(found: str | None) -> str | None:
    """Return an IP address without its port; None for a host name, or a word such as `private`."""
    if found is None or _ADDRESS.fullmatch(found):
        return found
    match = _ADDRESS_AND_PORT.fullmatch(found)
    return (match[1] or match[2]) if match is not None else None


def in_any_case(fields: Fields, name: str) -> Any:
    """Return what stands under a name in lower case or under any other writing of it; for telling formats apart."""
    found = fields.get(name)
    if found is None:
        return next((item for key, item in fields.items() if key.lower() == name), None)
    return found


def part_in_any_case(fields: Fields, name: str) -> Fields:
    """Return the object under a name in lower case or under any other writing of it, an empty one if there is none."""
    found = in_any_case(fields, name)
    return found if isinstance(found, dict) else _NOTHING


def keys(fields: Fields) -> frozenset[str]:
    """Return the keys of an object in lower case."""
    return frozenset(map(str.lower, fields))


def folded(fields: Fields, depth: int = _DEEPEST) -> Fields:
    """Return an object with all keys in lower case, as deep as formats look; the first of two that fold alike stays."""
    result: dict[str, Any] = {}
    for key, item in fields.items():
        result.setdefault(key.lower(), _folded_value(item, depth - 1))
    return result


def _folded_value(item: Any, depth: int) -> Any:
    if depth and isinstance(item, Mapping):
        return folded(item, depth)
    if depth and isinstance(item, list):
        return [_folded_value(inner, depth - 1) for inner in item]
    return item


@lru_cache(maxsize=4096)
def snake(name: str) -> str:
    """Return `organization_membership` for `organizationMembership`, `sign_in_activity` for `Sign-in activity`.

    A name without letters and digits stays as it is, so that no type becomes empty.
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"[^\w]+|_+", "_", spaced).strip("_").lower() or name


@lru_cache(maxsize=4096)
def dotted_snake(name: str) -> str:
    """Return a dotted name with each of its segments in snake case."""
    return ".".join(snake(segment) for segment in name.split("."))
