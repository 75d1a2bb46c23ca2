"""Signs of severities and of the families of types, each with the name of its style. Pure.

A colour never stands alone: every style comes with a sign here, and the words are in the events.
"""

from __future__ import annotations

from collections.abc import Mapping

from logtui.core import catalogue
from logtui.core.query.fold import fold

MISSING = "–"
"""Shown where an event has no value; an empty text is shown as `""`."""

SEVERITIES: Mapping[str, tuple[str, str]] = {
    "info": ("·", "muted"),
    "success": ("✓", "success"),
    "warning": ("!", "warning"),
    "error": ("✗", "error"),
}
"""Severity, folded -> its sign and the name of its style."""

_LONGEST_SEVERITY = max(map(len, SEVERITIES))
OTHER_SEVERITY = ("?", "muted")

CATEGORIES: Mapping[str, tuple[str, str]] = {
    "User events": ("@", "people"),
    "Email address events": ("@", "people"),
    "Phone number events": ("@", "people"),
    "Web3 wallet events": ("@", "people"),
    "Device events": ("@", "people"),
    "Waitlist events": ("@", "people"),
    "Sign-in events": (">", "access"),
    "Sign-up events": (">", "access"),
    "Session events": (">", "access"),
    "OAuth events": (">", "access"),
    "Actor token events": (">", "access"),
    "Sign-in token events": (">", "access"),
    "JWT service token events": (">", "access"),
    "Agent task events": (">", "access"),
    "Organization events": ("#", "organizations"),
    "Invitation events": ("#", "organizations"),
    "SCIM events": ("#", "organizations"),
    "Billing events": ("$", "billing"),
    "Protect events": ("%", "protection"),
    "SMS events": ("~", "messages"),
}
"""Category -> the sign before its types and the name of its style, one for each family of categories."""

OTHER_CATEGORY = ("+", "text")
"""A category that the list has gained since."""
UNKNOWN_TYPE = ("?", "text")
"""A type that is not in the list."""


def severity_sign(severity: str | None) -> tuple[str, str]:
    """Return sign and style of a severity."""
    if severity is None:
        return " ", "muted"
    return SEVERITIES.get(fold(severity), OTHER_SEVERITY) if len(severity) <= _LONGEST_SEVERITY else OTHER_SEVERITY


def category_sign(event_type: str) -> tuple[str, str]:
    """Return sign and style of the category of a type."""
    category = catalogue.load().category(event_type)
    return UNKNOWN_TYPE if category is None else CATEGORIES.get(category, OTHER_CATEGORY)
