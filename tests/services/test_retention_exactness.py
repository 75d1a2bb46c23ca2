"""Retention deletes what has expired and nothing else: any names, any contents, any policy, any clock."""

from __future__ import annotations

import os
import re
import tempfile
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.retained import apply, picture, retained
from tests.samples import write_store

from logtui.core.clock import DAY
from logtui.core.retention.partition import Hold
from logtui.core.times import day_start
from logtui.services.retention.holding import add_hold

_TODAY = date(2026, 10, 4)
_real_days = st.integers(-3, 40).map(lambda back: f"date={_TODAY - timedelta(days=back)}")
_almost_days = st.sampled_from(
    [
        "date=..", "date=2026-02-30", "date=2026-13-01", "date=２０２６-09-01", "date=2026-09-01 ", "date=2026-09-01\n",
        "Date=2026-09-01", "date=2026-9-1", "date=2026-09-01.bak", "date=", "xdate=2026-09-01",
        "date=2026-09-01\x1b[2J", "date=20260901", "2026-09-01", "date=٢٠٢٦-09-01", "date=+2026-09-01",
    ]
)  # fmt: skip
_any_names = st.text(st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1, max_size=12).filter(
    lambda name: name not in (".", "..", ".logtui")
)
_contents = st.sampled_from(["segment", "two segments", "note", "link", "directory", "pipe", "empty", "torn"])
_kinds = st.sampled_from(["directory"] * 6 + ["file", "link", "dangling"])
_entries = st.dictionaries(
    st.one_of(_real_days, _real_days, _almost_days, _any_names),
    st.tuples(_kinds, st.lists(_contents, max_size=3)),
    max_size=8,
)


def _lay_out(root: Path, outside: Path, entries: dict[str, tuple[str, list[str]]]) -> None:
    for name, (kind, contents) in entries.items():
        place = root / name
        if kind == "directory":
            place.mkdir()
            for number, content in enumerate(contents):
                _fill(place, outside, content, number)
        elif kind == "file":
            place.write_text("not a directory")
        else:
            place.symlink_to(outside if kind == "link" else outside / "nowhere")


def _fill(place: Path, outside: Path, content: str, number: int) -> None:
    if content in ("segment", "two segments"):
        for each in range(1 + (content == "two segments")):
            (place / f"i-{number}-{each}.parquet").write_bytes(b"PAR1 some bytes PAR1")
    elif content == "torn":
        (place / f"i-torn-{number}.parquet").write_bytes(b"PAR1")
    elif content == "note":
        (place / f"note-{number}.txt").write_text("read me")
    elif content == "link":
        (place / f"i-link-{number}.parquet").symlink_to(outside / "precious")
    elif content == "directory":
        (place / f"inner-{number}").mkdir()
        (place / f"inner-{number}" / "precious").write_text("inner")
    elif content == "pipe":
        os.mkfifo(place / f"pipe-{number}")


def _may_go(name: str, kind: str, contents: list[str], days: int, today: int, holds: list[Hold]) -> bool:
    """The rule, said once more and independently: a real date, long enough ago, nothing in it but regular files."""
    match = re.fullmatch(r"date=([0-9]{4}-[0-9]{2}-[0-9]{2})", name)
    if match is None or kind != "directory" or {"link", "directory", "pipe"} & set(contents):
        return False
    try:
        age = (date.fromordinal(date(1970, 1, 1).toordinal() + today // DAY) - date.fromisoformat(match[1])).days
    except ValueError:
        return False
    return age > days and not any(hold.covers(day_start(match[1])) for hold in holds)


@settings(max_examples=120, deadline=None)
@given(
    entries=_entries,
    days=st.integers(1, 30),
    shift=st.integers(-10, 60),
    held=st.lists(st.tuples(st.integers(-3, 40), st.integers(0, 10)), max_size=2),
    keep=st.sampled_from([0, DAY]),
)
def test_only_valid_expired_unheld_partitions_go(
    entries: dict[str, tuple[str, list[str]]], days: int, shift: int, held: list[tuple[int, int]], keep: int
) -> None:
    """Whatever lies in the store: exactly the partitions that the rule names are gone, all other bytes are the same."""
    with tempfile.TemporaryDirectory() as directory:
        root, outside = Path(directory, "store"), Path(directory, "outside")
        outside.mkdir()
        (outside / "precious").write_text("outside")
        write_store(root, [])
        _lay_out(root, outside, entries)
        start = day_start(_TODAY.isoformat())
        holds = []
        for number, (back, length) in enumerate(held):
            last = start - back * DAY
            hold = Hold(f"h{number}", "case", last - length * DAY, last)
            holds.append(add_hold(retained(root, start), hold))
        before, kept_outside = picture(root, but=(".logtui",)), picture(outside)

        applied = apply(root, days, now=start + shift * DAY + 1, keep_trash=keep)

        gone = {
            name
            for name, (kind, contents) in entries.items()
            if _may_go(name, kind, contents, days, start + shift * DAY, holds)
        }
        expected = {path: digest for path, digest in before.items() if path.split("/")[0] not in gone}
        assert picture(root, but=(".logtui",)) == expected
        assert picture(outside) == kept_outside
        assert applied.dropped == len(gone)
        ledger = retained(root).standing()
        assert {f"date={day}" for day in ledger.dropped} == gone


def test_a_day_goes_when_all_of_it_is_older_and_not_a_moment_before(tmp_path: Path) -> None:
    """With one day to keep, 2 October stays until the last moment of 3 October and goes at midnight."""
    write_store(tmp_path / "s", [])
    (tmp_path / "s" / "date=2026-10-02").mkdir()
    last_moment = day_start("2026-10-04") - 1

    assert apply(tmp_path / "s", 1, now=last_moment).dropped == 0
    assert apply(tmp_path / "s", 1, now=last_moment + 1).dropped == 1


def test_a_name_is_looked_at_as_bytes_too(tmp_path: Path) -> None:
    """A name that is no Unicode at all is reported and left alone."""
    root = write_store(tmp_path / "s", [])
    os.mkdir(os.fsencode(root) + b"/date=2026-01-0\xff")

    applied = apply(root, 1)

    assert applied.dropped == 0
    assert os.path.isdir(os.fsencode(root) + b"/date=2026-01-0\xff")
