"""Thirty days in the life of the company: the bundled data set, the same for everybody.

`data/make.py` writes it into the package; a test proves that what lies there is what this makes.
"""

from __future__ import annotations

from dataclasses import replace

from logtui.core.clock import DAY, MINUTE, SECOND
from logtui.core.event import Event
from logtui.services.demo import cast, resources
from logtui.services.demo.bundle import END
from logtui.services.demo.dice import Dice
from logtui.services.demo.plan import HABITS, INCIDENTS, NIGHTLY, draw_times, visitors
from logtui.services.demo.timeline import Timeline
from logtui.services.demo.world import Caller, Company, World, hosting_address, new_device, new_person

SEED = 20261118
DAYS = 30
START = END - DAYS * DAY

FIRST_PEOPLE = 70
FIRST_COMPANIES = 6


def play(seed: int = SEED) -> tuple[World, list[Event]]:
    """Let the month happen.

    Returns:
        The world at `END` with all that is still under way, and the events from `START` to before `END` in order.
    """
    world = World(Dice(seed), Timeline(START - 60 * DAY))
    _populate(world)
    world.timeline.now = START
    first_midnight = START - START % DAY
    for habit in HABITS:
        for at in draw_times(world.dice, habit, first_midnight, DAYS + 1):
            if at >= START:
                world.timeline.start(habit.story(world), at)
    for story, after_midnight in NIGHTLY:
        for day in range(1, DAYS + 1):
            world.timeline.start(story(world), first_midnight + day * DAY + after_midnight)
    for story, before_end in INCIDENTS:
        world.timeline.start(story(world), END - before_end)
    # So that the last quarter of an hour, which is what a viewer looks at first, is never empty.
    world.timeline.start(visitors(world, 20 * SECOND, 90 * SECOND), END - 30 * MINUTE)
    world.timeline.run_until(END)
    happened = world.take_events()
    world.events = [event for event in happened if event.event_time >= END]
    return world, [event for event in happened if START <= event.event_time < END]


def _populate(world: World) -> None:
    """Make the people and companies that are there when the month begins."""
    dice = world.dice
    for _ in range(FIRST_PEOPLE):
        person = new_person(world)
        new_device(world, person, person.desk).change(world.now, status="verified")
        person.user.state["two_factor_enabled"] = person.user.state["totp_enabled"] = dice.chance(0.2)
        world.people.append(person)
    for name, domain in cast.COMPANIES[:FIRST_COMPANIES]:
        members = [new_person(world, domain=domain) for _ in range(dice.between(4, 9))]
        world.people.extend(members)
        organization = resources.organization(dice, world.now, name, members[0].user.id)
        organization.state["members_count"] = len(members)
        roles = ["org:admin", *["org:member"] * (len(members) - 1)]
        memberships = {
            person.user.id: resources.membership(dice, world.now, organization, person.user, role)
            for person, role in zip(members, roles, strict=True)
        }
        world.companies.append(Company(organization, domain, members, memberships))
    for _ in range(4):
        person = new_person(world, domain=cast.STAFF_DOMAIN)
        person.desk = replace(person.desk, source="dashboard")
        world.staff.append(person)
    for agent in cast.SDK_AGENTS:
        key = dice.resource_id("ak")
        world.servers.append(Caller("backend_api", key, "api_key", hosting_address(dice), agent))
