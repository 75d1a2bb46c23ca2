"""`logtui query`."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.asking import event, own_store
from tests.cli.conftest import Run
from tests.samples import hard_events, small_events
from tests.summarised import summary_path

from logtui.core.clock import DAY
from logtui.core.columns import NAMES
from logtui.services.export import FORMATS
from logtui.storage.arrow_schema import SCHEMA, events_of, table_of
from logtui.storage.sidecars import Identity
from logtui.storage.summary_building import SummaryBuilder

GOLDEN = Path(__file__).parents[1] / "golden"
NEWEST = [event.event_id for event in reversed(small_events())]


class TestEvents:
    def test_newest_first(self, logtui: Run, small_store: Path) -> None:
        """All of them, in the total order, with every column."""
        outcome = logtui("query", small_store)

        assert outcome.code == 0
        assert outcome.err == ""
        assert outcome.ids == NEWEST
        assert tuple(outcome.events[0]) == NAMES

    def test_oldest_first(self, logtui: Run, small_store: Path) -> None:
        """The same events the other way round."""

        assert logtui("query", small_store, "--order", "asc").ids == NEWEST[::-1]

    def test_a_query_selects(self, logtui: Run, small_store: Path) -> None:
        """Conditions, relative times and negation reach the engine."""
        outcome = logtui("query", small_store, "-actor:user_ada is:failure since:36h")

        assert {(event["actor"], event["event_type"]) for event in outcome.events} == {
            ("user_bob", "sign_in.password.failed"),
            ("user_cyd", "sign_in.password.failed"),
        }

    def test_a_time_that_ends_before_it_begins_is_said(self, logtui: Run, small_store: Path) -> None:
        """since: and until: are swapped easily when both are relative."""
        outcome = logtui("query", small_store, "since:2h until:5h")

        assert outcome.events == []
        assert "since must be before until" in outcome.err

    def test_a_query_may_begin_with_a_minus(self, logtui: Run, small_store: Path) -> None:
        """Not an option, wherever it stands."""
        outcome = logtui("query", small_store, "--limit", "all", "-actor:user_ada")

        assert {event["actor"] for event in outcome.events} == {"user_bob", "user_cyd"}

    def test_a_limit_is_never_silent(self, logtui: Run, small_store: Path) -> None:
        """Who sees five events knows that there are more."""
        outcome = logtui("query", small_store, "--limit", "5")

        assert outcome.ids == NEWEST[:5]
        assert outcome.err == "logtui: these are the first 5 events and more match; --limit N or --limit all\n"
        assert outcome.code == 0

    def test_a_limit_that_is_just_enough_says_nothing(self, logtui: Run, small_store: Path) -> None:
        """Ninety of ninety is all."""

        assert logtui("query", small_store, "--limit", "90").err == ""

    def test_columns_are_chosen_and_ordered(self, logtui: Run, small_store: Path) -> None:
        """Only what was asked for is there."""
        outcome = logtui("query", small_store, "--columns", "actor,event_id", "--limit", "1")

        assert outcome.out == b'{"actor":"user_cyd","event_id":"%b"}\n' % NEWEST[0].encode()

    def test_the_payload_may_be_its_exact_text(self, logtui: Run, hard_store: Path) -> None:
        """Byte for byte, whatever it holds."""
        outcome = logtui("query", hard_store, "--payload", "text", "--order", "asc")

        assert [event["payload"] for event in outcome.events] == [event.payload for event in hard_events()]

    def test_one_parquet_file_is_a_store(self, logtui: Run, small_store: Path) -> None:
        """No directory layout is needed."""
        file = next(small_store.glob("date=2026-10-04/*.parquet"))

        assert logtui("query", file).ids == NEWEST[:18]

    def test_other_column_names_can_be_mapped(self, logtui: Run, small_store: Path, tmp_path: Path) -> None:
        """`--map` says what the synonyms do not know."""
        table = pq.read_table(next(small_store.glob("date=2026-10-04/*.parquet")))
        names = ["zeitpunkt" if name == "event_time" else name for name in table.column_names]
        pq.write_table(table.rename_columns(names), tmp_path / "x.parquet")

        outcome = logtui("query", tmp_path, "--map", "event_time=zeitpunkt")

        assert outcome.ids == NEWEST[:18]
        assert outcome.events[0]["event_time"] == "2026-10-04T08:40:00.000000Z"


class TestStoreAndQuery:
    def test_the_environment_names_the_store(
        self, logtui: Run, small_store: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A single argument is the query then."""
        monkeypatch.setenv("LOGTUI_STORE", str(small_store))

        assert logtui("query", "actor:user_ada", "--limit", "1").events[0]["actor"] == "user_ada"

    def test_the_configuration_names_the_store_and_the_columns(
        self, logtui: Run, small_store: Path, tmp_path: Path
    ) -> None:
        """The table shows the columns that the person chose for the feed."""
        (tmp_path / "c.toml").write_text(f'store = "{small_store}"\ncolumns = ["event_id", "actor"]')

        outcome = logtui("query", "--config", tmp_path / "c.toml", "--limit", "1", "--format", "table")

        assert outcome.out.decode().split() == ["event_id", "actor", NEWEST[0], "user_cyd"]


class TestFormats:
    @pytest.mark.parametrize("name", ["table", "json", "ndjson", "csv"])
    def test_every_hard_value_in_every_format(self, logtui: Run, hard_store: Path, name: str) -> None:
        """The bytes are as they were reviewed; `UPDATE_GOLDEN=1` writes them anew."""
        columns = "event_time,event_id,severity,actor,payload"
        outcome = logtui("query", hard_store, "--format", name, "--order", "asc", "--columns", columns)
        golden = GOLDEN / f"hard.{name}"

        if os.environ.get("UPDATE_GOLDEN"):
            golden.write_bytes(outcome.out)
        assert outcome.out == golden.read_bytes()
        assert outcome.code == 0

    def test_raw_csv(self, logtui: Run, hard_store: Path) -> None:
        """The guard can be taken off."""
        outcome = logtui("query", hard_store, "type:test.formula", "--format", "csv", "--raw", "--columns", "actor")

        assert outcome.out == b'"actor"\n"=HYPERLINK(""http://evil.example"")"\n'

    def test_parquet_has_the_schema_of_segments(self, logtui: Run, hard_store: Path, tmp_path: Path) -> None:
        """An export is a store: other tools and logtui itself read it."""
        path = tmp_path / "out.parquet"
        outcome = logtui("query", hard_store, "--order", "asc", "-o", path)

        table = pq.read_table(path)
        assert (outcome.code, outcome.out, outcome.err) == (0, b"", "")
        assert [(field.name, field.type) for field in table.schema] == [(field.name, field.type) for field in SCHEMA]
        assert tuple(events_of(table)) == hard_events()
        assert logtui("query", path).ids == [event.event_id for event in reversed(hard_events())]

    def test_parquet_of_nothing_is_a_file(self, logtui: Run, small_store: Path, tmp_path: Path) -> None:
        """With the schema and no rows."""
        logtui("query", small_store, "actor:nobody", "-o", tmp_path / "out.parquet", "--columns", "actor")

        assert pq.read_table(tmp_path / "out.parquet").schema.names == ["actor"]

    def test_parquet_can_be_piped(self, logtui: Run, small_store: Path, tmp_path: Path) -> None:
        """stdout is a file like any other."""
        (tmp_path / "out.parquet").write_bytes(logtui("query", small_store, "--format", "parquet").out)

        assert pq.read_table(tmp_path / "out.parquet").num_rows == 90


class TestOutputFile:
    @pytest.mark.parametrize("suffix", [suffix for form in FORMATS for suffix in form.suffixes])
    def test_the_suffix_names_the_format(self, logtui: Run, small_store: Path, tmp_path: Path, suffix: str) -> None:
        """The same bytes as with `--format` on stdout."""
        name = next(form.name for form in FORMATS if suffix in form.suffixes)
        path = tmp_path / f"out{suffix}"

        outcome = logtui("query", small_store, "-o", path, "--limit", "3")

        assert outcome.out == b""
        assert path.read_bytes() == logtui("query", small_store, "--format", name, "--limit", "3").out

    def test_an_unknown_suffix_is_a_question(self, logtui: Run, small_store: Path, tmp_path: Path) -> None:
        """It is asked before anything is read."""
        outcome = logtui("query", small_store, "-o", tmp_path / "out.xls")

        assert outcome.code == 2
        assert "the name tells no format; name a format, or end it in one of .txt, .json" in outcome.err

    def test_a_failure_leaves_the_old_file(self, logtui: Run, tmp_path: Path) -> None:
        """Evidence that was exported before is not lost to a wrong path."""
        path = tmp_path / "out.csv"
        path.write_bytes(b"old")

        assert logtui("query", tmp_path / "no-such-store", "-o", path).code == 1
        assert path.read_bytes() == b"old"
        assert list(tmp_path.iterdir()) == [path]

    def test_a_dash_is_stdout(self, logtui: Run, small_store: Path) -> None:
        """As in other tools."""

        assert logtui("query", small_store, "-o", "-").ids == NEWEST

    @pytest.mark.parametrize("place", ["date=2026-10-04/i-new.parquet", "out.csv", ".logtui/out.csv"])
    def test_the_store_that_is_read_is_not_written_to(
        self, logtui: Run, small_store: Path, tmp_path: Path, place: str
    ) -> None:
        """A mistake in a path must not cost the evidence, nor `tail --checkpoint` either."""
        store = Path(shutil.copytree(small_store, tmp_path / "store"))
        before = sorted(store.rglob("*"))

        for arguments in (("query", "-o"), ("tail", "--checkpoint")):
            outcome = logtui(arguments[0], store, arguments[1], store / place)

            assert (outcome.code, outcome.out) == (2, b"")
            assert "lies in the store that is read; name a file outside" in outcome.err
            assert sorted(store.rglob("*")) == before

    def test_a_directory_is_refused(self, logtui: Run, small_store: Path, tmp_path: Path) -> None:
        """Before anything is read."""
        outcome = logtui("query", small_store, "-o", tmp_path)

        assert outcome.code == 2
        assert f"{tmp_path}: is a directory; name a file in it" in outcome.err


class TestMistakes:
    @pytest.mark.parametrize(
        ("query", "place"),
        [
            ("usr:x", "unknown field"),
            ('actor:"x', '"'),
            ("since:2026-13-45", "2026-13-45"),
            ("type:/(/", "regex"),
            ("(actor:a", "parenthes"),
            ("around:evt_nowhere~5m", "evt_nowhere"),
        ],
    )
    def test_a_wrong_query_is_shown_with_a_mark(self, logtui: Run, small_store: Path, query: str, place: str) -> None:
        """Code 2, the reason, the query, and where in it; nothing on stdout."""
        outcome = logtui("query", small_store, query)

        reason, shown, mark = outcome.err.splitlines()
        assert (outcome.code, outcome.out) == (2, b"")
        assert place.lower() in reason.lower()
        assert shown == f"  {query}"
        assert set(mark) == {" ", "^"}

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--format", "xml"], "argument --format: invalid choice: 'xml'"),
            (["--columns", "actr"], "there is no column 'actr'; did you mean actor?"),
            (["--map", "tim=ts"], "there is no column 'tim'"),
            (["--limit", "many"], "expected a number from 1 on, or all, not 'many'"),
            (["--now", "soon"], '"soon" is not a time'),
            (["--config", "/no/such/file"], "/no/such/file: cannot be read"),
        ],
    )
    def test_a_wrong_option(self, logtui: Run, small_store: Path, arguments: Sequence[str], message: str) -> None:
        """Code 2 and one sentence."""
        outcome = logtui("query", small_store, *arguments)

        assert (outcome.code, outcome.out) == (2, b"")
        assert message in outcome.err

    def test_no_store(self, logtui: Run) -> None:
        """The ways to name one are named."""
        outcome = logtui("query")

        assert outcome.code == 2
        assert "LOGTUI_STORE" in outcome.err

    def test_a_store_that_does_not_exist(self, logtui: Run, tmp_path: Path) -> None:
        """Code 1, and it is not made."""
        outcome = logtui("query", tmp_path / "typo")

        assert outcome.code == 1
        assert str(tmp_path / "typo") in outcome.err
        assert list(tmp_path.iterdir()) == []

    def test_a_damaged_file_is_named_and_the_rest_is_answered(
        self, logtui: Run, small_store: Path, tmp_path: Path
    ) -> None:
        """Code 1, because events may be missing."""
        store = tmp_path / "store"
        shutil.copytree(small_store, store)
        (store / "date=2026-10-04" / "i-torn.parquet").write_bytes(b"PAR1 torn")

        outcome = logtui("query", store)

        assert outcome.code == 1
        assert outcome.ids == NEWEST
        assert outcome.err.startswith("logtui: date=2026-10-04/i-torn.parquet: ")
        assert outcome.err.count("\n") == 1

    def test_every_damaged_file_is_named_by_every_command(self, logtui: Run, small_store: Path, tmp_path: Path) -> None:
        """Who has to restore files needs the list, not a count."""
        store = Path(shutil.copytree(small_store, tmp_path / "store"))
        names = [f"date=2026-10-04/i-{number}.parquet" for number in range(12)]
        for name in names:
            (store / name).touch()

        for command in (["query"], ["stats", "--by", "type"], ["stats", "--every", "1d"], ["types"]):
            outcome = logtui(command[0], store, *command[1:])

            assert outcome.code == 1
            assert [name for name in names if f"logtui: {name}: is empty" not in outcome.err] == []


class TestCheck:
    def test_a_flipped_bit_is_found(self, logtui: Run, small_store: Path, tmp_path: Path) -> None:
        """The answer alone would not show it; the checksums do."""
        store = tmp_path / "store"
        shutil.copytree(small_store, store)
        path = next(store.glob("date=2026-10-04/*.parquet"))
        content = bytearray(path.read_bytes())
        payload = pq.read_metadata(path).row_group(0).column(NAMES.index("payload"))
        content[payload.data_page_offset + payload.total_compressed_size - 10] ^= 1
        path.write_bytes(content)

        outcome = logtui("query", store, "actor:nobody since:2026-09-01 until:2026-10-01", "--check")

        assert outcome.code == 1
        assert f"logtui: date=2026-10-04/{path.name}: is damaged: " in outcome.err

    def test_a_sound_store_passes(self, logtui: Run, small_store: Path) -> None:
        """And is answered as without the check."""
        outcome = logtui("query", small_store, "--check")

        assert (outcome.code, outcome.err, outcome.ids) == (0, "", NEWEST)

    def test_a_forged_sidecar_hides_nothing(self, logtui: Run, tmp_path: Path) -> None:
        """What is checked is answered from the events that were checked, not from what is kept beside them."""
        days = [event(day * DAY, f"evt_{day}", event_type="rare" if day == 0 else "usual") for day in range(5)]
        store = own_store(tmp_path / "store", days)
        segment = min(str(path.relative_to(store)) for path in store.glob("date=*/*.parquet"))
        builder = SummaryBuilder()
        builder.add(table_of([replace(days[0], event_type="usual")]))
        place = summary_path(store, segment)
        place.parent.mkdir(parents=True)
        with place.open("wb") as file:
            builder.write(file, Identity(1, (store / segment).stat().st_size))

        assert logtui("query", store, "type:rare").events == []
        assert [each["event_id"] for each in logtui("query", store, "type:rare", "--check").events] == ["evt_0"]


class TestNothing:
    def test_no_match_is_said(self, logtui: Run, small_store: Path) -> None:
        """An empty output could be anything."""
        outcome = logtui("query", small_store, "actor:nobody")

        assert (outcome.code, outcome.out, outcome.err) == (0, b"", "logtui: no events match\n")

    def test_a_type_that_no_event_has_is_named_with_one_that_is_near(self, logtui: Run, small_store: Path) -> None:
        """A slip of the finger is not mistaken for a quiet night."""
        outcome = logtui("query", small_store, "type:sign_in.pasword.failed since:1h")

        assert "no event of the store has the type sign_in.pasword.failed" in outcome.err
        assert "did you mean sign_in.password.failed" in outcome.err

    def test_a_type_that_is_there_is_not_questioned(self, logtui: Run, small_store: Path) -> None:
        """It was only not there in that hour."""

        assert logtui("query", small_store, "type:session.ended since:1h").err == "logtui: no events match\n"


def test_json_output_of_nothing_is_an_array(logtui: Run, small_store: Path) -> None:
    """A program can always read it."""

    assert json.loads(logtui("query", small_store, "actor:nobody", "--format", "json").out) == []
