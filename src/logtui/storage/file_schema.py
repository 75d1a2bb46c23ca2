"""The columns of a Parquet file, from the schema in its footer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from logtui.storage.thrift import FALSE, STRUCT, TRUE, Reader


class Physical(Enum):
    """Parquet's physical types; the numbers are the format's, except the last."""

    BOOLEAN = 0
    INT32 = 1
    INT64 = 2
    INT96 = 3
    FLOAT = 4
    DOUBLE = 5
    BYTES = 6
    FIXED_BYTES = 7
    NESTED = 8
    """A group: struct, list or map."""


class Kind(Enum):
    """What a column's values are, as far as reading events goes."""

    TIMESTAMP = "timestamp"
    DATE = "date"
    INTEGER = "integer"
    FLOAT = "float"
    TEXT = "text"
    NESTED = "nested"
    OTHER = "other"
    """Decimals, times of day, booleans, UUIDs and what else can only be shown as text."""


class Unit(Enum):
    """One step of a time that is stored as a number, in nanoseconds."""

    SECONDS = 1_000_000_000
    MILLIS = 1_000_000
    MICROS = 1_000
    NANOS = 1


@dataclass(frozen=True, slots=True)
class FileColumn:
    """One top-level column of a file."""

    name: str
    kind: Kind
    leaf: int
    """Place of its first column chunk in a row group."""
    physical: Physical
    unit: Unit | None = None
    """Set for timestamps whose unit the footer gives."""
    is_utc: bool = False
    """A timestamp that its writer declared to be UTC; any other is read as UTC too, but that is said."""
    is_utf8: bool = False
    """Text that its writer declared to be text, not bytes that merely look like it."""
    is_required: bool = False
    """Whether the file's format leaves no room for a missing value."""
    is_unsigned: bool = False


# The format's numbers for annotations; a column may carry the older, the newer or both.
_LOGICAL_STRING, _LOGICAL_ENUM, _LOGICAL_DATE, _LOGICAL_TIMESTAMP, _LOGICAL_INTEGER, _LOGICAL_JSON = 1, 4, 6, 8, 10, 12
_CONVERTED_DATE, _CONVERTED_MILLIS, _CONVERTED_MICROS = 6, 9, 10
_CONVERTED_TEXT = frozenset({0, 4, 19})
_CONVERTED_INTEGERS = frozenset(range(11, 19))
_CONVERTED_UNSIGNED = frozenset(range(11, 15))
_REQUIRED = 0
_UNITS = {1: Unit.MILLIS, 2: Unit.MICROS, 3: Unit.NANOS}
_CONVERTED_UNITS = {_CONVERTED_MILLIS: Unit.MILLIS, _CONVERTED_MICROS: Unit.MICROS}

_MOST_KNOWN = 64
_known: dict[bytes, tuple[FileColumn, ...]] = {}


def read_schema(reader: Reader) -> tuple[FileColumn, ...]:
    """Return the top-level columns; `reader` stands at the schema list of a footer and is moved past it."""
    start = reader.position
    for schema, columns in _known.items():
        # The files of a store mostly share one schema: comparing bytes is ten times cheaper than parsing them.
        if reader.data.startswith(schema, start):
            reader.position = start + len(schema)
            return columns
    columns = _parse(reader)
    if len(_known) >= _MOST_KNOWN:
        _known.clear()
    _known[reader.data[start : reader.position]] = columns
    return columns


def _parse(reader: Reader) -> tuple[FileColumn, ...]:
    count, _ = reader.list_header()
    elements = [_element(reader) for _ in range(count)]
    columns: list[FileColumn] = []
    place, leaf = 1, 0
    for _ in range(elements[0].children):
        columns.append(_column(elements[place], leaf))
        place, leaf = _after(elements, place, leaf)
    return tuple(columns)


@dataclass(slots=True)
class _Element:
    name: str = ""
    physical: Physical = Physical.NESTED
    children: int = 0
    converted: int | None = None
    logical: int | None = None
    unit: Unit | None = None
    is_utc: bool = False
    is_required: bool = False
    is_unsigned: bool = False


def _element(reader: Reader) -> _Element:
    element = _Element()
    for field, kind in reader.fields():
        if field == 1:
            element.physical = Physical(reader.integer())
        elif field == 3:
            element.is_required = reader.integer() == _REQUIRED
        elif field == 4:
            element.name = reader.binary().decode()
        elif field == 5:
            element.children = reader.integer()
        elif field == 6:
            element.converted = reader.integer()
            element.is_unsigned |= element.converted in _CONVERTED_UNSIGNED
        elif field == 10 and kind == STRUCT:
            _read_logical(reader, element)
        else:
            reader.skip(kind)
    return element


def _read_logical(reader: Reader, element: _Element) -> None:
    for field, kind in reader.fields():
        element.logical = field
        if field == _LOGICAL_TIMESTAMP and kind == STRUCT:
            _read_timestamp(reader, element)
        elif field == _LOGICAL_INTEGER and kind == STRUCT:
            _read_integer(reader, element)
        else:
            reader.skip(kind)


def _read_integer(reader: Reader, element: _Element) -> None:
    for field, kind in reader.fields():
        if field == 2 and kind in (TRUE, FALSE):
            element.is_unsigned = kind == FALSE
        else:
            reader.skip(kind)


def _read_timestamp(reader: Reader, element: _Element) -> None:
    for field, kind in reader.fields():
        if field == 1 and kind in (TRUE, FALSE):
            element.is_utc = kind == TRUE
        elif field == 2 and kind == STRUCT:
            for unit, unit_kind in reader.fields():
                element.unit = _UNITS.get(unit)
                reader.skip(unit_kind)
        else:
            reader.skip(kind)


def _after(elements: list[_Element], place: int, leaf: int) -> tuple[int, int]:
    """Return the place and leaf of the column after the one at `place`."""
    waiting = 1
    while waiting:
        children = elements[place].children
        waiting += children - 1
        leaf += not children
        place += 1
    return place, leaf


def _column(element: _Element, leaf: int) -> FileColumn:
    kind = _kind(element)
    if kind is not Kind.TIMESTAMP:
        is_utf8 = kind is Kind.TEXT and (element.logical == _LOGICAL_STRING or element.converted == 0)
        is_unsigned = kind is Kind.INTEGER and element.is_unsigned
        return FileColumn(
            element.name,
            kind,
            leaf,
            element.physical,
            is_utf8=is_utf8,
            is_required=element.is_required,
            is_unsigned=is_unsigned,
        )
    # The older annotation always meant UTC; the newer one says whether it does.
    is_utc = element.is_utc if element.logical is not None else element.physical is not Physical.INT96
    unit = element.unit or _CONVERTED_UNITS.get(element.converted or 0)
    return FileColumn(element.name, kind, leaf, element.physical, unit, is_utc, is_required=element.is_required)


def _kind(element: _Element) -> Kind:
    physical, logical, converted = element.physical, element.logical, element.converted
    if element.children or physical is Physical.NESTED:
        return Kind.NESTED
    if logical == _LOGICAL_TIMESTAMP or converted in _CONVERTED_UNITS or physical is Physical.INT96:
        return Kind.TIMESTAMP
    if logical == _LOGICAL_DATE or converted == _CONVERTED_DATE:
        return Kind.DATE
    is_plain = logical is None and converted is None
    if physical in (Physical.INT32, Physical.INT64):
        is_integer = is_plain or logical == _LOGICAL_INTEGER or converted in _CONVERTED_INTEGERS
        return Kind.INTEGER if is_integer else Kind.OTHER
    if physical in (Physical.FLOAT, Physical.DOUBLE):
        return Kind.FLOAT
    is_text = is_plain or logical in (_LOGICAL_STRING, _LOGICAL_ENUM, _LOGICAL_JSON) or converted in _CONVERTED_TEXT
    # Bytes that nobody described are text in practice.
    return Kind.TEXT if physical is Physical.BYTES and is_text else Kind.OTHER
