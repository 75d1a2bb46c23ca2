"""`logtui retention` and `logtui verify` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.retained import day, make_days


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Days 0 to 3, and 9 days ago."""
    return make_days(tmp_path / "store", (0, 1, 2, 3, 9))


def test_plan_lists_every_partition_and_changes_nothing(logtui: Run, root: Path) -> None:
    done = logtui("retention", "plan", root, "--days", "5", "--json")

    shown = json.loads(done.out)
    assert done.code == 0
    first = shown["partitions"][0]
    assert (first["partition"], first["state"], first["action"]) == (f"date={day(9)}", "expired", "drop")
    assert shown["remove"]["events"] == 4
    assert (root / f"date={day(9)}").is_dir()
    assert "apply would remove 1 of 5 partitions, 4 events" in done.err


def test_apply_needs_yes_where_nobody_can_be_asked(logtui: Run, root: Path) -> None:
    done = logtui("retention", "apply", root, "--days", "5")

    assert done.code == 2
    assert "pass --yes" in done.err
    assert (root / f"date={day(9)}").is_dir()


def test_apply_ends_with_one_line_and_can_be_undone(logtui: Run, root: Path) -> None:
    done = logtui("retention", "apply", root, "--days", "5", "--yes")

    assert (done.code, done.out) == (0, b"")
    assert done.err.count("\n") == 1
    assert "removed 1 partition, 4 events" in done.err
    assert not (root / f"date={day(9)}").exists()
    assert logtui("retention", "restore", root).code == 0
    assert (root / f"date={day(9)}").is_dir()


def test_dry_run_shows_the_plan_only(logtui: Run, root: Path) -> None:
    done = logtui("retention", "apply", root, "--days", "5", "--dry-run")

    assert (done.code, len(done.events)) == (0, 5)
    assert (root / f"date={day(9)}").is_dir()


def test_only_the_plan_with_the_digest_is_carried_out(logtui: Run, root: Path) -> None:
    digest = json.loads(logtui("retention", "plan", root, "--days", "5", "--json").out)["digest"]

    assert logtui("retention", "apply", root, "--days", "2", "--yes", "--digest", digest).code == 1
    assert logtui("retention", "apply", root, "--days", "5", "--yes", "--digest", digest[:16]).code == 0


def test_more_than_half_needs_force(logtui: Run, root: Path) -> None:
    refused = logtui("retention", "apply", root, "--days", "1", "--yes")

    assert refused.code == 1
    assert "--force" in refused.err
    assert logtui("retention", "apply", root, "--days", "1", "--yes", "--force").code == 0


def test_the_policy_of_the_store_counts_for_everybody(logtui: Run, root: Path) -> None:
    settings = root / ".logtui" / "store.toml"
    settings.write_text('# ours\nother = "stays"\n')
    logtui("retention", "policy", root, "--plan", "pro", "--keep", "user.deleted=100", "--max-size", "1GB")

    assert settings.read_text().startswith('# ours\nother = "stays"\n')
    shown = json.loads(logtui("retention", "policy", root, "--json").out)
    assert (shown["days"], shown["plan"], shown["max_bytes"]) == (7, "pro", 1 << 30)
    assert "older" not in logtui("retention", "plan", root).err
    assert b'"expired"' in logtui("retention", "plan", root).out


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("[retention]\ndays = 0", "retention of 0 days"),
        ("[retention]\ndayz = 3", "did you mean days?"),
        ('[retention]\ndays = "3"', "whole number"),
        ('[retention]\nplan = "gold"', "no plan"),
        ("[retention]\ndays = 30\nkeep = {a = 3}", "give more days"),
        ("[retention", "is not TOML"),
    ],
)
def test_a_wrong_policy_names_the_file(logtui: Run, root: Path, content: str, complaint: str) -> None:
    (root / ".logtui" / "store.toml").write_text(content)

    done = logtui("retention", "plan", root)

    assert done.code == 2
    assert "store.toml" in done.err
    assert complaint in done.err


def test_holds_are_made_shown_and_released(logtui: Run, root: Path) -> None:
    logtui("retention", "hold", root, "--from", day(9), "--to", day(9), "--reason", "case 4711")

    plan = logtui("retention", "plan", root, "--days", "5")
    assert plan.events[0]["state"] == "held"
    assert plan.events[0]["why"] == "hold-1: case 4711"
    assert logtui("retention", "release", root, "hold-1", "--yes").code == 0
    assert logtui("retention", "plan", root, "--days", "5").events[0]["state"] == "expired"


def test_the_log_tells_who_did_what(logtui: Run, root: Path) -> None:
    logtui("retention", "apply", root, "--days", "5", "--yes", "--no-seal")

    (entry,) = logtui("retention", "log", root).events
    assert entry["what"].startswith(f"dropped {day(9)}: 4 events")
    (raw,) = logtui("retention", "log", root, "--json").events
    assert raw["partitions"][0]["first"] == f"{day(9)}T00:00:00Z"


@pytest.mark.parametrize(
    "arguments",
    [(), ("plann", "x"), ("plan", "x", "--yes"), ("hold", "x", "--days", "3"), ("plan", "x", "y")],
)
def test_what_is_not_understood_is_a_usage_error(logtui: Run, arguments: tuple[str, ...]) -> None:
    assert logtui("retention", *arguments).code == 2


@pytest.mark.parametrize("action", ["plan", "apply", "log", "policy", "restore"])
def test_a_directory_that_is_no_store_is_refused(logtui: Run, tmp_path: Path, action: str) -> None:
    done = logtui("retention", action, tmp_path)

    assert done.code == 1
    assert "retention adopt" in done.err


def test_verify_seals_verifies_and_names_what_changed(logtui: Run, root: Path) -> None:
    assert "sealed 4 days" in logtui("verify", root, "--seal").err
    assert "4 days verified" in logtui("verify", root).err
    head = logtui("verify", root, "--head").out.decode().split()[0]
    assert logtui("verify", root, "--expect", head).code == 0
    assert logtui("verify", root, "--expect", "0" * 63 + "1").code == 1

    victim = next((root / f"date={day(2)}").iterdir())
    victim.write_bytes(victim.read_bytes()[:-1])

    done = logtui("verify", root)
    assert done.code == 1
    assert f"date={day(2)}/{victim.name}: CHANGED" in done.err
    assert logtui("verify", root, "--from", day(1)).code == 0


def test_hostile_names_are_made_visible(logtui: Run, root: Path) -> None:
    (root / "date=2026-01-01\x1b[2J\n").mkdir()

    done = logtui("retention", "apply", root, "--days", "5", "--dry-run")

    assert "\x1b" not in done.err
    assert "␛[2J" in done.err
