"""People who mean harm, and what they send."""

from __future__ import annotations

from dataclasses import replace

from logtui.core.clock import MINUTE, SECOND
from logtui.services.demo import cast, resources
from logtui.services.demo.stories.sign_in import ATTEMPTS_BEFORE_LOCK, fail_password, lock
from logtui.services.demo.stories.visits import begin_session, end_session, minutes, seconds
from logtui.services.demo.timeline import Story
from logtui.services.demo.world import Caller, Person, World, hosting_address, new_person

FORGED_DEVICES = ("\x1b]52;c;cm0gLXJmIC8=\x07", "[@click=app.quit]device[/]", "=1+1", "\u202edevice\x00\x9b5m")


def stuffs_credentials(world: World) -> Story:
    """A list of leaked passwords is tried from one address; accounts get locked, one opens, staff cleans up."""
    attacker = Caller("frontend_api", ip=hosting_address(world.dice), agent=world.dice.pick(cast.ATTACK_AGENTS))
    victims = [person for person in world.people if not person.user.state["locked"]]
    for _ in range(world.dice.between(18, 26)):
        if world.dice.chance(0.35):
            mailbox = f"{world.dice.pick(cast.COMMON_PASSWORD_USERS)}@{world.dice.pick(cast.COMPANIES)[1]}"
            attempt = resources.sign_in(world.dice, world.now, mailbox, None)
            world.request(attacker).emit("sign_in.created", attempt)
            fail_password(world.request(attacker), attempt)
        else:
            yield from _guesses(world, attacker, world.dice.pick(victims))
        yield seconds(world, 1, 6)
    yield from _gets_in(world, attacker, world.dice.pick(victims))


def is_stopped_at_the_door(world: World) -> Story:
    """A robot is recognised: challenged, blocked, its mail addresses and numbers with it."""
    robot = Caller(
        "protect", actor_type="system", ip=hosting_address(world.dice), agent=world.dice.pick(cast.ATTACK_AGENTS)
    )
    for _ in range(world.dice.between(3, 9)):
        way = world.dice.pick(("sign_in", "sign_up"))
        email = f"{world.dice.pick(cast.COMMON_PASSWORD_USERS)}{world.dice.digits(3)}@throwaway.example"
        attempt = (
            resources.sign_up(world.dice, world.now, email)
            if way == "sign_up"
            else resources.sign_in(world.dice, world.now, email, None)
        )
        request = world.request(robot)
        risk = world.dice.between(60, 99)
        request.emit(f"protect.{way}.challenged", attempt, risk_score=risk)
        request.emit(
            "protect.challenge.passed" if world.dice.chance(0.2) else "protect.challenge.failed",
            attempt,
            risk_score=risk,
        )
        request.emit(f"protect.{way}.blocked", attempt, risk_score=risk, rule="datacenter_address")
        if world.dice.chance(0.3):
            kind = world.dice.pick(("protect.email.blocked", "protect.identifier.locked", "protect.decision.shadowed"))
            request.emit(kind, attempt, risk_score=risk)
        yield seconds(world, 1, 20)


def pumps_text_messages(world: World) -> Story:
    """Sign-ups with expensive numbers, only to make the application send text messages."""
    caller = Caller("frontend_api", ip=hosting_address(world.dice), agent=cast.ATTACK_AGENTS[0])
    guard = Caller("protect", actor_type="system", ip=caller.ip)
    for number in range(world.dice.between(6, 14)):
        phone = "+8825" + world.dice.digits(8)
        attempt = resources.sign_up(world.dice, world.now, phone=phone)
        world.request(caller).emit("sign_up.created", attempt)
        world.request(caller).emit("sign_up.enumeration_target.phone_number", attempt)
        outcome = "protect.sms.challenged" if number < 3 else "protect.sms.blocked"
        world.request(guard).emit(outcome, attempt, destination="+882", attempts=number + 1)
        yield seconds(world, 2, 9)


def probes_identifiers(world: World) -> Story:
    """Somebody finds out who has an account by asking for many of them."""
    caller = Caller("frontend_api", ip=hosting_address(world.dice), agent=cast.ATTACK_AGENTS[1])
    for _ in range(world.dice.between(5, 12)):
        attempt = resources.sign_up(world.dice, world.now, world.dice.pick(world.people).email)
        what = world.dice.weighted(("email_address", "username", "web3_wallet"), (8, 3, 1))
        world.request(caller).emit(f"sign_up.enumeration_target.{what}", attempt, severity="warning")
        if world.dice.chance(0.3):
            blocked = resources.sign_in(world.dice, world.now, attempt.text("email_address"), None)
            world.request(caller).emit("sign_in.identifier_blocked", blocked, rule="blocklist")
        yield seconds(world, 1, 8)


def forges_headers(world: World) -> Story:
    """Escape sequences, markup and formulas in every header that may end up in somebody's terminal or spreadsheet."""
    forged = Caller(
        "frontend_api", ip=hosting_address(world.dice), agent=world.dice.pick(cast.ATTACK_AGENTS[2:]),
        device_id=FORGED_DEVICES[world.hostile_people % len(FORGED_DEVICES)],
    )  # fmt: skip
    ghost = new_person(world, hostile=True)
    attempt = resources.sign_in(world.dice, world.now, f"{ghost.user.state['first_name']}@mail.example", None)
    for _ in range(world.dice.between(2, 4)):
        request = world.request(forged)
        request.emit("sign_in.created", attempt, referer="javascript:alert(1)\r\nSet-Cookie: x=1")
        request.emit("sign_in.web3_signature.failed", attempt, reason="\x1b[2J\x1b[1;1Hroot@host:~#")
        request.emit("sign_in.failed", attempt, reason="</script><img src=x>")
        yield seconds(world, 2, 30)


def _guesses(world: World, attacker: Caller, victim: Person) -> Story:
    attempt = resources.sign_in(world.dice, world.now, victim.email, victim.user)
    known = attacker.acting_as(victim.user)
    world.request(known).emit("sign_in.created", attempt)
    for _ in range(world.dice.between(1, ATTEMPTS_BEFORE_LOCK)):
        fail_password(world.request(known), attempt)
        yield world.dice.between(SECOND // 4, 3 * SECOND)
    if attempt.state["attempts"] == ATTEMPTS_BEFORE_LOCK and not victim.user.state["locked"]:
        lock(world.request(known), victim, attempt)


def _gets_in(world: World, attacker: Caller, victim: Person) -> Story:
    """One password is right; minutes later staff bans the account, ends the session, and gives it back."""
    burglar = replace(attacker.acting_as(victim.user), device_id=world.dice.resource_id("device"))
    attempt = resources.sign_in(world.dice, world.now, victim.email, victim.user)
    request = world.request(burglar)
    request.emit("sign_in.created", attempt)
    request.emit("sign_in.attempt_first_factor.passed", attempt, strategy="password")
    attempt.change(world.now, status="complete", first_factor="password")
    request.emit("sign_in.completed", attempt)
    session = begin_session(request, victim, burglar)
    yield minutes(world, 1, 3)
    world.request(burglar).emit("session.token.created", session)
    yield minutes(world, 4, 9)
    staff = world.dice.pick(world.staff)
    request = world.request(staff.desk)
    victim.user.change(world.now, banned=True)
    request.emit("user.banned", victim.user, reason="account takeover")
    end_session(request, session, "session.revoked")
    yield world.dice.between(4 * MINUTE, 30 * MINUTE)
    request = world.request(staff.desk)
    victim.user.change(world.now, banned=False, locked=False)
    request.emit("user.unbanned", victim.user)
    request.emit("user.password_compromised.set", victim.user)
