"""Who holds a secret may deliver, within five minutes; nobody else."""

from __future__ import annotations

import base64
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from standardwebhooks import Webhook
from tests.samples import NOW
from tests.webhooks import OTHER_SECRET, SECONDS, SECRET, signature, signed

from logtui.core.clock import MINUTE, SECOND, frozen_clock, system_clock
from logtui.services.receive.signatures import SignatureRefusedError, Verifier

BODY = b'{"type":"user.created"}'
PUBLISHED = {
    "svix-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "svix-timestamp": "1614265330",
    "svix-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}


def verify(headers: dict[str, str], body: bytes = BODY, *, now: int = NOW, secrets: tuple[str, ...] = (SECRET,)) -> str:
    return Verifier(secrets, frozen_clock(now)).verify(headers, body)


def test_the_published_vector_is_genuine() -> None:
    """The one delivery whose signature the vendor printed."""

    assert verify(PUBLISHED, b'{"test": 2432232314}', now=1614265330 * SECOND) == "msg_p5jXN8AQM9LWM0D4loKWxJek"


@pytest.mark.parametrize("family", ["svix", "webhook"])
def test_both_families_of_headers_count(family: str) -> None:
    """Svix and Standard Webhooks differ in the prefix alone."""

    assert verify(signed("msg_1", BODY, family=family)) == "msg_1"


def test_svix_headers_count_where_both_families_are_there() -> None:
    """As in the vendor's own libraries: the other three are not looked at."""
    headers = signed("msg_2", BODY, secret=OTHER_SECRET, family="webhook") | signed("msg_1", BODY)

    assert verify(headers) == "msg_1"


def test_an_incomplete_svix_family_gives_way() -> None:
    """A proxy that adds one header does no harm."""
    headers = signed("msg_1", BODY, family="webhook") | {"svix-id": "msg_9"}

    assert verify(headers) == "msg_1"


@pytest.mark.parametrize("part", ["id", "timestamp", "signature"])
def test_a_missing_header_is_refused(part: str) -> None:
    """All three are signed, or are the signature."""
    headers = signed("msg_1", BODY)
    del headers[f"svix-{part}"]

    with pytest.raises(SignatureRefusedError, match="not all there"):
        verify(headers)


def test_any_of_several_secrets_will_do() -> None:
    """While secrets are rotated, both are in force."""
    secrets = (OTHER_SECRET, SECRET)

    assert verify(signed("msg_1", BODY), secrets=secrets) == "msg_1"
    assert verify(signed("msg_1", BODY, secret=OTHER_SECRET), secrets=secrets) == "msg_1"


def test_any_of_several_signatures_will_do() -> None:
    """While the sender rotates, it signs with both."""
    headers = signed("msg_1", BODY)
    old = signature("msg_1", SECONDS, BODY, OTHER_SECRET)
    headers["svix-signature"] = f"v1a,AAAA {old} {headers['svix-signature']}"

    assert verify(headers) == "msg_1"


@pytest.mark.parametrize("entry", ["v1a,{}", "v2,{}", "{}", "v1{}", "v1,", "v1", ",{}", " v1 ,{}"])
def test_other_versions_and_malformed_entries_do_not_count(entry: str) -> None:
    """Only `v1` is a promise about this algorithm."""
    headers = signed("msg_1", BODY)
    headers["svix-signature"] = entry.format(headers["svix-signature"].removeprefix("v1,"))

    with pytest.raises(SignatureRefusedError, match=r"no signature matches|not all there"):
        verify(headers)


def test_a_signature_by_another_secret_is_refused() -> None:
    """The point of it all."""

    with pytest.raises(SignatureRefusedError, match="no signature matches"):
        verify(signed("msg_1", BODY, secret=OTHER_SECRET))


@pytest.mark.parametrize("changed", ["svix-id", "svix-timestamp", "body"])
def test_everything_that_is_signed_counts(changed: str) -> None:
    """Id, time and body of a genuine delivery cannot be combined anew."""
    headers, body = signed("msg_1", BODY), BODY
    if changed == "body":
        body += b" "
    else:
        headers[changed] = {"svix-id": "msg_2", "svix-timestamp": str(SECONDS + 1)}[changed]

    with pytest.raises(SignatureRefusedError, match="no signature matches"):
        verify(headers, body)


def test_every_bit_of_the_signature_counts() -> None:
    """No flipped bit passes."""
    headers = signed("msg_1", BODY)
    raw = base64.b64decode(headers["svix-signature"].removeprefix("v1,"))
    for bit in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8

        with pytest.raises(SignatureRefusedError):
            verify(headers | {"svix-signature": "v1," + base64.b64encode(flipped).decode()})


@pytest.mark.parametrize(
    ("shift", "message"), [(5 * MINUTE + SECOND, "too old"), (-5 * MINUTE - SECOND, "from the future")]
)
def test_five_minutes_either_way_and_no_second_more(shift: int, message: str) -> None:
    """A recorded delivery is worth nothing later."""
    edge = shift - SECOND if shift > 0 else shift + SECOND

    assert verify(signed("msg_1", BODY), now=NOW + edge) == "msg_1"
    with pytest.raises(SignatureRefusedError, match=message):
        verify(signed("msg_1", BODY), now=NOW + shift)


@pytest.mark.parametrize(
    "timestamp", ["0", "-1", "1.5", "1e9", "x", "٣", "9" * 12, "9" * 5000, f"0{SECONDS}", f" {SECONDS}"]
)
def test_a_timestamp_is_a_number_of_seconds(timestamp: str) -> None:
    """Whoever signs something else gets a refusal, not an exception."""
    headers = signed("msg_1", BODY) | {
        "svix-timestamp": timestamp,
        "svix-signature": signature("msg_1", timestamp, BODY),
    }

    with pytest.raises(SignatureRefusedError, match="not a number"):
        verify(headers)


@pytest.mark.parametrize("message_id", ["../../x.y", "a b", "msg\x1b[31m", "m" * 129, "a.1", "é", "msg\n"])
def test_an_id_has_a_harmless_form(message_id: str) -> None:
    """It becomes the event's id; and a dot would let parts of what is signed change places."""

    with pytest.raises(SignatureRefusedError, match="form"):
        verify(signed(message_id, BODY))


def test_a_body_that_is_no_text_is_refused() -> None:
    """Only text can be signed."""
    body = b"\xff\xfe"

    with pytest.raises(SignatureRefusedError, match="no signature matches"):
        verify(signed("msg_1", body), body)


@given(
    message_id=st.from_regex(r"[A-Za-z0-9_-]{1,20}", fullmatch=True),
    body=st.text(max_size=40).map(lambda text: text.encode("utf-8", "ignore")),
    age=st.sampled_from([0, 200, -200, 400, -400]),
    signatures=st.lists(st.sampled_from(["good", "bad", "v1a,AAAA", "v1,!", "junk"]), min_size=1, max_size=3),
)
def test_the_library_comes_to_the_same_verdict(message_id: str, body: bytes, age: int, signatures: list[str]) -> None:
    """Where the published `verify` gives a verdict, it is ours."""
    at = int(time.time()) - age
    made = {"good": signature(message_id, at, body), "bad": signature(message_id, at, body, OTHER_SECRET)}
    text = " ".join(made.get(entry, entry) for entry in signatures)
    headers = {"webhook-id": message_id, "webhook-timestamp": str(at), "webhook-signature": text}

    try:
        Webhook(SECRET).verify(body, headers, json_parse=False)
        is_genuine = True
    except ValueError:  # its way of meeting an entry without a comma, or not of base64
        assume(False)
    except Exception:  # noqa: BLE001 - the library's own
        is_genuine = False

    try:
        Verifier((SECRET,), system_clock).verify(headers, body)
        assert is_genuine
    except SignatureRefusedError:
        assert not is_genuine
