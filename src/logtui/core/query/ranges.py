"""Whether the ends of a range are in the order in which the values of its field compare."""

from __future__ import annotations

from logtui.core.columns import BY_NAME
from logtui.core.event import SEVERITY_RANK
from logtui.core.query.ast import ColumnRef, FieldRef, PayloadRef, Range
from logtui.core.query.fold import fold
from logtui.core.query.leaf import number_of

_SEVERITY = ColumnRef("severity")


def is_reversed(wanted: Range, ref: FieldRef) -> bool:
    """Tell whether nothing can be within a range, because its ends stand the wrong way round."""
    if ref == _SEVERITY:
        return SEVERITY_RANK[wanted.low] > SEVERITY_RANK[wanted.high]
    if isinstance(ref, PayloadRef):
        low, high = number_of(wanted.low), number_of(wanted.high)
        if low is not None and high is not None:
            return low > high
        # A number and a text: what is between them depends on the leaf.
        return low is None and high is None and wanted.low > wanted.high
    is_caseless = BY_NAME[ref.name].is_caseless
    low_text, high_text = (fold(end) if is_caseless else end for end in (wanted.low, wanted.high))
    return low_text > high_text
