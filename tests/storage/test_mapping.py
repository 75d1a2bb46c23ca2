"""Columns of a file find their place in the event."""

from __future__ import annotations

import pytest

from logtui.core.columns import COLUMNS, NAMES
from logtui.core.columns import Kind as EventKind
from logtui.core.errors import UsageError
from logtui.storage.file_schema import FileColumn, Kind, Physical, Unit
from logtui.storage.mapping import Match, check_mapping, match_columns, missing_source


def text(name: str, leaf: int = 0, *, is_required: bool = True) -> FileColumn:
    return FileColumn(name, Kind.TEXT, leaf, Physical.BYTES, is_utf8=True, is_required=is_required)


def time(name: str, leaf: int = 0, unit: Unit = Unit.MICROS) -> FileColumn:
    return FileColumn(name, Kind.TIMESTAMP, leaf, Physical.INT64, unit, is_utc=True, is_required=True)


def own() -> tuple[FileColumn, ...]:
    return tuple(
        (time if column.kind is EventKind.TIME else text)(column.name, leaf) for leaf, column in enumerate(COLUMNS)
    )


def matched(columns: tuple[FileColumn, ...], **mapping: str) -> dict[str, str]:
    return {name: column.name for name, column in match(columns, **mapping).sources}


def match(columns: tuple[FileColumn, ...], **mapping: str) -> Match:
    return match_columns(columns, mapping)


def test_our_own_columns_are_read_as_they_are() -> None:
    found = match(own())

    assert found.is_canonical
    assert tuple(name for name, _ in found.sources) == NAMES
    assert found.unused == ()


@pytest.mark.parametrize(
    "columns",
    [
        own()[:-1],
        (time("event_time", unit=Unit.MILLIS), *own()[1:]),
        (*own()[:3], FileColumn("severity", Kind.TEXT, 3, Physical.BYTES, is_utf8=False), *own()[4:]),
        (*own()[:2], text("event_type", 2, is_required=False), *own()[3:]),
        (*own()[:4], FileColumn("actor", Kind.INTEGER, 4, Physical.INT64), *own()[5:]),
    ],
    ids=["one missing", "milliseconds", "bytes", "values may be missing", "numbers"],
)
def test_columns_that_only_look_like_ours_are_converted(columns: tuple[FileColumn, ...]) -> None:
    assert not match(columns).is_canonical


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_every_synonym_is_known_in_any_case(column: object) -> None:
    wanted = next(each for each in COLUMNS if each is column)
    for synonym in wanted.synonyms:
        source = (time if wanted.kind is EventKind.TIME else text)(synonym.upper())

        assert matched((source,)) == {wanted.name: synonym.upper()}


def test_the_exact_name_comes_before_any_synonym() -> None:
    assert matched((text("user_id"), text("actor", 1)))["actor"] == "actor"


def test_the_best_synonym_wins() -> None:
    assert matched((text("name"), text("action", 1)))["event_type"] == "action"


def test_a_column_serves_once() -> None:
    found = match((time("ts"), text("user", 1)), subject="user")

    assert {name: column.name for name, column in found.sources} == {"event_time": "ts", "subject": "user"}


def test_a_mapping_comes_first_and_frees_nothing_else() -> None:
    assert matched((time("created_at"), time("updated_at", 1)), event_time="updated_at") == {"event_time": "updated_at"}


def test_a_mapped_column_that_is_missing_gives_nothing() -> None:
    assert matched((time("ts"), text("user", 1)), actor="login") == {"event_time": "ts"}


def test_a_time_must_be_able_to_be_one() -> None:
    flag = FileColumn("created", Kind.OTHER, 0, Physical.BOOLEAN)

    assert matched((flag, time("at", 1)))["event_time"] == "at"


def test_what_is_left_is_said() -> None:
    found = match((time("ts"), text("Action", 1), text("colour", 2)))

    assert found.unused == ("colour",)
    assert found.renamed == (("event_time", "ts"), ("event_type", "Action"))


def test_mapping_to_a_column_that_events_do_not_have_is_refused() -> None:
    with pytest.raises(UsageError, match=r"did you mean event_time\?"):
        check_mapping({"event_tim": "ts"})
    with pytest.raises(UsageError, match="events have event_time, event_id"):
        check_mapping({"colour": "ts"})
    check_mapping({"event_time": "ts"})


def test_a_mapped_name_that_no_file_has_is_an_error_with_what_they_have() -> None:
    assert missing_source({"actor": "LOGIN"}, ["login", "ts"]) is None
    assert "they have login, ts" in str(missing_source({"actor": "colour"}, ["login", "ts"]))
    assert "did you mean login?" in str(missing_source({"actor": "logn"}, ["login", "ts"]))
