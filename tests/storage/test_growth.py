"""What counts as new in a directory."""

from __future__ import annotations

from collections.abc import Mapping

from tests.asking import DAY_ONE

from logtui.storage.growth import Growth, Known, grow
from logtui.storage.lineage import Lineage
from logtui.storage.listing import Contents, Directory, Segment

DAY = Directory("/s/date=2026-10-01", "date=2026-10-01", DAY_ONE)


def segment(name: str, version: int = 0) -> Segment:
    return Segment(f"{DAY.path}/{name}.parquet", f"{DAY.name}/{name}.parquet", 10, 1, version, DAY)


def known(*names: str, merged: tuple[str, ...] = ()) -> Known:
    given = {segment(name).name: segment(name) for name in names}
    return Known(given, frozenset(segment(name).name for name in merged))


def contents(*live: str, replaced: tuple[str, ...] = (), inputs: dict[str, tuple[str, ...]] | None = None) -> Contents:
    by_name = {
        segment(name).name: frozenset(segment(each).name for each in names) for name, names in (inputs or {}).items()
    }
    return Contents(tuple(map(segment, live)), by_name, tuple(map(segment, replaced)))


def look(
    before: Known,
    now: Contents,
    *,
    is_own: bool = True,
    unreadable: tuple[str, ...] = (),
    lineages: Mapping[str, Lineage] | None = None,
) -> Growth:
    whole = {segment(name).name for name in unreadable}
    kept = {segment(name).name: lineage for name, lineage in (lineages or {}).items()}
    return grow(
        before,
        now,
        is_own=is_own,
        is_whole=lambda each: each.name not in whole,
        lineage_of=lambda each: kept.get(each.name, {}),
    )


def made_from(*names: str, **merged: Lineage) -> Lineage:
    """Return a lineage; `c_1={…}` stands for c-1 and its own inputs."""
    of_merged = {f"{name.replace('_', '-')}.parquet": inputs for name, inputs in merged.items()}
    return dict.fromkeys((f"{name}.parquet" for name in names), made_from()) | of_merged if names or merged else {}


def names(growth: Growth) -> list[str]:
    return [each.name.split("/")[1].removesuffix(".parquet") for each in growth.new]


def test_a_segment_that_was_not_there_is_new() -> None:
    growth = look(known("i-a"), contents("i-a", "i-b"))

    assert names(growth) == ["i-b"]
    assert not growth.is_reset
    assert names(look(growth.known, contents("i-a", "i-b"))) == []


def test_compaction_of_what_is_known_is_nothing_new() -> None:
    merged = look(known("i-a", "i-b"), contents("c-1", replaced=("i-a", "i-b"), inputs={"c-1": ("i-a", "i-b")}))
    inputs_gone = look(merged.known, contents("c-1", inputs={"c-1": ("i-a", "i-b")}))
    side_file_gone = look(inputs_gone.known, contents("c-1"))

    assert [names(each) for each in (merged, inputs_gone, side_file_gone)] == [[], [], []]
    assert not any(each.is_reset for each in (merged, inputs_gone, side_file_gone))


def test_inputs_that_go_together_with_the_side_file_are_explained() -> None:
    """The follower looked while the side file was there, and not again before it went."""
    merged = look(known("i-a"), contents("c-1", replaced=("i-a",), inputs={"c-1": ("i-a",)}))

    assert not look(merged.known, contents("c-1")).is_reset


def test_a_segment_that_was_compacted_before_it_was_seen_is_read_itself() -> None:
    growth = look(known("i-a"), contents("c-1", replaced=("i-a", "i-b"), inputs={"c-1": ("i-a", "i-b")}))

    assert names(growth) == ["i-b"]
    assert not growth.is_reset


def test_a_segment_that_was_compacted_and_removed_unseen_takes_a_new_search() -> None:
    assert look(known("i-a"), contents("c-1", inputs={"c-1": ("i-a", "i-b")})).is_reset
    assert look(known("i-a"), contents("c-1")).is_reset


def test_a_compacted_segment_may_be_compacted_again() -> None:
    before = known("c-1", "i-c")

    growth = look(before, contents("c-2", inputs={"c-2": ("c-1", "i-c")}))

    assert names(growth) == []
    assert not growth.is_reset


def test_a_segment_that_goes_unexplained_is_retention() -> None:
    growth = look(known("i-a", "i-b"), contents("i-b"))

    assert growth.is_reset
    assert not look(growth.known, contents("i-b")).is_reset


def test_a_file_that_was_replaced_in_place_takes_a_new_search() -> None:
    now = Contents((segment("a", version=2),))

    growth = look(known("a"), now, is_own=False)

    assert growth.is_reset
    assert not look(growth.known, now, is_own=False).is_reset


def test_names_from_a_checkpoint_are_known_whatever_their_version() -> None:
    before = Known({segment("i-a").name: None})

    growth = look(before, contents("i-a", "i-b"))

    assert names(growth) == ["i-b"]
    assert not growth.is_reset


def test_a_file_that_cannot_be_read_yet_is_looked_at_again() -> None:
    """Other tools write in place: the file appears before it is whole."""
    growth = look(known(), contents("a"), is_own=False, unreadable=("a",))

    assert names(growth) == []
    assert names(look(growth.known, contents("a"), is_own=False)) == ["a"]


def test_names_of_other_tools_mean_nothing() -> None:
    assert names(look(known(), contents("c-1"), is_own=False)) == ["c-1"]


def test_a_directory_that_cannot_be_read_changes_nothing() -> None:
    before = known("i-a")

    growth = look(before, Contents(is_readable=False))

    assert growth == Growth(before)


def test_a_merge_that_was_slept_through_is_explained_by_the_segment_itself() -> None:
    """Its side file and its inputs came and went; what it was made from had all been given out."""
    growth = look(known("i-a", "i-b"), contents("c-1"), lineages={"c-1": made_from("i-a", "i-b")})

    assert (names(growth), growth.is_reset, growth.unseen) == ([], False, ())
    assert not look(growth.known, contents("c-1")).is_reset


def test_merges_of_merges_are_explained_too() -> None:
    slept_once = {"c-2": made_from("i-c", c_1=made_from("i-a", "i-b"))}

    assert not look(known("c-1", "i-c"), contents("c-2"), lineages=slept_once).is_reset
    assert not look(known("i-a", "i-b", "i-c"), contents("c-2"), lineages=slept_once).is_reset
    assert look(known("c-1"), contents("c-2"), lineages=slept_once).is_reset
    assert look(known("i-a", "i-c"), contents("c-2"), lineages=slept_once).is_reset


def test_a_merge_with_events_that_nobody_saw_is_named() -> None:
    growth = look(known("i-a"), contents("c-1"), lineages={"c-1": made_from("i-a", "i-b")})

    assert growth.is_reset
    assert [each.name for each in growth.unseen] == [segment("c-1").name]
    assert not look(growth.known, contents("c-1")).is_reset
