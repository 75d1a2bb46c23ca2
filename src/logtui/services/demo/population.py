"""Everybody and everything that may appear in a large store, by rank."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from logtui.services.demo import cast
from logtui.services.demo.noise import ID_LENGTH, Noise, fixed_texts, joined

EVENTS_EACH = 40
FEWEST, MOST = 50, 250_000
USERS_OF_ORGANIZATION = 15

_HALF = ID_LENGTH // 2


@dataclass(frozen=True, slots=True)
class Population:
    """Columns with one value for each user, and for each organization.

    Session and device belong to a user: their ids are rearrangements of the user's, so they stay the same in the whole
    store without being kept.
    """

    users: pa.Array
    """Ids without prefix, like those of sessions, devices and organizations."""
    sessions: pa.Array
    devices: pa.Array
    emails: pa.Array
    addresses: pa.Array
    organizations: pa.Array

    @classmethod
    def for_events(cls, events: int, seed: int) -> Population:
        """Make up as many people as a store of that size has."""
        size = min(max(events // EVENTS_EACH, FEWEST), MOST)
        noise = Noise(f"{seed} people")
        users = fixed_texts(noise.ids(size), ID_LENGTH)
        halves = [pc.utf8_slice_codeunits(users, start, start + _HALF) for start in (0, _HALF)]
        return cls(
            users=users,
            sessions=pc.ascii_reverse(users),
            devices=joined(halves[1], halves[0]),
            emails=_emails(noise, size),
            addresses=_addresses(noise, size),
            organizations=fixed_texts(noise.ids(max(size // USERS_OF_ORGANIZATION, 5)), ID_LENGTH),
        )


def _emails(noise: Noise, size: int) -> pa.Array:
    first, last = (
        [name.lower() for name in names if name.isascii() and name.isalpha()]
        for names in (cast.FIRST_NAMES, cast.LAST_NAMES)
    )
    number = pa.arange(0, size).cast(pa.string())
    domain = noise.any_of(cast.MAIL_DOMAINS, size)
    return joined(noise.any_of(first, size), ".", noise.any_of(last, size), number, "@", domain)


def _addresses(noise: Noise, size: int) -> pa.Array:
    network, host = noise.any_of(cast.RESIDENTIAL_NETWORKS, size), noise.below(254, size)
    version4 = joined(network, ".", pc.add(host, 1).cast(pa.string()))
    groups = [f"{number:x}" for number in range(1, 4096)]
    version6 = joined(f"{cast.IPV6_PREFIX}:", noise.any_of(groups, size), "::", noise.any_of(groups, size))
    return pc.if_else(pc.less(noise.fractions(size), 0.33), version6, version4)
