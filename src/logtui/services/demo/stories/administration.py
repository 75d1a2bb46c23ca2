"""What staff does in the dashboard and through the backend API, and what it is answerable for."""

from __future__ import annotations

from dataclasses import replace

from logtui.services.demo import resources
from logtui.services.demo.stories.visits import begin_session, end_session, minutes, seconds
from logtui.services.demo.timeline import Story
from logtui.services.demo.world import World, new_person


def bans_user(world: World) -> Story:
    """Staff bans a spammer, ends their sessions, and sometimes regrets it."""
    staff, spammer = world.dice.pick(world.staff), world.somebody()
    sessions = [begin_session(world.request(spammer.desk), spammer) for _ in range(world.dice.between(1, 3))]
    yield minutes(world, 3, 20)
    request = world.request(staff.desk)
    spammer.user.change(world.now, banned=True)
    request.emit("user.banned", spammer.user, reason="spam in invitations")
    for session in sessions:
        end_session(request, session, "session.revoked")
    yield minutes(world, 30, 2000)
    if world.dice.chance(0.6):
        spammer.user.change(world.now, banned=False)
        world.request(staff.desk).emit("user.unbanned", spammer.user)


def impersonates(world: World) -> Story:
    """Support signs in as a user to see what they see; the session names who it really is."""
    staff, person = world.dice.pick(world.staff), world.somebody()
    token = resources.thing(
        world.dice, world.now, "actor_token", "act", status="pending", user_id=person.user.id,
        actor={"sub": staff.user.id},
    )  # fmt: skip
    world.request(staff.desk).emit("actor_token.created", token, reason="ticket #" + world.dice.digits(5))
    if world.dice.chance(0.2):
        yield minutes(world, 2, 30)
        token.change(world.now, status="revoked")
        world.request(staff.desk).emit("actor_token.revoked", token)
        return
    yield seconds(world, 5, 40)
    session = resources.session(world.dice, world.now, person.user, staff.client_id, staff.city)
    session.change(world.now, actor={"sub": staff.user.id})
    there = replace(staff.desk, source="frontend_api")
    world.request(there).emit("session.created", session)
    for _ in range(world.dice.between(1, 4)):
        yield minutes(world, 1, 5)
        world.request(there).emit("session.token.created", session)
    end_session(world.request(there), session)


def invites_by_mail(world: World) -> Story:
    """Staff invites a customer to the application; some letters are taken back or deleted."""
    staff, guest = world.dice.pick(world.staff), new_person(world)
    letter = resources.invitation(world.dice, world.now, guest.email)
    world.request(staff.desk).emit("invitation.created", letter)
    yield minutes(world, 10, 900)
    outcome = world.dice.weighted(("accepted", "revoked", "deleted"), (6, 2, 1))
    letter.change(world.now, status=outcome, revoked=outcome == "revoked")
    caller = guest.desk if outcome == "accepted" else staff.desk
    world.request(caller).emit(f"invitation.{outcome}", letter)
    if outcome == "accepted":
        world.people.append(guest)
        request = world.request(guest.desk)
        attempt = resources.sign_in(world.dice, world.now, guest.email, guest.user)
        request.emit("sign_in.invitation.accepted", attempt)
        request.emit("sign_in.transfer.completed", attempt)
        begin_session(request, guest)


def helps_to_sign_in(world: World) -> Story:
    """Support makes a link that signs a person in once."""
    staff, person = world.dice.pick(world.staff), world.somebody()
    token = resources.thing(world.dice, world.now, "sign_in_token", "sit", status="pending", user_id=person.user.id)
    world.request(staff.desk).emit("sign_in_token.created", token)
    yield minutes(world, 3, 60)
    token.change(world.now, status="revoked")
    world.request(staff.desk).emit("sign_in_token.revoked", token)
    if world.dice.chance(0.4):
        attempt = resources.sign_in(world.dice, world.now, person.email, person.user)
        world.request(person.desk).emit("sign_in.sso_bypass.succeeded", attempt)


def adjusts_credits(world: World) -> Story:
    """Staff makes good for an outage, to a person and to an organization, and notes it."""
    staff, company = world.dice.pick(world.staff), world.dice.pick(world.companies)
    person = company.members[0]
    amount = world.dice.between(5, 50) * 100
    for about in (person.user, company.organization):
        about.change(world.now, public_metadata={"goodwill": amount})
        request = world.request(staff.desk)
        request.emit(f"{about.kind}.credits.adjusted", about, amount=amount, currency="USD")
        request.emit(f"{about.kind}.metadata.updated", about)
        yield minutes(world, 1, 9)


def resets_second_factor(world: World) -> Story:
    """Somebody lost their phone; support takes all second factors off the account."""
    person = next((p for p in world.people if p.user.state["two_factor_enabled"]), None)
    if person is None:
        return
    staff = world.dice.pick(world.staff)
    person.user.change(world.now, totp_enabled=False, backup_code_enabled=False)
    world.request(staff.desk).emit("user.all_totps.deleted", person.user, reason="identity checked by phone")
    yield seconds(world, 5, 60)
    person.user.change(world.now, two_factor_enabled=False)
    world.request(staff.desk).emit("user.mfa.disabled", person.user)


def rotates_api_key(world: World) -> Story:
    """A new key is made, the old one used a last time, then revoked. The catalogue does not know these types."""
    staff = world.dice.pick(world.staff)
    old, new = (
        resources.thing(world.dice, world.now, "api_key", "ak", name=name, status="active", scopes=["users:read"])
        for name in ("backend 2025", "backend 2026")
    )
    world.request(staff.desk).emit("api_key.created", new)
    yield minutes(world, 5, 60)
    world.request(world.dice.pick(world.servers)).emit("api_key.used", old, requests=world.dice.between(1, 9000))
    yield minutes(world, 5, 200)
    old.change(world.now, status="revoked")
    world.request(staff.desk).emit("api_key.revoked", old, severity="info", reason="rotation")


def tends_waitlist(world: World) -> Story:
    """People put themselves on the waiting list; staff lets one in and removes another."""
    dice = world.dice
    for outcome in ("invited", "deleted", None):
        guest = new_person(world, hostile=dice.chance(0.1))
        entry = resources.waitlist_entry(dice, world.now, guest.email)
        world.request(guest.desk.acting_as(None)).emit("waitlist_entry.created", entry)
        yield minutes(world, 10, 300)
        if outcome is not None:
            entry.change(
                world.now, status=outcome, invitation=dice.resource_id("inv") if outcome == "invited" else None
            )
            world.request(dice.pick(world.staff).desk).emit(f"waitlist_entry.{outcome}", entry)
