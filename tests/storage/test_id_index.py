"""The set of stored ids answers like a plain set, whatever comes and goes."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from logtui.storage.id_index import IdIndex, Keys

IDS = st.text(max_size=3)
NAMES = st.sampled_from([f"i-{n}" for n in range(8)])


def found(index: IdIndex, ids: Sequence[str]) -> list[bool]:
    answer: list[bool] = index.contains(Keys.of(ids)).to_pylist()
    return answer


def keys(*pairs: tuple[int, int]) -> Keys:
    firsts, seconds = [first for first, _ in pairs], [second for _, second in pairs]
    return Keys(pa.array(firsts, pa.int64()), pa.array(seconds, pa.int32()))


@settings(deadline=None)
@given(stored=st.lists(st.lists(IDS, max_size=30), max_size=12), asked=st.lists(IDS, max_size=30))
def test_what_was_added_is_known_and_nothing_else(stored: list[list[str]], asked: list[str]) -> None:
    index = IdIndex()
    for number, ids in enumerate(stored):
        index.add(f"i-{number}", Keys.of(ids))

    assert found(index, asked) == [each in {one for ids in stored for one in ids} for each in asked]


def test_ids_that_agree_in_one_hash_are_told_apart() -> None:
    index = IdIndex()
    index.add("i-1", keys((5, 1), (5, 3), (7, 1)))
    index.add("i-2", keys(((1 << 63) - 1, 4), (-(1 << 63), 0)))

    asked = keys((5, 1), (5, 2), (5, 3), (7, 3), ((1 << 63) - 1, 4), ((1 << 63) - 1, 5), (-(1 << 63), 0))

    assert index.contains(asked).to_pylist() == [True, False, True, False, True, False, True]


class Segments(RuleBasedStateMachine):
    """Segments are added, merged and removed; what is known of each is all or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.index = IdIndex()
        self.stored: dict[str, set[str]] = {}
        self.merges = 0

    @rule(name=NAMES, ids=st.lists(IDS, max_size=6))
    def add(self, name: str, ids: list[str]) -> None:
        if name not in self.stored:
            self.index.add(name, Keys.of(ids))
            self.stored[name] = set(ids)

    @rule(names=st.sets(NAMES, min_size=1))
    def merge(self, names: set[str]) -> None:
        inputs = frozenset(names & self.index.segments)
        if inputs:
            self.merges += 1
            self.index.rename(inputs, f"c-{self.merges}")
            self.stored[f"c-{self.merges}"] = set().union(*(self.stored.pop(name) for name in inputs))

    @rule(data=st.data())
    def drop(self, data: st.DataObject) -> None:
        if self.stored:
            gone = data.draw(st.sampled_from(sorted(self.stored)))
            self.index.drop([gone])
            assert gone not in self.index.segments
            self.stored = {name: ids for name, ids in self.stored.items() if name in self.index.segments}

    @invariant()
    def every_known_segment_is_whole(self) -> None:
        assert self.index.segments == self.stored.keys()
        known = set().union(*self.stored.values())
        assert found(self.index, sorted(known)) == [True] * len(known)
        assert found(self.index, ["nowhere"]) == [False]


TestSegments = Segments.TestCase
TestSegments.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
