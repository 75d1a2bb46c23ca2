"""Reading argument lists."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from logtui.cli.commands import split_command
from logtui.cli.options import column_mapping, column_names, limit, locate, refuse_other_sources
from logtui.cli.parser import CommandLineError, CommandParser, TextRequested
from logtui.core.errors import UsageError


@pytest.fixture
def parser() -> CommandParser:
    parser = CommandParser(prog="logtui query", positionals=("STORE", "QUERY"))
    parser.add_argument("--limit", type=limit)
    parser.add_argument("-o", "--output")
    return parser


class TestPositionals:
    @pytest.mark.parametrize(
        "arguments",
        [
            ["audit", "type:a.*", "--limit", "5"],
            ["audit", "--limit", "5", "type:a.*"],
            ["--limit", "5", "audit", "type:a.*"],
            ["--limit=5", "audit", "--", "type:a.*"],
        ],
    )
    def test_options_may_stand_anywhere(self, parser: CommandParser, arguments: list[str]) -> None:
        """Nobody has to remember an order."""
        options = parser.read(arguments)

        assert options.positionals == ["audit", "type:a.*"]
        assert options.limit == 5

    @pytest.mark.parametrize(
        "query",
        [
            "-actor:system",
            "-on:yesterday",
            "-p.attempts:>3",
            "-payload.email:*@x",
            "-is:failure since:2h",
            "-(a OR b)",
            '-"two words"',
        ],
    )
    def test_a_query_may_begin_with_a_minus(self, parser: CommandParser, query: str) -> None:
        """Negation is part of the query language; it must not be taken for options, not even for `-o`."""

        assert parser.read(["audit", query, "--limit", "5"]).positionals == ["audit", query]

    def test_after_two_dashes_nothing_is_an_option(self, parser: CommandParser) -> None:
        """The way to write a query that begins with a negated word."""

        assert parser.read(["audit", "--", "-captcha"]).positionals == ["audit", "-captcha"]

    def test_a_query_in_several_arguments_is_quoted_for_the_person(self, parser: CommandParser) -> None:
        """The usual slip is to forget the quotes; the answer can be pasted."""

        with pytest.raises(CommandLineError, match="quote the query: 'type:a since:2h'"):
            parser.read(["audit", "type:a", "since:2h"])

    def test_a_command_without_arguments_takes_none(self) -> None:
        """Nothing is silently ignored."""

        with pytest.raises(CommandLineError, match="unexpected argument 'x'"):
            CommandParser(prog="logtui demo").read(["x"])


class TestOptions:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--limt", "5"], "unknown option --limt; did you mean --limit?"),
            (["--limt=5"], "unknown option --limt=5; did you mean --limit?"),
            (["-captcha"], "unknown option -captcha; put -- before a query that begins with -"),
            (["--limit"], "argument --limit: expected one argument"),
            (["--limit", "0"], "argument --limit: expected a number from 1 on, or all, not '0'"),
            (["--lim", "3"], "unknown option --lim; did you mean --limit?"),
        ],
    )
    def test_a_wrong_option_is_named_with_what_to_do(
        self, parser: CommandParser, arguments: list[str], message: str
    ) -> None:
        """No usage dump, one sentence."""

        with pytest.raises(CommandLineError) as caught:
            parser.read(arguments)

        assert str(caught.value) == message

    def test_help_is_an_answer(self, parser: CommandParser) -> None:
        """It is given to the writer of stdout, not printed from inside the parser."""

        with pytest.raises(TextRequested, match=r"usage: logtui query \[STORE\] \[QUERY\] \[options\]"):
            parser.read(["audit", "--help"])


class TestCommandNames:
    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            ([], ("open", [])),
            (["audit"], ("open", ["audit"])),
            (["audit", "query"], ("open", ["audit", "query"])),
            (["query", "audit"], ("query", ["audit"])),
            (["./query"], ("open", ["./query"])),
            (["--now", "2026-10-04", "query", "audit"], ("query", ["--now", "2026-10-04", "audit"])),
            (["--config=c.toml", "tail"], ("tail", ["--config=c.toml"])),
            (["--", "query"], ("open", ["--", "query"])),
        ],
    )
    def test_without_a_command_the_screen_opens(self, arguments: list[str], expected: tuple[str, list[str]]) -> None:
        """`logtui STORE` is the short form that people type."""

        assert split_command(arguments) == expected


class TestLocate:
    @pytest.mark.parametrize(
        ("positionals", "default", "expected"),
        [
            (["audit", "type:a"], None, ("audit", "type:a")),
            (["audit", "type:a"], "/d", ("audit", "type:a")),
            (["type:a"], None, ("type:a", "")),
            (["type:a"], "/d", ("/d", "type:a")),
            (["."], "/d", (".", "")),
            (["/no/such"], "/d", ("/no/such", "")),
            (["./no"], "/d", ("./no", "")),
            (["-"], "/d", ("-", "")),
            ([], "/d", ("/d", "")),
        ],
    )
    def test_one_argument_is_a_path_or_a_query(
        self, positionals: list[str], default: str | None, expected: tuple[str, str]
    ) -> None:
        """With a default store, a single argument is the store only if it looks or exists like one."""

        assert locate(positionals, default) == expected

    def test_no_store_at_all_names_every_way_to_name_one(self) -> None:
        """The first thing a newcomer types is `logtui`."""

        with pytest.raises(UsageError, match=r"LOGTUI_STORE.*configuration file.*logtui demo"):
            locate([], None)

    @pytest.mark.parametrize("store", ["-", "https://x.example/audit", "s3://b/audit", "events.ndjson", "a.json.gz"])
    def test_what_cannot_be_read_is_said(self, store: str) -> None:
        """The answer names what a store is, not a file that is missing."""

        with pytest.raises(UsageError, match="give a directory of Parquet files, or one Parquet file"):
            refuse_other_sources(store)

    def test_a_name_that_is_empty_is_no_store(self) -> None:
        """`logtui query "$AUDIT"` without that variable is not the directory that one happens to be in."""

        with pytest.raises(UsageError, match="the name of the store is empty; is a variable of the shell not set"):
            refuse_other_sources("")

    def test_a_directory_may_have_any_name(self, tmp_path: Path) -> None:
        """A store called `audit.log` is a directory all the same."""
        (tmp_path / "audit.log").mkdir()

        refuse_other_sources(str(tmp_path / "audit.log"))


class TestValues:
    def test_column_names(self) -> None:
        """Spaces around names are no matter."""

        assert column_names("event_time, actor") == ("event_time", "actor")

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", "expected column names"),
            ("actr", "there is no column 'actr'; did you mean actor"),
            ("ip,ip", "twice"),
        ],
    )
    def test_wrong_column_names(self, text: str, message: str) -> None:
        """A near name is offered."""

        with pytest.raises(argparse.ArgumentTypeError, match=message):
            column_names(text)

    def test_mapping(self) -> None:
        """Ours on the left, theirs on the right."""

        assert column_mapping("event_time=ts, actor=who") == {"event_time": "ts", "actor": "who"}

    @pytest.mark.parametrize("text", ["", "event_time", "event_time=", "=ts", "tim=ts"])
    def test_wrong_mappings(self, text: str) -> None:
        """Each half must be there, and ours must exist."""

        with pytest.raises(argparse.ArgumentTypeError):
            column_mapping(text)

    def test_limits(self) -> None:
        """`all` is no limit."""

        assert [limit("7"), limit("all")] == [7, None]

    @pytest.mark.parametrize("text", ["0", "-1", "x", "1.5", "٣", "9" * 30])
    def test_wrong_limits(self, text: str) -> None:
        """Only ASCII numbers from 1 on."""

        with pytest.raises(argparse.ArgumentTypeError):
            limit(text)
