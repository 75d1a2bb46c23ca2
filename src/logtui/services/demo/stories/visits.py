"""Parts that many stories share: beginning a session, using it, being in a hurry or not."""

from __future__ import annotations

from collections.abc import Generator

from logtui.core.clock import MINUTE, SECOND
from logtui.services.demo import resources
from logtui.services.demo.resources import Resource
from logtui.services.demo.timeline import Story
from logtui.services.demo.world import MESSAGING, Caller, Person, Request, World, new_device


def seconds(world: World, low: int, high: int) -> int:
    """Return a wait of some seconds, with a fraction."""
    return world.dice.between(low * SECOND, high * SECOND)


def minutes(world: World, low: int, high: int) -> int:
    """Return a wait of some minutes, with a fraction."""
    return world.dice.between(low * MINUTE, high * MINUTE)


def begin_session(request: Request, person: Person, caller: Caller | None = None) -> Resource:
    """Give a person a session, in the request that completed their sign-in or sign-up."""
    world = request.world
    session = resources.session(world.dice, world.now, person.user, person.client_id, person.city)
    person.user.change(world.now, last_sign_in_at=world.now // 1000)
    request.emit("session.created", session)
    at = caller or person.desk
    if at.device_id and at.device_id not in person.devices:
        device = new_device(world, person, at)
        request.emit("device.created", device)
        device.change(world.now, status="verified")
        request.emit("device.verified", device)
    return session


def use_application(world: World, session: Resource, caller: Caller, most: int = 3) -> Story:
    """Refresh the session's token now and then."""
    for _ in range(world.dice.between(1, most)):
        yield minutes(world, 1, 12)
        if session.state["status"] != "active":
            return
        session.change(world.now, last_active_at=world.now // 1000, tokens_issued=session.number("tokens_issued") + 1)
        world.request(caller).emit("session.token.created", session, jwt_template=None, token_lifetime=60)


def end_session(request: Request, session: Resource, event_type: str = "session.ended") -> None:
    """Log a session's end; one that has ended stays as it is."""
    if session.state["status"] == "active":
        session.change(request.world.now, status=event_type.rpartition(".")[2])
        request.emit(event_type, session)


def deliver_message(world: World, number: str) -> Generator[int, None, str]:
    """Let a text message go out, and return what became of it: `delivered` in most cases."""
    message = resources.thing(
        world.dice, world.now, "sms_message", "sms", to_phone_number=number, slug="verification_code", status="accepted"
    )
    world.request(MESSAGING).emit("sms.accepted", message)
    yield seconds(world, 2, 40)
    outcome = world.dice.weighted(("delivered", "unconfirmed", "undeliverable", "failed"), (7, 1, 1, 1))
    message.change(world.now, status=outcome, error_code=None if outcome == "delivered" else "30003")
    world.request(MESSAGING).emit(f"sms.{outcome}", message, segments=1)
    yield seconds(world, 5, 30)
    return outcome
