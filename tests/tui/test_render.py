"""An event as a line: exact cells, visible text only, a sign for every colour."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from logtui.core import catalogue
from logtui.core.clock import SECOND
from logtui.core.columns import DEFAULT_FEED, LISTED
from logtui.core.event import Event, Severity
from logtui.core.times import day_start
from logtui.tui import render
from logtui.tui.layout import fit
from logtui.tui.moments import Zone
from logtui.tui.render import Look, fitted, line, plain_line

AT = day_start("2026-10-04")
EVENT = Event(AT, "evt_1", "user.created", "success", "user_1", subject="sess_1", source="auth", trace_id="t1")

TEXTS = st.text(max_size=40) | st.sampled_from(
    ["\x1b[31mred", "\x9b2J", "a\u202eb", "[bold]x[/]", "日本語" * 9, "👩🏽‍💻⚠️", "e\u0301" * 20, "🇩🇪🇫🇷", "x" * 10_000]
)
EVENTS = st.builds(
    Event,
    event_time=st.integers(-(10**16), 10**16),
    event_id=TEXTS,
    event_type=TEXTS,
    severity=st.none() | TEXTS,
    actor=st.none() | TEXTS,
    subject=st.none() | TEXTS,
    source=st.none() | TEXTS,
    ip=st.none() | TEXTS,
    ingested_at=st.none() | st.integers(0, 10**16),
)
COLUMNS = st.lists(st.sampled_from(LISTED), min_size=1, max_size=8, unique=True)


class TestLine:
    @settings(deadline=None, max_examples=200)
    @given(event=EVENTS, columns=COLUMNS, width=st.integers(5, 200), is_ascii=st.booleans(), needle=TEXTS)
    def test_line_fills_its_cells_and_hides_nothing(
        self, event: Event, columns: list[str], width: int, is_ascii: bool, needle: str
    ) -> None:
        look = Look(fit(columns, {}, width), is_ascii=is_ascii, needle=needle)
        text = plain_line(event, look, is_marked=True, is_late=True)
        assert cell_len(text) == look.layout.slots[-1].end
        assert not [char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
        assert text.isascii() or not is_ascii

    def test_plain_event_reads_as_expected(self) -> None:
        assert plain_line(EVENT, Look(fit(DEFAULT_FEED, {}, 80))) == (
            "  ✓ 10-04 00:00:00.000 @ user.created       user_1         sess_1       auth    "
        )

    def test_runs_are_few(self) -> None:
        """Every run costs bytes on every line: signs, type, and the rest."""
        assert [run.style for run in line(EVENT, Look(fit(DEFAULT_FEED, {}, 120)))] == [
            "success", "muted", "people", "text",
        ]  # fmt: skip

    def test_markup_is_text(self) -> None:
        event = Event(AT, "1", "t", actor="[bold]x[/]", subject="[/oops]")
        assert "[bold]x[/]" in plain_line(event, Look(fit(DEFAULT_FEED, {}, 120)))

    def test_absent_and_empty_values_differ(self) -> None:
        look = Look(fit(("actor",), {}, 20))
        assert plain_line(Event(AT, "1", "t"), look).strip() == "–"
        assert plain_line(Event(AT, "1", "t", actor=""), look).strip() == '""'

    def test_needle_is_found_without_regard_to_case(self) -> None:
        look = Look(fit(("event_type", "actor"), {}, 60), needle="USER")
        assert [run.text for run in line(EVENT, look) if run.style == "match"] == ["user", "user"]

    def test_marks_and_lateness_have_signs(self) -> None:
        look = Look(fit(DEFAULT_FEED, {}, 80))
        assert plain_line(EVENT, look, is_marked=True, is_late=True).startswith("●↓✓ ")

    def test_ascii_terminals_get_ascii_signs(self) -> None:
        look = Look(fit(("event_type", "actor"), {"event_type": 20}, 39), is_ascii=True)
        event = Event(AT, "1", "a_type_that_is_long.enough", "error", "日本")
        assert plain_line(event, look, is_marked=True, is_late=True) == "*vx ? a_type_that_is_lo~ \\u65e5\\u672c  "

    def test_ages_are_what_changes_with_time(self) -> None:
        layout = fit(("event_time", "actor"), {}, 60)
        now, later = (Look(layout, Zone("relative", AT + seconds * SECOND)) for seconds in (5, 6))
        assert [text.strip() for text in render.times(EVENT, now)] == ["5s"]
        assert render.times(EVENT, now) != render.times(EVENT, later)


class TestSigns:
    def test_every_severity_has_its_own_sign(self) -> None:
        signs = [render.severity_sign(severity.value)[0] for severity in Severity]
        assert len(set(signs)) == len(Severity)

    def test_case_does_not_matter(self) -> None:
        assert render.severity_sign("ERROR") == render.severity_sign("error")

    def test_unknown_severity_is_neither_absent_nor_harmless(self) -> None:
        assert len({render.severity_sign(value)[0] for value in (None, "info", "fatal")}) == 3

    def test_every_category_of_the_catalogue_has_a_sign(self) -> None:
        known = catalogue.load()
        categories = {known.category(event_type) for event_type in known.types}
        assert categories <= set(render.CATEGORIES)

    def test_signs_and_colours_go_together(self) -> None:
        """Never colour alone: another colour comes with another sign."""
        pairs = set(render.CATEGORIES.values())
        assert len(pairs) == len({sign for sign, _ in pairs}) == len({style for _, style in pairs})


class TestFitted:
    @pytest.mark.parametrize(
        ("text", "width", "cut"),
        [
            ("abc", 5, "abc  "),
            ("abcdef", 4, "abc…"),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日 …"),
            ("日本", 4, "日本"),
            ("abc", 1, "…"),
            ("abc", 0, ""),
        ],
    )
    def test_text_is_cut_to_cells(self, text: str, width: int, cut: str) -> None:
        assert fitted(text, width) == cut
