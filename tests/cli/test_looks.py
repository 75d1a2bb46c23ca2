"""Options about looks win over the configuration; without them it counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from logtui.cli import main as command_line
from logtui.cli.options import OpenScreen


def wish(*arguments: str) -> OpenScreen:
    """Return what the screen would be opened with."""
    outcome = command_line.main(arguments)
    assert isinstance(outcome, OpenScreen)
    return outcome


@pytest.fixture
def config(tmp_path: Path) -> str:
    """A configuration with looks of its own."""
    file = tmp_path / "config.toml"
    file.write_text('theme = "light"\nkeys = "less"\nmouse = true\n')
    return str(file)


def test_the_configuration_counts_without_options(small_store: Path, config: str) -> None:
    """Nothing is overridden by a default of an option."""
    settings = wish(str(small_store), "--config", config).settings

    assert (settings.theme, settings.keys, settings.mouse, settings.plain) == ("light", "less", True, False)


def test_options_win(small_store: Path, config: str) -> None:
    """Wherever they stand."""
    options = ("--theme", "safe", "--keys", "vim", "--no-mouse", "--plain")
    settings = wish(*options, "--config", config, str(small_store)).settings

    assert (settings.theme, settings.keys, settings.mouse, settings.plain) == ("safe", "vim", False, True)


def test_an_unknown_set_of_keys_is_refused(small_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything opens, with those there are."""
    assert command_line.main((str(small_store), "--keys", "emacs")) == 2
    assert "default" in capsys.readouterr().err
