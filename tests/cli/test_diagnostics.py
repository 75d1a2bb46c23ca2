"""What is said on stderr, and the exit codes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from logtui.cli import diagnostics
from logtui.cli.diagnostics import ExitCode
from logtui.cli.options import QueryMistakeError
from logtui.cli.parser import CommandLineError
from logtui.core.errors import (
    LogtuiError,
    QuerySyntaxError,
    SegmentError,
    StoreError,
    UnsupportedQueryError,
    UsageError,
)
from logtui.core.page import Problem, Progress
from logtui.storage.problems import summarise

DOCUMENT = Path(__file__).parents[2] / "docs" / "cli.md"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("x"), 2),
        (CommandLineError("x", "logtui query"), 2),
        (QueryMistakeError(QuerySyntaxError("x", 0), "q"), 2),
        (UnsupportedQueryError("x"), 2),
        (StoreError("x"), 1),
        (SegmentError("x", "a.parquet"), 1),
    ],
)
def test_each_kind_of_error_has_its_exit_code(error: LogtuiError, code: int) -> None:
    """A script can tell its own mistake from a broken store."""

    assert diagnostics.refuse(error) == code


def test_exit_codes_are_documented() -> None:
    """Codes are a promise; docs/cli.md lists them."""
    document = DOCUMENT.read_text("utf-8")

    assert [code for code in ExitCode if f"| {code.value} |" not in document] == []


class TestQueryMistakes:
    def shown(self, capsys: pytest.CaptureFixture[str], text: str, column: int, width: int = 1) -> list[str]:
        mistake = QuerySyntaxError("unknown field", column, width=width, suggestion="type")
        diagnostics.refuse(QueryMistakeError(mistake, text))
        return capsys.readouterr().err.splitlines()

    def test_the_place_is_marked_under_the_query(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Nobody counts columns."""

        assert self.shown(capsys, "actor:a tpye:b", 8, 4) == [
            "logtui: unknown field (column 9); did you mean type?",
            "  actor:a tpye:b",
            "          ^^^^",
        ]

    def test_the_end_of_the_query_can_be_marked(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Where something is missing."""

        assert self.shown(capsys, "actor:", 6)[1:] == ["  actor:", "        ^"]

    def test_the_mark_stays_in_place_behind_characters_that_are_spelled_out(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """What is shown is longer than what was written, and the mark knows."""

        assert self.shown(capsys, "a\x1b\u202eb", 3)[1:] == ["  a␛\\u202eb", "          ^"]

    def test_a_long_query_is_shown_around_the_place(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Ten thousand characters do not fill the screen."""
        query, mark = self.shown(capsys, "x" * 5000 + "?" + "y" * 5000, 5000)[1:]

        assert len(query) < 150
        assert query[mark.index("^")] == "?"


class TestProblems:
    def test_each_file_is_named_and_a_loss_is_an_exit_code(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Damage is never silent."""
        code = diagnostics.report([Problem("date=2026-10-04/i-1.parquet", "is cut off"), Problem("", "odd", False)])

        assert code == ExitCode.PROBLEM
        assert capsys.readouterr().err == "logtui: date=2026-10-04/i-1.parquet: is cut off\nlogtui: odd\n"

    def test_no_damaged_file_hides_behind_another_one(self, capsys: pytest.CaptureFixture[str]) -> None:
        """However many there are with the same damage."""
        paths = [f"{number:03}.parquet" for number in range(300)]
        diagnostics.report(summarise(Problem(path, "is empty") for path in paths))

        assert capsys.readouterr().err.splitlines() == [f"logtui: {path}: is empty" for path in paths]

    def test_files_with_the_same_remark_are_counted_unless_all_are_asked_for(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A store of thousands of files with one harmless oddity; the option that names them is said."""
        remarks = summarise(Problem(f"{number:03}.parquet", "lacks ip", is_loss=False) for number in range(300))
        diagnostics.report(remarks)
        few = capsys.readouterr().err.splitlines()
        diagnostics.report(remarks, is_verbose=True)
        all_of_them = capsys.readouterr().err.splitlines()

        assert few[:2] == ["logtui: 000.parquet: lacks ip", "logtui: 001.parquet: lacks ip"]
        assert few[-1] == "logtui: 295 more files like these; --verbose names them"
        assert len(few) == 6
        assert all_of_them == [f"logtui: {number:03}.parquet: lacks ip" for number in range(300)]

    def test_a_remark_alone_is_no_failure(self) -> None:
        """Nothing is missing, so the answer is complete."""

        assert diagnostics.report([Problem("x.parquet", "no column is the severity", is_loss=False)]) == ExitCode.DONE

    def test_a_file_name_cannot_write_to_the_terminal(self, capsys: pytest.CaptureFixture[str]) -> None:
        """File names are attacker's input too."""
        diagnostics.report([Problem("\x1b]0;title\x07.parquet", "is\nempty")])

        assert capsys.readouterr().err == "logtui: ␛]0;title␇.parquet: is␊empty\n"


class TestOwnMistakes:
    def test_the_details_go_to_a_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """One line for the person, the traceback for whoever mends it."""
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
        error = ValueError("boom")

        assert diagnostics.confess(error) == ExitCode.PROBLEM
        log = tmp_path / "logtui" / "logtui.log"
        assert capsys.readouterr().err == f"logtui: internal error: ValueError: boom; details are in {log}\n"
        assert "ValueError: boom" in log.read_text()
        assert log.stat().st_mode & 0o077 == 0

    def test_a_place_that_cannot_be_written_is_no_second_mistake(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The line is shown all the same."""
        (tmp_path / "logtui").touch()
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

        diagnostics.confess(ValueError())

        assert capsys.readouterr().err == "logtui: internal error: ValueError\n"

    def test_the_log_does_not_grow_for_ever(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A mistake in a cron job must not fill the disk."""
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
        log = tmp_path / "logtui" / "logtui.log"
        log.parent.mkdir()
        log.write_bytes(b"x" * 1_000_001)

        diagnostics.confess(ValueError("boom"))

        assert 0 < log.stat().st_size < 10_000


class TestProgressLine:
    def test_nothing_is_drawn_where_there_is_no_terminal(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A log file of a cron job stays clean."""
        line = diagnostics.ProgressLine()
        line._next = 0

        line.show(Progress(1, 9), 5)
        line.erase()

        assert capsys.readouterr().err == ""

    def test_on_a_terminal_it_is_drawn_and_erased(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """It says how far the search has come, and leaves nothing behind."""
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        line = diagnostics.ProgressLine()
        line._next = 0

        line.show(Progress(1, 9), 1234)
        line.erase()

        assert capsys.readouterr().err == "\r\x1b[K1 of 9 days searched, 1,234 found\r\x1b[K"

    def test_a_search_that_no_filter_helps_says_so(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Whoever waits knows why."""
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        line = diagnostics.ProgressLine()
        line._next = 0

        line.show(Progress(1, 9), 0, how=lambda: "reading all payloads")

        assert "1 of 9 days searched, 0 found, reading all payloads" in capsys.readouterr().err


def test_without_stderr_nothing_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    """`2>&-` is a way to say that nobody wants to know."""
    monkeypatch.setattr(sys, "stderr", None)

    diagnostics.note("nobody hears this")

    assert not diagnostics.is_terminal()
