"""How inputs are to be read: the formats to choose from, and what the person fixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from logtui.core.errors import UsageError
from logtui.core.query.suggest import nearest
from logtui.services.ingest.formats import FORMATS, formats
from logtui.services.ingest.formats.format import Fields, Format
from logtui.services.ingest.mapped import MappedFormat
from logtui.services.ingest.own_schema import OwnSchema

OWN = OwnSchema()
SNIFFED: tuple[Format, ...] = (OWN, *FORMATS)
"""In the order in which they are tried; what none of them recognises is read by names."""
FORMAT_NAMES = (*(form.name for form in SNIFFED), MappedFormat.name)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the person asked for."""

    format: Format | None = None
    """The only one to read with; None: the one that the records show."""
    other: MappedFormat = field(default_factory=MappedFormat)
    """Reads what no format recognises."""
    constants: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Event column -> the value that every event gets."""
    sniffed: Sequence[Format] = SNIFFED

    @property
    def columns(self) -> frozenset[str]:
        """Names of fields that are mapped to columns."""
        return self.other.mapped_names

    def named(self, name: str) -> Format:
        """Return the format of this name, which there is."""
        return next(form for form in (*self.sniffed, self.other) if form.name == name)

    def choose(self, sample: Sequence[Fields]) -> Format:
        """Return the format that most of the first records show."""
        if self.format is not None:
            return self.format
        shown = Counter(self.format_of(fields).name for fields in sample)
        best = max(shown.values(), default=0)
        return next((form for form in self.sniffed if best and shown[form.name] == best), self.other)

    def format_of(self, fields: Fields) -> Format:
        """Return the format that one record shows."""
        if self.format is not None:
            return self.format
        return next((form for form in self.sniffed if form.recognises(fields)), self.other)


def make_recipe(
    name: str | None, mapping: Mapping[str, str], constants: Mapping[str, str], *, is_masked: bool = True
) -> Recipe:
    """Return the recipe for options as they are written; unless `is_masked`, secrets in payloads stay readable.

    Raises:
        UsageError: there is no such format, or it has no use for a mapping.
    """
    other = MappedFormat(mapping)
    if mapping and name not in (None, other.name):
        raise UsageError(f"--map is for the format {other.name}; the format {name} knows its own fields")
    sniffed = SNIFFED if is_masked else (OWN, *formats(is_masked=False))
    if mapping or name == other.name:
        return Recipe(other, other, constants, sniffed)
    if name is None:
        return Recipe(None, other, constants, sniffed)
    chosen = next((form for form in sniffed if form.name == name), None)
    if chosen is None:
        near = nearest(name, FORMAT_NAMES)
        raise UsageError(
            f'there is no format "{name}"; '
            + (f"did you mean {near}?" if near else f"known: {', '.join(FORMAT_NAMES)}")
        )
    return Recipe(chosen, other, constants, sniffed)
