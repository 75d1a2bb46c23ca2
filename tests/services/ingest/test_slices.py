"""Records with several events: each event keeps what stands around it, byte for byte."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.vendor_samples import BY_NAME, INGESTED_AT, Line, essence, read, sample

from logtui.core.event import Event
from logtui.services.ingest.formats.slices import alone
from logtui.services.ingest.record import Record, Rejected

keys = st.text(max_size=3).filter(lambda key: key.lower() not in ("events", "a", "b"))
inner = st.recursive(
    st.one_of(st.text(), st.integers(), st.none()),
    lambda nested: st.one_of(st.lists(nested, max_size=3), st.dictionaries(keys, nested, max_size=3)),
    max_leaves=6,
)
objects = st.dictionaries(keys, inner, max_size=3)


def payloads(name: str, line: Line) -> list[str]:
    return [event.payload or "" for event in read(BY_NAME[name], line) if isinstance(event, Event)]


class TestSlices:
    def test_the_other_elements_are_cut_out_and_no_byte_else(self) -> None:
        """Spaces, order and numbers stay."""
        text = '{ "a" : 1.50, "events":[ {"n": 1} , {"n":2.0}, 7 ], "z":"]" }'

        assert alone(text, ("events",)) == [
            '{ "a" : 1.50, "events":[{"n": 1}], "z":"]" }',
            '{ "a" : 1.50, "events":[{"n":2.0}], "z":"]" }',
        ]

    def test_the_last_of_repeated_keys_counts(self) -> None:
        """As it does for the parser that read the events."""
        assert alone('{"events":[{"n":1}],"Events":[{"n":2}]}', ("events",)) == [
            '{"events":[{"n":1}],"Events":[{"n":2}]}'
        ]

    def test_the_key_itself_goes_before_one_in_another_case(self) -> None:
        """The parser's object has both, and the format read the first."""
        text = '{"EVENTS":[{"n":0}],"events":[{"n":1},{"n":2}],"Events":[{"n":3}]}'

        assert [json.loads(text)["events"] for text in alone(text, ("events",))] == [[{"n": 1}], [{"n": 2}]]

    @given(objects, st.lists(st.one_of(objects, inner), max_size=4), objects, st.integers(0, 2))
    def test_a_slice_means_the_record_with_one_event(
        self, before: dict[str, Any], events: list[Any], after: dict[str, Any], indent: int
    ) -> None:
        """So that it could be imported again."""
        fields = {**before, "events": events, **{key: item for key, item in after.items() if key not in before}}
        slices = alone(json.dumps(fields, indent=indent or None), ("events",))

        assert [json.loads(text) for text in slices] == [
            fields | {"events": [event]} for event in events if isinstance(event, dict)
        ]

    @given(st.lists(st.tuples(objects, st.lists(objects, max_size=3)), max_size=3))
    def test_nested_arrays_keep_the_objects_around_the_element(
        self, groups: list[tuple[dict[str, Any], list[dict[str, Any]]]]
    ) -> None:
        """A log record keeps its resource and its scope, and no other's."""
        fields = {"a": [{**around, "b": elements} for around, elements in groups]}
        slices = alone(json.dumps(fields), ("a", "b"))

        assert [json.loads(text) for text in slices] == [
            {"a": [{**around, "b": [element]}]} for around, elements in groups for element in elements
        ]


class TestFormats:
    def test_a_log_record_keeps_its_resource(self) -> None:
        """Which host wrote it is part of what happened."""
        first, second, third = payloads("otlp", sample("otlp")[0])

        assert '"host.name"' in first
        assert '"order.created"' in first
        assert '"order.slow"' not in first
        assert '"host.name"' in second
        assert '"host.name"' not in third
        assert '"boom"' in third

    def test_a_slice_reads_as_the_event_that_it_was_cut_from(self) -> None:
        """Nothing that a column was filled from is lost."""
        for name, number in (("otlp", 0), ("google_workspace", 3)):
            whole = read(BY_NAME[name], sample(name)[number])
            for event in whole:
                if not isinstance(event, Event):
                    continue
                text = (event.payload or "").encode()
                (again,) = read(BY_NAME[name], Line(Record(text, 1), json.loads(text)))
                assert essence(again) == essence(event)

    def test_each_activity_of_google_has_only_its_own_event(self) -> None:
        """A search in the payload finds the event that was meant."""
        texts = payloads("google_workspace", sample("google_workspace")[3])

        assert [json.loads(text)["events"][0]["parameters"][0]["value"] for text in texts] == [
            "bo@example.com",
            "bo@example.com",
            "cy@example.com",
        ]
        assert all(json.loads(text)["actor"]["email"] == "admin@example.com" for text in texts)

    def test_a_text_that_cannot_be_cut_is_kept_whole_for_each(self) -> None:
        """Too much is better than something else."""
        line = sample("google_workspace")[3]
        broken = Record(line.record.text + b"[", 1)
        events = BY_NAME["google_workspace"].events(line.fields, Record(b'{"events":' + b"[" * 100_000, 1), INGESTED_AT)

        assert {event.payload for event in events if isinstance(event, Event)} == {'{"events":' + "[" * 100_000}
        assert len(BY_NAME["google_workspace"].events(line.fields, broken, INGESTED_AT)) == 3

    def test_a_record_that_would_grow_beyond_measure_is_refused(self) -> None:
        """A few megabytes of resource around ten thousand log records must not become gigabytes."""
        log = '{"timeUnixNano":"1790000000000000000"}'
        text = (
            '{"resourceLogs":[{"resource":{"big":"' + "x" * 100_000 + '"},'
            '"scopeLogs":[{"logRecords":[' + ",".join([log] * 1000) + "]}]}]}"
        ).encode()
        (found,) = BY_NAME["otlp"].events(json.loads(text), Record(text, 1), INGESTED_AT)

        assert isinstance(found, Rejected)
        assert "1000 events" in found.reason

    def test_logs_with_keys_in_upper_case_are_read_too(self) -> None:
        """They are recognised, so they must not vanish."""
        text = json.dumps(
            {"RESOURCELOGS": [{"SCOPELOGS": [{"LOGRECORDS": [{"TIMEUNIXNANO": "1790000000000000000"}] * 2}]}]}
        ).encode()
        events = BY_NAME["otlp"].events(json.loads(text), Record(text, 1), INGESTED_AT)

        assert [isinstance(event, Event) for event in events] == [True, True]
