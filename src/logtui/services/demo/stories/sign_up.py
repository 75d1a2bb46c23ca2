"""People who come for the first time."""

from __future__ import annotations

from logtui.services.demo import resources
from logtui.services.demo.resources import Resource
from logtui.services.demo.stories.visits import begin_session, deliver_message, minutes, seconds, use_application
from logtui.services.demo.timeline import Story
from logtui.services.demo.world import Person, Request, World, new_person


def signs_up(world: World) -> Story:
    """Somebody signs up with address and password, mistypes the code once in a while, and looks around."""
    person = new_person(world, hostile=world.dice.chance(0.3))
    stranger = person.desk.acting_as(None)
    attempt = resources.sign_up(world.dice, world.now, person.email)
    _open(world.request(stranger), attempt)
    yield seconds(world, 8, 40)
    yield from _verify_email(world, person, attempt)
    if world.dice.chance(0.3):
        attempt.change(world.now, username=person.email.partition("@")[0])
        request = world.request(stranger)
        request.emit("sign_up.username.created", attempt)
        request.emit("sign_up.updated", attempt)
        yield seconds(world, 5, 30)
    request = world.request(stranger)
    attempt.change(world.now, legal_accepted_at=world.now // 1000)
    request.emit("sign_up.legal_accepted", attempt)
    session = _complete(request, person, attempt)
    yield seconds(world, 2, 9)
    yield from use_application(world, session, person.desk)


def signs_up_by_phone(world: World) -> Story:
    """Somebody signs up in the app; the text message takes its time."""
    person = new_person(world)
    caller = (person.pocket or person.desk).acting_as(None)
    number = "+1555" + world.dice.digits(7)
    attempt = resources.sign_up(world.dice, world.now, phone=number)
    request = world.request(caller)
    request.emit("sign_up.created", attempt)
    request.emit("sign_up.phone_number.created", attempt)
    attempt.change(world.now, unverified_fields=["phone_number"])
    request.emit("sign_up.phone_number.verification.code_sent", attempt)
    yield from deliver_message(world, number)
    if world.dice.chance(0.3):
        world.request(caller).emit("sign_up.phone_number.verification.code_attempt_invalid", attempt, attempts=1)
        yield seconds(world, 5, 25)
    request = world.request(caller)
    attempt.change(world.now, unverified_fields=[])
    request.emit("sign_up.phone_number.verified", attempt)
    person.user.change(world.now, phone_numbers=[{"phone_number": number, "status": "verified"}])
    session = _complete(request, person, attempt)
    yield from use_application(world, session, caller.acting_as(person.user))


def signs_up_with_account_elsewhere(world: World) -> Story:
    """Somebody comes with an account of another provider."""
    person = new_person(world)
    attempt = resources.sign_up(world.dice, world.now, person.email)
    provider = world.dice.pick(("oauth_google", "oauth_github", "oauth_apple"))
    request = world.request(person.desk.acting_as(None))
    request.emit("sign_up.created", attempt, strategy=provider)
    yield seconds(world, 4, 15)
    request = world.request(person.desk.acting_as(None))
    person.user.change(world.now, external_accounts=[{"provider": provider, "email_address": person.email}])
    request.emit("sign_up.external_account.connected", attempt, strategy=provider)
    session = _complete(request, person, attempt)
    yield from use_application(world, session, person.desk)


def gives_up_signing_up(world: World) -> Story:
    """Somebody begins, does not pass the captcha or never finds the mail, and leaves."""
    person = new_person(world)
    attempt = resources.sign_up(world.dice, world.now, person.email)
    request = world.request(person.desk.acting_as(None))
    request.emit("sign_up.created", attempt)
    request.emit("sign_up.captcha.required", attempt)
    yield seconds(world, 5, 60)
    if world.dice.chance(0.5):
        world.request(request.caller).emit("sign_up.captcha.failed", attempt, attempts=world.dice.between(1, 4))
        return
    request = world.request(request.caller)
    request.emit("sign_up.captcha.passed", attempt)
    request.emit("sign_up.email_address.verification.code_sent", attempt)
    for attempts in range(1, world.dice.between(2, 4)):
        yield minutes(world, 1, 4)
        invalid = "sign_up.email_address.verification.code_attempt_invalid"
        world.request(request.caller).emit(invalid, attempt, attempts=attempts)
    attempt.change(world.now, status="abandoned")
    world.request(request.caller).emit("sign_up.failed", attempt, reason="verification_expired")


def _open(request: Request, attempt: Resource) -> None:
    world = request.world
    request.emit("sign_up.created", attempt)
    request.emit("sign_up.captcha.passed" if world.dice.chance(0.4) else "sign_up.captcha.skipped", attempt)
    attempt.change(world.now, has_password=True, missing_fields=[], unverified_fields=["email_address"])
    request.emit("sign_up.email_address.created", attempt)
    request.emit("sign_up.password.created", attempt)
    request.emit("sign_up.email_address.verification.code_sent", attempt)


def _verify_email(world: World, person: Person, attempt: Resource) -> Story:
    stranger = person.desk.acting_as(None)
    if world.dice.chance(0.25):
        invalid = "sign_up.email_address.verification.code_attempt_invalid"
        world.request(stranger).emit(invalid, attempt, attempts=1)
        yield seconds(world, 6, 30)
    attempt.change(world.now, unverified_fields=[])
    world.request(stranger).emit("sign_up.email_address.verified", attempt)
    yield seconds(world, 1, 6)


def _complete(request: Request, person: Person, attempt: Resource) -> Resource:
    """Turn the attempt into a user with a session; the request goes on as that user's."""
    world = request.world
    attempt.change(world.now, status="complete", created_user_id=person.user.id)
    person.user.state["created_at"] = world.now // 1000
    request.emit("sign_up.completed", attempt)
    request.caller = request.caller.acting_as(person.user)
    request.emit("user.created", person.user)
    world.people.append(person)
    return begin_session(request, person)
