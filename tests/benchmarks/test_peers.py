"""The comparison with peers: only tools that give the same rows are timed, and a run that was cut short goes on."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.peers.agreement import disagreements
from benchmarks.peers.asking import GaveUpError, Worker
from benchmarks.peers.journal import Journal
from benchmarks.peers.matrix import Pace, ask_all
from benchmarks.peers.needles import needles_of
from benchmarks.peers.questions import COMMON_WORD, Needles, Question, Where, by_matches, questions
from benchmarks.peers.results import Measured, Results
from tests.benchmarks.measured import results, took
from tests.samples import small_events, write_store

from logtui.core.event import Event

QUICKLY = Pace(0.0, 1)
NEEDLES = Needles((0, ""), "user_ada", "trace_000", "client_ada", "ada@corp.example", 0, 1, (("user_bob", 30),))


def workers(ours: Path, theirs: Path) -> dict[str, Worker]:
    return {
        "logtui": Worker(sys.executable, "logtui_store", [str(ours)]),
        "duckdb": Worker(sys.executable, "duckdb_files", [f"{theirs}/date=*/*.parquet"]),
    }


def ask(question: Question, ours: Path, theirs: Path) -> dict[str, Measured]:
    """What each tool did, in real processes."""
    started = workers(ours, theirs)
    try:
        return {each.tool: each for each in ask_all("store", question, started, QUICKLY, {})}
    finally:
        for worker in started.values():
            worker.close()


def payload_with(event: Event, word: str) -> Event:
    return replace(event, payload=f'{{"said":"{word}"}}')


class TestSameRows:
    @pytest.mark.parametrize(
        ("given", "said"),
        [
            (["a", "c", "b"], "row 2 is c, not b"),
            (["a", "b"], "gave 2 rows, not 3"),
            (["a", "b", "c", "d"], "gave 4 rows, not 3"),
            (["x", "b"], "row 1 is x, not a (and 2 rows, not 3)"),
            ([], "gave 0 rows, not 3"),
        ],
    )
    def test_other_rows_are_told(self, given: list[str], said: str) -> None:
        """Another order, too few, too many, other ones."""
        assert disagreements({"us": ["a", "b", "c"], "them": given}, "us") == {"them": said}

    def test_same_rows_are_no_news(self) -> None:
        """A list and a tuple of the same are the same."""
        assert disagreements({"us": ["a", "b"], "them": ("a", "b"), "others": ["a", "b"]}, "us") == {}

    def test_tools_that_agree_are_timed(self, tmp_path: Path) -> None:
        """Both have as many runs as asked, what they read, and how many rows they gave."""
        store = write_store(tmp_path / "store", small_events())

        found = ask(Question("actor", "", "page", Where("actor", "user_ada"), 0), store, store)

        assert {tool: (each.note, len(each.seconds), each.rows) for tool, each in found.items()} == {
            "logtui": ("", 1, 30),
            "duckdb": ("", 1, 30),
        }
        assert all(each.read and each.peak for each in found.values())

    def test_a_tool_with_other_rows_is_not_timed(self, tmp_path: Path) -> None:
        """One event more in the peer's files is enough, and logtui's own figure stays."""
        events = small_events()
        ours = write_store(tmp_path / "ours", events)
        theirs = write_store(tmp_path / "theirs", [*events, replace(events[-1], event_id="evt_zzz")])

        found = ask(Question("page", "", "page"), ours, theirs)

        assert (
            found["duckdb"].note
            == f"disagrees with logtui: row 1 is evt_zzz, not {events[-1].event_id} (and 91 rows, not 90)"
        )
        assert found["duckdb"].seconds == ()
        assert found["logtui"].seconds

    def test_all_questions_get_the_same_answers(self, tmp_path: Path) -> None:
        """logtui and DuckDB agree on what every question means."""
        events = small_events()
        words = [payload_with(event, COMMON_WORD if number % 2 else "rest") for number, event in enumerate(events)]
        store = write_store(tmp_path / "store", words)
        newest = events[-10]
        needles = replace(NEEDLES, after=(newest.event_time, newest.event_id), start=events[20].event_time,
                          end=events[70].event_time, word="REST")  # fmt: skip
        started = workers(store, store)
        try:
            found = {
                question.name: ask_all("store", question, started, Pace(0.0, 0), {})
                for question in (*questions(needles), *by_matches(needles))
            }
        finally:
            for worker in started.values():
                worker.close()

        assert {
            name: [each.note for each in both if each.note] for name, both in found.items() if any(e.note for e in both)
        } == {}
        rows = {name: both[0].rows for name, both in found.items()}
        assert rows["page"] == 90
        assert rows["next"] == 80
        assert rows["word"] == rows["word-common"] == 45
        assert rows["matches-30"] == 30
        assert rows["trace-absent"] == rows["word-absent"] == 0

    def test_a_tool_that_ends_is_given_up_with_its_last_words(self) -> None:
        """The run goes on, and tells why there is no figure."""
        worker = Worker(sys.executable, "no_such_tool", [])

        with pytest.raises(GaveUpError, match="no_such_tool"):
            worker.ask(Question("page", "", "page"), whole=False)


class TestQuestions:
    @pytest.mark.parametrize("question", questions(NEEDLES), ids=lambda question: question.name)
    def test_a_question_survives_the_way_to_the_worker(self, question: Question) -> None:
        """What is asked is what was meant."""
        assert Question.from_json(question.to_json()) == question

    def test_needles_are_in_the_store(self, tmp_path: Path) -> None:
        """What is looked for is there, and is picked once."""
        found = [
            replace(each, payload=f'{{"identifier":"{each.actor}@corp.example","client_id":"client_{each.actor}"}}')
            for each in small_events()
        ]
        events = [*found, *(replace(found[0], event_id=f"evt_more_{number}", actor=None) for number in range(20))]
        store = write_store(tmp_path / "store", events)

        needles = needles_of(store)

        assert needles_of(store) == needles
        assert sum(event.actor == needles.actor for event in events) == 30
        assert any(event.trace_id == needles.trace for event in events)
        assert needles.word == f"client_{needles.actor}"
        assert needles.address == f"{needles.actor}@corp.example"
        assert needles.start < needles.end


class TestJournal:
    def test_what_is_done_is_not_measured_again(self, tmp_path: Path) -> None:
        """A run that was cut short goes on with the next question."""
        first = Journal(tmp_path / "journal", "abc")
        first.once("store", "page", lambda: [took("store", "page", "logtui", 1.0)])

        again = Journal(tmp_path / "journal", "abc").once("store", "page", lambda: pytest.fail("measured twice"))

        assert again == [took("store", "page", "logtui", 1.0)]

    def test_versions_are_kept_with_what_was_measured(self, tmp_path: Path) -> None:
        """Who was asked before the run was cut short is not forgotten."""
        Journal(tmp_path / "journal", "abc").note_tools({"duckdb": "2.0.1"})

        assert Journal(tmp_path / "journal", "abc").tools == {"duckdb": "2.0.1"}
        assert Journal(tmp_path / "journal", "def").tools == {}

    def test_another_commit_is_measured_anew(self, tmp_path: Path) -> None:
        """Figures of two programs are not mixed."""
        Journal(tmp_path / "journal", "abc").once("store", "page", lambda: [took("store", "page", "logtui", 1.0)])

        assert len(Journal(tmp_path / "journal", "def")) == 0

    def test_half_a_line_is_measured_anew(self, tmp_path: Path) -> None:
        """Whatever was being written when the run ended does not count."""
        path = tmp_path / "journal"
        Journal(path, "abc").once("store", "page", lambda: [took("store", "page", "logtui", 1.0)])
        path.write_text(path.read_text()[:-20])

        assert len(Journal(path, "abc")) == 0

    def test_results_are_read_as_they_were_written(self, tmp_path: Path) -> None:
        """Tables can be made of a run that was kept."""
        results().write(tmp_path / "run.json")

        assert Results.read(tmp_path / "run.json") == results()
