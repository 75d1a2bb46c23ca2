"""Tables, charts and the document: what a run found, told as it is."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from benchmarks.peers.report import bounds, growth, pictures, tables
from benchmarks.peers.report.amounts import digits, seconds, size
from benchmarks.peers.report.chart import Line, Panel, chart
from benchmarks.peers.report.documenting import blocks, document, filled
from benchmarks.peers.results import Results
from benchmarks.run import BENCHMARKS
from hypothesis import given
from hypothesis import strategies as st
from tests.benchmarks.measured import results, took

DOCUMENT = Path(__file__).parents[2] / "docs" / "performance.md"
SVG = "{http://www.w3.org/2000/svg}"


def rows(table: str) -> dict[str, list[str]]:
    """The cells of a Markdown table by their first one."""
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    return {line[0]: line[1:] for line in lines}


class TestTables:
    def test_times_have_spread_ratio_and_winner(self) -> None:
        """logtui's spread, how many times its time the peer took, and who was fastest."""
        found = rows(tables.times(results(), "1000-10"))

        assert found["what"] == ["logtui", "DuckDB, same files"]
        assert found["the page"] == ["**4 ms** ±12%", "400 ms (100×)"]
        assert found["the count"] == ["2 ms", "**1 ms** (0.5×)"]
        assert found["the word"] == ["**100 ms**", "took more"]

    def test_where_a_peer_wins_is_said(self) -> None:
        """By name, with both figures; what is as good as equal is not."""
        close = Results(
            stores=results().stores, measured=[took("s", "q", "logtui", 1.0), took("s", "q", "duckdb", 0.97)]
        )

        assert tables.wins(results(), "1000-10") == "- the count: DuckDB, same files 1 ms; logtui 2 ms"
        assert tables.wins(close, "s") == "No peer was faster at any of these questions."

    def test_what_was_not_answered_has_its_reason(self) -> None:
        """Tools that are missing, and questions without a figure, each once."""
        assert tables.unanswered(results()).splitlines() == [
            "- lnav: not installed",
            "- DuckDB, same files: the word: took more than 300 s",
        ]

    def test_bytes_that_cannot_be_seen_are_not_nought(self) -> None:
        """A tool that maps its files reads as much as the others."""
        mapped = Results(measured=[took("s", "q", "polars", 1.0, read=None), took("s", "q", "logtui", 1.0, read=0)])

        assert rows(tables.costs(mapped, "s"))["the q"] == ["0 B, 1 s, 50 MB", "?, 1 s, 50 MB"]

    def test_a_contest_has_a_line_for_each_tool(self) -> None:
        """What is not known of a tool stays empty, and who failed says so."""
        found = Results(
            measured=[
                took("screens", "start", "logtui", 1.0, read=None),
                took("screens", "start", "lnav", 2.0),
                replace(took("screens", "start", "toolong"), note="failed: never saw it"),
            ]
        )

        assert tables.contests(found, "screens").splitlines()[2:] == [
            "| the start | logtui | **1 s** |  | 1 s | 50 MB |",
            "|  | lnav | 2 s (2×) | 1 kB | 2 s | 50 MB |",
            "|  | toolong | failed |  |  |  |",
        ]

    def test_a_promise_without_a_figure_is_not_kept(self) -> None:
        """`holds`, `missed` and `not measured` are three things."""
        name = "100000000-365"
        measured = [took(name, "page", "logtui", 0.009), took(name, "count", "logtui", 0.06)]

        found = rows(bounds.table(Results(measured=measured)))

        assert found["first page of 100 M events"] == ["9 ms", "10 ms", "holds"]
        assert found["how many of 100 M"] == ["60 ms", "50 ms", "**missed**"]
        assert found["histogram of 100 M"] == ["", "50 ms", "not measured"]

    @given(st.floats(1e-9, 1e12))
    def test_digits_are_true_to_a_twentieth(self, value: float) -> None:
        """Rounding never turns one figure into another."""
        assert float(digits(value).replace(",", "")) == pytest.approx(value, rel=0.051)

    def test_amounts_have_the_unit_that_suits(self) -> None:
        """People compare digits only where units are the same."""
        assert [seconds(value) for value in (0.0000042, 0.0042, 42)] == ["4.2 µs", "4.2 ms", "42 s"]
        assert [size(value) for value in (0, 999, 4_200_000)] == ["0 B", "999 B", "4.2 MB"]


class TestGrowth:
    @given(st.floats(0, 3), st.floats(1e-6, 10), st.sampled_from([2.0, 10.0, 122.0]))
    def test_the_exponent_is_that_of_the_power(self, power: float, first: float, factor: float) -> None:
        """Cost in proportion is 1, constant cost 0."""
        found = [(10.0, first), (10.0 * factor, first * factor**power)]

        assert growth.exponent(found) == pytest.approx(power, abs=1e-6)

    def test_what_grows_with_what(self) -> None:
        """Pages with nothing, counts with events, words with both."""
        found = rows(growth.table(results()).split("\n\n")[0])

        assert found["what"] == ["time for 10× the days", "bytes for it", "time for 10× the events", "bytes for it"]
        assert found["the page"] == ["1×, no growth", "1×", "1×, no growth", "1×"]
        assert found["the count"][::2] == ["1×, no growth", "10×, growth"]
        assert found["the word"] == ["10×, growth", "1×", "10×, growth", "10×"]
        assert "10 to 100 of them (10× the matches): 10×, growth." in growth.table(results())


class TestChart:
    def picture(self) -> ET.Element:
        lines = [Line("flat <&>", [(1, 5), (10, 5), (100, 5)]), Line("steep", [(1, 1), (10, 10), (100, 100)])]
        return ET.fromstring(chart([Panel("a & b", lines, str, str)], 1))

    def test_it_is_an_svg_with_every_name(self) -> None:
        """Browsers show it whatever is in the names."""
        texts = [element.text for element in self.picture().iter(f"{SVG}text")]

        assert {"a & b", "flat <&>", "steep"} <= set(texts)

    def test_flat_is_level_and_a_power_is_straight(self) -> None:
        """The picture says what the numbers say."""
        places = [(float(dot.attrib["cx"]), float(dot.attrib["cy"])) for dot in self.picture().iter(f"{SVG}circle")]
        flat, steep = places[:3], places[3:]

        assert len({y for _, y in flat}) == 1
        assert [x for x, _ in flat] == [x for x, _ in steep]
        assert steep[0][1] - steep[1][1] == pytest.approx(steep[1][1] - steep[2][1], abs=0.2)
        assert steep[0][1] > steep[2][1]

    @given(st.lists(st.floats(1e-6, 100), min_size=1, max_size=20))
    def test_labels_do_not_cover_each_other(self, ends: list[float]) -> None:
        """However close the lines end, their names can be read, within the picture."""
        lines = [Line(f"line {number}", [(1, 1.0), (10, end)]) for number, end in enumerate(ends)]
        picture = ET.fromstring(chart([Panel("", lines, str, str)], 1))
        heights = sorted(
            float(text.attrib["y"]) for text in picture.iter(f"{SVG}text") if str(text.text).startswith("line ")
        )

        assert len(heights) == len(ends)
        assert all(after - before > 12 for before, after in pairwise(heights))
        assert heights[-1] < float(picture.attrib["height"])

    def test_a_run_has_both_charts(self) -> None:
        """Growth has a panel each for days, events and matches; every question has one beside the peers."""
        one, other = pictures.growth_chart(results()), pictures.peers_chart(results())
        assert one is not None
        assert other is not None
        titles = [
            [text.text for text in ET.fromstring(each).iter(f"{SVG}text") if text.attrib.get("class") == "h"]
            for each in (one, other)
        ]

        assert titles == [["logtui, 1 k events", "logtui, 100 days", "all events of an actor"],
                          ["the page", "the count", "the word"]]  # fmt: skip

    def test_one_size_is_no_chart(self) -> None:
        """Nothing is drawn from a single point."""
        run = results()
        run.stores = run.stores[:1]
        run.measured = [each for each in run.measured if each.store == "1000-10"]

        assert pictures.growth_chart(run) is None
        assert pictures.peers_chart(run) is None


class TestDocument:
    def test_only_what_is_between_marks_is_written(self) -> None:
        """People's words stay; what was not measured this time keeps what it had; twice is as once."""
        text = "Ours.\n<!-- bench:one -->\nold\n<!-- /bench -->\nOurs too.\n<!-- bench:two -->\nkept\n<!-- /bench -->\n"
        new = filled(text, {"one": "new", "other": "nowhere"})

        assert new == text.replace("old", "\nnew\n")
        assert filled(new, {"one": "new"}) == new

    @pytest.mark.parametrize("text", ["<!-- bench:one -->\nold", "old\n<!-- /bench -->"])
    def test_a_mark_without_its_partner_is_an_error(self, text: str) -> None:
        """Half a block would swallow people's words."""
        with pytest.raises(ValueError, match="bench:NAME"):
            filled(text, {"one": "new"})

    def test_every_block_of_the_document_is_written_by_somebody(self) -> None:
        """No table stays there that no run makes anew, and none that a run makes is left out."""
        marked = re.findall(r"<!-- bench:([\w-]+) -->", DOCUMENT.read_text())

        assert sorted(marked) == sorted({*blocks(results()), *BENCHMARKS} - {"peers", "publish"})

    def test_a_run_is_documented_with_its_charts(self, tmp_path: Path) -> None:
        """The page has the run's figures, and the pictures that it shows are there."""
        page = tmp_path / "performance.md"
        page.write_text(DOCUMENT.read_text())
        (tmp_path / "images").mkdir()
        run = replace(results(), machine="a machine of 1999")

        document(run, page)

        assert "a machine of 1999" in page.read_text()
        assert "| the page | **4 ms** ±12% | 400 ms (100×) |" in page.read_text()
        shown = re.findall(r"\]\((images/bench[^)]*)\)", page.read_text())
        assert len(shown) == 2
        assert all((tmp_path / name).exists() for name in shown)
