"""Writers and compaction beside retention: late events are refused with the reason, recorded changes verify."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.retained import apply, day, events_of_day, make_days, problems, retained
from tests.samples import NOW

from logtui.cli.main import main
from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, frozen_clock
from logtui.core.retention.partition import Hold
from logtui.core.retention.policy import Policy
from logtui.core.times import day_start
from logtui.services.compact import Outcome
from logtui.services.retention.adopting import set_policy
from logtui.services.retention.holding import add_hold
from logtui.services.verification.sealing import seal_store
from logtui.session import open_compaction, open_sink
from logtui.storage.expiry import ExpiredDayError, Expiry
from logtui.storage.segment_writer import write_segment

_CLOCK = frozen_clock(NOW)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A store that keeps five days."""
    root = make_days(tmp_path / "store", (0, 1, 2, 9))
    set_policy(retained(root), Policy(5, keep=(("user.*", 100),)))
    return root


class TestLateEvents:
    """Events of an expired day are not stored, and it is said why."""

    def test_they_are_refused_whole(self, root: Path) -> None:
        apply(root, 5, keep_trash=0)
        sink = open_sink(root, clock=_CLOCK)

        with pytest.raises(ExpiredDayError, match=f"{day(20)} has expired: the store keeps 5 days") as caught:
            sink.write(events_of_day(day(20)))
        sink.close()
        assert caught.value.day == day(20)
        assert not (root / f"date={day(20)}").exists()

    def test_the_other_days_of_the_same_call_are_stored(self, root: Path) -> None:
        sink = open_sink(root, clock=_CLOCK)

        with pytest.raises(ExpiredDayError):
            sink.write([*events_of_day(day(20)), *events_of_day(day(3))])
        sink.close()
        assert (root / f"date={day(3)}").exists()

    def test_types_that_are_kept_longer_are_stored(self, root: Path) -> None:
        sink = open_sink(root, clock=_CLOCK)

        assert sink.write([each for each in events_of_day(day(20)) if each.event_type == "user.deleted"]).written == 1
        sink.close()

    def test_importers_learn_the_reason_for_each_event(self, root: Path) -> None:
        """Held days take their late events; a change of the policy counts at once."""
        expiry = Expiry(root, _CLOCK)
        start = day_start(day(20))

        assert expiry.reason(start, "session.created").startswith("event_time: ")
        assert expiry.reason(start, "USER.deleted") == ""
        assert expiry.reason(day_start(day(5)), "session.created") == ""
        assert expiry.reason(day_start(day(5)) - 1, "session.created") != ""
        add_hold(retained(root), Hold("h", "case", start, start))
        assert expiry.reason(start, "session.created") == ""
        set_policy(retained(root), Policy(50))
        assert expiry.reason(start - DAY, "session.created") == ""


def test_importers_put_them_into_the_rejects(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`logtui ingest` stores the others, and the rejects say why."""
    lines = [
        json.dumps(
            {"event_time": f"{text}T01:00:00Z", "event_id": text, "event_type": "session.created", "payload": {}}
        )
        for text in (day(20), day(1))
    ]
    source, rejects = tmp_path / "events.ndjson", tmp_path / "rejects.ndjson"
    source.write_text("\n".join(lines) + "\n")

    code = main(["--now", "2026-10-04T12:00:00Z", "ingest", str(root), str(source), "--rejects", str(rejects)])

    assert code == 1
    assert f"{day(20)} has expired: the store keeps 5 days" in rejects.read_text()
    assert day(1) not in rejects.read_text()
    assert "1 rejected" in capsys.readouterr().err
    assert not (root / f"date={day(20)}").exists()


class TestSealedDays:
    """What happens after the seal is in the ledger, so verification expects it."""

    def test_late_events_are_recorded(self, root: Path) -> None:
        seal_store(retained(root), token=CancelToken())
        sink = open_sink(root, clock=_CLOCK)

        late = [each for each in events_of_day(day(2), 6) if each.event_id[-1] in "45"]
        assert sink.write(late).written == 2
        sink.close()
        assert problems(root) == []

        write_segment(root, day(2), events_of_day(day(2), 1), name="unrecorded")
        assert problems(root) == [(f"date={day(2)}/i-unrecorded.parquet", "unexpected")]

    def test_compaction_is_recorded(self, root: Path) -> None:
        seal_store(retained(root), token=CancelToken())
        self._make_small_ones(root)
        compaction = open_compaction(root, clock=_CLOCK, target=1 << 28, grace=0, days=frozenset())
        outcome = Outcome()

        with compaction.compactor.maintaining():
            compaction.merge(compaction.plan(), outcome, token=CancelToken(), tell_rows=lambda _: None)
            assert len(list((root / f"date={day(2)}").glob("c-*.parquet"))) == 1
            assert problems(root) == []
            compaction.finish(outcome)
        assert problems(root) == []

    def _make_small_ones(self, root: Path) -> None:
        sink = open_sink(root, clock=_CLOCK)
        for event in events_of_day(day(2), 20)[4:]:
            sink.write([event])
        sink.close()
