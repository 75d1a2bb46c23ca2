"""The format of everything else: columns are found by their usual names, or where `--map` says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from types import MappingProxyType
from typing import Any

import msgspec

from logtui.core.columns import BY_NAME, COLUMNS, Kind
from logtui.core.event import Event
from logtui.services.ingest.formats import severities
from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.reading import as_text
from logtui.services.ingest.formats.vendor import hash_id, not_a_time
from logtui.services.ingest.record import Record, Rejected
from logtui.services.ingest.times import EventTime, read_time
from logtui.storage.file_schema import FileColumn, Physical
from logtui.storage.file_schema import Kind as FileKind
from logtui.storage.mapping import match_columns

NO_TYPE = "event"
"""The type of events that say none; the engine gives it to rows of other tools' files, too."""

Place = tuple[str, ...]
"""Keys on the way to a value; the keys of a record, the first of them, as they are written there."""

_TEXTS = tuple(column.name for column in COLUMNS if column.kind in (Kind.ID, Kind.NAME))
_NAMING = ("id", "uid", "user_id", "email", "login", "username", "name")
_NAMING_OTHERS: Mapping[str, Sequence[str]] = MappingProxyType(
    {"event_type": ("type", "action", "name"), "source": ("name", "id"), "severity": ("level", "name")}
)
"""What names a thing that stands there as an object, best first."""
_MOST_KEYS = 200
"""Of a record, that are looked at for columns."""
_TIME_NAMES = ("event_time", *BY_NAME["event_time"].synonyms)
_MISSING = Rejected("event_time: missing; name the field that has it with --map event_time=…")


class MappedFormat:
    """Reads one event from any JSON object that has a time."""

    name = "generic"
    title = "JSON objects, their columns found by name"

    def __init__(self, mapping: Mapping[str, str] | None = None) -> None:
        """Take where columns stand: event column -> key, or keys with dots between them."""
        self._mapping = {name: tuple(path.split(".")) for name, path in (mapping or {}).items()}
        self._literal = dict(mapping or {})

    @property
    def mapped_names(self) -> frozenset[str]:
        """The fields that columns were mapped to."""
        return frozenset(self._literal.values())

    def recognises(self, fields: Fields) -> bool:  # noqa: ARG002 - the port's
        """See `Format`. Whatever is an object is read, last of all formats."""
        return True

    def time(self, fields: Fields) -> EventTime | None:
        """See `Format`."""
        place = self._time_place(fields)
        return None if place is None else read_time(value_at(fields, place))

    def places(self, fields: Fields) -> dict[str, Place]:
        """Return event column -> where its value stands in a record."""
        found = {name: place for name in self._mapping if (place := self._mapped(name, fields)) is not None}
        for name, place in _places(_shape(fields)).items():
            if name not in self._mapping:
                found.setdefault(name, place)
        time = self._time_place(fields)
        if time is not None:
            found["event_time"] = time
        return found

    def events(self, fields: Fields, record: Record, ingested_at: int) -> Sequence[Event | Rejected]:
        """See `Format`."""
        places = self.places(fields)
        if "event_time" not in places:
            return (_MISSING,)
        found = value_at(fields, places["event_time"])
        time = read_time(found)
        if time is None:
            return (not_a_time(".".join(places["event_time"]), found),)
        texts = {name: as_text(value_at(fields, places[name])) for name in _TEXTS if name in places}
        try:
            payload = self._payload(fields, record, places)
            texts["event_id"] = texts.get("event_id") or hash_id(record.text)
        except UnicodeDecodeError as error:
            return (Rejected(f"byte {error.start + 1}: not UTF-8"),)
        event_type = texts.get("event_type") or NO_TYPE
        texts["event_type"] = event_type
        texts["severity"] = self._severity(texts.get("severity"), event_type)
        return (Event(time.micros, **texts, payload=payload, ingested_at=ingested_at),)  # type: ignore[arg-type]

    def _time_place(self, fields: Fields) -> Place | None:
        if "event_time" in self._mapping:
            return self._mapped("event_time", fields)
        by_name = {key.lower(): key for key in fields}
        present = [by_name[name] for name in _TIME_NAMES if fields.get(by_name.get(name, "")) is not None]
        readable = (key for key in present if read_time(fields[key]) is not None)
        best = next(readable, present[0] if present else None)
        return None if best is None else (best,)

    def _mapped(self, name: str, fields: Fields) -> Place | None:
        """Return where the value stands that the person mapped to a column, None if nowhere in this record."""
        literal = _key(fields, self._literal[name])
        if literal is not None:
            return (literal,)
        place: list[str] = []
        inner: Any = fields
        for step in self._mapping[name]:
            key = _key(inner, step) if isinstance(inner, Mapping) else None
            if key is None:
                return None
            place.append(key)
            inner = inner[key]
        return tuple(place)

    def _severity(self, word: str | None, event_type: str) -> str | None:
        known = severities.of_level(word) or severities.of_outcome(word)
        if known is None and "severity" in self._mapping:
            known = word
        return known or severities.of_type(event_type)

    def _payload(self, fields: Fields, record: Record, places: Mapping[str, Place]) -> str:
        """Return the whole record; only what is called `payload` where nothing would be lost, or what was mapped."""
        place = places.get("payload")
        if place is None:
            return record.text.decode()
        if "payload" not in self._mapping and not (
            place == ("payload",) and len(fields) == sum(len(each) == 1 for each in places.values())
        ):
            return record.text.decode()
        text = record.text
        try:
            for key in place:
                text = bytes(msgspec.json.decode(text, type=dict[str, msgspec.Raw])[key])
            return str(msgspec.json.decode(text)) if text.startswith(b'"') else text.decode()
        except msgspec.MsgspecError:
            # It holds what the fast parser refuses, such as half a surrogate pair: then nothing is cut out.
            return record.text.decode()


def value_at(fields: Fields, place: Place) -> Any:
    """Return what stands at a place."""
    found: Any = fields
    for key in place:
        found = found[key]
    return found


def _key(fields: Mapping[str, Any], name: str) -> str | None:
    """Return a key as it is written, found without regard to case if need be."""
    if name in fields:
        return name
    lowered = name.lower()
    return next((key for key in fields if key.lower() == lowered), None)


def _shape(fields: Fields) -> tuple[tuple[Place, FileKind], ...]:
    """Return the places of a record that may give columns, and what kind of value each holds."""
    return tuple(islice(_leaves(fields), _MOST_KEYS))


def _leaves(fields: Fields) -> Iterator[tuple[Place, FileKind]]:
    for key, value in fields.items():
        if isinstance(value, Mapping):
            yield (key,), FileKind.NESTED
            for inner, item in value.items():
                if isinstance(item, str | int | float) and not isinstance(item, bool):
                    yield (key, inner), FileKind.TEXT
        elif value is not None and not isinstance(value, bool | list):
            yield (key,), FileKind.TEXT


@lru_cache(maxsize=1024)
def _places(shape: tuple[tuple[Place, FileKind], ...]) -> dict[str, Place]:
    """Match places to columns by name: what stands as an object gives what names it, and its type."""
    places = [place for place, _ in shape]
    kinds = dict(shape)
    columns = tuple(
        FileColumn(".".join(place), kind, number, Physical.BYTES) for number, (place, kind) in enumerate(shape)
    )
    matched = {name: places[column.leaf] for name, column in match_columns(columns, {}).sources}
    found: dict[str, Place] = {}
    for name, place in matched.items():
        if name == "payload" or kinds[place] is not FileKind.NESTED:
            found[name] = place
            continue
        inner = {other[1].lower(): other for other in places if len(other) == 2 and other[0] == place[0]}
        naming = next((inner[key] for key in _NAMING_OTHERS.get(name, _NAMING) if key in inner), None)
        if naming is not None:
            found[name] = naming
        if f"{name}_type" in BY_NAME and f"{name}_type" not in matched and "type" in inner:
            found[f"{name}_type"] = inner["type"]
    return found
