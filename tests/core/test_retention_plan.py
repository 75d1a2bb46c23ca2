"""What a policy means for what was found: states, size, kept types, refusals."""

from __future__ import annotations

import pytest
from tests.samples import NOW

from logtui.core.clock import DAY, HOUR
from logtui.core.errors import UsageError
from logtui.core.retention.partition import Action, File, Hold, Live, Partition, State
from logtui.core.retention.plan import Known, Plan, Reduced, make_plan
from logtui.core.retention.policy import Policy, days_of_plan, parse_size, size_text
from logtui.core.times import day_of

_TODAY = NOW // DAY * DAY


def partition(back: int, size: int = 100, *, rows: int | None = 10, name: str = "i-a.parquet") -> Partition:
    """A partition so many days before today with one segment."""
    start = _TODAY - back * DAY
    live = Live(name, size, rows, start, start + HOUR) if rows is not None else Live(name, size)
    return Partition(f"date={day_of(start)}", start, (File(name, size, 1, 1),), (live,))


def made(policy: Policy, *partitions: Partition, known: Known | None = None, now: int = NOW) -> Plan:
    return make_plan(partitions, policy, known or Known(), now)


def labels(plan: Plan) -> list[str]:
    return [each.label for each in plan.entries]


def test_every_state_has_its_word() -> None:
    """Oldest first: expired, held, days to go, open; what is no date comes last."""
    held = Hold("h", "case 4711", _TODAY - 9 * DAY, _TODAY - 9 * DAY)
    unreadable = Partition(
        f"date={day_of(_TODAY - 8 * DAY)}", _TODAY - 8 * DAY, problem="cannot be read: no permission"
    )
    found = (partition(10), partition(9), unreadable, partition(7), partition(1), partition(0), Partition("notes"))

    plan = made(Policy(7), *found, known=Known((held,)))

    assert labels(plan) == [
        "expired", "held", "unreadable", "expires in 1 day", "expires in 7 days", "open", "not a date",
    ]  # fmt: skip
    assert plan.entries[1].reason == "h: case 4711"
    assert [each.partition.name for each in plan.targets] == [partition(10).name]


def test_without_a_policy_everything_is_kept() -> None:
    assert labels(made(Policy(), partition(9999), partition(0))) == ["kept", "open"]


def test_events_newer_than_the_name_keep_a_day() -> None:
    """In stores of other tools a directory may hold events of another day."""
    start = _TODAY - 10 * DAY
    late = Partition("date=2026-09-24", start, (File("x.parquet", 1, 1, 1),), (Live("x.parquet", 1, 1, start, NOW),))

    assert made(Policy(7), late).entries[0].state is State.KEPT


class TestSize:
    """A size limit takes the oldest days first."""

    def test_the_oldest_go_until_it_fits(self) -> None:
        plan = made(Policy(max_bytes=250), *(partition(back) for back in (5, 4, 3, 2, 1, 0)))

        assert labels(plan) == ["expired"] * 4 + ["kept", "open"]
        assert plan.entries[0].reason == "the store is over its size limit"

    def test_the_newest_two_never_go(self) -> None:
        plan = made(Policy(max_bytes=1), *(partition(back) for back in (5, 4, 3, 2)))

        assert labels(plan) == ["expired", "expired", "kept", "kept"]

    def test_held_days_count_and_stay(self) -> None:
        held = Hold("h", "case", _TODAY - 5 * DAY, _TODAY - 5 * DAY)
        plan = made(Policy(max_bytes=300), *(partition(back) for back in (5, 4, 3, 2, 1)), known=Known((held,)))

        assert labels(plan) == ["held", "expired", "expired", "kept", "kept"]


class TestKeptTypes:
    """Events of some types outlive their day."""

    policy = Policy(7, keep=(("user.deleted", 100), ("org.*", 20)))

    def test_the_day_is_reduced_to_the_types_that_still_count(self) -> None:
        plan = made(self.policy, partition(101), partition(50), partition(10))

        assert [(each.action, each.kept_types) for each in plan.entries] == [
            (Action.DROP, ()),
            (Action.REDUCE, ("user.deleted",)),
            (Action.REDUCE, ("user.deleted", "org.*")),
        ]

    def test_a_day_that_was_reduced_stays_until_a_type_expires(self) -> None:
        left = Reduced(frozenset({"c-kept-1.parquet"}), ("user.deleted", "org.*"))
        reduced = partition(10, name="c-kept-1.parquet")
        known = Known(reduced={reduced.name: left})

        assert made(self.policy, reduced, known=known).targets == ()
        assert made(self.policy, reduced, known=known, now=NOW + 11 * DAY).entries[0].kept_types == ("user.deleted",)

    def test_a_day_whose_events_cannot_be_looked_through_stays(self) -> None:
        assert made(self.policy, partition(10, rows=None)).entries[0].state is State.UNREADABLE
        assert made(Policy(7), partition(10, rows=None)).entries[0].state is State.EXPIRED


class TestRefusals:
    """What apply does not do without being told twice."""

    def test_more_than_half(self) -> None:
        assert made(Policy(7), partition(9), partition(1)).refusals == ()
        assert "more than half" in made(Policy(7), partition(9), partition(8), partition(1)).refusals[0]

    def test_a_clock_that_went_backwards(self) -> None:
        known = Known(last_run=NOW + 2 * HOUR)

        assert "went backwards" in made(Policy(7), partition(1), known=known).refusals[0]
        assert made(Policy(7), partition(1), known=Known(last_run=NOW + HOUR // 2)).refusals == ()

    def test_a_clock_that_lies_in_the_future(self) -> None:
        days = [partition(back) for back in range(60)]

        assert "future" in made(Policy(45), *days, known=Known(last_run=NOW), now=NOW + 12 * DAY).refusals[0]
        assert made(Policy(45), *days, now=NOW + 3 * DAY).refusals == ()
        assert made(Policy(45), *days, known=Known(last_run=NOW + 11 * DAY), now=NOW + 12 * DAY).refusals == ()

    def test_events_from_the_future_are_reported_only(self) -> None:
        plan = made(Policy(7), partition(-9), partition(1))

        assert (plan.entries[1].label, plan.entries[1].reason, plan.refusals) == ("open", "lies in the future", ())


def test_equal_digests_mean_equal_deeds() -> None:
    """New events in a day that stays do not change the plan; a file more in one that goes does."""
    plan = made(Policy(7), partition(9), partition(1))

    assert plan.digest == made(Policy(7), partition(9), partition(1, 200), now=NOW + HOUR).digest
    assert plan.digest != made(Policy(7), partition(9, 101), partition(1)).digest
    hold = Hold("h", "case", query="actor:user_ada")
    assert plan.digest != made(Policy(7), partition(9), partition(1), known=Known((hold,))).digest


@pytest.mark.parametrize(("plan", "days", "expected"), [("hobby", None, 1), ("pro", 7, 7), ("enterprise", 400, 400)])
def test_plans_are_days(plan: str, days: int | None, expected: int) -> None:
    assert days_of_plan(plan, days) == expected


@pytest.mark.parametrize(("plan", "days"), [("hobby", 2), ("enterprise", None), ("gold", None)])
def test_a_plan_that_contradicts_is_refused(plan: str, days: int | None) -> None:
    with pytest.raises(UsageError):
        days_of_plan(plan, days)


def test_sizes_are_read_and_written() -> None:
    assert [parse_size(text) for text in ("500", "1KB", "1.5 MiB", "2g")] == [500, 1024, 3 << 19, 2 << 30]
    assert [size_text(size) for size in (500, 1536, 5 << 40)] == ["500 B", "1.5 KiB", "5.0 TiB"]
    with pytest.raises(UsageError):
        parse_size("much")
