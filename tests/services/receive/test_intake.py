"""From a delivery's bytes to its answer."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager

import pytest
from tests.samples import NOW
from tests.webhooks import SECRET, RememberingSink, read_plainly, signed

from logtui.core.clock import frozen_clock
from logtui.core.errors import StoreError
from logtui.core.event import Event
from logtui.services.receive.group_commit import GroupCommit
from logtui.services.receive.intake import Intake
from logtui.services.receive.recent import RecentDeliveries
from logtui.services.receive.signatures import Verifier

BODY = b'{"type":"user.created"}'


@contextmanager
def intake(before: Callable[[Sequence[Event]], None] = lambda _: None) -> Iterator[tuple[Intake, RememberingSink]]:
    clock = frozen_clock(NOW)
    sink = RememberingSink(before)
    with closing(GroupCommit(sink, most_waiting=9, pace=0)) as commit:
        yield Intake(Verifier((SECRET,), clock), read_plainly, commit, clock, store_seconds=0.5), sink


async def test_a_genuine_delivery_is_stored() -> None:
    """Under the message's id, with the body byte for byte."""
    with intake() as (it, sink):
        answer = await it.take(signed("msg_1", BODY), BODY)

    assert (answer.status, answer.error) == (200, "")
    assert sink.events["msg_1"].payload == BODY.decode()
    assert sink.events["msg_1"].ingested_at == NOW
    assert it.counts.stored == 1


async def test_a_redelivery_is_acknowledged_and_stored_once() -> None:
    """The sender may not have heard the first answer."""
    with intake() as (it, sink):
        answers = [await it.take(signed("msg_1", BODY), BODY) for _ in range(3)]

    assert [answer.status for answer in answers] == [200, 200, 200]
    assert list(sink.events) == ["msg_1"]


async def test_the_same_id_with_another_body_is_a_conflict() -> None:
    """It would be dropped as a duplicate, so it is not acknowledged."""
    with intake() as (it, sink):
        await it.take(signed("msg_1", BODY), BODY)
        answer = await it.take(signed("msg_1", b"{}"), b"{}")

    assert answer.status == 409
    assert sink.events["msg_1"].payload == BODY.decode()


async def test_what_is_not_proven_is_not_even_read() -> None:
    """Nobody without a secret reaches the parser, let alone the store."""
    with intake() as (it, sink):
        answer = await it.take(signed("msg_1", BODY) | {"svix-signature": "v1,AAAA"}, BODY)

    assert (answer.status, answer.error) == (401, "no signature matches")
    assert sink.groups == []
    assert it.counts.refused == 1


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"a":NaN', b"\x00"])
async def test_a_body_that_is_no_event_is_refused(body: bytes) -> None:
    """The reason goes to the receiver's log; the answer repeats nothing."""
    with intake() as (it, sink):
        answer = await it.take(signed("msg_1", body), body)

    assert answer.status == 400
    assert answer.error == "the body is signed, but is not an event that can be stored"
    assert answer.detail.startswith("msg_1: not ")
    assert sink.groups == []


@pytest.mark.parametrize(
    ("code", "status"), [(errno.ENOSPC, 507), (errno.EDQUOT, 507), (errno.EIO, 503), (errno.EROFS, 503)]
)
async def test_what_cannot_be_stored_is_not_acknowledged(code: int, status: int) -> None:
    """The sender comes again, and then it is stored once."""
    errors = [code]

    def fail_once(_: object) -> None:
        if errors:
            raise StoreError("cannot write") from OSError(errors.pop(), "why")

    with intake(fail_once) as (it, sink):
        first = await it.take(signed("msg_1", BODY), BODY)
        second = await it.take(signed("msg_1", BODY), BODY)

    assert (first.status, second.status) == (status, 200)
    assert first.retry_after
    assert (it.counts.failed, it.counts.stored) == (1, 1)
    assert list(sink.events) == ["msg_1"]


async def test_an_event_that_no_store_could_hold_is_the_senders_mistake() -> None:
    """A 5xx would make it come again for days."""

    def refuse(_: object) -> None:
        raise ValueError("surrogates not allowed")

    with intake(refuse) as (it, _sink):
        answer = await it.take(signed("msg_1", BODY), BODY)

    assert (answer.status, answer.detail) == (400, "msg_1: surrogates not allowed")


def test_the_memory_of_deliveries_is_bounded() -> None:
    """The oldest are forgotten; the store still knows their ids."""
    recent = RecentDeliveries(capacity=2)
    for number in range(3):
        recent.remember(f"msg_{number}", b"a")

    assert [recent.is_other(f"msg_{number}", b"b") for number in range(3)] == [False, True, True]
    assert not recent.is_other("msg_2", b"a")
