"""Clerk's webhooks: deliveries, the lines of `clerk webhooks listen`, and what is hidden of messages."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.vendor_samples import INGESTED_AT, SHARED, lines_of, micros, sample

from logtui.core.event import Event
from logtui.services.ingest.formats.clerk_webhook import ClerkWebhook, event_of_delivery
from logtui.services.ingest.formats.masking import mask
from logtui.services.ingest.record import Record, Rejected

NOW = 1_790_000_000_000_000


def body(**fields: Any) -> bytes:
    """A delivery's body."""
    return json.dumps({"type": "user.created", "timestamp": 1_790_000_000, "data": {"id": "user_1"}} | fields).encode()


def event(found: Event | Rejected) -> Event:
    assert isinstance(found, Event), found
    return found


class TestDeliveries:
    def test_the_message_id_is_the_events(self) -> None:
        """A retry and a replay carry the same one, so they are stored once."""
        found = event(event_of_delivery("msg_1", body(), NOW))

        assert found.event_id == "msg_1"
        assert found.event_time == NOW
        assert found.ingested_at == NOW
        assert found.payload == body().decode()

    def test_a_standard_webhook_of_another_vendor_is_read_too(self) -> None:
        """Type, timestamp and data are all that the standard asks for."""
        text = b'{"type":"invoice.paid","timestamp":"2026-09-21T14:13:20.5Z","data":{"id":"in_1","object":"invoice"}}'
        found = event(event_of_delivery("msg_2", text, NOW + 9))

        assert found.event_type == "invoice.paid"
        assert found.event_time == NOW + 500_000
        assert (found.subject, found.subject_type, found.source) == ("in_1", "invoice", None)

    def test_a_body_without_a_time_takes_that_of_its_header(self) -> None:
        """The standard only recommends one in the body, but signs the header's."""
        text = b'{"type":"invoice.paid","data":{"id":"in_1"}}'

        assert event_of_delivery("msg_3", text, NOW) == Rejected("timestamp: missing")
        assert event(event_of_delivery("msg_3", text, NOW, sent_at=NOW - 7)).event_time == NOW - 7

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            (b"", "timestamp: missing"),
            (b"no json", "timestamp: missing"),
            (b"[1]", "timestamp: missing"),
            (b'{"timestamp":1790000000}', "type: missing, and without a type an event cannot be told from others"),
            (b'{"type":"a.b","timestamp":"soon"}', 'timestamp: "soon" is not a time'),
            (b'{"type":"a.b","timestamp":[]}', "timestamp: a list is not a time"),
        ],
    )
    def test_what_is_no_event_is_refused_with_a_reason(self, text: bytes, reason: str) -> None:
        """The receiver says it in its answer."""
        assert event_of_delivery("msg_4", text, NOW) == Rejected(reason)

    @pytest.mark.parametrize(
        ("named", "expected"),
        [
            ("organizationMembership.created", "organization_membership.created"),
            ("organizationInvitation.accepted", "organization_invitation.accepted"),
            ("subscription.pastDue", "subscription.past_due"),
            ("waitlistEntry.created", "waitlist_entry.created"),
            ("user.created", "user.created"),
        ],
    )
    def test_names_become_the_catalogues(self, named: str, expected: str) -> None:
        """And the payload keeps the name as it came."""
        found = event(event_of_delivery("msg_5", body(type=named), NOW))

        assert found.event_type == expected
        assert json.loads(found.payload or "")["type"] == named

    @given(st.binary())
    def test_no_body_raises(self, text: bytes) -> None:
        """Whoever can sign can still send anything."""
        event_of_delivery("msg_6", text, NOW)


class TestListenedLines:
    def line(self, text: bytes, **others: Any) -> dict[str, Any]:
        return {
            "type": "event",
            "svix_id": "msg_1",
            "headers": {"svix-id": "msg_1", "svix-timestamp": "1790000003"},
            "body_b64": base64.b64encode(text).decode(),
            "forward_status": None,
        } | others

    def read(self, fields: dict[str, Any]) -> list[Event | Rejected]:
        return list(ClerkWebhook().events(fields, Record(json.dumps(fields).encode(), 1), INGESTED_AT))

    def test_the_payload_is_the_body_as_it_was_signed(self) -> None:
        """Its signature stays checkable, and it is the event that `receive` would have stored."""
        text = b'{ "type":"user.created",\n "timestamp":1790000000.0, "data":{"id":"user_1"} }'
        (found,) = self.read(self.line(text))

        assert event(found).payload == text.decode()
        assert found == event_of_delivery("msg_1", text, INGESTED_AT)

    def test_lines_about_the_connection_are_no_events(self) -> None:
        """Nor are they rejected: there is nothing wrong with them."""
        assert self.read({"type": "ready", "relay_url": "https://webhooks.clerk.com/in/c_1/"}) == []
        assert self.read({"type": "reconnecting", "attempt": 2}) == []

    @pytest.mark.parametrize("encoded", ["", "%%%", "e30", 5, None])
    def test_a_body_that_is_not_base64_is_refused(self, encoded: object) -> None:
        """Half a line of a broken file."""
        assert self.read(self.line(b"", body_b64=encoded)) == [Rejected("body_b64: not base64")]


class TestMasking:
    def test_a_code_in_a_text_message_is_hidden_and_nothing_else_changes(self) -> None:
        """Every other byte stays, spaces and numbers too."""
        text = '{ "type":"sms.created", "timestamp":1790000000.000, "data": {"id":"sms_1","message" : "code 123456" } }'
        found = event(event_of_delivery("msg_1", text.encode(), NOW))

        assert found.payload == (
            '{ "type":"sms.created", "timestamp":1790000000.000, "data": {"id":"sms_1","message" : "[masked]" } '
            ',"logtui_masked":["data.message"]}'
        )

    @pytest.mark.skipif(not SHARED.is_dir(), reason="the shared samples are not on this machine")
    def test_nothing_of_the_code_is_left_of_clerks_own_mail(self) -> None:
        """It stands in the body, the plain body, the subject and the variables."""
        path = SHARED / "clerk" / "openapi-specs.webhook-examples.ndjson"
        line = next(line for line in lines_of(path) if line.fields["type"] == "email.created")
        assert line.record.text.count(b"123456") >= 4
        (found,) = ClerkWebhook().events(line.fields, line.record, INGESTED_AT)
        payload = json.loads(event(found).payload or "")

        assert "123456" not in (event(found).payload or "")
        assert payload.pop("logtui_masked") == ["data.body", "data.body_plain", "data.data", "data.subject"]
        expected = json.loads(line.record.text)
        for name in ("body", "body_plain", "data", "subject"):
            expected["data"][name] = "[masked]"
        assert payload == expected

    def test_the_hash_does_not_give_the_code_away(self) -> None:
        """Six digits are quickly tried, so the id must not depend on them."""
        ids = set()
        for code in ("123456", "654321"):
            text = body(type="sms.created", data={"id": "sms_1", "message": code})
            (found,) = ClerkWebhook().events(json.loads(text), Record(text, 1), NOW)
            ids.add(event(found).event_id)

        assert len(ids) == 1

    def test_escaped_and_repeated_keys_are_hidden_as_well(self) -> None:
        """There is no spelling that a parser reads and the mask does not."""
        text = r'{"data":{"mess\u0061ge":"1","Message":"2","message":"3","message":"4"},"d\u0061ta":{"body":["5"]}}'
        masked = mask(text)

        assert not set("12345") & set(masked.replace(r"\u0061", "a"))
        assert json.loads(masked)["logtui_masked"] == ["data.message", "data.Message", "data.body"]

    def test_what_is_empty_stays(self) -> None:
        """It hides nothing, and a mask would claim that it did."""
        text = '{"type":"sms.created","data":{"message":null,"body":"","data":{},"subject":[]}}'
        assert mask(text) == text

    @pytest.mark.parametrize("data", ['"code 123456"', "[123456]", "123456"])
    def test_data_that_is_no_object_is_hidden_whole(self, data: str) -> None:
        """Rather too much than too little."""
        masked = mask(f'{{"data":{data}}}')

        assert json.loads(masked) == {"data": "[masked]", "logtui_masked": ["data"]}

    @pytest.mark.parametrize("text", ["", "[]", "{", '{"data":{"message":"1"}', '{"data":' + "[" * 100_000])
    def test_what_cannot_be_masked_is_refused(self, text: str) -> None:
        """Never stored as it is."""
        fields = {"type": "sms.created", "timestamp": 1_790_000_000, "data": {"message": "1"}}
        (found,) = ClerkWebhook().events(fields, Record(text.encode(), 1), NOW)

        assert found == Rejected("data: its secrets could not be masked")

    @given(
        st.recursive(
            st.one_of(st.text(), st.integers(), st.none()),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)
            ),
            max_leaves=8,
        ),
        st.integers(0, 2),
        st.booleans(),
    )
    def test_the_mask_changes_only_what_it_names(self, inner: Any, indent: int, is_ascii: bool) -> None:
        """Whatever stands beside the secret, it is the same afterwards."""
        fields = {"before": inner, "data": {"first": inner, "message": "secret", "last": inner}, "after": inner}
        masked = json.loads(mask(json.dumps(fields, indent=indent or None, ensure_ascii=is_ascii)))

        assert masked.pop("logtui_masked") == ["data.message"]
        assert masked["data"].pop("message") == "[masked]"
        assert masked == {"before": inner, "data": {"first": inner, "last": inner}, "after": inner}

    def test_it_can_be_turned_off(self) -> None:
        """Who needs the text of messages can keep it."""
        text = body(type="sms.created", data={"id": "sms_1", "message": "123456"})

        assert event(event_of_delivery("msg_1", text, NOW, is_masked=False)).payload == text.decode()


def test_the_sample_of_a_listened_line_is_the_delivery_in_it() -> None:
    """What the receiver and the importer store of one delivery is one event."""
    line = next(line for line in sample("clerk_webhook") if "body_b64" in line.fields)
    (found,) = ClerkWebhook().events(line.fields, line.record, INGESTED_AT)

    assert event(found).event_time == micros("2026-09-21T14:13:20.123Z")
    assert found == event_of_delivery("msg_2ab", base64.b64decode(line.fields["body_b64"]), INGESTED_AT)
