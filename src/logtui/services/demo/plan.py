"""How often each story happens, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from logtui.core.clock import DAY, HOUR, MINUTE
from logtui.services.demo.dice import Dice
from logtui.services.demo.rhythm import ALL_DAYS, ALL_HOURS, OFFICE_HOURS, WEEKDAYS, weekday
from logtui.services.demo.stories import (
    administration,
    attacks,
    billing,
    machines,
    organizations,
    profiles,
    sessions,
    sign_in,
    sign_up,
)
from logtui.services.demo.timeline import Story
from logtui.services.demo.world import World

StoryOf = Callable[[World], Story]


@dataclass(frozen=True, slots=True)
class Habit:
    """A story that happens again and again."""

    story: StoryOf
    weekly: float
    hours: tuple[int, ...] = OFFICE_HOURS
    days: tuple[float, ...] = WEEKDAYS


HABITS = (
    Habit(sign_in.signs_in, 38),
    Habit(sign_in.signs_in_by_code, 12),
    Habit(sign_in.signs_in_by_text_message, 5),
    Habit(sign_in.signs_in_through_company, 14),
    Habit(sign_in.is_signed_in_already, 3),
    Habit(sign_in.forgets_password, 2),
    Habit(sign_in.has_leaked_password, 1.5),
    Habit(sign_in.reconnects_phone, 2.5),
    Habit(sign_up.signs_up, 6),
    Habit(sign_up.signs_up_by_phone, 2),
    Habit(sign_up.signs_up_with_account_elsewhere, 3),
    Habit(sign_up.gives_up_signing_up, 4),
    Habit(sessions.reverifies, 3),
    Habit(sessions.trusts_device, 2),
    Habit(sessions.signs_out_everywhere, 1.5),
    Habit(profiles.edits_profile, 5),
    Habit(profiles.adds_contact, 4),
    Habit(profiles.turns_on_second_factor, 4),
    Habit(profiles.turns_off_second_factor, 0.7),
    Habit(profiles.makes_passkey, 2.5),
    Habit(profiles.connects_account, 2.5),
    Habit(profiles.removes_password, 0.6),
    Habit(profiles.deletes_account, 0.8),
    Habit(organizations.creates_organization, 1.2),
    Habit(organizations.invites, 4),
    Habit(organizations.changes_role, 2.5),
    Habit(organizations.edits_organization, 2),
    Habit(organizations.claims_domain, 0.8),
    Habit(organizations.closes_organization, 0.5),
    Habit(billing.user_subscribes, 1.5),
    Habit(billing.organization_subscribes, 1.2),
    Habit(billing.tries_for_free, 1.5),
    Habit(attacks.is_stopped_at_the_door, 2.5, ALL_HOURS, ALL_DAYS),
    Habit(attacks.pumps_text_messages, 0.6, ALL_HOURS, ALL_DAYS),
    Habit(attacks.probes_identifiers, 1.2, ALL_HOURS, ALL_DAYS),
    Habit(attacks.forges_headers, 2.0, ALL_HOURS, ALL_DAYS),
    Habit(administration.bans_user, 0.8),
    Habit(administration.impersonates, 1.5),
    Habit(administration.invites_by_mail, 2.5),
    Habit(administration.helps_to_sign_in, 1.2),
    Habit(administration.adjusts_credits, 0.8),
    Habit(administration.resets_second_factor, 0.5),
    Habit(administration.rotates_api_key, 0.5),
    Habit(administration.tends_waitlist, 1.8),
    Habit(machines.server_works, 22, ALL_HOURS, ALL_DAYS),
    Habit(machines.agent_works, 1.5),
    Habit(machines.authorizes_application, 2.5),
    Habit(machines.flips_feature, 0.8),
)

NIGHTLY: tuple[tuple[StoryOf, int], ...] = ((machines.syncs_directory, 2 * HOUR),)
"""Stories of every night, and how long after midnight."""

INCIDENTS: tuple[tuple[StoryOf, int], ...] = (
    (attacks.stuffs_credentials, 21 * DAY + 11 * HOUR),
    (machines.webhook_storm, 13 * DAY + 2 * HOUR),
    (attacks.stuffs_credentials, 6 * DAY + 13 * HOUR),
    (machines.webhook_storm, 2 * DAY + 5 * HOUR),
    (attacks.stuffs_credentials, 38 * MINUTE),
)
"""Set pieces, and how long before the end of the month they begin."""


def visitors(world: World, low: int, high: int) -> Story:
    """Begin some story every `low` to `high` microseconds, for ever; frequent ones more often."""
    weights = [habit.weekly for habit in HABITS]
    while True:
        world.timeline.start(world.dice.weighted(HABITS, weights).story(world), world.now)
        yield world.dice.between(low, high)


def draw_times(dice: Dice, habit: Habit, start: int, days: int) -> list[int]:
    """Return when a habit's stories begin in some days from a midnight on, in no order."""
    count = habit.weekly * days / 7
    whole = int(count) + dice.chance(count % 1)
    weights = [habit.days[weekday(start + day * DAY)] for day in range(days)]
    times = []
    for _ in range(whole):
        day = dice.weighted(range(days), weights)
        hour = dice.weighted(range(24), habit.hours)
        times.append(start + day * DAY + hour * HOUR + dice.between(0, HOUR - 1))
    return times
