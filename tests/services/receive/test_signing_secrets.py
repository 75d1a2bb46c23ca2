"""Secrets come from a file or the environment, are checked, and are never shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.webhooks import OTHER_SECRET, SECRET

from logtui.core.errors import LogtuiError, UsageError
from logtui.services.receive.signing_secrets import SecretFileError, read_secrets


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "secrets"
    path.touch(0o600)
    return path


def test_a_file_has_one_secret_a_line(file: Path) -> None:
    """Comments, empty lines and repetitions do not count."""
    file.write_text(f"# Clerk, production\n{SECRET}  # until 2026-11-01\n\n{OTHER_SECRET}\r\n{SECRET}\n")

    assert read_secrets(file, {}) == (SECRET, OTHER_SECRET)


def test_the_environment_has_one_or_several(file: Path) -> None:
    """With and without a file."""
    file.write_text(SECRET)

    assert read_secrets(None, {"LOGTUI_WEBHOOK_SECRET": SECRET}) == (SECRET,)
    assert read_secrets(None, {"LOGTUI_WEBHOOK_SECRETS": f"{SECRET} {OTHER_SECRET}"}) == (SECRET, OTHER_SECRET)
    assert read_secrets(file, {"LOGTUI_WEBHOOK_SECRET": OTHER_SECRET}) == (SECRET, OTHER_SECRET)


def test_the_prefix_and_the_padding_may_be_missing(file: Path) -> None:
    """The same key is the same secret however it was copied."""
    file.write_text("QUJDREVGR0hJSktMTU5PUFE=\nwhsec_QUJDREVGR0hJSktMTU5PUFE\n")

    assert read_secrets(file, {}) == ("whsec_QUJDREVGR0hJSktMTU5PUFE",)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("whsec_Tr0ub4dor&3!", "not a webhook secret"),
        ("whsec_ü", "not a webhook secret"),
        ("whsec_QUJD", "3 bytes, fewer than 16; was it cut off"),
        ("whsec_", "0 bytes"),
        ("whpk_QUJDREVGR0hJSktMTU5PUFE=", "asymmetric"),
    ],
)
def test_what_is_no_secret_is_told_by_its_place(file: Path, line: str, message: str) -> None:
    """The line is named, and nothing of it repeated."""
    file.write_text(f"{SECRET}\n{line}\n")

    with pytest.raises(UsageError, match=message) as error:
        read_secrets(file, {})

    assert f"{file}, line 2" in str(error.value)
    assert not line.removeprefix("whsec_") or line.removeprefix("whsec_") not in str(error.value)


def test_a_bad_secret_of_the_environment_is_told_by_its_variable() -> None:
    """There is no line to name."""
    with pytest.raises(UsageError, match=r"^LOGTUI_WEBHOOK_SECRET: not a webhook secret"):
        read_secrets(None, {"LOGTUI_WEBHOOK_SECRET": "whsec_?"})


def test_no_secret_at_all_is_a_mistake(file: Path) -> None:
    """Nothing is received that could come from anybody."""
    with pytest.raises(UsageError, match="no webhook secret: give --secret-file FILE"):
        read_secrets(None, {})
    with pytest.raises(UsageError, match="secrets: holds no webhook secret"):
        read_secrets(file, {})


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o644, 0o666])
def test_a_file_open_to_everybody_is_refused(file: Path, mode: int) -> None:
    """Then it is no secret."""
    file.write_text(SECRET)
    file.chmod(mode)

    with pytest.raises(SecretFileError, match="chmod o="):
        read_secrets(file, {})


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o640])
def test_a_file_for_owner_or_group_will_do(file: Path, mode: int) -> None:
    """As systemd and careful administrators make it."""
    file.write_text(SECRET)
    file.chmod(mode)

    assert read_secrets(file, {}) == (SECRET,)


def test_a_pipe_will_do() -> None:
    """`--secret-file <(pass show clerk)` works."""
    reading, writing = os.pipe()
    os.write(writing, SECRET.encode())
    os.close(writing)
    try:
        assert read_secrets(Path(f"/dev/fd/{reading}"), {}) == (SECRET,)
    finally:
        os.close(reading)


def test_a_file_that_cannot_be_used_is_named(file: Path, tmp_path: Path) -> None:
    """Missing, a directory, too large, not text."""
    cases = {"missing": "no such file", "directory": "is a directory", "large": "too large", "binary": "not a text"}
    (tmp_path / "directory").mkdir()
    for name, content in (("large", b"#" * 70_000), ("binary", b"\xff\xfe\x00")):
        (tmp_path / name).write_bytes(content)
        (tmp_path / name).chmod(0o600)

    for name, message in cases.items():
        with pytest.raises(LogtuiError, match=f"{name}: {message}"):
            read_secrets(tmp_path / name, {})
