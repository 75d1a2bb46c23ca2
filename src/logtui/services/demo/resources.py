"""The things that events are about, with their state in the shape of Clerk's objects, trimmed.

A payload is a copy of the whole state at the time of the event, so two events of one resource can be compared. All
times in states are whole milliseconds since the epoch, written as numbers and nothing else is: `bundle` relies on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from logtui.services.demo.dice import Dice

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

HOUR_MS = 3_600_000
WEEK_MS = 7 * 24 * HOUR_MS


@dataclass(slots=True)
class Resource:
    """One user, organization, session …; `state` is what a payload shows of it besides its kind and id."""

    kind: str
    id: str
    state: dict[str, Json] = field(default_factory=dict)

    def change(self, now: int, **changes: Json) -> None:
        """Set parts of the state at a time (microseconds)."""
        self.state.update(changes)
        self.state["updated_at"] = now // 1000

    def number(self, key: str) -> int:
        """Return a count of the state."""
        value = self.state[key]
        assert isinstance(value, int), f"{key} of a {self.kind} is no number"
        return value

    def text(self, key: str) -> str:
        """Return a text of the state."""
        value = self.state[key]
        assert isinstance(value, str), f"{key} of a {self.kind} is no text"
        return value

    def items(self, key: str) -> list[Json]:
        """Return a list of the state."""
        value = self.state[key]
        assert isinstance(value, list), f"{key} of a {self.kind} is no list"
        return value


def _new(dice: Dice, kind: str, prefix: str, now: int, state: dict[str, Json]) -> Resource:
    times: dict[str, Json] = {"created_at": now // 1000, "updated_at": now // 1000}
    return Resource(kind, dice.resource_id(prefix), state | times)


def user(dice: Dice, now: int, first: str, last: str, email: str) -> Resource:
    """A user with one verified address and a password."""
    return _new(dice, "user", "user", now, {
        "first_name": first, "last_name": last, "username": None,
        "email_addresses": [{"id": dice.resource_id("idn"), "email_address": email, "status": "verified"}],
        "phone_numbers": [], "web3_wallets": [], "passkeys": [], "external_accounts": [],
        "has_image": False, "password_enabled": True, "two_factor_enabled": False, "totp_enabled": False,
        "backup_code_enabled": False, "banned": False, "locked": False, "public_metadata": {},
        "last_sign_in_at": None,
    })  # fmt: skip


def organization(dice: Dice, now: int, name: str, creator: str) -> Resource:
    """An organization with its creator as the only member."""
    return _new(dice, "organization", "org", now, {
        "name": name, "slug": name.split()[0].lower(), "has_image": False, "members_count": 1,
        "pending_invitations_count": 0, "max_allowed_memberships": 5, "admin_delete_enabled": True,
        "plan": "free", "public_metadata": {}, "created_by": creator,
    })  # fmt: skip


def membership(dice: Dice, now: int, org: Resource, member: Resource, role: str) -> Resource:
    """A user's place in an organization."""
    return _new(dice, "organization_membership", "orgmem", now, {
        "role": role, "permissions": list(PERMISSIONS[role]),
        "organization": {"id": org.id, "name": org.state["name"], "members_count": org.state["members_count"]},
        "public_user_data": {"user_id": member.id, "first_name": member.state["first_name"],
                             "last_name": member.state["last_name"]},
    })  # fmt: skip


PERMISSIONS: dict[str, tuple[str, ...]] = {
    "org:member": ("org:posts:read", "org:posts:write"),
    "org:billing": ("org:posts:read", "org:sys_billing:manage"),
    "org:admin": ("org:posts:read", "org:posts:write", "org:posts:delete", "org:sys_memberships:manage"),
}


def organization_invitation(dice: Dice, now: int, org: Resource, email: str, role: str) -> Resource:
    """A letter that asks somebody to join."""
    return _new(dice, "organization_invitation", "orginv", now, {
        "email_address": email, "role": role, "organization_id": org.id, "status": "pending",
        "expires_at": now // 1000 + 4 * WEEK_MS, "user_id": None,
    })  # fmt: skip


def domain(dice: Dice, now: int, org: Resource, name: str, email: str) -> Resource:
    """A mail domain that an organization claims."""
    return _new(dice, "organization_domain", "orgdmn", now, {
        "name": name, "organization_id": org.id, "enrollment_mode": "manual_invitation",
        "affiliation_email_address": email, "verification": None, "total_pending_suggestions": 0,
    })  # fmt: skip


def session(dice: Dice, now: int, owner: Resource, client_id: str, city: tuple[str, str]) -> Resource:
    """A session that is used from one browser or app."""
    return _new(dice, "session", "sess", now, {
        "user_id": owner.id, "client_id": client_id, "actor": None, "status": "active",
        "last_active_organization_id": None, "last_active_at": now // 1000,
        "latest_activity": {"city": city[0], "country": city[1]}, "factor_verification_age": [0, -1],
        "expire_at": now // 1000 + WEEK_MS, "tokens_issued": 0,
    })  # fmt: skip


def sign_up(dice: Dice, now: int, email: str | None = None, phone: str | None = None) -> Resource:
    """An attempt to sign up."""
    return _new(dice, "sign_up", "sua", now, {
        "status": "missing_requirements", "email_address": email, "phone_number": phone, "username": None,
        "required_fields": ["email_address", "password"], "missing_fields": ["email_address", "password"],
        "unverified_fields": [], "has_password": False, "legal_accepted_at": None, "created_user_id": None,
        "abandon_at": now // 1000 + 24 * HOUR_MS,
    })  # fmt: skip


def sign_in(dice: Dice, now: int, identifier: str, owner: Resource | None) -> Resource:
    """An attempt to sign in."""
    return _new(dice, "sign_in", "sia", now, {
        "status": "needs_first_factor", "identifier": identifier, "user_id": owner.id if owner else None,
        "supported_first_factors": ["password", "email_code", "passkey"], "first_factor": None,
        "second_factor": None, "attempts": 0,
        "abandon_at": now // 1000 + 24 * HOUR_MS,
    })  # fmt: skip


def contact(dice: Dice, now: int, kind: str, value: str, owner: Resource) -> Resource:
    """An e-mail address, a phone number or a wallet of a user."""
    return _new(dice, kind, "idn", now, {
        kind: value, "user_id": owner.id, "reserved": False, "linked_to": [],
        "verification": {"status": "unverified", "attempts": 0, "expire_at": now // 1000 + HOUR_MS // 6},
    })  # fmt: skip


def device(dice: Dice, now: int, device_id: str, owner: Resource, agent: str) -> Resource:
    """A device that somebody signs in from for the first time."""
    made = _new(dice, "device", "device", now, {"user_id": owner.id, "status": "unverified", "name": agent[:60]})
    made.id = device_id
    return made


def invitation(dice: Dice, now: int, email: str) -> Resource:
    """A letter that asks somebody to sign up."""
    return _new(dice, "invitation", "inv", now, {
        "email_address": email, "status": "pending", "revoked": False, "expires_at": now // 1000 + 4 * WEEK_MS,
    })  # fmt: skip


def waitlist_entry(dice: Dice, now: int, email: str) -> Resource:
    """Somebody who waits to be let in."""
    return _new(dice, "waitlist_entry", "wle", now, {"email_address": email, "status": "pending", "invitation": None})


def subscription_item(dice: Dice, now: int, payer: Resource, plan: str, amount: int) -> Resource:
    """What a user or an organization pays for."""
    return _new(dice, "subscription_item", "csub_item", now, {
        "status": "active", "is_free_trial": False, "interval": "month",
        "plan": {"slug": plan, "amount": amount, "currency": "USD"}, "payer_id": payer.id,
        "payer_type": payer.kind, "period_start": now // 1000, "period_end": now // 1000 + 4 * WEEK_MS,
        "canceled_at": None,
    })  # fmt: skip


def checkout(dice: Dice, now: int, payer: Resource, plan: str, amount: int) -> Resource:
    """A purchase under way."""
    return _new(dice, "checkout", "chk", now, {
        "status": "needs_confirmation", "payer_id": payer.id, "payer_type": payer.kind, "plan": plan,
        "totals": {"subtotal": amount, "discount": 0, "tax_total": amount // 5, "total": amount + amount // 5},
        "currency": "USD", "promo_code": None, "payment_method_id": None,
    })  # fmt: skip


def payment_method(dice: Dice, now: int, payer: Resource) -> Resource:
    """A card."""
    return _new(dice, "payment_method", "cpm", now, {
        "payer_id": payer.id, "type": "card", "brand": dice.pick(("visa", "mastercard", "amex")),
        "last4": dice.digits(4), "status": "initialized", "is_default": False,
    })  # fmt: skip


def thing(dice: Dice, now: int, kind: str, prefix: str, **state: Json) -> Resource:
    """Any resource that only one story has: tokens, keys, applications, messages, endpoints."""
    return _new(dice, kind, prefix, now, state)
