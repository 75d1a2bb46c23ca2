"""Settings: a TOML file becomes one frozen value, or an error that names the file and the key.

`KEYS` is the one list of what may be set; the reader, its errors and the test of docs/configuration.md use it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from logtui.core.columns import DEFAULT_FEED, NAMES
from logtui.core.errors import UsageError
from logtui.core.query.suggest import nearest

_WAY_ROUND = f"let this user read it, or name another file with --config ({os.devnull} for none)"

ZONES = ("utc", "local", "relative")

KEY_PRESETS = ("default", "vim", "less")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may set once and for all. Every default works without a file."""

    store: Path | None = None
    """The store when the command line and `LOGTUI_STORE` name none."""
    zone: str = "utc"
    """How the screen shows times, one of `ZONES`."""
    columns: tuple[str, ...] = DEFAULT_FEED
    """Columns of the feed and of tables."""
    theme: str = "auto"
    """Name of a theme of the screen; `auto` decides by the terminal."""
    mouse: bool = False
    plain: bool = False
    """Whether to read and answer in lines, for screen readers, instead of painting a screen."""
    keys: str = "default"
    """The set of keys to begin with, one of `KEY_PRESETS`."""
    views: Path | None = None
    """The file of the saved views, if not the one beside the configuration."""
    keymap: Mapping[str, str] = field(default_factory=dict)
    """Action id -> keys, separated by commas."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Event column -> the name that the store's files give it."""


class _WrongValueError(Exception):
    """The value does not fit; the text continues the name of the key."""


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise _WrongValueError("must be a text that is not empty")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _WrongValueError("must be true or false")
    return value


def _path(value: object) -> Path:
    try:
        return Path(_text(value)).expanduser()
    except RuntimeError as error:
        raise _WrongValueError("must be a path in a home directory that exists") from error


def _zone(value: object) -> str:
    if value not in ZONES:
        raise _WrongValueError("must be one of " + ", ".join(ZONES))
    return str(value)


def _keys(value: object) -> str:
    if value not in KEY_PRESETS:
        raise _WrongValueError("must be one of " + ", ".join(KEY_PRESETS))
    return str(value)


def _columns(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(name, str) for name in value):
        raise _WrongValueError("must be a list of column names")
    for name in value:
        _check_column(name)
    if len(set(value)) < len(value):
        raise _WrongValueError("must be a list that names each column once")
    return tuple(value)


def _mapping(value: object) -> Mapping[str, str]:
    names = _texts(value)
    for name in names:
        _check_column(name)
    return names


def _texts(value: object) -> Mapping[str, str]:
    """Flatten tables to dotted names: TOML reads an unquoted `feed.next = "j"` as a table in a table."""
    if not isinstance(value, dict):
        raise _WrongValueError("must be a table of texts")
    flat: dict[str, str] = {}
    for name, inner in value.items():
        if isinstance(inner, dict):
            flat.update({f"{name}.{rest}": text for rest, text in _texts(inner).items()})
        else:
            flat[name] = _text(inner)
    return flat


def _check_column(name: str) -> None:
    if name not in NAMES:
        raise _WrongValueError(f"names no column: {name!r}" + did_you_mean(name, NAMES))


def did_you_mean(word: str, words: tuple[str, ...]) -> str:
    """Return `; did you mean …?` or nothing."""
    near = nearest(word, words)
    return f"; did you mean {near}?" if near else ""


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: its name in the file and in `Settings`, its reader, and its meaning."""

    name: str
    read: Callable[[object], object]
    meaning: str


KEYS: tuple[Key, ...] = (
    Key("store", _path, "store to open when neither the command line nor LOGTUI_STORE names one"),
    Key("zone", _zone, "how the screen shows times: utc, local or relative"),
    Key("columns", _columns, "columns of the feed and of tables"),
    Key("theme", _text, "theme of the screen"),
    Key("mouse", _flag, "whether the screen takes the mouse"),
    Key("plain", _flag, "whether to read and answer in lines, for screen readers"),
    Key("keys", _keys, "set of keys: default, vim or less"),
    Key("views", _path, "file of the saved views"),
    Key("keymap", _texts, "table: action id = keys, separated by commas"),
    Key("mapping", _mapping, "table: event column = name of that column in the store's files"),
)


def load_settings(path: Path | None = None) -> Settings:
    """Read `path`, or the person's own file, which need not exist.

    Raises:
        UsageError: the file cannot be read, is not TOML, or a key of it is unknown or wrong.
    """
    wanted = path or default_path()
    text = "" if wanted is None else _read(wanted, is_required=path is not None)
    return _to_settings(_parsed(text, wanted), wanted) if wanted is not None and text else Settings()


def default_path() -> Path | None:
    """Where the person's own file is looked for; None without a home directory."""
    directory = _xdg_directory("XDG_CONFIG_HOME", ".config")
    return directory / "config.toml" if directory else None


def views_path(settings: Settings) -> Path:
    """Return the file of the saved views.

    Raises:
        UsageError: none is set, and there is no home directory.
    """
    directory = _xdg_directory("XDG_CONFIG_HOME", ".config")
    if settings.views is not None:
        return settings.views
    if directory is None:
        raise UsageError("there is no home directory to keep views in; name a file as `views` in the configuration")
    return directory / "views.toml"


def state_directory() -> Path | None:
    """Where logtui may leave files of its own, such as the log of its mistakes."""
    return _xdg_directory("XDG_STATE_HOME", ".local/state")


def _xdg_directory(variable: str, below_home: str) -> Path | None:
    configured = os.environ.get(variable, "")
    if configured.startswith("/"):  # the XDG specification has relative paths ignored
        return Path(configured, "logtui")
    try:
        return Path.home() / below_home / "logtui"
    except RuntimeError:
        return None


def _read(path: Path, *, is_required: bool) -> str:
    """Return the text of a file; nothing where a file that need not exist does not."""
    try:
        return path.read_text("utf-8")
    except OSError as error:
        if not is_required and isinstance(error, FileNotFoundError | NotADirectoryError):
            return ""
        hint = "" if is_required else f"; {_WAY_ROUND}"
        raise UsageError(f"{path}: cannot be read: {error.strerror}{hint}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not UTF-8 text") from error


def _parsed(text: str, path: Path) -> dict[str, object]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        detail = str(error)
        raise UsageError(f"{path}: is not TOML: {detail[:1].lower()}{detail[1:]}") from error
    except RecursionError as error:
        raise UsageError(f"{path}: is not TOML: it is nested too deep") from error


def _to_settings(table: Mapping[str, object], path: Path) -> Settings:
    readers = {key.name: key.read for key in KEYS}
    values: dict[str, object] = {}
    for name, value in table.items():
        if name not in readers:
            raise UsageError(f"{path}: unknown key {name}" + did_you_mean(name, tuple(readers)))
        try:
            values[name] = readers[name](value)
        except _WrongValueError as error:
            raise UsageError(f"{path}: {name} {error}") from error
    for name, value in values.items():
        if isinstance(value, Path):
            # A relative path means the same whatever directory the program is started in.
            values[name] = path.absolute().parent / value
    return Settings(**values)  # type: ignore[arg-type]  # each reader returns the type of its field
