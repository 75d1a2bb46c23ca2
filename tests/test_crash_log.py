"""The log of mistakes: what is needed to mend them, and nothing that events hold."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from logtui.crash_log import confession, record_text


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "logtui" / "logtui.log"


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    """Return the error with a traceback."""
    try:
        raise error from cause
    except type(error) as caught:
        return caught


@pytest.mark.parametrize(
    "message", ["cannot read 'ada@corp.example'", '"ada@corp.example" and "b"', 'it is {"a": "it\'s ada@corp.example"}']
)
def test_what_a_message_quotes_is_left_out(log: Path, message: str) -> None:
    confession(raised(ValueError(message)))

    text = log.read_text()
    assert "ada" not in text
    assert "builtins.ValueError: " in text
    assert "in raised" in text


def test_messages_about_code_are_kept(log: Path) -> None:
    confession(raised(AttributeError("'NoneType' object has no attribute 'text'")))

    assert "'NoneType' object has no attribute 'text'" in log.read_text()


def test_causes_are_told_and_their_messages_treated_alike(log: Path) -> None:
    inner = raised(KeyError("ada"))
    confession(raised(RuntimeError("outer"), inner))

    text = log.read_text()
    assert text.index("builtins.KeyError: '…'") < text.index("builtins.RuntimeError: outer")


def test_a_group_of_errors_is_told_whole(log: Path) -> None:
    confession(ExceptionGroup("several", [raised(ValueError("one")), raised(OSError("two"))]))

    text = log.read_text()
    assert "ValueError: one" in text
    assert "OSError: two" in text


def test_what_terminals_obey_is_shown_in_the_log_and_in_the_line(log: Path) -> None:
    said = confession(raised(OSError("a\x1b[2Jb\u202e")))
    record_text("c\x1b[31md\n  e\n")

    assert "a␛[2Jb\\u202e" in said
    assert "\x1b" not in said + log.read_text()
    assert "c␛[31md\n  e" in log.read_text()


def test_the_line_is_one_and_short() -> None:
    said = confession(ValueError("long\n" * 1000))

    assert "\n" not in said
    assert len(said) < 500


def test_a_log_that_others_can_read_is_closed_to_them(log: Path) -> None:
    log.parent.mkdir(parents=True)
    log.touch(0o644)

    assert record_text("something") == log
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
