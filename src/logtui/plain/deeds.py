"""The commands of the session without a screen, a method each: `open` is `do_open`. `commands` says what they do."""

from __future__ import annotations

from collections.abc import Iterator

from logtui.config import ZONES, views_path
from logtui.core import catalogue
from logtui.core.cancel import CancelToken
from logtui.core.columns import BY_NAME, FACETS
from logtui.core.errors import LogtuiError, QuerySyntaxError, UsageError
from logtui.core.event import Event
from logtui.core.page import Facet
from logtui.core.query.ast import ColumnRef, Everything, Node, Since
from logtui.core.query.edit import conditions, exclude, include, set_time, without
from logtui.core.query.normal import all_of
from logtui.core.query.parser import parse
from logtui.core.query.sentence import to_sentence
from logtui.core.query.suggest import nearest
from logtui.core.query.text import to_text
from logtui.core.view import View
from logtui.plain import words
from logtui.plain.commands import BY_NAME as BY_WORD
from logtui.plain.commands import Order, order_of
from logtui.plain.core import Core, Part
from logtui.plain.help import help_lines
from logtui.tui.clipboard import command_text
from logtui.tui.counting import summaries

_LEAVES_SHOWN = 12
_MOST_LEAVES = 1_000
_FACET_VALUES = 10
_STRETCHES = 12
_LARGEST_PAGE = 1_000


class Deeds(Core):
    """What can be asked for."""

    is_following = True
    announce_seconds = 5.0
    _facet: Facet | None = None

    def do_line(self, line: str) -> None:
        """Do what a line asks for; whatever it is, the prompt comes back."""
        order = order_of(line)
        try:
            getattr(self, f"do_{order.name}")(order.argument)
        except LogtuiError as error:
            self.say(str(error))
        self.settle()

    def do_query(self, text: str) -> None:
        query = self._parsed(text)
        if query is None:
            return
        near = nearest(text, tuple(BY_WORD)) if text.isalpha() else None
        self.say(f"{to_sentence(query)}{f'; the command is “{near}”' if near else ''}")
        if query == self.view.query:
            self.search()
        else:
            self.go(query)

    # -- reading

    def do_next(self, _: str) -> None:
        self.older()

    def do_previous(self, _: str) -> None:
        if self.told.first > 1:
            self.newer()
        elif self.new_count:
            self.say(f"these are the newest of the search; {self.new_count:,} new since, “new” reads them")
        else:
            self.say("there are no newer events")

    def do_first(self, _: str) -> None:
        self.search()

    def do_new(self, _: str) -> None:
        if not self.new_count:
            self.say("no new events")
            return
        self.say(f"{self.new_count:,} new, numbers begin anew")
        self.search(size=max(self.page_size, min(self.new_count, 5 * self.page_size)))

    def do_open(self, text: str) -> None:
        number = self._number(text) if text else self.told.opened + 1 if self.told.opened else self.told.first
        event = self._told_event(number)
        if event is None:
            return
        self.told.opened = number

        def question(token: CancelToken) -> Iterator[Part]:
            whole = self._whole(event, token)
            entry = catalogue.load().get(event.event_type)
            yield f"event {number}"
            yield from words.whole_words(whole, entry, self.clock())
            yield from words.payload_words(whole.payload or "", _LEAVES_SHOWN)

        self.ask(question)

    def do_payload(self, text: str) -> None:
        event = self._told_event(self._number(text) if text else self.told.opened or self.told.first)
        if event is not None:
            self.ask(lambda token: words.payload_words(self._whole(event, token).payload or "", _MOST_LEAVES))

    def _whole(self, event: Event, token: CancelToken) -> Event:
        whole = self.session.search.event(event.cursor, token=token, place=event.place)
        if whole is None:
            raise UsageError("the file that held this event is gone; “first” searches again")
        return whole

    def _told_event(self, number: int) -> Event | None:
        event = self.told[number]
        if event is None:
            self.say(f"no event {number:,} has been told" + ("; “next” reads on" if number > self.told.last else ""))
        return event

    # -- telling

    def do_where(self, _: str) -> None:
        place = f"events {self.told.first:,} to {self.told.last:,}" if self.told.last else "no events"
        news = f", {self.new_count:,} new" if self.new_count else ""
        follow = "announcing new ones" if self.is_following else "announcing nothing"
        self.say(f"{place} of {self.total.text}{news}, {follow}", to_sentence(self.view.query))

    def do_count(self, _: str) -> None:
        if self.total.is_exact and not self.new_count:
            self.say(f"{self.total.text} in all")
        else:
            self.count_now()

    def do_times(self, _: str) -> None:
        selection, within, zone = self.selection, self.position, self.zone

        def question(token: CancelToken) -> Iterator[Part]:
            for summary in summaries(self.session, selection, _STRETCHES, within, token):
                if summary.is_exact:
                    yield f"{words.events_words(summary.total)} in all"
                    yield from words.times_words(summary.histogram, zone) if summary.histogram else ()

        self.ask(question)

    def do_facets(self, text: str) -> None:
        column = text or "event_type"
        titles = {BY_NAME[name].title: name for name in FACETS} | {name: name for name in FACETS}
        if column not in titles:
            near = nearest(column, tuple(titles))
            known = ", ".join(BY_NAME[name].title for name in FACETS)
            hint = f"did you mean {near}?" if near else f"there are {known}"
            raise UsageError(f"no values of {column} are counted; {hint}")
        name, selection = titles[column], self.selection

        def keep(facet: Facet) -> None:
            self._facet = facet
            self.say(*words.facet_words(facet))

        def question(token: CancelToken) -> Iterator[Part]:
            facet = self.session.search.facet(selection, name, limit=_FACET_VALUES, token=token)
            yield lambda: keep(facet)

        self.ask(question)

    def do_problems(self, _: str) -> None:
        problems = self.session.engine.problems()
        self.say(*[f"{', '.join(each.paths[:3])}: {each.message}" for each in problems] or ["no problems"])

    def do_command(self, _: str) -> None:
        columns = () if self.view.columns == self.settings.columns else self.view.columns
        self.say(command_text(self.session.store, to_text(self.view.query), columns=columns))

    def do_help(self, text: str) -> None:
        self.say(*help_lines(text))

    # -- asking for others

    def do_since(self, text: str) -> None:
        if not text:
            raise UsageError("since needs a time, such as 24h, yesterday or 2026-10-04; “since all” takes all")
        if text != "all":
            parse(f"since:{text}" if " " not in text else f'since:"{text}"')
        self._change(set_time(self.view.query, *(() if text == "all" else (Since(text),))))

    def do_filter(self, text: str) -> None:
        if not text:
            parts = self._conditions
            self.say(*[f"{number}. {to_text(part)}" for number, part in enumerate(parts, 1)] or ["no conditions"])
            return
        query = self._parsed(text)
        if query is not None:
            self._change(all_of((*self._conditions, query)))

    def do_drop(self, text: str) -> None:
        parts = self._conditions
        if not parts:
            raise UsageError("there are no conditions")
        number = len(parts) if not text else 0 if text == "all" else self._number(text)
        if number > len(parts) or (number == 0 and text != "all"):
            raise UsageError(f"there is no condition {number}; “filter” tells them")
        self._change(without(self.view.query, parts[number - 1]) if number else Everything())

    def do_only(self, text: str) -> None:
        self._use_facet(text, is_exclusion=False)

    def do_except(self, text: str) -> None:
        self._use_facet(text, is_exclusion=True)

    def _use_facet(self, text: str, *, is_exclusion: bool) -> None:
        facet = self._facet
        number = self._number(text)
        if facet is None or not 1 <= number <= len(facet.values):
            raise UsageError(f"there is no value {number}; “facets” tells values")
        if BY_NAME[facet.column].field is None:
            raise UsageError(f"{BY_NAME[facet.column].title} is no field of the query")
        change = exclude if is_exclusion else include
        self._change(change(self.view.query, ColumnRef(facet.column), facet.values[number - 1].value))

    def do_back(self, _: str) -> None:
        self._step(-1, "there is no query before this one")

    def do_forward(self, _: str) -> None:
        self._step(1, "there is no query after this one")

    def _step(self, by: int, otherwise: str) -> None:
        if self.history.step(by, None) is None:
            raise UsageError(otherwise)
        self.say(to_sentence(self.view.query))
        self.search()

    def do_views(self, name: str) -> None:
        from logtui.services.saved_views import SavedViews

        views = SavedViews(views_path(self.settings), self.settings.columns)
        if not name:
            known = views.load()
            self.say(*(f"{saved.name}: {to_text(saved.view.query) or 'all events'}" for saved in known.views))
            self.say(*(str(broken) for broken in known.broken))
            self.say(f"{len(known.views):,} saved view{'' if len(known.views) == 1 else 's'}")
            return
        view = views.find(name).view
        self.say(to_sentence(view.query))
        self.history.visit(View(view.query, view.columns), None)
        self.search()

    def _change(self, query: Node) -> None:
        self.say(to_sentence(query))
        if query != self.view.query:
            self.go(query)

    @property
    def _conditions(self) -> tuple[Node, ...]:
        return tuple(conditions(self.view.query))

    # -- how it is told

    def do_follow(self, text: str) -> None:
        self.announce_seconds = float(self._number(text)) if text else self.announce_seconds
        self.is_following = True
        self.say(f"announcing new events, every {self.announce_seconds:g} seconds at most")

    def do_stop(self, _: str) -> None:
        self.is_following = False
        self.say("announcing nothing; “follow” announces again, “new” reads what came")

    def do_zone(self, text: str) -> None:
        if text not in ZONES:
            raise UsageError(f"times are told as {', '.join(ZONES)}; now {self.zone_name}")
        self.zone_name = text
        self.say(f"times are told as {text}")

    def do_lines(self, text: str) -> None:
        number = self._number(text)
        if not 1 <= number <= _LARGEST_PAGE:
            raise UsageError(f"from 1 to {_LARGEST_PAGE:,} events can be read at a time")
        self.page_size = number
        self.say(f"{words.events_words(number)} at a time")

    def do_quit(self, _: str) -> None:
        self.loop.end(0)

    # -- words of the person

    def _number(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise UsageError(f"expected a number, not “{text}”" if text else "a number is needed")
        return int(text)

    def _parsed(self, text: str) -> Node | None:
        try:
            return parse(text)
        except QuerySyntaxError as mistake:
            self.say(*words.mistake_words(mistake, text))
            return None


__all__ = ["Deeds", "Order"]
