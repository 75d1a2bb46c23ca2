"""Stores that other tools wrote: other names, other types, other layouts."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.asking import events, ids, last_summary, losses, parts

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, HOUR, SECOND
from logtui.core.errors import StoreError, UsageError
from logtui.core.times import day_start
from logtui.storage.duckdb.engine import DuckDBEngine

NOON = day_start("2026-10-01") + 12 * HOUR
MOMENT = datetime(2026, 10, 1, 12, tzinfo=UTC)


def write(path: Path, columns: dict[str, Any], **options: Any) -> Path:
    """Write one Parquet file of other people's columns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path, **options)
    return path


@contextmanager
def opened(store: Path, **mapping: str) -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine(store, mapping=mapping)
    try:
        yield engine
    finally:
        engine.close()


TIMES: dict[str, pa.Array] = {
    "timestamp us UTC": pa.array([MOMENT], pa.timestamp("us", "UTC")),
    "timestamp ns UTC": pa.array([MOMENT], pa.timestamp("ns", "UTC")),
    "timestamp ms other zone": pa.array([MOMENT], pa.timestamp("ms", "Asia/Tokyo")),
    "timestamp us naive": pa.array([MOMENT.replace(tzinfo=None)], pa.timestamp("us")),
    "timestamp ns naive": pa.array([MOMENT.replace(tzinfo=None)], pa.timestamp("ns")),
    "timestamp s naive": pa.array([MOMENT.replace(tzinfo=None)], pa.timestamp("s")),
    "epoch s": pa.array([NOON // SECOND], pa.int64()),
    "epoch s int32": pa.array([NOON // SECOND], pa.int32()),
    "epoch ms": pa.array([NOON // 1000], pa.int64()),
    "epoch us": pa.array([NOON], pa.int64()),
    "epoch ns": pa.array([NOON * 1000], pa.int64()),
    "epoch s float": pa.array([NOON / SECOND], pa.float64()),
    "epoch ms float": pa.array([NOON / 1000], pa.float64()),
    "RFC 3339": pa.array(["2026-10-01T12:00:00Z"]),
    "RFC 3339 lower case": pa.array(["2026-10-01t12:00:00z"]),
    "RFC 3339 with offset": pa.array(["2026-10-01T14:00:00.000+02:00"]),
    "RFC 3339 with nanoseconds": pa.array(["2026-10-01T12:00:00.000000000Z"]),
    "ISO without zone": pa.array(["2026-10-01 12:00:00"]),
    "number in text": pa.array([f"{NOON // SECOND}"]),
    "number with fraction in text": pa.array([f"{NOON // SECOND}.000"]),
    "bytes": pa.array([b"2026-10-01T12:00:00Z"], pa.binary()),
}


class TestTimes:
    @pytest.mark.parametrize("times", TIMES.values(), ids=TIMES.keys())
    def test_of_any_kind_are_read(self, tmp_path: Path, times: pa.Array) -> None:
        write(tmp_path / "events.parquet", {"ts": times, "id": ["e1"]})

        with opened(tmp_path) as engine:
            found = events(engine)
            bounds = engine.time_bounds(token=CancelToken())
            in_range = ids(engine, "since:2026-10-01T12:00 until:2026-10-01T12:00:01")
            before = ids(engine, "until:2026-10-01T12:00")

            assert [each.event_time for each in found] == [NOON]
            assert bounds == (NOON, NOON)
            assert in_range == ["e1"]
            assert before == []
            assert losses(engine) == []

    def test_of_a_date_are_midnight(self, tmp_path: Path) -> None:
        write(tmp_path / "events.parquet", {"ts": pa.array([date(2026, 10, 1)], pa.date32()), "id": ["e1"]})

        with opened(tmp_path) as engine:
            assert [each.event_time for each in events(engine)] == [day_start("2026-10-01")]

    def test_in_different_units_stand_side_by_side(self, tmp_path: Path) -> None:
        """A column that changed from seconds to milliseconds one day."""
        times = [NOON // SECOND, NOON // 1000 + 1000, NOON + 2 * SECOND, (NOON + 3 * SECOND) * 1000]
        write(tmp_path / "events.parquet", {"ts": times, "id": ["s", "ms", "us", "ns"]})

        with opened(tmp_path) as engine:
            assert ids(engine) == ["ns", "us", "ms", "s"]
            assert ids(engine, "since:2026-10-01T12:00:01 until:2026-10-01T12:00:02") == ["ms"]

    def test_without_a_zone_are_said(self, tmp_path: Path) -> None:
        write(tmp_path / "events.parquet", {"ts": ["2026-10-01 12:00:00"], "id": ["e1"]})

        with opened(tmp_path) as engine:
            assert len(events(engine)) == 1
            [problem] = engine.problems()

        assert "read as UTC" in problem.message
        assert not problem.is_loss

    def test_that_cannot_be_read_are_counted(self, tmp_path: Path) -> None:
        times = ["2026-10-01T12:00:00Z", "yesterday", None, "infinity", "2026-13-45T00:00:00Z"]
        write(tmp_path / "events.parquet", {"ts": times, "id": list("abcde")})

        with opened(tmp_path) as engine:
            assert ids(engine) == ["a"]
            assert last_summary(engine).total == 1
            [problem] = losses(engine)

        assert problem.path == "events.parquet"
        assert "4 rows" in problem.message

    @pytest.mark.parametrize(
        "times", [pa.array([NOON, None]), pa.array([MOMENT, None], pa.timestamp("us", "UTC"))], ids=["int", "timestamp"]
    )
    def test_that_are_missing_are_counted_from_the_footer(self, tmp_path: Path, times: pa.Array) -> None:
        write(tmp_path / "events.parquet", {"ts": times, "id": ["a", "b"]})

        with opened(tmp_path) as engine:
            assert last_summary(engine).total == 1
            assert ["1 row has no time" in problem.message for problem in losses(engine)] == [True]

    def test_that_nobody_has_leave_the_file_out(self, tmp_path: Path) -> None:
        write(tmp_path / "a.parquet", {"ts": [NOON], "id": ["a"]})
        write(tmp_path / "b.parquet", {"x": [1], "id": ["b"]})

        with opened(tmp_path) as engine:
            assert ids(engine) == ["a"]
            [problem] = losses(engine)

        assert problem.path == "b.parquet"
        assert "--map event_time=COLUMN" in problem.message

    def test_in_text_are_searched_file_by_file(self, tmp_path: Path) -> None:
        """All of a file's texts have to be converted to find any of its times, so no file is read for many windows."""
        for day in (1, 2, 3):
            texts = [f"2026-10-{day:02}T{hour:02}:{minute:02}:00Z" for hour in range(24) for minute in range(60)]
            write(tmp_path / f"{day}.parquet", {"ts": texts, "id": [f"{day}-{text}" for text in texts]})

        with opened(tmp_path) as engine:
            found = parts(engine, limit=100)

        assert [each.event_id for part in found for each in part.events][:2] == [
            "3-2026-10-03T23:59:00Z",
            "3-2026-10-03T23:58:00Z",
        ]
        assert len(found) <= 2


class TestColumns:
    def test_are_matched_by_their_synonyms(self, tmp_path: Path) -> None:
        write(
            tmp_path / "events.parquet",
            {
                "@Timestamp": [MOMENT],
                "ID": ["e1"],
                "Action": ["user.login"],
                "User_Id": ["u1"],
                "target": ["org_1"],
                "Service": ["auth"],
                "request_id": ["t1"],
                "Client_IP": ["203.0.113.9"],
                "level": ["WARNING"],
                "body": ['{"a":1}'],
            },
        )

        with opened(tmp_path) as engine:
            [found] = events(engine, "type:user.login severity:warning ip:203.0.113.0/24 p.a:1", with_payload=True)
            [problem] = engine.problems()

        assert found.event_id == "e1"
        assert (found.actor, found.subject, found.source, found.trace_id) == ("u1", "org_1", "auth", "t1")
        assert found.payload == '{"a":1}'
        assert found.ingested_at is None
        assert "event_type = Action" in problem.message
        assert not problem.is_loss

    def test_are_taken_by_an_explicit_mapping_first(self, tmp_path: Path) -> None:
        write(tmp_path / "events.parquet", {"ts": [MOMENT], "id": ["e1"], "who did": ["u1"], "user": ["u2"]})

        with opened(tmp_path, actor="who did") as engine:
            assert [each.actor for each in events(engine)] == ["u1"]

    def test_that_a_mapping_names_wrongly_are_an_error_with_a_hint(self, tmp_path: Path) -> None:
        write(tmp_path / "events.parquet", {"ts": [MOMENT], "user_name": ["u1"]})

        with pytest.raises(StoreError, match=r'no file has the column "user_nam".*did you mean user_name\?'):
            DuckDBEngine(tmp_path, mapping={"actor": "user_nam"})
        with pytest.raises(UsageError, match=r'no column "actr".*did you mean actor\?'):
            DuckDBEngine(tmp_path, mapping={"actr": "user_name"})

    def test_that_only_some_files_have_are_missing_in_the_others(self, tmp_path: Path) -> None:
        write(tmp_path / "a.parquet", {"ts": [MOMENT], "id": ["a"], "user": ["u1"]})
        write(tmp_path / "b.parquet", {"ts": [MOMENT + timedelta(seconds=1)], "id": ["b"]})

        with opened(tmp_path, actor="user") as engine:
            assert [(each.event_id, each.actor) for each in events(engine)] == [("b", None), ("a", "u1")]

    def test_whose_types_differ_between_files_become_text(self, tmp_path: Path) -> None:
        write(tmp_path / "a.parquet", {"ts": [NOON // SECOND], "id": [1], "user": [7]})
        write(tmp_path / "b.parquet", {"ts": ["2026-10-01T12:00:01Z"], "id": ["b"], "user": ["u"]})
        write(tmp_path / "c.parquet", {"ts": [MOMENT + timedelta(seconds=2)], "id": [2.5], "user": [[1, 2]]})

        with opened(tmp_path) as engine:
            found = [(each.event_id, each.actor) for each in events(engine)]

        assert found == [("2.5", "[1,2]"), ("b", "u"), ("1", "7")]

    def test_that_repeat_a_name_are_told_apart(self, tmp_path: Path) -> None:
        table = pa.Table.from_arrays(
            [pa.array([MOMENT]), pa.array(["first"]), pa.array(["second"])], names=["ts", "id", "ID"]
        )
        pq.write_table(table, tmp_path / "events.parquet")

        with opened(tmp_path) as engine:
            [found] = events(engine, with_payload=True)

        assert found.event_id == "first"
        assert json.loads(found.payload or "") == {"ts": "2026-10-01 12:00:00+00", "id": "first", "ID": "second"}

    def test_may_have_any_name(self, tmp_path: Path) -> None:
        names = ['we"ird', "it's", "sp ace", "new\nline", "日本", "select", "a.b", "%s", "?"]
        write(tmp_path / "events.parquet", {"ts": [MOMENT], "id": ["e1"]} | {name: [name] for name in names})

        with opened(tmp_path, actor='we"ird', subject="new\nline", trace_id="?") as engine:
            [found] = events(engine, with_payload=True)

        assert (found.actor, found.subject, found.trace_id) == ('we"ird', "new\nline", "?")
        assert {name: name for name in names}.items() <= json.loads(found.payload or "").items()


class TestMissing:
    def test_type_is_event(self, tmp_path: Path) -> None:
        write(tmp_path / "events.parquet", {"ts": [MOMENT], "id": ["e1"]})

        with opened(tmp_path) as engine:
            assert ids(engine, "type:event") == ["e1"]
            assert "every type" in engine.problems()[0].message

    def test_id_is_a_hash_of_the_content(self, tmp_path: Path) -> None:
        """The same row has the same id in any file; different rows have different ones."""
        rows = {"ts": [MOMENT, MOMENT, MOMENT], "user": ["a", "b", None], "n": [1, 1, 1]}
        write(tmp_path / "one" / "events.parquet", rows)
        write(tmp_path / "two" / "other.parquet", rows, compression="zstd", row_group_size=1)

        with opened(tmp_path / "one") as one, opened(tmp_path / "two") as two:
            first, second = events(one), events(two)
            detail = [one.event(each.cursor, token=CancelToken()) for each in first]

        assert first == second
        assert len({each.event_id for each in first}) == 3
        assert [each and each.actor for each in detail] == [each.actor for each in first]

    def test_values_of_an_id_column_are_made_up_too(self, tmp_path: Path) -> None:
        write(tmp_path / "events.parquet", {"ts": [MOMENT, MOMENT], "id": [None, None], "user": ["a", "b"]})

        with opened(tmp_path) as engine:
            found = events(engine, limit=1)
            rest = events(engine, after=found[-1].cursor)

        assert {each.actor for each in found + rest} == {"a", "b"}

    def test_payload_is_all_columns(self, tmp_path: Path) -> None:
        write(tmp_path / "events.parquet", {"ts": [MOMENT], "id": ["e1"], "n": [3], "who": [{"name": "Ada"}]})

        with opened(tmp_path) as engine:
            [found] = events(engine, "p.who.name:Ada p.n:>2", with_payload=True)

        expected = {"ts": "2026-10-01 12:00:00+00", "id": "e1", "n": 3, "who": {"name": "Ada"}}
        assert json.loads(found.payload or "") == expected


class TestPayload:
    def test_of_a_struct_or_map_becomes_json(self, tmp_path: Path) -> None:
        write(tmp_path / "a.parquet", {"ts": [MOMENT], "id": ["a"], "data": [{"x": 1, "y": [True, None]}]})
        pairs = pa.array([[("k", "v")]], pa.map_(pa.string(), pa.string()))
        write(tmp_path / "b.parquet", {"ts": [MOMENT], "id": ["b"], "data": pairs})

        with opened(tmp_path) as engine:
            found = {each.event_id: each.payload for each in events(engine, with_payload=True)}

        assert found == {"a": '{"x":1,"y":[true,null]}', "b": '{"k":"v"}'}

    def test_of_bytes_becomes_text(self, tmp_path: Path) -> None:
        data = pa.array([b'{"a":"\xff\xfe"}', b'{"a":1}'], pa.binary())
        write(tmp_path / "a.parquet", {"ts": [MOMENT, MOMENT], "id": ["a", "b"], "data": data})

        with opened(tmp_path) as engine:
            found = events(engine, with_payload=True)

        assert found[0].payload == '{"a":1}'
        assert (found[1].payload or "").startswith('{"a":"')

    def test_that_is_missing_is_null(self, tmp_path: Path) -> None:
        write(tmp_path / "a.parquet", {"ts": [MOMENT], "id": ["a"], "data": pa.array([None], pa.string())})

        with opened(tmp_path) as engine:
            assert [each.payload for each in events(engine, with_payload=True)] == ["null"]


ODD_NAMES = (
    "plain",
    "we[i]rd 'q' id=777",
    "back\\slash",
    "st*r",
    "qu?st",
    "new\nline",
    "日本 ü",
    "{a,b}",
    "%41",
    "a[b\\c",
    "-dash",
    "date=2026-13-45",
    '"double"',
    "$HOME",
)


class TestLayout:
    @pytest.mark.parametrize("name", ODD_NAMES)
    def test_may_have_any_name(self, tmp_path: Path, name: str) -> None:
        """Neither the store's name nor those inside it are patterns, partitions or text of SQL."""
        store = tmp_path / name
        write(store / name / f"{name}.parquet", {"ts": [MOMENT], "id": ["e1"], "user": ["u"]})
        write(store / "x.parquet", {"ts": [MOMENT], "id": ["e2"], "user": ["u"]})

        with opened(store) as engine:
            assert ids(engine) == ["e2", "e1"]
            assert losses(engine) == []

    def test_file_names_are_no_patterns(self, tmp_path: Path) -> None:
        for number, name in enumerate(("[x].parquet", "x.parquet", "*.parquet", "y?.parquet", "yz.parquet")):
            write(tmp_path / name, {"ts": [MOMENT], "id": [f"e{number}"]})

        with opened(tmp_path) as engine:
            assert sorted(ids(engine)) == ["e0", "e1", "e2", "e3", "e4"]

    def test_may_be_one_file(self, tmp_path: Path) -> None:
        path = write(tmp_path / "[one] file.parquet", {"ts": [MOMENT], "id": ["e1"]})
        write(tmp_path / "other.parquet", {"ts": [MOMENT], "id": ["e2"]})

        with opened(path) as engine:
            assert ids(engine) == ["e1"]
            assert [day.segment_count for day in engine.coverage().days] == [1]

    def test_may_have_partitions_of_any_depth_or_none(self, tmp_path: Path) -> None:
        for number, place in enumerate(
            ("date=2026-10-01", "region=eu/date=2026-10-01/hour=12", "a/b", ".", "part.parquet")
        ):
            write(tmp_path / place / f"{number}.parquet", {"ts": [MOMENT], "id": [f"e{number}"]})

        with opened(tmp_path) as engine:
            assert ids(engine) == ["e4", "e3", "e2", "e1", "e0"]
            assert ids(engine, "on:2026-10-01 id:e1") == ["e1"]

    def test_partition_columns_do_not_replace_columns_of_the_files(self, tmp_path: Path) -> None:
        write(tmp_path / "id=777" / "date=2026-10-01" / "a.parquet", {"ts": [MOMENT], "id": ["e1"], "date": ["x"]})

        with opened(tmp_path) as engine:
            [found] = events(engine, with_payload=True)

        assert found.event_id == "e1"
        assert json.loads(found.payload or "")["date"] == "x"

    def test_days_of_directories_promise_nothing_about_times(self, tmp_path: Path) -> None:
        """Others partition by local time or by time of arrival."""
        for day in (1, 2, 20):
            write(tmp_path / f"date=2026-10-{day:02}" / "a.parquet", {"ts": [MOMENT], "id": [f"e{day}"]})
        write(tmp_path / "date=2026-10-03" / "a.parquet", {"ts": ["2026-10-01T12:00:00Z"], "id": ["text"]})

        with opened(tmp_path) as engine:
            assert sorted(ids(engine, "on:2026-10-01")) == ["e1", "e2", "e20", "text"]
            assert ids(engine, "on:2026-10-20") == []

    def test_hidden_and_unfinished_files_are_not_read(self, tmp_path: Path) -> None:
        for name in (".hidden", "_tmp", ".trash/t", "_delta_log/x", "d/.tmp/x"):
            write(tmp_path / f"{name}.parquet", {"ts": [MOMENT], "id": [name]})
        write(tmp_path / "x.parquet.tmp", {"ts": [MOMENT], "id": ["tmp"]})
        write(tmp_path / "ok.parquet", {"ts": [MOMENT], "id": ["ok"]})

        with opened(tmp_path) as engine:
            assert ids(engine) == ["ok"]
            assert losses(engine) == []

    def test_links_out_of_the_store_are_not_followed(self, tmp_path: Path) -> None:
        outside = write(tmp_path / "outside" / "a.parquet", {"ts": [MOMENT], "id": ["outside"]})
        store = tmp_path / "store"
        inside = write(store / "ok.parquet", {"ts": [MOMENT], "id": ["ok"]})
        (store / "link.parquet").symlink_to(outside)
        (store / "links").symlink_to(outside.parent)
        (store / "again.parquet").symlink_to(inside)
        (store / "loop").symlink_to(store)
        (store / "dangling.parquet").symlink_to(store / "nothing")
        os.mkfifo(store / "pipe.parquet")

        with opened(store) as engine:
            assert ids(engine) == ["ok"]
            said = {problem.path: problem.is_loss for problem in engine.problems()}

        assert said["link.parquet"]
        assert said["pipe.parquet"]
        assert not said["again.parquet"]

    @pytest.mark.parametrize("name", ["loop", "loop.parquet"])
    def test_a_link_to_itself_hides_nothing(self, tmp_path: Path, name: str) -> None:
        """Also two that lead to each other."""
        write(tmp_path / "day" / "a.parquet", {"ts": [NOON], "id": ["a"]})
        (tmp_path / name).symlink_to(tmp_path / name)
        (tmp_path / "day" / name).symlink_to(tmp_path / "day" / f"other-{name}")
        (tmp_path / "day" / f"other-{name}").symlink_to(tmp_path / "day" / name)

        with opened(tmp_path) as engine:
            assert ids(engine) == ["a"]
            said = {problem.path for problem in engine.problems() if "leads nowhere" in problem.message}

        assert bool(said) == name.endswith(".parquet")

    def test_may_be_reached_through_a_link(self, tmp_path: Path) -> None:
        write(tmp_path / "real" / "a.parquet", {"ts": [MOMENT], "id": ["e1"]})
        (tmp_path / "link").symlink_to(tmp_path / "real")

        with opened(tmp_path / "link") as engine:
            assert ids(engine) == ["e1"]

    def test_without_partitions_is_pruned_by_its_footers(self, tmp_path: Path) -> None:
        """Ten files of one day each in one directory: one day's question opens one of them."""
        for day in range(1, 11):
            moments = [datetime(2026, 10, day, hour, tzinfo=UTC) for hour in range(24)]
            write(tmp_path / f"{day:02}.parquet", {"ts": moments, "id": [f"{day}-{hour}" for hour in range(24)]})
        for day in (1, 2, 4, 5, 6, 7, 8, 9, 10):
            break_pages(tmp_path / f"{day:02}.parquet")

        with opened(tmp_path) as engine:
            found = ids(engine, "on:2026-10-03")
            days = engine.coverage().days

            assert len(found) == 24
            assert losses(engine) == []
            assert [day.start for day in days] == [day_start("2026-10-01") + number * DAY for number in range(10)]

    def test_that_is_no_store_is_a_clear_error(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        (tmp_path / "notes.txt").write_text("hello")

        with pytest.raises(StoreError, match="there is no store at"):
            DuckDBEngine(tmp_path / "missing")
        with pytest.raises(StoreError, match=r"there is no \.parquet file in"):
            DuckDBEngine(tmp_path / "empty")
        with pytest.raises(StoreError, match="is not a Parquet file"):
            DuckDBEngine(tmp_path / "notes.txt")


def break_pages(path: Path) -> None:
    data = path.read_bytes()
    length = int.from_bytes(data[-8:-4], "little")
    path.write_bytes(data[:4] + bytes(len(data) - length - 12) + data[-8 - length :])
