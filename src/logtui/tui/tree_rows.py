"""Which lines of a payload tree are rows of the screen: folding, long texts that are unfolded, growing.

Rows are line numbers in rising order, a long text once for each of its parts. So folding cuts a slice out and
unfolding puts one in, whatever the size of the payload. Pure; `widgets.json_tree` paints the rows.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat

from logtui.core.payload_tree import ROOT, PayloadTree


class TreeRows:
    """The rows of one tree, which may still be being read."""

    def __init__(self, tree: PayloadTree) -> None:
        self._tree = tree
        self._rows = array("i")
        self._listed = 0  # lines below this one are rows, or inside folded lines
        self._folded: set[int] = set()
        self._texts: dict[int, Sequence[str]] = {}  # an unfolded text -> its parts

    def __len__(self) -> int:
        return len(self._rows)

    def line(self, row: int) -> int:
        return self._rows[row]

    def row_of(self, line: int) -> int:
        """Return the first row of a line, or of the line after it where it is hidden."""
        return bisect_left(self._rows, line)

    def text(self, row: int) -> str | None:
        """Return the part of an unfolded text that stands in the row; None where none does."""
        line = self._rows[row]
        parts = self._texts.get(line)
        return None if parts is None else parts[row - self.row_of(line)]

    def is_first(self, row: int) -> bool:
        """Tell whether the row is its line's first."""
        return row == 0 or self._rows[row - 1] != self._rows[row]

    def is_folded(self, line: int) -> bool:
        """Tell whether something inside the line is hidden."""
        return line in self._folded

    def is_open(self, line: int) -> bool:
        """Tell whether the line shows what is inside it, or all of its text."""
        return line in self._texts or (line != ROOT and line not in self._folded and self._tree.has_children(line))

    def extend(self) -> None:
        """List the lines that the tree has read since the last time."""
        start, stop = self._listed, len(self._tree)
        if start < stop:
            # A payload may be as deep as it is long, so its lines are not all asked when nothing is folded.
            hiding = [line for line in self._ancestors(start) if line in self._folded] if self._folded else []
            self._rows.extend(self._shown(self._tree.end(hiding[-1]) if hiding else start, stop))
            self._listed = stop

    # -- folding

    def fold(self, line: int) -> None:
        """Hide what is inside a line that is open."""
        if self._texts.pop(line, None) is None:
            self._folded.add(line)
        del self._rows[self.row_of(line) + 1 : self.row_of(self._tree.end(line))]

    def unfold(self, line: int) -> None:
        """Show what is inside a line that is folded."""
        self._folded.discard(line)
        after = self.row_of(line) + 1
        self._rows[after:after] = array("i", self._shown(line + 1, min(self._tree.end(line), self._listed)))

    def unfold_text(self, line: int, parts: Sequence[str]) -> None:
        """Show a long text in parts, one a row."""
        self._texts[line] = parts
        after = self.row_of(line) + 1
        self._rows[after:after] = array("i", [line] * (len(parts) - 1))

    def fold_all(self) -> None:
        """Hide all but the outermost lines."""
        self._folded = set(self._tree.containers())
        self._texts.clear()
        self._list_again()

    def unfold_all(self) -> None:
        """Show every line; texts stay as they are."""
        self._folded.clear()
        self._list_again()

    def rewrap(self, wrap: Callable[[int], Sequence[str]]) -> None:
        """Divide the unfolded texts anew."""
        if self._texts:
            self._texts = {line: wrap(line) for line in self._texts}
            self._list_again()

    def reveal(self, line: int) -> int:
        """Unfold what hides a line; return its row."""
        for outer in reversed([outer for outer in self._ancestors(line) if outer in self._folded]):
            self.unfold(outer)
        return self.row_of(line)

    def outermost(self, line: int) -> int:
        """Return the outermost line that the line is in, or the line itself."""
        return [line, *self._ancestors(line)][-1]

    def _list_again(self) -> None:
        self._rows = array("i", self._shown(0, self._listed))

    def _shown(self, start: int, stop: int) -> Iterable[int]:
        return self._unfolded(start, stop) if self._folded or self._texts else range(start, stop)

    def _unfolded(self, start: int, stop: int) -> Iterator[int]:
        line = start
        while line < stop:
            yield from repeat(line, len(self._texts.get(line, "1")))
            line = self._tree.end(line) if line in self._folded else line + 1

    def _ancestors(self, line: int) -> Iterator[int]:
        """Yield the lines that `line` is in, innermost first."""
        while (line := self._tree.parent(line)) != ROOT:
            yield line
