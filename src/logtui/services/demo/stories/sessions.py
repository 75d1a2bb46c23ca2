"""What people do with their sessions besides using them."""

from __future__ import annotations

from logtui.services.demo import resources
from logtui.services.demo.stories.visits import begin_session, end_session, minutes, seconds, use_application
from logtui.services.demo.timeline import Story
from logtui.services.demo.world import World, new_device


def reverifies(world: World) -> Story:
    """Before something delicate a person has to prove again who they are; it may take two factors and two tries."""
    person = world.somebody()
    session = begin_session(world.request(person.desk), person)
    yield from use_application(world, session, person.desk, most=2)
    request = world.request(person.desk)
    request.emit("session.reverification.required", session, level="multi_factor")
    request.emit("session.reverification.started", session, level="multi_factor")
    for factor in ("first", "second"):
        yield seconds(world, 3, 20)
        request = world.request(person.desk)
        ready = "failed" if world.dice.chance(0.1) else "passed"
        request.emit(f"session.reverification.prepare_{factor}_factor.{ready}", session)
        if world.dice.chance(0.25):
            request.emit(f"session.reverification.attempt_{factor}_factor.failed", session, attempts=1)
            yield seconds(world, 4, 20)
            request = world.request(person.desk)
        request.emit(f"session.reverification.attempt_{factor}_factor.passed", session)
    session.change(world.now, factor_verification_age=[0, 0])
    request.emit("session.reverification.completed", session)


def trusts_device(world: World) -> Story:
    """A person lets a device sign in without a second factor, and may take it back."""
    person = world.somebody()
    trusted = person.devices.get(person.desk.device_id or "") or new_device(world, person, person.desk)
    trusted.change(world.now, status="trusted", trusted_until=world.now // 1000 + resources.WEEK_MS)
    world.request(person.desk).emit("user.trusted_device.created", trusted)
    if world.dice.chance(0.5):
        yield minutes(world, 30, 600)
        trusted.change(world.now, status="revoked", trusted_until=None)
        world.request(person.desk).emit("user.trusted_device.revoked", trusted)


def signs_out_everywhere(world: World) -> Story:
    """A person ends their sessions on all devices after losing the phone."""
    person = world.somebody()
    sessions = [begin_session(world.request(person.desk), person)]
    yield minutes(world, 10, 90)
    if person.pocket:
        sessions.append(begin_session(world.request(person.pocket), person, person.pocket))
        yield minutes(world, 20, 200)
    request = world.request(person.desk)
    for session in sessions:
        end_session(request, session, "session.revoked")
