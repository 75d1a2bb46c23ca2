"""`logtui ingest`: what people have goes in, once each, and what cannot is named."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from tests.cli.conftest import Outcome, Run
from tests.samples import hard_events, write_store

from logtui.cli.options import OpenScreen
from logtui.core.event import Event

LINES = b"".join(
    b'{"event_time":"2026-10-0%d","ts":"2026-10-0%dT09:30:00Z","action":"login","id":"e%d"}\n' % (n, n, n)
    for n in (1, 2, 3)
)
"""Three events of nobody's format; the first name that could be the time is none."""

Put = Callable[..., Path]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Write bytes into a new input file."""

    def write(data: bytes, name: str = "in") -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


def event(number: int, **others: Any) -> dict[str, Any]:
    return {"time": f"2026-10-04T09:00:{number:02}Z", "type": "user.created", "id": f"e{number}", **others}


def lines(*records: Any) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def stored(logtui: Run, store: Path) -> list[dict[str, Any]]:
    """Return what the store holds, oldest first."""
    return logtui("query", store, "--format", "ndjson", "--limit", "all", "--order", "asc", "--payload", "text").events


def ids(logtui: Run, store: Path) -> list[str]:
    return [each["event_id"] for each in stored(logtui, store)]


def rejects(store: Path) -> list[dict[str, Any]]:
    files = list((store / ".logtui" / "rejects").glob("*.ndjson"))
    return [json.loads(line) for path in files for line in path.read_bytes().splitlines()]


def assert_done(outcome: Outcome, summary: str) -> None:
    assert (outcome.code, outcome.out) == (0, b"")
    assert summary in outcome.err


class TestSources:
    def test_the_store_is_made_and_a_second_import_adds_nothing(self, logtui: Run, store: Path, put: Put) -> None:
        """The command is safe to repeat, and says what it did."""
        source = put(LINES)

        first, second = logtui("ingest", store, source), logtui("ingest", store, source)

        assert_done(first, f"made the store {store}")
        assert_done(first, "3 events stored;")
        assert_done(second, "0 events stored, 3 duplicates left out;")
        assert ids(logtui, store) == ["e1", "e2", "e3"]
        assert not (store / ".logtui" / "rejects").exists()

    def test_what_makes_searching_fast_is_made_when_there_is_time_or_at_once(
        self, logtui: Run, store: Path, put: Put
    ) -> None:
        many = put(lines(*(event(n % 60, id=f"e{n}") for n in range(4_096))))
        later = logtui("ingest", store, many)
        assert f"logtui compact {store} makes searching them fast" in later.err
        assert not list(store.glob(".logtui/index/*/*"))

        clock = "2026-10-06T12:00:00Z"
        (day,) = map(json.loads, logtui("compact", store, "--dry-run", clock=clock).out.splitlines())
        assert (day["after"], day["segments_to_index"]) == (1, 1)
        assert logtui("compact", store, clock=clock).err == "logtui: indexed 1 segment\n"
        assert {path.stem for path in store.glob(".logtui/index/*/*")} == {path.stem for path in store.glob("date=*/*")}
        assert logtui("compact", store, clock=clock).err == "logtui: nothing to merge\n"

        at_once = store.with_name("at-once")
        assert "logtui compact" not in logtui("ingest", at_once, many, "--index").err
        assert len(list(at_once.glob(".logtui/index/*/*.needles"))) == 1

    def test_a_store_whose_making_was_broken_off_is_made(self, logtui: Run, store: Path, put: Put) -> None:
        """A process that was killed between the directory and the marker left only that."""
        (store / ".logtui" / "tmp").mkdir(parents=True)
        (store / ".logtui" / "tmp" / "unfinished").touch()

        assert_done(logtui("ingest", store, put(LINES)), "3 events stored;")

    def test_a_store_that_lost_its_marker_is_not_made_anew(self, logtui: Run, store: Path, put: Put) -> None:
        """There is something in it that a person has to look at."""
        (store / ".logtui" / "manifests").mkdir(parents=True)
        outcome = logtui("ingest", store, put(LINES))

        assert outcome.code == 1
        assert "not a store that logtui made" in outcome.err

    @pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
    def test_compressed_input_is_told_by_its_bytes(
        self, logtui: Run, store: Path, put: Put, compress: Callable[[bytes], bytes]
    ) -> None:
        """Names lie; members and frames that were joined are one input."""
        split = LINES.index(b"\n") + 5
        source = put(compress(LINES[:split]) + compress(LINES[split:]))

        assert_done(logtui("ingest", store, source), "3 events stored;")

    @pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
    def test_of_a_truncated_input_what_is_whole_is_stored(
        self, logtui: Run, store: Path, put: Put, compress: Callable[[bytes], bytes]
    ) -> None:
        """The rest is reported, never passed over."""
        many = lines(*(event(n % 60, id=f"x{n}", noise=str(hash(str(n)))) for n in range(5000)))
        source = put(compress(many)[:-20_000])

        outcome = logtui("ingest", store, source)

        assert outcome.code == 1
        assert f"{source}: the" in outcome.err
        assert "ends early; the file is cut off" in outcome.err
        assert 1000 < len(ids(logtui, store)) < 5000

    def test_directories_and_globs_give_their_files_in_order(self, logtui: Run, store: Path, tmp_path: Path) -> None:
        """Hidden and unfinished files do not count; patterns that the shell left alone are expanded."""
        inputs = tmp_path / "inputs"
        for number, name in enumerate(["b/2.log", "a.json", ".hidden", "_SUCCESS", "half.tmp", "b/.git/x"]):
            (inputs / name).parent.mkdir(parents=True, exist_ok=True)
            (inputs / name).write_bytes(lines(event(number)))

        assert_done(logtui("ingest", store, inputs), "2 events stored;")
        assert_done(logtui("ingest", store, str(inputs / "**" / "[ab2]*")), "0 events stored, 2 duplicates left out;")

    @pytest.mark.parametrize("name", ["nowhere.json", "no*.json"])
    def test_a_missing_input_is_told_before_anything_is_written(
        self, logtui: Run, store: Path, put: Put, name: str
    ) -> None:
        """A typing mistake leaves no half import."""
        outcome = logtui("ingest", store, put(LINES), name)

        assert (outcome.code, store.exists()) == (1, False)
        assert name in outcome.err

    def test_parquet_of_others_is_read_by_names(self, logtui: Run, store: Path, tmp_path: Path) -> None:
        """Rows become events with the row as payload; the format is told by the bytes."""
        path = tmp_path / "export"
        times = pa.array([1_759_570_200_000_000_001], pa.timestamp("ns"))
        pq.write_table(pa.table({"ts": times, "action": ["a.b"], "user_id": [7], "ratio": [float("nan")]}), path)

        assert_done(logtui("ingest", store, path), "1 event stored;")
        (found,) = stored(logtui, store)
        assert (found["event_time"], found["event_type"], found["actor"]) == ("2025-10-04T09:30:00.000000Z", "a.b", "7")
        assert json.loads(found["payload"]) == {
            "ts": "2025-10-04T09:30:00", "action": "a.b", "user_id": 7, "ratio": None
        }  # fmt: skip

    def test_a_store_can_be_imported_into_another(self, logtui: Run, store: Path, small_store: Path) -> None:
        """Segments pass as they are."""
        assert_done(logtui("ingest", store, small_store), "90 events stored;")
        assert stored(logtui, store) == stored(logtui, small_store)


class TestFraming:
    @pytest.mark.parametrize(
        "data",
        [
            LINES,
            LINES.replace(b"\n", b"\r\n\r\n").rstrip(),
            b"[" + LINES.replace(b"\n", b",")[:-1] + b"]",
            b'{"records":[' + LINES.replace(b"\n", b",")[:-1] + b'],"nextLink":"x"}',
            LINES.replace(b"\n", b""),
            b"".join(json.dumps(json.loads(line), indent=2).encode() for line in LINES.splitlines()),
            b"".join(json.dumps(line.decode()).encode() + b"\n" for line in LINES.splitlines()),
            json.dumps({"Events": [line.decode() for line in LINES.splitlines()]}).encode(),
            b"event_time,ts,action,id\n"
            + b"".join(b",".join(str(v).encode() for v in json.loads(x).values()) + b"\n" for x in LINES.splitlines()),
        ],
        ids=["lines", "crlf", "array", "container", "one line", "pretty", "strings", "strings inside", "csv"],
    )
    def test_every_shape_gives_the_same_events(self, logtui: Run, store: Path, put: Put, data: bytes) -> None:
        """What wraps the events is not of them."""
        assert_done(logtui("ingest", store, put(data)), "3 events stored;")
        found = stored(logtui, store)
        assert [(each["event_id"], each["event_type"]) for each in found] == [(f"e{n}", "login") for n in (1, 2, 3)]
        assert [json.loads(each["payload"])["id"] for each in found] == ["e1", "e2", "e3"]

    def test_an_event_that_holds_a_list_is_not_taken_apart(self, logtui: Run, store: Path, put: Put) -> None:
        """Only an object that has nothing else of its own is a container."""
        assert_done(logtui("ingest", store, put(lines(event(1, items=[event(2), event(3)])))), "1 event stored;")


class TestRoundTrip:
    def test_what_query_writes_comes_back_equal(self, logtui: Run, store: Path, put: Put, hard_store: Path) -> None:
        """Ids, times to the microsecond and payloads byte for byte."""
        printed = logtui("query", hard_store, "--format", "ndjson", "--payload", "text").out

        outcome = logtui("ingest", store, put(printed))

        assert_done(outcome, "(--format logtui)")
        assert logtui("query", store, "--format", "ndjson", "--payload", "text").out == printed

    def test_embedded_payloads_keep_their_bytes(self, logtui: Run, store: Path, tmp_path: Path, put: Put) -> None:
        """Numbers, the order of keys, equal keys and white space are not touched."""
        payload = '{"z":1.10, "a":1E+5,\t"a":123456789012345678901234567890, "\\ud83d\\ude00":"\\u00e9"}'
        at = hard_events()[0].event_time
        source = write_store(tmp_path / "source", [Event(at, "one", "a.b", payload=payload, ingested_at=at)])
        printed = logtui("query", source, "--format", "ndjson").out

        assert_done(logtui("ingest", store, put(printed)), "1 event stored;")
        assert stored(logtui, store)[0]["payload"] == payload
        assert logtui("query", store, "--format", "ndjson").out == printed

    def test_one_bad_line_costs_that_line_alone(self, logtui: Run, store: Path, put: Put, small_store: Path) -> None:
        """Blocks are read at once, and looked at line by line where something is wrong."""
        printed = logtui("query", small_store, "--limit", "all").out.splitlines(keepends=True)
        printed[40:40] = [b'{"event_time":"2026\n', printed[3].replace(b'"event_time":"2026', b'"event_time":"3026')]

        outcome = logtui("ingest", store, put(b"".join(printed)))

        assert outcome.code == 1
        assert ids(logtui, store) == ids(logtui, small_store)
        assert [each["line"] for each in rejects(store)] == [41, 42]


class TestBadInput:
    def test_each_bad_record_is_rejected_with_its_reason_and_the_rest_stored(
        self, logtui: Run, store: Path, put: Put
    ) -> None:
        """The rejects name file, line and reason, and hold the record, so that nothing is lost in silence."""
        bad = {
            b'{"time":1,"a":"\xff"}': "byte 16: not UTF-8",
            b'{"time":1,"a":"\x00"}': "not JSON: invalid control character at (column 16)",
            b'{"time":1,"a":NaN}': "not JSON: NaN is no number",
            b"[" * 10_000 + b"]" * 10_000: "nested too deeply to be read",
            b'{"time" 1}': "not JSON: expecting ':' delimiter (column 9)",
            b"plain text": "not JSON: expecting value (column 1)",
            b"17": "not a JSON object",
            b'{"type":"a.b"}': "event_time: missing; name the field that has it with --map event_time=…",
            b'{"time":"yesterdayish"}': 'time: "yesterdayish" is not a time',
            b'{"time":"2026-10-06T00:00:00Z"}': "event_time: 2026-10-06T00:00:00Z lies more than a day in the future",
        }
        source = put(lines(event(1)) + b"\n".join(bad) + b"\n" + lines(event(2)))

        outcome = logtui("ingest", store, source)

        assert outcome.code == 1
        assert "2 events stored, 10 rejected;" in outcome.err
        assert f"rejected records are in {store}/.logtui/rejects/" in outcome.err
        assert ids(logtui, store) == ["e1", "e2"]
        found = rejects(store)
        assert [(each["line"], each["reason"]) for each in found] == list(enumerate(bad.values(), 2))
        assert {each["file"] for each in found} == {str(source)}
        kept = [
            each["record"].encode() if "record" in each else base64.b64decode(each["record_base64"]) for each in found
        ]
        assert kept == list(bad)

    def test_what_is_strange_but_json_is_kept_as_it_came(self, logtui: Run, store: Path, put: Put) -> None:
        """Lone surrogates, escaped NULs, equal keys and endless numbers stay in the payload, byte for byte."""
        strange = [
            rb'{"time":1759570200,"id":"s1","user":"a\ud800b"}',
            rb'{"time":1759570201,"id":"s2","user":"a\u0000b"}',
            b'{"time":1759570202,"id":"s3","user":"first","user":"last"}',
            b'{"time":1759570203,"id":"s4","n":' + b"7" * 5000 + b',"e":1e400}',
        ]

        assert_done(logtui("ingest", store, put(b"\n".join(strange))), "4 events stored;")
        found = stored(logtui, store)
        assert [each["payload"].encode() for each in found] == strange
        assert [each["actor"] for each in found] == ["a\ufffdb", "a\0b", "last", None]

    @pytest.mark.parametrize("inner", [rb'{"k":"\ud800"}', rb'{"\ud800":1}', rb'"\ud800"'])
    def test_half_a_surrogate_pair_inside_the_payload_costs_nothing(
        self, logtui: Run, store: Path, put: Put, inner: bytes
    ) -> None:
        """The parser that cuts payloads out refuses it: then the whole record is the payload."""
        strange = b'{"time":1759570201,"id":"s","payload":' + inner + b"}"

        assert_done(
            logtui("ingest", store, put(b"\n".join([lines(event(1)).strip(), strange, lines(event(2)).strip()]))),
            "3 events stored;",
        )
        assert strange in [each["payload"].encode() for each in stored(logtui, store)]

    def test_a_line_of_50_mb_is_rejected(self, logtui: Run, store: Path, put: Put) -> None:
        """Its beginning is kept, and the lines around it are stored."""
        outcome = logtui("ingest", store, put(lines(event(1), event(2, note="x" * 50_000_000), event(3))))

        assert outcome.code == 1
        assert ids(logtui, store) == ["e1", "e3"]
        (found,) = rejects(store)
        assert (found["line"], found["reason"]) == (2, "the record is longer than 16 MiB")
        assert len(found["record"]) == 65_536

    def test_rejects_are_appended_to_a_file_of_ones_own(
        self, logtui: Run, store: Path, put: Put, tmp_path: Path
    ) -> None:
        """Earlier evidence is never overwritten."""
        mine = tmp_path / "rejects.ndjson"
        mine.write_bytes(b"torn")

        assert logtui("ingest", store, put(b"oops\n"), "--rejects", mine).code == 1
        assert logtui("ingest", store, put(b"oops\n"), "--rejects", mine).code == 1
        torn, *found = mine.read_bytes().splitlines()
        assert torn == b"torn"
        assert [json.loads(line)["record"] for line in found] == ["oops", "oops"]


class TestMapping:
    def test_fields_are_mapped_and_set(self, logtui: Run, store: Path, put: Put) -> None:
        """Dotted paths reach into objects; constants say what the records do not."""
        record = {"meta": {"at": 1759570200123, "Who": "ada"}, "verb": "Open"}
        outcome = logtui(
            "ingest", store, put(lines(record)), "--map", "event_time=meta.at,actor=meta.who,event_type=verb",
            "--set", "source=door,subject_type=room",
        )  # fmt: skip

        assert_done(outcome, "1 event stored;")
        (found,) = stored(logtui, store)
        assert (found["event_time"], found["actor"], found["event_type"]) == (
            "2025-10-04T09:30:00.123000Z", "ada", "Open"
        )  # fmt: skip
        assert (found["source"], found["subject_type"]) == ("door", "room")
        assert found["event_id"].startswith("hash-")

    def test_things_that_are_objects_give_their_id_and_type(self, logtui: Run, store: Path, put: Put) -> None:
        """`actor: {id, type}` is how many services write it."""
        record = {"ts": 1759570200, "actor": {"type": "user", "id": 5}, "target": {"name": "x", "id": "t1"}}

        assert_done(logtui("ingest", store, put(lines(record))), "1 event stored;")
        (found,) = stored(logtui, store)
        assert (found["actor"], found["actor_type"], found["subject"], found["event_type"]) == (
            "5", "user", "t1", "event"
        )  # fmt: skip

    def test_times_without_a_zone_are_said(self, logtui: Run, store: Path, put: Put) -> None:
        """UTC is an assumption, so it is told."""
        outcome = logtui("ingest", store, put(lines({"time": "2026-10-04 09:00:00", "type": "x"})))

        assert_done(outcome, "times without a zone are read as UTC")

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--format", "oktaa"], 'there is no format "oktaa"; did you mean okta?'),
            (["--format", "okta", "--map", "actor=who"], "--map is for the format generic"),
            (["--set", "event_id=x"], "event_id differs from event to event"),
            (["--checkpoint", "x"], "--checkpoint needs --follow"),
        ],
    )
    def test_mistakes_are_told_before_anything_is_done(
        self, logtui: Run, store: Path, put: Put, arguments: list[str], message: str
    ) -> None:
        """Exit code 2, and no store."""
        outcome = logtui("ingest", store, put(LINES), *arguments)

        assert (outcome.code, store.exists()) == (2, False)
        assert message in outcome.err

    def test_mixed_formats_are_read_each_as_its_own_and_counted(self, logtui: Run, store: Path, put: Put) -> None:
        """A log that several services write into is no reason to lose the others."""
        cloud = {"specversion": "1.0", "id": "c", "source": "s", "type": "a.b", "time": "2026-10-04T09:00:00Z"}

        outcome = logtui("ingest", store, put(lines(cloud, {**cloud, "id": "d"}, event(1))))

        assert_done(outcome, "read as CloudEvents (--format cloudevents)")
        assert_done(outcome, "records were read 2 as CloudEvents, 1 as JSON objects")


class TestDryRun:
    def test_the_mapping_is_shown_and_nothing_is_written(self, logtui: Run, store: Path, put: Put) -> None:
        """Each column, its value, and the field it came from."""
        outcome = logtui("ingest", store, put(lines(event(1, user={"id": "ada"}), event(2))), "--dry-run")

        assert (outcome.code, store.exists()) == (0, False)
        table = [line.split() for line in outcome.out.decode().splitlines()]
        assert table[0] == ["event", "column", "value", "from"]
        assert ["1", "event_time", "2026-10-04T09:00:01.000000Z", "time"] in table
        assert ["1", "actor", "ada", "user.id"] in table
        assert ["2", "event_id", "e2", "id"] in table

    def test_limits_hold_for_blocks_too(self, logtui: Run, store: Path, put: Put, small_store: Path) -> None:
        """`--limit` stores so many events, however they are read."""
        printed = logtui("query", small_store, "--limit", "all").out

        assert_done(logtui("ingest", store, put(printed), "--limit", "7"), "7 events stored;")


class TestStore:
    def test_a_file_is_no_store(self, logtui: Run, put: Put) -> None:
        """Files in the wrong order are told, not overwritten."""
        source = put(LINES)
        outcome = logtui("ingest", source, source)

        assert outcome.code == 1
        assert "is not a directory; the first argument is the store" in outcome.err
        assert source.read_bytes() == LINES

    def test_a_directory_of_something_else_is_left_alone(self, logtui: Run, tmp_path: Path, put: Put) -> None:
        """Only an empty directory becomes a store."""
        outcome = logtui("ingest", tmp_path, put(LINES))

        assert outcome.code == 1
        assert "not a store" in outcome.err

    def test_its_parent_must_exist(self, logtui: Run, tmp_path: Path, put: Put) -> None:
        """A mistyped path does not grow a tree."""
        outcome = logtui("ingest", tmp_path / "a" / "b", put(LINES))

        assert (outcome.code, (tmp_path / "a").exists()) == (1, False)


class TestTextInPlaceOfAStore:
    def test_a_file_of_text_is_asked_like_a_store(self, logtui: Run, put: Put) -> None:
        """A look needs no import."""
        outcome = logtui("query", put(gzip.compress(LINES), "events.ndjson"), "id:e2", "--columns", "event_id")

        assert (outcome.code, outcome.ids) == (0, ["e2"])

    def test_what_is_rejected_is_said_and_the_answer_incomplete(self, logtui: Run, put: Put) -> None:
        """The exit code is that of an import."""
        source = put(LINES + b"oops\n" * 8)
        outcome = logtui("stats", source, "--by", "type")

        assert (outcome.code, outcome.events) == (1, [{"event_type": "login", "count": 3}])
        assert f"{source}, line 4: rejected: not JSON" in outcome.err
        assert "3 more records were rejected" in outcome.err

    def test_fields_are_mapped(self, logtui: Run, put: Put) -> None:
        """As with ingest."""
        outcome = logtui("query", put(lines({"m": {"at": 1759570200}, "who": "ada"})), "--map", "event_time=m.at")

        assert [each["actor"] for each in outcome.events] == ["ada"]

    def test_the_screen_opens_on_it_and_removes_it(self, logtui: Run, put: Put) -> None:
        """The store exists until the screen has closed."""
        outcome = logtui("open", put(LINES), "id:e1")
        assert isinstance(outcome.code, OpenScreen)
        assert outcome.code.on_exit is not None
        made = outcome.code.store

        assert logtui("query", made, "--columns", "event_id").ids == ["e3", "e2", "e1"]
        outcome.code.on_exit()
        assert not made.parent.exists()

    def test_tail_names_what_does_it(self, logtui: Run, put: Put) -> None:
        """Nothing is waited for that cannot come."""
        outcome = logtui("tail", put(LINES))

        assert outcome.code == 2
        assert "logtui ingest STORE" in outcome.err
