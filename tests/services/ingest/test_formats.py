"""All formats together: who recognises what, what no record may do to them, and what the shared samples become."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.vendor_samples import BY_NAME, INGESTED_AT, SAMPLES, SHARED, Line, essence, lines_of, read, sample

from logtui.core.event import SEVERITY_RANK, Event
from logtui.services.ingest.formats import FORMATS, formats
from logtui.services.ingest.formats.format import Fields, Format
from logtui.services.ingest.record import Record, Rejected

CASES = [(name, line) for name in BY_NAME for line in sample(name)]


def recognised(fields: Fields) -> list[str]:
    """Return the names of the formats that recognise a record, in the order in which they are tried."""
    return [form.name for form in FORMATS if form.recognises(fields)]


def upper(value: Any) -> Any:
    """Return a JSON value with the keys of all objects in upper case."""
    if isinstance(value, dict):
        return {key.upper(): upper(item) for key, item in value.items()}
    return [upper(item) for item in value] if isinstance(value, list) else value


class TestSniffing:
    @pytest.mark.parametrize(("name", "line"), CASES, ids=lambda case: case if isinstance(case, str) else "")
    def test_a_sample_is_recognised_by_its_own_format_alone(self, name: str, line: Line) -> None:
        """A format that also took others' records would read them wrong."""
        assert recognised(line.fields) == [name]

    @pytest.mark.parametrize(("name", "line"), CASES, ids=lambda case: case if isinstance(case, str) else "")
    def test_the_case_of_keys_does_not_matter(self, name: str, line: Line) -> None:
        """Exporters change it, all of it or some."""
        assert recognised(upper(line.fields)) == [name]

    def test_every_format_has_samples_and_every_file_of_samples_a_format(self) -> None:
        """One file a vendor, each with its samples."""
        assert {path.stem for path in SAMPLES.glob("*.ndjson")} == set(BY_NAME)
        assert len(BY_NAME) == len(FORMATS)

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"time": "2026-09-21T14:13:20Z", "message": "hello", "level": "info"},
            {"type": "user.created", "timestamp": 1},
            {"@timestamp": "2026-09-21T14:13:20Z", "message": "no event of ECS"},
            {"action": "x", "actor": "y"},
        ],
    )
    def test_an_unknown_record_is_nobodys(self, fields: Fields) -> None:
        """It is for the user to say what it is."""
        assert recognised(fields) == []


class TestAnyCase:
    @pytest.mark.parametrize("name", ["okta", "cloudtrail", "stripe", "slack", "workos", "google_workspace", "auth0"])
    def test_a_record_with_upper_case_keys_reads_like_the_original(self, name: str) -> None:
        """All columns are found whatever the case."""
        form = BY_NAME[name]
        for line in sample(name):
            text = json.dumps(upper(line.fields)).encode()
            shouted = read(form, Line(Record(text, 1), json.loads(text)))
            for one, other in zip(read(form, line), shouted, strict=True):
                if "CloudTrailEvent" not in line.fields:
                    assert essence(one) == essence(other)


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(10**300, 10**301),
    st.floats(),
    st.text(),
    st.sampled_from(
        ["", " ", "\x00", "\ud800", "2026-09-21T14:13:20Z", "2026-09-21 14:13:20", "1790000000", "a\nb", "x" * 5000]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(st.text(max_size=5), st.sampled_from(["id", "type", "name", "user", "value"])), inner, max_size=3
        ),
    ),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of all values within a JSON value."""
    if isinstance(value, dict):
        return [path, *(place for key, item in value.items() for place in places(item, (*path, key)))]
    if isinstance(value, list):
        return [path, *(place for index, item in enumerate(value) for place in places(item, (*path, index)))]
    return [path]


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """Return a JSON value with another one at a path."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


class TestHostileRecords:
    @settings(max_examples=300, deadline=None)
    @given(data=st.data(), form=st.sampled_from(FORMATS))
    def test_no_value_in_any_place_raises(self, data: st.DataObject, form: Format) -> None:
        """A record is read or refused with a reason; what is read can be stored as UTF-8."""
        fields: Any = data.draw(st.sampled_from(sample(form.name))).fields
        for _ in range(data.draw(st.integers(1, 3))):
            place = data.draw(st.sampled_from(places(fields)[1:] or [()]))
            fields = replaced(fields, place, data.draw(values)) if place else fields
        text = json.dumps(fields).encode()

        form.recognises(fields)
        form.time(fields)
        for event in form.events(fields, Record(text, 1), INGESTED_AT):
            self.assert_storable(event)

    @settings(max_examples=100, deadline=None)
    @given(fields=st.dictionaries(st.text(), values), form=st.sampled_from(FORMATS))
    def test_no_object_raises(self, fields: dict[str, Any], form: Format) -> None:
        """A format that was forced on records of another is no exception."""
        form.recognises(fields)
        form.time(fields)
        for event in form.events(fields, Record(json.dumps(fields).encode(), 1), INGESTED_AT):
            self.assert_storable(event)

    @pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
    def test_a_text_that_is_no_utf_8_is_refused(self, form: Format) -> None:
        """The payload could not be kept byte for byte."""
        for line in sample(form.name):
            events = form.events(line.fields, Record(line.record.text[:-1] + b"\xff}", 1), INGESTED_AT)
            assert all(isinstance(event, Rejected) for event in events) or "body_b64" in line.fields

    @pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
    def test_deep_nesting_does_not_raise(self, form: Format) -> None:
        """The parser's limit is far above what a format walks into."""
        deep: Any = "end"
        for _ in range(900):
            deep = {"data": deep, "events": [deep], "resourceLogs": [deep]} if not isinstance(deep, dict) else [deep]
        for line in sample(form.name):
            fields = {**line.fields, "data": deep, "properties": deep, "extra": deep}
            form.events(fields, Record(b'{"x":' + b"[" * 100_000, 1), INGESTED_AT)

    @staticmethod
    def assert_storable(event: Event | Rejected) -> None:
        if isinstance(event, Rejected):
            assert event.reason
            assert event.reason.isprintable()
            return
        assert -62_135_596_800_000_000 <= event.event_time < 253_402_300_800_000_000
        assert event.event_id
        assert event.event_type
        assert event.payload is not None
        assert event.severity is None or event.severity in SEVERITY_RANK
        for name in Event.__slots__:
            value = getattr(event, name)
            if isinstance(value, str):
                value.encode()


class TestZones:
    def test_a_format_tells_that_a_time_had_no_zone(self) -> None:
        """The pipeline says once that UTC was assumed."""
        slack, stripe = sample("slack")[0], sample("stripe")[0]
        without, with_zone = BY_NAME["slack"].time(slack.fields), BY_NAME["stripe"].time(stripe.fields)

        assert without is not None
        assert not without.has_zone
        assert with_zone is not None
        assert with_zone.has_zone

    @pytest.mark.parametrize("name", sorted(BY_NAME))
    def test_the_time_is_the_first_events(self, name: str) -> None:
        """What is told is about what is stored."""
        form = BY_NAME[name]
        for line in sample(name):
            events = read(form, line)
            time = form.time(line.fields)
            if events and isinstance(events[0], Event):
                assert time is not None
                assert time.micros == events[0].event_time


class TestHashes:
    def test_identical_records_get_one_id_and_different_ones_two(self) -> None:
        """The hash is of the record's bytes."""
        form, line = BY_NAME["zoom"], sample("zoom")[0]
        other = Line(Record(line.record.text.replace(b"Foo", b"Bar"), 9), line.fields)
        first, again, changed = (event for each in (line, line, other) for event in read(form, each))

        assert isinstance(first, Event)
        assert isinstance(again, Event)
        assert isinstance(changed, Event)
        assert first.event_id == again.event_id
        assert first.event_id != changed.event_id
        assert len(first.event_id) == len("hash-") + 32

    def test_events_of_one_record_get_different_ids(self) -> None:
        """The index tells them apart, even where they are alike."""
        log = b'{"timeUnixNano":"1790000000000000000","body":{"stringValue":"again"}}'
        text = b'{"resourceLogs":[{"scopeLogs":[{"logRecords":[' + log + b"," + log + b"]}]}]}"
        events = BY_NAME["otlp"].events(json.loads(text), Record(text, 1), INGESTED_AT)

        assert len({event.event_id for event in events if isinstance(event, Event)}) == 2

    def test_sources_and_ids_of_cloudevents_never_run_together(self) -> None:
        """A pair that is cut elsewhere is another event."""
        form = BY_NAME["cloudevents"]
        ids = set()
        for source, event_id in (("/a", "b|c"), ("/a|b", "c"), ("/a", "bc"), ("/ab", "c")):
            fields = {"specversion": "1.0", "type": "t", "source": source, "id": event_id, "time": "2026-09-21T00:00Z"}
            (event,) = form.events(fields, Record(json.dumps(fields).encode(), 1), INGESTED_AT)
            assert isinstance(event, Event)
            ids.add(event.event_id)

        assert len(ids) >= 3


def test_masking_is_on_unless_it_is_turned_off() -> None:
    """Who wants one-time codes in the store must ask for them."""
    line = next(line for line in sample("clerk_webhook") if line.fields.get("type") == "sms.created")
    (masked,) = read(BY_NAME["clerk_webhook"], line)
    (plain,) = read(next(form for form in formats(is_masked=False) if form.name == "clerk_webhook"), line)

    assert isinstance(masked, Event)
    assert isinstance(plain, Event)
    assert masked.payload is not None
    assert "code is 123456" not in masked.payload
    assert plain.payload == line.record.text.decode()


Has = Callable[[dict[str, Any]], bool]


def _where(fields: dict[str, Any], name: str) -> Any:
    """Return what stands under a name in either case."""
    return fields.get(name) or fields.get(name.lower()) or {}


def _inner(fields: dict[str, Any]) -> Any:
    """Return the entry in a log stream's wrapper."""
    return fields.get("data", fields)


SHARED_FILES: dict[str, tuple[str, int, int, Has, Has]] = {
    "auth0/panther-analysis.Auth0.Events.ndjson": (
        "auth0",
        30,
        30,
        lambda f: bool(_inner(f).get("user_id") or _inner(f).get("user_name")),
        lambda f: bool(_inner(f).get("details", {}).get("request", {}).get("path")),
    ),
    "aws/panther-analysis.AWS.CloudTrail.ndjson": (
        "cloudtrail",
        271,
        262,
        lambda f: bool({"arn", "principalId", "userName"} & {k for k, v in (f.get("userIdentity") or {}).items() if v}),
        lambda f: any(r.get("ARN") or r.get("arn") for r in f.get("resources") or []),
    ),
    "aws/plaso.aws_cloudtrail.ndjson": (
        "cloudtrail",
        6,
        6,
        lambda f: "Username" in f,
        lambda f: f["EventName"] in ("TerminateInstances", "StopInstances", "RunInstances", "CreateSecurityGroup"),
    ),
    "aws/stratus-red-team.cloudtrail.ndjson": (
        "cloudtrail",
        310,
        310,
        lambda f: True,
        lambda f: bool(f.get("resources")) or "userName" in (f.get("requestParameters") or {}),
    ),
    "azure/panther-analysis.Azure.Audit.ndjson": ("azure", 29, 29, lambda f: True, lambda f: True),
    "azure/plaso.azure_activity_log.ndjson": ("azure", 4, 4, lambda f: True, lambda f: True),
    "clerk/openapi-specs.webhook-examples.ndjson": ("clerk_webhook", 45, 45, lambda f: False, lambda f: True),
    "gcp/panther-analysis.GCP.AuditLog.ndjson": (
        "gcp_audit",
        116,
        88,
        lambda f: bool(_where(_where(f, "protoPayload"), "authenticationInfo").get("principalEmail")),
        lambda f: bool(_where(f, "protoPayload").get("resourceName")),
    ),
    "gcp/plaso.gcp_logging.ndjson": (
        "gcp_audit",
        11,
        11,
        lambda f: "protoPayload" in f,
        lambda f: "protoPayload" in f,
    ),
    "github/panther-analysis.GitHub.Audit.ndjson": (
        "github_audit",
        59,
        43,
        lambda f: bool(f.get("actor")),
        lambda f: True,
    ),
    "google_workspace/panther-analysis.GSuite.ActivityEvent.ndjson": (
        "google_workspace",
        78,
        43,
        lambda f: bool(f.get("actor", {}).get("email")),
        lambda f: bool({"doc_id", "ROLE_NAME", "USER_EMAIL", "SETTING_NAME"} & set(f.get("parameters", {}))),
    ),
    "ocsf/panther-analysis.OCSF.DnsActivity.ndjson": ("ocsf", 1, 1, lambda f: False, lambda f: True),
    "ocsf/panther-analysis.OCSF.NetworkActivity.ndjson": ("ocsf", 4, 0, lambda f: False, lambda f: False),
    "okta/panther-analysis.Okta.SystemLog.ndjson": (
        "okta",
        44,
        37,
        lambda f: bool(f.get("actor")),
        lambda f: any(t.get("id") or t.get("alternateId") for t in f.get("target") or []),
    ),
    "onelogin/panther-analysis.OneLogin.Events.ndjson": ("onelogin", 18, 2, lambda f: True, lambda f: True),
    "slack/panther-analysis.Slack.AuditLogs.ndjson": ("slack", 27, 8, lambda f: True, lambda f: "entity" in f),
    "zoom/panther-analysis.Zoom.Operation.ndjson": (
        "zoom",
        15,
        14,
        lambda f: True,
        lambda f: f["operation_detail"].startswith(("Add User ", "Update User ")) and "@" in f["operation_detail"],
    ),
}
"""File -> format, records, those that have a time, and which of these name an actor and a subject."""


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared samples are not on this machine")
class TestSharedSamples:
    def test_all_files_are_tested(self) -> None:
        """A new file of samples needs its line above."""
        assert {str(path.relative_to(SHARED)) for path in SHARED.glob("*/*.ndjson")} == set(SHARED_FILES)

    @pytest.mark.parametrize("name", sorted(SHARED_FILES))
    def test_the_file_is_recognised(self, name: str) -> None:
        """By the first of its records that any format knows, and never by a second format."""
        form = SHARED_FILES[name][0]
        assert {found for line in lines_of(SHARED / name) for found in recognised(line.fields)} == {form}

    @pytest.mark.parametrize("name", sorted(SHARED_FILES))
    def test_every_record_with_a_time_becomes_an_event(self, name: str) -> None:
        """And every other one is refused for want of a time."""
        form, records, with_time, _, _ = SHARED_FILES[name]
        read_as = [event for line in lines_of(SHARED / name) for event in read(BY_NAME[form], line)]

        assert len(read_as) == records
        assert sum(isinstance(event, Event) for event in read_as) == with_time
        reasons = {event.reason for event in read_as if isinstance(event, Rejected)}
        assert [reason for reason in reasons if "missing" not in reason and "is not a time" not in reason] == []

    @pytest.mark.parametrize("name", sorted(SHARED_FILES))
    def test_actors_and_subjects_are_found_where_the_vendor_names_them(self, name: str) -> None:
        """In at least 99 of 100 events."""
        form, _, _, has_actor, has_subject = SHARED_FILES[name]
        expected = found = 0
        for line in lines_of(SHARED / name):
            for event in read(BY_NAME[form], line):
                if isinstance(event, Event):
                    fields: Any = line.fields
                    expected += has_actor(fields) + has_subject(fields)
                    found += bool(has_actor(fields) and event.actor) + bool(has_subject(fields) and event.subject)

        assert found >= 0.99 * expected

    def test_clerks_examples_stay_45_events(self) -> None:
        """They all have one time, and ids that several share."""
        lines = lines_of(SHARED / "clerk" / "openapi-specs.webhook-examples.ndjson")
        ids = {event.event_id for line in lines for event in read(BY_NAME["clerk_webhook"], line)}  # type: ignore[union-attr]

        assert len(ids) == 45


def test_the_shared_folder_is_named_right() -> None:
    """A typing error in its name would skip the tests above for good."""
    assert Path("/work/shared/samples") == SHARED
