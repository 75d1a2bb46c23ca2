"""The regular expressions of `field:/…/`: what RE2 and Python read alike, and Python's form of it.

Engines hand the pattern to RE2, which answers in linear time whatever the pattern. `check` refuses early, with a
reason, what RE2 lacks. `compiled` is the same question in Python: it spells out RE2's ASCII classes and its `$`.
Without regard to case two differences stay: Python takes the Turkish İ and ı for i, and k and s for members of [\\W].
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

MAX_LENGTH = 1000
MAX_REPEAT = 1000
"""RE2's own limit, for repetitions inside repetitions too."""
MAX_GROUPS_DEEP = 50


class RegexError(ValueError):
    """The pattern cannot be used; `offset` is where, in characters."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.offset = offset


_REFUSED_GROUPS = (
    ("(?=", "lookaround is not supported"),
    ("(?!", "lookaround is not supported"),
    ("(?<=", "lookaround is not supported"),
    ("(?<!", "lookaround is not supported"),
    ("(?P=", "backreferences are not supported"),
    ("(?P>", "recursion is not supported"),
    ("(?(", "conditional groups are not supported"),
    ("(?>", "atomic groups are not supported"),
    ("(?#", "comments are not supported"),
    ("(?<", "write a named group as (?P<name>…)"),
)

_ASSERTIONS = {
    "A": r"\A",
    "z": r"\Z",
    "b": r"(?-i:(?<![0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<=[0-9A-Za-z_])(?![0-9A-Za-z_]))",
    "B": r"(?-i:(?<![0-9A-Za-z_])(?![0-9A-Za-z_])|(?<=[0-9A-Za-z_])(?=[0-9A-Za-z_]))",
}
_CLASSES = {
    "d": "0-9",
    "w": "0-9A-Za-z_",
    "s": r"\t\n\f\r ",
    "D": r"\x00-/:-\U0010ffff",
    "W": r"\x00-/:-@\[-\^`{-\U0010ffff",
    "S": r"\x00-\x08\x0b\x0e-\x1f!-\U0010ffff",
}
"""The inside of a character class that means the escape."""

_CONTROLS = frozenset("tnrfva")

_ESCAPE = re.compile(r"\\(?:x\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_GROUP = re.compile(r"\((?!\?)|\(\?P<[A-Za-z_][A-Za-z0-9_]*>|\(\?([is]*(?:-[is]+)?):")
_LEADING_FLAGS = re.compile(r"\(\?([ims]+)\)")
_QUANTIFIER = re.compile(r"(?:[*+?]|\{([0-9]+)(?:,([0-9]*))?\})\??")

_OPEN_REPEAT = re.compile(r"\{,[0-9]+\}")


def check(pattern: str) -> None:
    """Refuse a pattern that not every engine can answer.

    Raises:
        RegexError: why, and where.
    """
    compiled(pattern)


@lru_cache(maxsize=256)
def compiled(pattern: str, *, is_caseless: bool = False) -> re.Pattern[str]:
    """Return the pattern for Python; `search` finds what RE2 would.

    Raises:
        RegexError: see `check`.
    """
    if len(pattern) > MAX_LENGTH:
        raise RegexError(f"a regex has at most {MAX_LENGTH} characters", MAX_LENGTH)
    try:
        return re.compile(_Translation(pattern).run(), re.IGNORECASE if is_caseless else re.NOFLAG)
    except re.error as error:
        raise RegexError(error.msg) from error


@dataclass(slots=True)
class _Translation:
    """One walk over a pattern, token by token."""

    pattern: str
    at: int = 0
    is_multiline: bool = False
    repeats: list[int] = field(default_factory=lambda: [1])
    """For each open group, the largest number of repetitions in it so far."""
    group_opened_at: int = 0
    """Where the inside of the last group begins."""
    atom: int = 1
    """Repetitions inside the atom that a quantifier would repeat now."""

    def run(self) -> str:
        out = []
        flags = _LEADING_FLAGS.match(self.pattern)
        if flags is not None:
            self.is_multiline = "m" in flags[1]
            self.at = flags.end()
            out.append(flags[0])
        while self.at < len(self.pattern):
            out.append(self._token())
        return "".join(out)

    def _token(self) -> str:
        match self.pattern[self.at]:
            case "\\":
                self.atom = 1
                return self._escape()
            case "[":
                self.atom = 1
                return self._class()
            case "(":
                return self._open_group()
            case ")":
                if self.at == self.group_opened_at:
                    # DuckDB 2.0 rewrites a regex with an empty group to a wrong prefix test.
                    raise RegexError("this group is empty", self.at)
                self.atom = self.repeats.pop() if len(self.repeats) > 1 else 1
                self._keep_repeats()
                return self._take(1)
            case "*" | "+" | "?" | "{":
                return self._quantifier()
            case "$" if not self.is_multiline:
                self.at += 1
                return r"\Z"
            case _:
                self.atom = 1
                return self._take(1)

    def _take(self, length: int) -> str:
        self.at += length
        return self.pattern[self.at - length : self.at]

    def _keep_repeats(self) -> None:
        self.repeats[-1] = max(self.repeats[-1], self.atom)

    def _open_group(self) -> str:
        match = _GROUP.match(self.pattern, self.at)
        if match is None:
            for start, reason in _REFUSED_GROUPS:
                if self.pattern.startswith(start, self.at):
                    raise RegexError(reason, self.at)
            if _LEADING_FLAGS.match(self.pattern, self.at):
                raise RegexError("flags such as (?i) stand at the start, or in a group (?i:…)", self.at)
            raise RegexError("this group is not supported; flags are i, s and, at the start, m", self.at)
        if len(self.repeats) > MAX_GROUPS_DEEP:
            raise RegexError(f"groups are nested more than {MAX_GROUPS_DEEP} deep", self.at)
        self.repeats.append(1)
        self.group_opened_at = match.end()
        return self._take(len(match[0]))

    def _quantifier(self) -> str:
        match = _QUANTIFIER.match(self.pattern, self.at)
        if match is None:
            if _OPEN_REPEAT.match(self.pattern, self.at):
                raise RegexError("write {0,n} for at most n", self.at)
            self.atom = 1
            return "\\" + self._take(1)
        if self.pattern.startswith("+", match.end()):
            raise RegexError("possessive quantifiers are not supported", self.at)
        if match[1] is not None:
            self.atom *= max(int(match[1]), int(match[2] or 0), 1)
            if self.atom > MAX_REPEAT:
                raise RegexError(f"more than {MAX_REPEAT} repetitions", self.at)
            self._keep_repeats()
        return self._take(len(match[0]))

    def _escape(self) -> str:
        start = self.at
        match = self._next_escape()
        letter = match[3]
        if letter in _ASSERTIONS:
            return _ASSERTIONS[letter]
        if letter in _CLASSES:
            # A complement is spelled as one: without regard to case, members drag their other case in.
            return f"[{_CLASSES[letter]}]" if letter.islower() else f"[^{_CLASSES[letter.lower()]}]"
        return self._character(match, start)

    def _next_escape(self) -> re.Match[str]:
        match = _ESCAPE.match(self.pattern, self.at)
        if match is None:
            raise RegexError("nothing follows the backslash", self.at)
        self.at = match.end()
        return match

    def _character(self, match: re.Match[str], start: int) -> str:
        """Return an escape that stands for one character."""
        digits, letter = match[1] or match[2], match[3]
        if digits is not None:
            if int(digits, 16) > 0x10FFFF:
                raise RegexError("there is no such character", start)
            return f"\\U{int(digits, 16):08x}"
        if letter in _CONTROLS:
            return match[0]
        if letter.isascii() and letter.isprintable() and not letter.isalnum():
            return re.escape(letter)
        if letter.isdigit() or letter == "k":
            raise RegexError("backreferences are not supported", start)
        if letter in "pP":
            raise RegexError(r"Unicode classes such as \pL are not supported", start)
        if letter == "Z":
            raise RegexError(r"write \z for the end of the text", start)
        raise RegexError("unknown escape" + (f" \\{letter}" if letter.isprintable() else ""), start)

    def _class(self) -> str:
        start = self.at
        out = [self._take(2 if self.pattern.startswith("[^", self.at) else 1)]
        if self.pattern.startswith("]", self.at):
            out.append(self._class_range())
        while self.at < len(self.pattern):
            if self.pattern[self.at] == "]":
                return "".join(out) + self._take(1)
            out.append(self._class_range())
        raise RegexError("this [ is not closed", start)

    def _class_range(self) -> str:
        first, is_one = self._class_item()
        has_end = self.pattern.startswith("-", self.at) and not self.pattern.startswith("-]", self.at)
        if not is_one or not has_end or self.at + 1 == len(self.pattern):
            return first
        start = self.at
        self.at += 1
        last, is_one = self._class_item()
        if not is_one:
            raise RegexError("a range ends with one character", start)
        return f"{first}-{last}"

    def _class_item(self) -> tuple[str, bool]:
        """Return the next member of a character class, and whether it is one character."""
        start = self.at
        if self.pattern[start] == "\\":
            match = self._next_escape()
            members = _CLASSES.get(match[3])
            return (members, False) if members is not None else (self._character(match, start), True)
        if self.pattern.startswith(("[:", "[=", "[."), start):
            raise RegexError(r"classes such as [:alpha:] are not supported; write a-z or \w", start)
        char = self._take(1)
        # Python warns of signs that a later version may give a meaning to.
        return (char if char.isalnum() or not char.isascii() else "\\" + char), True
