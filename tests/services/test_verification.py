"""Verification finds every change that nobody recorded, names the file, and knows the recorded ones."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.retained import apply, day, events_of_day, make_days, problems, retained, verify
from tests.samples import NOW

from logtui.core.cancel import CancelToken
from logtui.core.clock import frozen_clock
from logtui.core.errors import StoreError
from logtui.core.retention.partition import Hold
from logtui.services.retention.holding import add_hold
from logtui.services.verification.findings import Kind
from logtui.services.verification.sealing import seal_store
from logtui.services.verification.signing import check_signatures, sign_head
from logtui.services.verification.verifying import verify_store
from logtui.storage.late_changes import record_compaction, record_ingest
from logtui.storage.ledger import read_ledger
from logtui.storage.segment_writer import write_segment

_CLOCK = frozen_clock(NOW)
_SUFFIXES = (".parquet", ".json", ".jsonl", ".head")


def sealed(root: Path) -> Path:
    seal_store(retained(root), token=CancelToken())
    return root


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with everything in it: sealed days, a dropped one, a hold with events, a recorded late segment."""
    root = make_days(tmp_path_factory.mktemp("sealed") / "store", (0, 1, 2, 3, 4, 9))
    add_hold(retained(root), Hold("ada", "case", query="actor:user_ada"))
    apply(root, 5)
    sealed(root)
    late = write_segment(root, day(2), events_of_day(day(2)), name="late")
    record_ingest(root, day(2), [late.name], clock=_CLOCK)
    assert problems(root) == []
    return root


@pytest.fixture
def root(template: Path, tmp_path: Path) -> Path:
    place = tmp_path / "store"
    shutil.copytree(template, place)
    return place


def _evidence(root: Path) -> list[Path]:
    """Every file that verification answers for."""
    control = root / ".logtui"
    closed = [path for back in (1, 2, 3, 4) for path in (root / f"date={day(back)}").iterdir()]
    own = [control / "ledger.jsonl", control / "ledger.head", *sorted((control / "manifests").iterdir())]
    held = sorted(path for path in (control / "holds").rglob("*.*") if path.suffix in _SUFFIXES)
    return [*sorted(closed), *own, *[path for path in held if path.name != "root.json"]]


def _flip(path: Path, dice: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    path.write_bytes(content)


def _cut(path: Path, dice: random.Random) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: dice.randrange(len(content))])


def _remove(path: Path, _: random.Random) -> None:
    path.unlink()


def _grow(path: Path, dice: random.Random) -> None:
    with path.open("ab") as file:
        file.write(bytes([dice.randrange(256)]) + b"\n")


def _add(path: Path, dice: random.Random) -> None:
    """Put a file beside it: a copy under another name, where that means something."""
    if path.suffix == ".parquet":
        shutil.copyfile(path, path.with_name(f"i-added{dice.randrange(999)}.parquet"))
    elif path.parent.name == "manifests":
        shutil.copyfile(path, path.with_name("2020-01-01.json"))
    else:
        _flip(path, dice)


def _swap(path: Path, dice: random.Random) -> None:
    """Exchange it with another of its kind; of one that has none, exchange two of its lines or bytes."""
    others = [each for each in path.parent.parent.rglob(f"*{path.suffix}") if each.read_bytes() != path.read_bytes()]
    if path.suffix in (".parquet", ".json") and others:
        other = dice.choice(sorted(others))
        mine, theirs = path.read_bytes(), other.read_bytes()
        path.write_bytes(theirs)
        other.write_bytes(mine)
        return
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(reversed(lines)) if len(lines) > 1 else bytes(reversed(path.read_bytes())))


def _drop_line(path: Path, dice: random.Random) -> None:
    """Take a whole line out, the last one as well."""
    lines = path.read_bytes().splitlines(keepends=True)
    del lines[dice.choice([len(lines) - 1, dice.randrange(len(lines))])]
    path.write_bytes(b"".join(lines))


_WAYS: tuple[Callable[[Path, random.Random], None], ...] = (_flip, _flip, _cut, _remove, _grow, _add, _swap, _drop_line)


def test_every_tampering_is_found(template: Path, tmp_path: Path) -> None:
    """240 tamperings at random, with any file that counts, in eight ways: all found."""
    dice = random.Random(4711)
    missed = []
    for number in range(240):
        place = tmp_path / str(number)
        shutil.copytree(template, place, ignore=shutil.ignore_patterns("reserve", "trash"))
        way = _WAYS[number % len(_WAYS)]
        victim = dice.choice(_evidence(place))
        way(victim, dice)
        if not problems(place):
            missed.append((way.__name__, victim.relative_to(place)))
        shutil.rmtree(place)

    assert missed == []


@pytest.mark.parametrize(
    ("way", "kind"), [(_flip, "changed"), (_cut, "changed"), (_remove, "missing"), (_grow, "changed")]
)
def test_the_file_is_named(root: Path, way: Callable[[Path, random.Random], None], kind: str) -> None:
    victim = next((root / f"date={day(3)}").iterdir())

    way(victim, random.Random(1))

    assert problems(root) == [(f"date={day(3)}/{victim.name}", kind)]


def test_an_added_file_and_a_lost_day_are_named(root: Path) -> None:
    _add(next((root / f"date={day(3)}").iterdir()), random.Random(1))
    shutil.rmtree(root / f"date={day(4)}")

    assert [(path.split("/")[0], kind) for path, kind in problems(root)] == [
        (f"date={day(4)}", "missing"),
        (f"date={day(3)}", "unexpected"),
    ]


def test_a_recorded_compaction_is_expected(root: Path) -> None:
    """Also while its inputs are still there, and with the side file beside it."""
    place = root / f"date={day(3)}"
    old = next(place.iterdir())
    new, side = place / "c-merged.parquet", place / "c-merged.replaces"
    shutil.copyfile(old, new)
    side.write_text(json.dumps({"inputs": [old.name], "rows": 4}))
    assert problems(root) != []

    record_compaction(root, day(3), [new.name], [old.name], clock=_CLOCK)
    assert problems(root) == []
    old.unlink()
    side.unlink()
    assert problems(root) == []
    new.unlink()
    assert problems(root) == [(f"date={day(3)}/c-merged.parquet", "missing")]


def test_retention_is_expected_and_said(root: Path) -> None:
    apply(root, 3)

    findings = verify(root)
    said = [
        finding.message for finding in findings if finding.kind is Kind.EXPECTED and finding.path == f"date={day(4)}"
    ]
    assert [finding for finding in findings if finding.is_problem] == []
    assert said == ["dropped by retention on 2026-10-04 (older than 3 days), 4 events"]


def test_a_day_that_is_not_over_and_one_without_seal_are_no_problem(tmp_path: Path) -> None:
    root = make_days(tmp_path / "store", (0, 1))

    assert [finding.kind for finding in verify(root)] == [Kind.UNSEALED]


def test_the_head_shows_what_whoever_rewrites_everything_can_hide(root: Path) -> None:
    """A ledger that was rolled back whole, with its head and all, fits itself; only a head kept elsewhere tells."""
    before = {path: path.read_bytes() for path in _evidence(root)}
    kept_elsewhere = read_ledger(root).head
    apply(root, 3)
    newer = read_ledger(root).head
    assert [finding for finding in verify(root, expect=kept_elsewhere) if finding.is_problem] == []

    shutil.rmtree(root / ".logtui" / "trash")
    for path, content in before.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)

    assert problems(root) == []
    assert [finding.kind for finding in verify(root, expect=newer) if finding.is_problem] == [Kind.CHAIN]


def test_signatures_prove_the_ledger_up_to_them(root: Path, tmp_path: Path) -> None:
    """A good signature says how far it reaches; a ledger that was written anew has none."""
    pytest.importorskip("cryptography")
    secret, public = tmp_path / "key.pem", tmp_path / "key.pub"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(secret)], check=True)
    subprocess.run(["openssl", "pkey", "-in", str(secret), "-pubout", "-out", str(public)], check=True)
    before = (root / ".logtui" / "ledger.jsonl").read_bytes(), (root / ".logtui" / "ledger.head").read_bytes()
    sign_head(root, secret, _CLOCK)

    assert [finding.is_problem for finding in check_signatures(root, public)] == [False]
    assert problems(root) == []

    (root / ".logtui" / "ledger.jsonl").write_bytes(before[0])
    (root / ".logtui" / "ledger.head").write_bytes(before[1])
    assert [finding.is_problem for finding in check_signatures(root, public)] == [True]


def test_nothing_is_deleted_on_the_word_of_a_damaged_ledger(root: Path) -> None:
    """A hold may be in the line that was changed."""
    path = root / ".logtui" / "ledger.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"op":"hold"', b'"op":"held"', 1))

    with pytest.raises(StoreError, match="the ledger is damaged: line 2"):
        apply(root, 1)


def test_a_torn_last_line_is_repaired_with_a_note(root: Path) -> None:
    """As a crash leaves it: a note for verification, and the next entry takes it away and says so."""
    path = root / ".logtui" / "ledger.jsonl"
    with path.open("ab") as file:
        file.write(b'{"n":99,"at":')

    assert problems(root) == []
    assert any("unfinished line of 13 bytes" in finding.message for finding in verify(root))
    add_hold(retained(root), Hold("more", "case", first=0))
    assert b'"text":"removed an unfinished line of 13 bytes"' in path.read_bytes()
    assert problems(root) == []


def test_some_days_alone_are_read(root: Path) -> None:
    """The files of other days are not even opened."""
    _flip(next((root / f"date={day(3)}").iterdir()), random.Random(1))

    def of(only: str) -> list[str]:
        found = verify_store(root, _CLOCK, only={only}, token=CancelToken())
        return [finding.path for finding in found if finding.is_problem]

    assert of(day(4)) == []
    assert len(of(day(3))) == 1
