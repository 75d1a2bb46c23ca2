"""One event is read whole, from its columns to its last leaf, and acted on from there."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest

from logtui.core import catalogue
from logtui.core.event import Event
from logtui.core.query.ast import ColumnRef, PayloadRef
from logtui.tui import clipboard
from logtui.tui.screens.event_detail import EventDetail
from logtui.tui.widgets import json_tree, lines
from logtui.tui.widgets.lines import Lines
from tests.samples import NOW
from tests.tui.dialog_app import HOSTILE, Below, Person, looking_at

PAYLOAD = {
    "user": {"id": "user_ada", "emails": [{"address": "ada@corp.example", "verified": True}], "nick": None},
    "attempts": 3,
    "created_at": 1791115110123,
    "agent": "Mozilla/5.0 " * 30,
}
EVENT = Event(
    event_time=NOW - 90_000_000,
    event_id="evt_1",
    event_type="sign_in.password.failed",
    severity="warning",
    actor="user_ada",
    actor_type="user",
    subject="sess_1",
    subject_type="session",
    source="auth",
    trace_id="4bf9",
    ip="203.0.113.7",
    ingested_at=NOW - 89_550_000,
    payload=json.dumps(PAYLOAD),
)


def detail(app: Below, event: Event = EVENT) -> EventDetail:
    """Return the screen as the explorer opens it."""
    screen = EventDetail(app)
    screen.show(event, catalogue.load().get(event.event_type), now=NOW)
    return screen


async def to_line(person: Person, name: str) -> None:
    """Put the cursor on the line that the place line would call so."""
    lines = person.app.focused
    assert isinstance(lines, Lines)
    for row in range(lines.row_count):
        lines.move_to(row)
        picked = lines.picked()
        if picked is not None and picked.name == name:
            await person.press()
            assert person.app.lines[-2].split()[0] == name
            return
    raise AssertionError(f"no line {name} on:\n{person.app.text}")


class TestOverview:
    async def test_says_all_that_is_known(self) -> None:
        """Columns with what belongs to them, the catalogue's words, and the payload below."""
        app = Below()
        async with looking_at(detail(app), app, size=(120, 40)):
            for expected in (
                "Password attempt failed during sign-in  Sign-in events",
                "! warning",
                "2026-10-04T11:58:30.000000Z  1m 30s ago",
                "actor     user_ada  user",
                "device    –",
                "450ms after the event",
                f"{len(EVENT.payload or ''):,} bytes",
                '    id: "user_ada"',
            ):
                assert expected in app.text

    async def test_an_unknown_type_is_called_unknown(self) -> None:
        """The catalogue changes every month; not being in it is no error."""
        app = Below()
        async with looking_at(detail(app, replace(EVENT, event_type="new.thing")), app):
            assert "not in the catalogue" in app.text

    async def test_values_are_copied_and_filtered_on(self) -> None:
        """The line under the cursor stands for a column; a missing value can be asked for, too."""
        app = Below()
        async with looking_at(detail(app), app) as person:
            await to_line(person, "actor")
            await person.press("y")
            assert app.copied == ["user_ada"]
            await to_line(person, "device")
            await person.press("-")

        assert app.told[-1] == EventDetail.FilterLeaf(ColumnRef("device_id"), None, exclude=True)
        assert app.given == [None]

    async def test_what_no_query_asks_for_is_said(self) -> None:
        """A refusal names its reason and closes nothing."""
        app = Below()
        async with looking_at(detail(app), app) as person:
            await to_line(person, "event_time")
            await person.press("+")

            assert "no query field looks at time" in app.text


class TestPayload:
    async def test_a_leaf_becomes_a_filter_without_its_place_in_a_list(self) -> None:
        """Any element may have the value; which one it was does not matter to a query."""
        app = Below()
        async with looking_at(detail(app), app) as person:
            await person.press("tab")
            await to_line(person, "payload.user.emails.0.address")
            await person.press("+")

        wanted = PayloadRef(("user", "emails", "address"))
        assert app.told[-1] == EventDetail.FilterLeaf(wanted, "ada@corp.example", exclude=False)

    @pytest.mark.parametrize(("line", "value"), [("payload.user.nick", None), ("payload.attempts", "3")])
    async def test_numbers_and_null_can_be_asked_for(self, line: str, value: str | None) -> None:
        """Null is a missing value to a query; a number is its text."""
        app = Below()
        async with looking_at(detail(app), app) as person:
            await person.press("2")
            await to_line(person, line)
            await person.press("-")

        (message,) = [message for message in app.told if isinstance(message, EventDetail.FilterLeaf)]
        assert (message.value, message.exclude) == (value, True)

    async def test_value_path_and_whole_are_copied(self) -> None:
        """A leaf as people mean it, a container and the payload as JSON, the path as a query writes it."""
        app = Below()
        async with looking_at(detail(app), app) as person:
            await person.press("tab")
            await to_line(person, "payload.user.emails")
            await person.press("y", "p", "Y", "j", "j", "y")

        assert app.copied == [
            '[{"address": "ada@corp.example", "verified": true}]',
            "payload.user.emails",
            EVENT.payload,
            "ada@corp.example",
        ]

    async def test_folds_unfolds_and_finds(self) -> None:
        """What is found unfolds what hides it."""
        app = Below()
        async with looking_at(detail(app), app) as person:
            await person.press("tab", "[")
            assert [line[:1] for line in app.lines[2:6]] == ["▸", " ", " ", "▸"]
            await person.press("/", *"Corp", "enter")

            assert app.lines[-2].split()[0] == "payload.user.emails.0.address"
            await person.press("h", "h", "h", "h")
            assert 'emails: 1 item  [{"address"' in app.text

    async def test_a_long_text_unfolds_to_all_of_it(self) -> None:
        """What does not fit in a line is wrapped below it."""
        app = Below()
        async with looking_at(detail(app), app) as person:
            await person.press("tab", "G")
            assert "Mozilla/5.0" in app.text
            await person.press("enter")
            assert app.text.count("Mozilla/5.0") > 25
            await person.press("enter")
            assert app.text.count("Mozilla/5.0") < 10

    async def test_text_that_is_no_json_is_shown_as_it_is(self) -> None:
        """With the place where it stops being JSON."""
        app = Below()
        async with looking_at(detail(app, replace(EVENT, payload='{"a": 1, b: 2}')), app) as person:
            await person.press("tab")

            assert "not JSON from character 10 on: expected a key and a value" in app.text
            assert '{"a": 1, b: 2}' in app.text

    async def test_a_number_that_is_a_time_is_explained(self) -> None:
        """Beside the number as it is written, and only where the key calls it a time."""
        app = Below()
        async with looking_at(detail(app), app) as person:
            await person.press("tab")

            assert "created_at: 1791115110123  2026-10-04T11:58:30.123Z" in app.text
            assert "attempts: 3\n" in app.text


class TestOtherEvents:
    async def test_next_and_previous_are_asked_for(self) -> None:
        """The owner knows which they are, and shows them in place."""
        app = Below()
        screen = detail(app)
        async with looking_at(screen, app) as person:
            await person.press("tab", "J", "K")
            assert [message for message in app.told if isinstance(message, EventDetail.Wants)] == [
                EventDetail.Wants(1),
                EventDetail.Wants(-1),
            ]
            await to_line(person, "payload.attempts")
            following = replace(EVENT, event_id="evt_2", payload='{"x": 1, "attempts": 4}')
            screen.show(replace(following, payload=None), None, now=NOW)
            screen.show(following, None, now=NOW)
            await person.press("f5")

            assert app.lines[-2].split()[0] == "payload.attempts"
            assert "attempts: 4" in app.text

    async def test_the_payload_comes_later(self) -> None:
        """The listed event is shown at once; tab and place stay when its payload is read."""
        app = Below()
        screen = detail(app, replace(EVENT, payload=None))
        async with looking_at(screen, app) as person:
            await person.press("tab")
            assert "reading the payload" in app.text
            screen.show(EVENT, None, now=NOW)
            await person.until('id: "user_ada"')

    async def test_changes_since_the_previous_event_of_the_subject(self) -> None:
        """Asked for when the tab is looked at; answers for another event are ignored."""
        app = Below()
        screen = detail(app)
        previous = replace(EVENT, event_time=EVENT.event_time - 5_000_000, payload='{"attempts": 2, "old": true}')
        async with looking_at(screen, app) as person:
            await person.press("4")
            assert EventDetail.WantsPrevious(EVENT) in app.told
            screen.show_previous(None, of=previous.cursor)
            assert "first event" not in app.text
            screen.show_previous(previous, of=EVENT.cursor)
            await person.until("~ attempts: 2 → 3")

            for expected in ("since sign_in.password.failed, 5s before", "- old: true", '+ user.id: "user_ada"'):
                assert expected in app.text

    async def test_large_payloads_are_compared_beside_the_keys(self) -> None:
        """The thread's answer arrives like any other."""
        app = Below()
        large = replace(EVENT, payload=json.dumps({"text": "x" * 60_000, "n": 1}))
        screen = detail(app, large)
        async with looking_at(screen, app) as person:
            await person.press("4")
            screen.show_previous(replace(large, payload=json.dumps({"text": "x" * 60_000, "n": 2})), of=large.cursor)
            await person.until("~ n: 2 → 1")

    @pytest.mark.parametrize(
        ("event", "words"),
        [(replace(EVENT, subject=None), "has no subject"), (replace(EVENT, payload=None), "reading the payload")],
    )
    async def test_why_there_is_nothing_to_compare(self, event: Event, words: str) -> None:
        """No question is asked that has no answer."""
        app = Below()
        async with looking_at(detail(app, event), app) as person:
            await person.press("4")

            assert words in app.text
            assert not any(isinstance(message, EventDetail.WantsPrevious) for message in app.told)


class TestSafety:
    @pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 10)])
    async def test_hostile_text_is_only_shown(self, size: tuple[int, int]) -> None:
        """In every column, key and value, on every tab, at every size."""
        texts = dict.fromkeys(("event_type", "actor", "actor_type", "subject", "subject_type", "source", "ip"), HOSTILE)
        hostile = replace(EVENT, **texts, payload=json.dumps({HOSTILE: [HOSTILE, {"k": HOSTILE}]}, ensure_ascii=False))  # type: ignore[arg-type]
        app = Below()
        screen = detail(app, hostile)
        async with looking_at(screen, app, size=size) as person:
            screen.show_previous(replace(hostile, payload='{"\x9b2J": 1}'), of=hostile.cursor)
            for key in ("tab", "j", "y", "p", "tab", "tab"):
                await person.press(key)
                assert app.is_harmless()
                assert app.is_running
            assert all("\x1b" not in text and "\u202e" not in text for text in app.copied)

    async def test_a_long_payload_is_read_between_keys(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Keys act before its end is reached; the end is reached without them."""
        app = Below()
        items = ",".join(f'{{"id": {number}, "name": "thing"}}' for number in range(10_000))
        screen = detail(app, replace(EVENT, payload=f'{{"items": [{items}]}}'))
        # A minute of steps, however quick the machine is; and then few of them.
        monkeypatch.setattr(json_tree, "LINES_A_STEP", 100)
        monkeypatch.setattr(lines, "_GROW_PAUSE", 0.2)
        async with looking_at(screen, app) as person:
            assert "items: …" in app.text
            await person.press("tab", "j", "j")
            assert app.lines[-2].split()[0] == "payload.items.0.id"
            assert "items: …" in app.text
            monkeypatch.setattr(json_tree, "LINES_A_STEP", 10_000)
            await person.until("items: 10,000 items")

    async def test_closes_by_any_of_its_keys(self) -> None:
        """Escape is slow over SSH, so q and enter close, too."""
        for key in ("escape", "q", "enter"):
            app = Below()
            async with looking_at(detail(app), app) as person:
                await person.press(key)
                assert app.given == [None]

    async def test_can_be_opened_again(self) -> None:
        """One screen is made and used for every event."""
        app = Below()
        screen = detail(app)
        async with app.run_test(size=(80, 24)) as pilot:
            app.install_screen(screen, "detail")
            for number in range(2):
                screen.show(replace(EVENT, event_id=f"evt_{number}"), None, now=NOW)
                await app.push_screen("detail")
                await pilot.pause()
                assert f"evt_{number}" in app.text
                await pilot.press("q")


class TestMegabytes:
    @pytest.mark.parametrize(
        "payload",
        [
            '{"big": "' + "\\u0041\\n" * 1_250_000 + '"}',
            '{"' + "\\u001b" * 1_600_000 + '": 1}',
            json.dumps({"big": "\x1b\u202e日" * 600_000}),
            json.dumps({"big": "\n" * 5_000_000}),
            "[" * 1_000_000,
            '{"at": ' + "9" * 10_000_000 + "}",
        ],
        ids=["escapes", "key", "hostile", "lines", "deep", "digits"],
    )
    async def test_keys_take_no_longer_than_with_a_small_payload(self, payload: str) -> None:
        """Looking, moving, folding, unfolding and copying never take a payload of ten megabytes as a whole."""
        app = Below()
        slowest = 0.0
        async with looking_at(detail(app, replace(EVENT, payload=payload)), app, size=(120, 40)) as person:
            for key in "2jlkyplhY3jyp1":
                began = time.process_time()
                await person.press(key)
                slowest = max(slowest, time.process_time() - began)
            assert app.is_harmless()

        # Of the processor, growing in the background included; decoding one of them as a whole takes seconds.
        assert slowest < 1
        assert all(len(text) <= clipboard.MAX_BYTES for text in app.copied)

    async def test_a_search_ends_with_what_is_shown(self) -> None:
        """It goes on between keys, and gives up when another tab is looked at."""
        app = Below()
        payload = json.dumps({"a": "x" * 3_000_000, "b": "needle"})
        async with looking_at(detail(app, replace(EVENT, payload=payload)), app, size=(120, 40)) as person:
            await person.press("2", "slash", *"needle", "enter")
            for _ in range(500):
                if app.lines[-2].startswith(" payload.b"):
                    break
                await person.press()

            assert app.lines[-2].startswith(" payload.b")
