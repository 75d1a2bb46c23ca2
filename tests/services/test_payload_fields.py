"""Which leaves payloads have."""

from __future__ import annotations

from logtui.core.query.parser import parse
from logtui.services.payload_fields import payload_fields


def test_paths_and_values_come_with_the_most_frequent_first() -> None:
    """Arrays count as their elements; objects are no leaves."""
    fields = payload_fields(
        [
            '{"email": "a@corp.example", "session": {"id": 1, "ok": true}}',
            '{"email": "b@corp.example", "roles": ["admin", "owner"], "gone": null}',
            '{"email": "b@corp.example"}',
        ]
    )

    assert fields["payload"] == ("email", "roles", "session.id", "session.ok")
    assert fields["payload.email"] == ("b@corp.example", "a@corp.example")
    assert fields["payload.roles"] == ("admin", "owner")
    assert fields["payload.session.ok"] == ("true",)


def test_odd_names_are_written_so_that_a_query_can_name_them() -> None:
    """What is offered parses."""
    fields = payload_fields(['{"a.b": {"c d": "x"}}'])

    for path in fields["payload"]:
        parse(f"payload.{path}:x")


def test_what_is_no_json_is_passed_over() -> None:
    """Broken, deep, missing and bare payloads have no leaves."""
    assert payload_fields(["{", "[" * 100_000, None, '"text"', "1"]) == {"payload": ()}
