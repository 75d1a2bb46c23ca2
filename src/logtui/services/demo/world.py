"""The company in which the stories happen: who and what there is now, and the events so far.

A `Request` is one call of somebody to the application; the events that it causes share its trace id.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

from logtui.core.clock import SECOND
from logtui.core.event import Event
from logtui.services.demo import cast, resources
from logtui.services.demo.dice import Dice
from logtui.services.demo.resources import Json, Resource
from logtui.services.demo.timeline import Timeline

MILLISECOND = SECOND // 1000

SEVERITY_OF_LAST_WORD = {
    word: severity
    for severity, words in (
        ("success", ("completed", "verified", "passed", "accepted", "succeeded", "delivered", "confirmed", "granted")),
        ("warning", ("failed", "invalid", "rejected", "blocked", "challenged", "denied", "banned", "revoked")),
        ("warning", ("pwned", "compromised", "undeliverable", "unconfirmed", "disabled")),
        ("error", ("locked", "exhausted")),
    )
    for word in words
}
"""By the last word of the event type, after a dot or an underscore; any other is `info`."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls the application, and from where."""

    source: str
    """The service that is called, and will report the events."""
    actor: str | None = None
    actor_type: str | None = None
    ip: str | None = None
    agent: str | None = None
    device_id: str | None = None

    def acting_as(self, actor: Resource | None) -> Caller:
        """Return the same place with somebody else at it; None is a stranger."""
        if actor is None:
            return replace(self, actor=None, actor_type=None)
        return replace(self, actor=actor.id, actor_type=actor.kind)


MESSAGING = Caller("messaging", actor_type="system")
"""The part of the application that sends text messages."""
SYSTEM = Caller("frontend_api", actor_type="system")
"""The application itself, when a time has come."""


@dataclass(slots=True)
class Person:
    """A user and what the stories need to know about them besides."""

    user: Resource
    email: str
    desk: Caller
    """Their usual device."""
    client_id: str
    city: tuple[str, str]
    pocket: Caller | None = None
    """Their phone."""
    devices: dict[str, Resource] = field(default_factory=dict)
    """Those that they signed in from, by id."""


@dataclass(slots=True)
class Company:
    """An organization and its people; the first one administers it."""

    organization: Resource
    domain: str
    members: list[Person]
    memberships: dict[str, Resource] = field(default_factory=dict)
    """By the id of the user."""
    group: Resource | None = None
    """Of all members, in the company's own directory."""


@dataclass(slots=True)
class World:
    """Everything that is there, and the events that happened."""

    dice: Dice
    timeline: Timeline
    people: list[Person] = field(default_factory=list)
    companies: list[Company] = field(default_factory=list)
    staff: list[Person] = field(default_factory=list)
    servers: list[Caller] = field(default_factory=list)
    """Backends of customers, with their API keys."""
    events: list[Event] = field(default_factory=list)
    last_event_at: int = 0
    hostile_people: int = 0
    """How many there were; each has another of the hostile names."""

    @property
    def now(self) -> int:
        return self.timeline.now

    def request(self, caller: Caller) -> Request:
        """Begin a call; its events share a trace."""
        return Request(self, caller, self.dice.trace_id())

    def somebody(self) -> Person:
        """Return one of the people who can sign in."""
        return self.dice.pick([p for p in self.people if not p.user.state["banned"] and not p.user.state["locked"]])

    def next_event_at(self) -> int:
        """Return a time a little after the last event's, so that the log tells things in the order they happened."""
        pause = self.dice.between(2 * MILLISECOND, 90 * MILLISECOND)
        self.last_event_at = max(self.last_event_at, self.now) + pause
        return self.last_event_at

    def take_events(self) -> list[Event]:
        """Return the events since the last call, in the order of time."""
        taken, self.events = sorted(self.events, key=lambda event: event.cursor), []
        return taken


@dataclass(slots=True)
class Request:
    """One call under way."""

    world: World
    caller: Caller
    trace_id: str

    def emit(self, event_type: str, about: Resource, *, severity: str | None = None, **details: Json) -> None:
        """Log that something happened to a resource, with its state as it is now."""
        dice = self.world.dice
        at = self.world.next_event_at()
        payload: dict[str, Json] = {"object": about.kind, "id": about.id, **about.state, **details}
        caller = self.caller
        if caller.agent is not None:
            payload["event_attributes"] = {"http_request": {"client_ip": caller.ip, "user_agent": caller.agent}}
        self.world.events.append(Event(
            at, dice.resource_id("evt"), event_type, severity or severity_of(event_type),
            caller.actor, caller.actor_type, about.id, about.kind, caller.source, self.trace_id,
            caller.device_id, caller.ip, at + dice.between(80 * MILLISECOND, 900 * MILLISECOND),
            json.dumps(payload, ensure_ascii=False, separators=(",", ":")),
        ))  # fmt: skip

    def emit_belatedly(self, event_type: str, about: Resource, delay: int) -> None:
        """Log what happened `delay` ago and is reported only now, as by a phone that was offline."""
        self.emit(event_type, about, reported_by="offline_queue")
        event = self.world.events[-1]
        self.world.events[-1] = replace(event, event_time=event.event_time - delay)


def severity_of(event_type: str) -> str:
    """Return how serious events of a type usually are."""
    return SEVERITY_OF_LAST_WORD.get(event_type.replace("_", ".").rpartition(".")[2], "info")


def new_person(world: World, *, domain: str | None = None, hostile: bool = False) -> Person:
    """Make up somebody; they are nobody's member, and not among `world.people` yet."""
    dice = world.dice
    first, last = dice.pick(cast.FIRST_NAMES), dice.pick(cast.LAST_NAMES)
    if hostile:
        first, last = cast.HOSTILE_NAMES[world.hostile_people % len(cast.HOSTILE_NAMES)]
        world.hostile_people += 1
    mailbox = "".join(c for c in f"{first}.{last}".lower() if c.isascii() and (c.isalnum() or c == "."))
    email = f"{mailbox.strip('.') or 'me'}{dice.between(1, 99)}@{domain or dice.pick(cast.MAIL_DOMAINS)}"
    user = resources.user(dice, world.now, first, last, email)
    ip = residential_address(dice)
    desk = Caller("frontend_api", user.id, "user", ip, dice.pick(cast.DESKTOP_AGENTS), dice.resource_id("device"))
    person = Person(user, email, desk, dice.resource_id("client"), dice.pick(cast.CITIES))
    if dice.chance(0.5):
        agent, address = dice.pick(cast.PHONE_AGENTS), residential_address(dice)
        person.pocket = replace(desk, ip=address, agent=agent, device_id=dice.resource_id("device"))
    return person


def new_device(world: World, person: Person, caller: Caller) -> Resource:
    """Make the device that a person calls from known."""
    device_id = caller.device_id or ""
    device = resources.device(world.dice, world.now, device_id, person.user, caller.agent or "")
    person.devices[device_id] = device
    return device


def residential_address(dice: Dice) -> str:
    """Return an address of somebody at home or at work; every third one is IPv6."""
    if dice.chance(0.33):
        return f"{cast.IPV6_PREFIX}:{dice.between(1, 0xFFFF):x}::{dice.between(1, 0xFFFF):x}"
    return f"{dice.pick(cast.RESIDENTIAL_NETWORKS)}.{dice.between(1, 254)}"


def hosting_address(dice: Dice) -> str:
    """Return an address of a server."""
    return f"{cast.HOSTING_NETWORK}.{dice.between(1, 254)}"
