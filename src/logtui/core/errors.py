"""Every error that logtui raises on purpose.

LogtuiError                 the person can act on it; shown as text, never as a traceback
├── UsageError              exit code 2: what was asked for cannot be understood
│   └── QuerySyntaxError    the query text is wrong at one column
│       └── FormFieldError  one input of the filter form is wrong
├── StoreError              exit code 1: the store cannot be opened or answered from
│   ├── SegmentError        one file of it cannot be read
│   └── LockedError         another process is at work on it
└── UnsupportedQueryError   exit code 2: this engine cannot answer this term
Cancelled                   a newer question replaced this one; never shown

Messages are lower case, without a full stop, name the thing and say what to do.
"""

from __future__ import annotations


class LogtuiError(Exception):
    """A problem that the person at the terminal can act on."""


class UsageError(LogtuiError):
    """The command line, a setting or a query is not understood."""


class QuerySyntaxError(UsageError):
    """The query text is wrong at one place.

    `column` counts characters from 0; `width` is how many characters are meant;
    `expected` completes "expected …"; `suggestion` is a near word or "".
    """

    def __init__(self, message: str, column: int, *, width: int = 1, expected: str = "", suggestion: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.column = column
        self.width = max(1, width)
        self.expected = expected
        self.suggestion = suggestion

    def __str__(self) -> str:
        text = f"{self.message} (column {self.column + 1})"
        if self.expected:
            text += f"; expected {self.expected}"
        if self.suggestion:
            text += f"; did you mean {self.suggestion}?"
        return text


class FormFieldError(QuerySyntaxError):
    """One input of the filter form is wrong; `field` names it, and `column` counts within it."""

    def __init__(self, field: str, message: str, column: int, *, width: int, expected: str, suggestion: str) -> None:
        super().__init__(message, column, width=width, expected=expected, suggestion=suggestion)
        self.field = field

    def __str__(self) -> str:
        return f"{self.field}: {super().__str__()}"


class StoreError(LogtuiError):
    """The store does not exist, is not readable, or could not answer."""


class SegmentError(StoreError):
    """One Parquet file cannot be read; `path` names it."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(message)
        self.path = path


class LockedError(StoreError):
    """Another process is at work on the store; the message names it."""


class UnsupportedQueryError(LogtuiError):
    """The engine has no way to evaluate this term, for instance a regex feature."""


class Cancelled(Exception):  # noqa: N818 - an outcome, not an error
    """The question was withdrawn; its answer is of no interest any more."""
