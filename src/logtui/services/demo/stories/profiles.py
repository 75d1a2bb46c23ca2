"""People who change something about their own account."""

from __future__ import annotations

from logtui.services.demo import cast, resources
from logtui.services.demo.resources import Json
from logtui.services.demo.stories.visits import minutes, seconds
from logtui.services.demo.timeline import Story
from logtui.services.demo.world import World


def edits_profile(world: World) -> Story:
    """A person corrects their name, chooses a user name, and tries pictures."""
    person, dice = world.somebody(), world.dice
    changes: list[dict[str, Json]] = [
        {"last_name": dice.pick(cast.LAST_NAMES)},
        {"username": person.email.partition("@")[0]},
        {"public_metadata": {"department": dice.pick(("sales", "ops", "研究"))}},
    ]  # fmt: skip
    for change in changes[: dice.between(1, 3)]:
        person.user.change(world.now, **change)
        world.request(person.desk).emit("user.updated", person.user)
        yield seconds(world, 10, 90)
    if dice.chance(0.5):
        person.user.change(world.now, has_image=True)
        world.request(person.desk).emit("user.profile_image.updated", person.user, bytes=dice.between(9_000, 900_000))
        yield minutes(world, 1, 5)
    if dice.chance(0.2):
        person.user.change(world.now, has_image=False)
        world.request(person.desk).emit("user.profile_image.deleted", person.user)


def adds_contact(world: World) -> Story:
    """A person adds an address or a number, verifies it, and removes an old one."""
    person, dice = world.somebody(), world.dice
    kind = dice.weighted(("email_address", "phone_number", "web3_wallet"), (5, 4, 1))
    value = {
        "email_address": f"{person.email.partition('@')[0]}.work@{dice.pick(cast.COMPANIES)[1]}",
        "phone_number": "+1555" + dice.digits(7),
        "web3_wallet": "0x" + dice.trace_id()[:8] + "…" + dice.digits(4),
    }[kind]
    contact = resources.contact(dice, world.now, kind, value, person.user)
    world.request(person.desk).emit(f"{kind}.created", contact)
    yield seconds(world, 15, 120)
    contact.change(world.now, verification={"status": "verified", "attempts": dice.between(1, 2), "expire_at": None})
    request = world.request(person.desk)
    request.emit(f"{kind}.verified", contact)
    listed = "email_addresses" if kind == "email_address" else f"{kind}s"
    entry: Json = {"id": contact.id, kind: value}
    person.user.change(world.now, **{listed: [*person.user.items(listed), entry]})
    request.emit("user.updated", person.user)
    yield minutes(world, 2, 60)
    if kind != "web3_wallet" and dice.chance(0.4):
        contact.change(world.now, reserved=True)
        world.request(person.desk).emit(f"{kind}.updated", contact)
    elif dice.chance(0.6):
        request = world.request(person.desk)
        request.emit(f"{kind}.deleted", contact, deleted=True)
        person.user.change(world.now, **{listed: person.user.items(listed)[:-1]})
        request.emit("user.updated", person.user)


def turns_on_second_factor(world: World) -> Story:
    """A person scans a code with an authenticator app and keeps backup codes."""
    person = world.somebody()
    if person.user.state["two_factor_enabled"]:
        return
    factor = resources.thing(world.dice, world.now, "totp", "totp", user_id=person.user.id, verified=False)
    world.request(person.desk).emit("user.totp.created", factor)
    yield seconds(world, 20, 90)
    factor.change(world.now, verified=True)
    request = world.request(person.desk)
    request.emit("user.totp_code.verified", person.user)
    request.emit("user.totp.verified", factor)
    person.user.change(world.now, totp_enabled=True, two_factor_enabled=True, backup_code_enabled=True)
    request.emit("user.backup_codes.created", person.user, codes=10)
    request.emit("user.mfa.enabled", person.user)


def turns_off_second_factor(world: World) -> Story:
    """A person with a new phone takes the second factor off."""
    person = next((p for p in world.people if p.user.state["two_factor_enabled"]), None)
    if person is None:
        return
    request = world.request(person.desk)
    request.emit("user.password.verified", person.user)
    yield seconds(world, 3, 20)
    request = world.request(person.desk)
    person.user.change(world.now, totp_enabled=False, two_factor_enabled=False, backup_code_enabled=False)
    request.emit("user.totp.deleted", person.user)
    request.emit("user.backup_codes.deleted", person.user)
    request.emit("user.mfa.disabled", person.user)


def makes_passkey(world: World) -> Story:
    """A person makes a passkey, names it, and may remove it again."""
    person = world.somebody()
    passkey = resources.thing(
        world.dice,
        world.now,
        "passkey",
        "psk",
        user_id=person.user.id,
        name="Passkey",
        verified=False,
        last_used_at=None,
    )
    world.request(person.desk).emit("user.passkey.created", passkey)
    yield seconds(world, 3, 15)
    passkey.change(world.now, verified=True)
    request = world.request(person.desk)
    request.emit("user.passkey.verified", passkey)
    person.user.change(world.now, passkeys=[*person.user.items("passkeys"), passkey.id])
    request.emit("user.updated", person.user)
    yield seconds(world, 10, 60)
    passkey.change(world.now, name=f"{person.user.state['first_name']}'s laptop")
    world.request(person.desk).emit("user.passkey.updated", passkey)
    if world.dice.chance(0.3):
        yield minutes(world, 5, 300)
        person.user.change(world.now, passkeys=person.user.items("passkeys")[:-1])
        world.request(person.desk).emit("user.passkey.deleted", passkey, deleted=True)


def connects_account(world: World) -> Story:
    """A person connects an account of another provider, which later wants to be asked again."""
    person, dice = world.somebody(), world.dice
    provider = dice.pick(("oauth_google", "oauth_github", "oauth_slack", "oauth_microsoft"))
    account = resources.thing(
        dice, world.now, "external_account", "eac", provider=provider, user_id=person.user.id,
        email_address=person.email, approved_scopes="email openid profile", verification={"status": "unverified"},
    )  # fmt: skip
    world.request(person.desk).emit("user.external_account.connection_initiated", account)
    yield seconds(world, 5, 30)
    if dice.chance(0.2):
        failed = world.request(person.desk)
        failed.emit("oauth_callback.failed", account, reason="access_denied", attempts=1)
        return
    account.change(world.now, verification={"status": "verified"})
    world.request(person.desk).emit("user.external_account.connected", account)
    yield minutes(world, 60, 1200)
    ending = dice.pick(("reauthorized", "token_revoked", "disconnected"))
    account.change(world.now, approved_scopes="email openid profile calendar" if ending == "reauthorized" else "")
    world.request(person.desk).emit(f"user.external_account.{ending}", account)


def removes_password(world: World) -> Story:
    """A person with passkeys goes without a password."""
    person = world.somebody()
    request = world.request(person.desk)
    request.emit("user.password.verified", person.user)
    yield seconds(world, 3, 9)
    person.user.change(world.now, password_enabled=False)
    world.request(person.desk).emit("user.password.deleted", person.user)


def deletes_account(world: World) -> Story:
    """A person leaves for good."""
    person = world.somebody()
    if any(person is member for company in world.companies for member in company.members):
        return
    request = world.request(person.desk)
    request.emit("user.password.verified", person.user)
    yield seconds(world, 5, 20)
    if person in world.people:
        world.people.remove(person)
        world.request(person.desk).emit("user.deleted", person.user, deleted=True)
