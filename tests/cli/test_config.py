"""The configuration file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from logtui.config import KEYS, Settings, default_path, load_settings, state_directory
from logtui.core.errors import UsageError

DOCUMENT = Path(__file__).parents[2] / "docs" / "configuration.md"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


class TestReading:
    def test_without_a_file_every_setting_has_its_default(self) -> None:
        """logtui works before anything was configured."""

        assert load_settings() == Settings()

    def test_every_setting_is_read(self, file: Path) -> None:
        """What the file says is what the program uses."""
        file.write_text(
            'store = "/data/audit"\nzone = "local"\ncolumns = ["event_time", "actor"]\ntheme = "light"\nmouse = true\n'
            'plain = true\nkeys = "vim"\n'
            '[keymap]\n"feed.page_down" = "space,f"\n[mapping]\nevent_time = "ts"\n'
        )

        assert load_settings(file) == Settings(
            store=Path("/data/audit"),
            zone="local",
            columns=("event_time", "actor"),
            theme="light",
            mouse=True,
            plain=True,
            keys="vim",
            keymap={"feed.page_down": "space,f"},
            mapping={"event_time": "ts"},
        )

    def test_the_default_place_is_the_xdg_one(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A file there is found without being named."""
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        (tmp_path / "logtui").mkdir()
        (tmp_path / "logtui" / "config.toml").write_text("mouse = true")

        assert load_settings().mouse

    def test_a_relative_xdg_directory_is_ignored(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """So says the XDG specification; the home directory counts then."""
        monkeypatch.setenv("XDG_CONFIG_HOME", "somewhere")
        monkeypatch.setenv("XDG_STATE_HOME", "somewhere")

        assert default_path() == Path.home() / ".config" / "logtui" / "config.toml"
        assert state_directory() == Path.home() / ".local" / "state" / "logtui"

    def test_a_relative_store_is_relative_to_the_file(self, file: Path) -> None:
        """The same file means the same store in every working directory."""
        file.write_text('store = "audit"')

        assert load_settings(file).store == file.parent / "audit"

    def test_a_home_directory_is_expanded(self, file: Path) -> None:
        """`~` works as it does in a shell."""
        file.write_text('store = "~/audit"')

        assert load_settings(file).store == Path.home() / "audit"

    def test_an_action_id_needs_no_quotes(self, file: Path) -> None:
        """TOML reads a dot as a table in a table; both spellings mean the same."""
        file.write_text('[keymap]\nfeed.page_down = "space"')

        assert load_settings(file).keymap == {"feed.page_down": "space"}


class TestMistakes:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("colums = []", "unknown key colums; did you mean columns?"),
            ('mouse = "yes"', "mouse must be true or false"),
            ("store = 3", "store must be a text that is not empty"),
            ('store = ""', "store must be a text that is not empty"),
            ('store = "~nobody-of-that-name/x"', "store must be a path in a home directory that exists"),
            ('zone = "cet"', "zone must be one of utc, local, relative"),
            ('keys = "emacs"', "keys must be one of default, vim, less"),
            ('plain = "yes"', "plain must be true or false"),
            ("columns = []", "columns must be a list of column names"),
            ('columns = "actor"', "columns must be a list of column names"),
            ("columns = [1]", "columns must be a list of column names"),
            ('columns = ["actr"]', "columns names no column: 'actr'; did you mean actor?"),
            ('columns = ["ip", "ip"]', "columns must be a list that names each column once"),
            ("keymap = 1", "keymap must be a table of texts"),
            ("[keymap]\nx = 1", "keymap must be a text that is not empty"),
            ('[mapping]\nevent_tme = "ts"', "mapping names no column: 'event_tme'; did you mean event_time?"),
            ("store = ", "is not TOML: invalid value (at end of document)"),
        ],
    )
    def test_a_mistake_names_the_file_and_the_key(self, file: Path, text: str, message: str) -> None:
        """The person can go to the place without a search."""
        file.write_text(text)

        with pytest.raises(UsageError) as caught:
            load_settings(file)

        assert str(caught.value) == f"{file}: {message}"

    def test_a_named_file_must_exist(self, file: Path) -> None:
        """Only the default place may be empty."""

        with pytest.raises(UsageError, match="cannot be read: No such file or directory"):
            load_settings(file)

    def test_a_file_of_bytes_is_refused(self, file: Path) -> None:
        """A wrong encoding is told as such."""
        file.write_bytes(b"theme = '\xff'")

        with pytest.raises(UsageError, match="is not UTF-8 text"):
            load_settings(file)

    def test_a_directory_in_its_place_is_told(self, file: Path) -> None:
        """Also at the default place: something was meant by it."""
        file.mkdir()

        with pytest.raises(UsageError, match=f"{file}: cannot be read: Is a directory"):
            load_settings(file)

    def test_tables_without_end_are_no_settings(self, file: Path) -> None:
        """A file that is nested too deep is refused like any other that is wrong."""
        file.write_text("a = " + "[" * 100_000)

        with pytest.raises(UsageError, match="is not TOML"):
            load_settings(file)


class TestDefaultPlace:
    def test_a_directory_that_may_not_be_read_is_told(
        self, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Its settings may change what is shown, so they are not passed over; the message says what to do."""
        directory = tmp_path_factory.mktemp("settings")
        (directory / "logtui").mkdir(0o000, parents=True)
        monkeypatch.setenv("XDG_CONFIG_HOME", str(directory))
        before = os.geteuid()
        if before == 0:  # who may read everything
            os.seteuid(65534)
        try:
            with pytest.raises(UsageError) as caught:
                load_settings()
        finally:
            os.seteuid(before)
            (directory / "logtui").chmod(0o700)

        place = directory / "logtui" / "config.toml"
        assert str(caught.value) == (
            f"{place}: cannot be read: Permission denied; let this user read it, or name another file with --config "
            "(/dev/null for none)"
        )

    @pytest.mark.parametrize("home", ["/dev/null", "/nonexistent"])
    def test_a_home_that_is_no_directory_holds_no_settings(self, monkeypatch: pytest.MonkeyPatch, home: str) -> None:
        """Services are often given one of these."""
        monkeypatch.setenv("HOME", home)

        assert load_settings() == Settings()

    def test_dev_null_stands_for_no_file(self) -> None:
        """A way round a file that is wrong."""

        assert load_settings(Path(os.devnull)) == Settings()


def test_every_key_is_documented() -> None:
    """docs/configuration.md cannot fall behind the code."""
    document = DOCUMENT.read_text("utf-8")

    assert [key.name for key in KEYS if f"`{key.name}`" not in document] == []
