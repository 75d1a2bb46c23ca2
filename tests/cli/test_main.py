"""The program as a whole: commands, help, the screen, and the document that describes them."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.samples import NOW

import logtui.cli
from logtui import __version__
from logtui.cli.commands import COMMANDS
from logtui.cli.main import make_parsers
from logtui.cli.options import OpenScreen
from logtui.config import Settings

DOCUMENT = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")


class TestDocument:
    @pytest.mark.parametrize("name", COMMANDS)
    def test_every_command_and_option_is_documented(self, name: str) -> None:
        """docs/cli.md cannot fall behind the parsers."""
        _, parsers = make_parsers((name,))
        options = [option for action in parsers[name]._actions for option in action.option_strings]

        assert f"`logtui {name}" in DOCUMENT
        assert [option for option in options if f"`{option}" not in DOCUMENT] == []

    @pytest.mark.parametrize("name", COMMANDS)
    def test_every_option_has_a_help_text(self, name: str) -> None:
        """`--now` is the only one that is hidden."""
        _, parsers = make_parsers((name,))
        actions = parsers[name]._actions

        assert [action.dest for action in actions if not action.help] == []
        assert [action.dest for action in actions if action.help == argparse.SUPPRESS] == ["now"]


class TestStreams:
    @pytest.mark.parametrize(
        ("stream", "owner"), [(r"sys\.stdout|\bprint\(", "output.py"), (r"sys\.stderr", "diagnostics.py")]
    )
    def test_each_stream_has_one_writer(self, stream: str, owner: str) -> None:
        """What reaches a terminal or a pipe has passed through one place that knows which of them it is."""
        sources = Path(logtui.cli.__file__).parent.rglob("*.py")

        assert [path.name for path in sources if re.search(stream, path.read_text("utf-8"))] == [owner]


class TestHelp:
    @pytest.mark.parametrize("option", ["-h", "--help"])
    def test_the_help_lists_every_command(self, logtui: Run, option: str) -> None:
        """On stdout, because it was asked for."""
        outcome = logtui(option, clock=None)

        assert (outcome.code, outcome.err) == (0, "")
        assert [name for name in COMMANDS if f"\n    {name}  " not in outcome.out.decode()] == []

    @pytest.mark.parametrize("name", COMMANDS)
    def test_every_command_has_its_own(self, logtui: Run, name: str) -> None:
        """With its usage line."""
        outcome = logtui(name, "--help")

        assert outcome.code == 0
        assert outcome.out.decode().startswith(f"usage: logtui {name}")

    @pytest.mark.parametrize("option", ["-V", "--version"])
    def test_the_version(self, logtui: Run, option: str) -> None:
        """One line for bug reports."""

        assert logtui(option, clock=None).out == f"logtui {__version__}\n".encode()


class TestOpen:
    @pytest.mark.parametrize("command", [[], ["open"]])
    def test_the_screen_gets_what_was_asked_for(self, logtui: Run, small_store: Path, command: list[str]) -> None:
        """The command line decides everything and opens nothing."""
        wish = logtui(*command, small_store, "is:failure", "--map", "event_time=ts").code

        assert isinstance(wish, OpenScreen)
        assert (wish.store, wish.query, wish.clock()) == (small_store, "is:failure", NOW)
        assert (wish.settings, wish.mapping, wish.on_exit) == (Settings(), {"event_time": "ts"}, None)

    def test_a_wrong_query_is_told_before_the_screen_opens(self, logtui: Run, small_store: Path) -> None:
        """The message stays on the terminal."""

        assert logtui(small_store, "usr:x").code == 2

    def test_a_misspelt_command_is_recognised(self, logtui: Run) -> None:
        """What is no command is taken for a store, and such a store is not there."""
        outcome = logtui("qurey")

        assert outcome.code == 1
        assert outcome.err == "logtui: qurey: there is no such store; did you mean the command query?\n"


def test_a_mistake_in_the_arguments_points_to_the_help(logtui: Run) -> None:
    """Of the command that was meant."""
    outcome = logtui("stats", "--bye", "type")

    assert outcome.code == 2
    assert outcome.err == "logtui: unknown option --bye; did you mean --by?\nlogtui: try 'logtui stats --help'\n"
