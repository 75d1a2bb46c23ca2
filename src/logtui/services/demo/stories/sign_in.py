"""People who come back, and the ways in which that goes wrong."""

from __future__ import annotations

from collections.abc import Generator

from logtui.core.clock import MINUTE
from logtui.services.demo import resources
from logtui.services.demo.resources import Resource
from logtui.services.demo.stories.visits import (
    begin_session,
    deliver_message,
    end_session,
    minutes,
    seconds,
    use_application,
)
from logtui.services.demo.timeline import Story
from logtui.services.demo.world import SYSTEM, Caller, Person, Request, World

ATTEMPTS_BEFORE_LOCK = 5


def signs_in(world: World) -> Story:
    """Somebody signs in with their password, now and then after a typo, works, and perhaps signs out."""
    person = world.somebody()
    attempt = yield from _tries_passwords(world, person, person.desk, wrong=int(world.dice.chance(0.25)))
    request = world.request(person.desk)
    _pass_first_factor(request, attempt, "password")
    if person.user.state["two_factor_enabled"]:
        yield from _second_factor(world, request, attempt)
        request = world.request(person.desk)
    session = _complete(request, person, attempt, person.desk)
    yield from use_application(world, session, person.desk, most=5)
    if world.dice.chance(0.4):
        end_session(world.request(person.desk), session)


def signs_in_by_code(world: World) -> Story:
    """Somebody has a code or a link mailed to them."""
    person = world.somebody()
    caller = person.pocket or person.desk
    way = world.dice.pick(("code", "link"))
    attempt = _begin(world.request(caller), person)
    request = world.request(caller)
    request.emit("sign_in.prepare_first_factor.passed", attempt, strategy=f"email_{way}")
    request.emit(f"sign_in.email_address.verification.{way}_sent", attempt)
    yield seconds(world, 10, 90)
    if way == "code" and world.dice.chance(0.3):
        wrong = world.request(caller)
        wrong.emit("sign_in.email_address.verification.code_attempt_invalid", attempt, attempts=1)
        wrong.emit("sign_in.attempt_first_factor.failed", attempt, strategy="email_code")
        yield seconds(world, 5, 30)
    request = world.request(caller)
    request.emit("sign_in.email_address.verified", attempt)
    _pass_first_factor(request, attempt, f"email_{way}")
    session = _complete(request, person, attempt, caller)
    yield from use_application(world, session, caller)


def signs_in_by_text_message(world: World) -> Story:
    """Somebody has a code texted to them; the number may be out of reach."""
    person = world.somebody()
    caller = person.pocket or person.desk
    attempt = _begin(world.request(caller), person)
    request = world.request(caller)
    request.emit("sign_in.prepare_first_factor.passed", attempt, strategy="phone_code")
    request.emit("sign_in.phone_number.verification.code_sent", attempt)
    outcome = yield from deliver_message(world, "+1555" + world.dice.digits(7))
    if outcome != "delivered":
        world.request(caller).emit("sign_in.phone_number.verification.code_attempt_rejected", attempt, attempts=1)
        return
    request = world.request(caller)
    request.emit("sign_in.phone_number.verified", attempt)
    _pass_first_factor(request, attempt, "phone_code")
    session = _complete(request, person, attempt, caller)
    yield from use_application(world, session, caller, most=2)


def signs_in_through_company(world: World) -> Story:
    """A member of a company with an identity provider of its own is sent there, and comes back."""
    company = world.dice.pick(world.companies)
    person = world.dice.pick(company.members)
    attempt = _begin(world.request(person.desk), person)
    world.request(person.desk).emit("sign_in.enterprise_connection_required", attempt, domain=company.domain)
    yield seconds(world, 8, 40)
    request = world.request(person.desk)
    _pass_first_factor(request, attempt, "enterprise_sso")
    session = _complete(request, person, attempt, person.desk)
    session.change(world.now, last_active_organization_id=company.organization.id)
    yield from use_application(world, session, person.desk, most=4)


def is_signed_in_already(world: World) -> Story:
    """Somebody signs in where they still are."""
    person = world.somebody()
    attempt = _begin(world.request(person.desk), person)
    yield seconds(world, 1, 3)
    attempt.change(world.now, status="complete")
    world.request(person.desk).emit("sign_in.already_signed_in", attempt)


def forgets_password(world: World) -> Story:
    """Somebody fails until their account is locked, waits, and sets a new password."""
    person = world.somebody()
    attempt = yield from _tries_passwords(world, person, person.desk, wrong=ATTEMPTS_BEFORE_LOCK)
    lock(world.request(person.desk), person, attempt)
    yield minutes(world, 20, 45)
    person.user.change(world.now, locked=False)
    world.request(SYSTEM).emit("user.unlocked", person.user, reason="lockout_expired")
    yield minutes(world, 1, 9)
    again = _begin(world.request(person.desk), person)
    request = world.request(person.desk)
    request.emit("sign_in.prepare_first_factor.passed", again, strategy="reset_password_email_code")
    request.emit("sign_in.email_address.verification.code_sent", again)
    yield seconds(world, 20, 120)
    request = world.request(person.desk)
    request.emit("sign_in.email_address.verified", again)
    again.change(world.now, status="needs_new_password")
    if world.dice.chance(0.4):
        request.emit("sign_in.password.pwned", again, reason="found in a breach corpus")
        yield seconds(world, 15, 60)
        request = world.request(person.desk)
    person.user.change(world.now, password_enabled=True)
    request.emit("user.password.changed", person.user, sign_out_of_other_sessions=True)
    session = _complete(request, person, again, person.desk)
    yield from use_application(world, session, person.desk)


def has_leaked_password(world: World) -> Story:
    """Somebody signs in with a password that is known from a breach, and is made to change it."""
    person = world.somebody()
    attempt = _begin(world.request(person.desk), person)
    yield seconds(world, 2, 9)
    request = world.request(person.desk)
    request.emit("sign_in.password.compromised", attempt, attempts=1)
    request.emit("user.password_compromised.set", person.user)
    yield minutes(world, 1, 5)
    if world.dice.chance(0.3):
        world.request(person.desk).emit(
            "user.password.change_failed", person.user, reason="form_password_length_too_short"
        )
        yield seconds(world, 10, 50)
    request = world.request(person.desk)
    request.emit("user.password.changed", person.user, sign_out_of_other_sessions=True)
    request.emit("user.password_compromised.unset", person.user)


def reconnects_phone(world: World) -> Story:
    """A phone was offline; what happened on it is reported late."""
    person = next((p for p in world.people if p.pocket and world.dice.chance(0.3)), None)
    if person is None or person.pocket is None:
        return
    delay = world.dice.between(6 * MINUTE, 240 * MINUTE)
    session = resources.session(world.dice, world.now - delay, person.user, person.client_id, person.city)
    request = world.request(person.pocket)
    for _ in range(world.dice.between(2, 4)):
        request.emit_belatedly("session.token.created", session, delay)
        delay -= world.dice.between(0, MINUTE)
    yield seconds(world, 1, 3)
    request = world.request(person.pocket)
    request.emit("session.token.created", session)


def lock(request: Request, person: Person, attempt: Resource) -> None:
    """Lock an account after too many wrong passwords."""
    person.user.change(request.world.now, locked=True, lockout_expires_in_seconds=3600)
    request.emit("sign_in.user_locked", attempt, attempts=attempt.number("attempts"))
    request.emit("user.locked", person.user, reason="too_many_failed_attempts")


def fail_password(request: Request, attempt: Resource) -> None:
    """Log one wrong password."""
    attempts = attempt.number("attempts") + 1
    attempt.change(request.world.now, attempts=attempts)
    request.emit("sign_in.password.failed", attempt, strategy="password")
    request.emit("sign_in.attempt_first_factor.failed", attempt, strategy="password")


def _begin(request: Request, person: Person) -> Resource:
    attempt = resources.sign_in(request.world.dice, request.world.now, person.email, person.user)
    request.emit("sign_in.created", attempt)
    if request.world.dice.chance(0.1):
        request.emit("sign_in.captcha.required", attempt)
        request.emit(request.world.dice.pick(("sign_in.captcha.passed", "sign_in.captcha.bypassed")), attempt)
    return attempt


def _tries_passwords(world: World, person: Person, caller: Caller, wrong: int) -> Generator[int, None, Resource]:
    attempt = _begin(world.request(caller), person)
    yield seconds(world, 3, 12)
    for _ in range(wrong):
        fail_password(world.request(caller), attempt)
        yield seconds(world, 4, 30)
    return attempt


def _pass_first_factor(request: Request, attempt: Resource, strategy: str) -> None:
    attempt.change(request.world.now, first_factor=strategy, status="needs_second_factor")
    request.emit("sign_in.attempt_first_factor.passed", attempt, strategy=strategy)


def _second_factor(world: World, request: Request, attempt: Resource) -> Story:
    request.emit("sign_in.prepare_second_factor.passed", attempt, strategy="totp")
    yield seconds(world, 6, 25)
    if world.dice.chance(0.2):
        world.request(request.caller).emit("sign_in.attempt_second_factor.failed", attempt, strategy="totp")
        yield seconds(world, 5, 30)
    attempt.change(world.now, second_factor="totp")
    world.request(request.caller).emit("sign_in.attempt_second_factor.passed", attempt, strategy="totp")


def _complete(request: Request, person: Person, attempt: Resource, caller: Caller) -> Resource:
    attempt.change(request.world.now, status="complete")
    request.emit("sign_in.completed", attempt)
    return begin_session(request, person, caller)
