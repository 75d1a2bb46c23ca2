"""Retention: the policy, every partition with its verdict, holds, the ledger; apply, hold, release, restore.

Nothing goes without a word that is typed. What takes time runs in a thread and shows how far it has come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from logtui.core.cancel import CancelToken
from logtui.core.errors import LogtuiError
from logtui.core.retention.partition import Hold, Planned
from logtui.core.retention.plan import Plan
from logtui.core.retention.policy import size_text
from logtui.core.sanitise import visible
from logtui.core.times import day_of
from logtui.services.retention.ground import RetainedStore
from logtui.storage.ledger import Entry
from logtui.tui.keymap import bindings
from logtui.tui.posted import AnswerArrived
from logtui.tui.questions import Questions
from logtui.tui.retention_rows import entry_rows, hold_rows, newest_first, partition_rows
from logtui.tui.screens.dialog import Dialog
from logtui.tui.screens.retention_ask import AskWord
from logtui.tui.screens.retention_work import Look, Progressed, applying, looking, restoring
from logtui.tui.widgets.lines import Lines
from logtui.tui.widgets.status_line import StatusLine
from logtui.tui.widgets.text_lines import TextLines, wrapped

_TABS = ("partitions", "holds", "ledger")


class RetentionScreen(Dialog[None]):
    """What is kept, and why. Closing gives nothing."""

    SCOPE = "retention"
    BINDINGS: ClassVar[list[BindingType]] = bindings("retention")

    def __init__(self, store: RetainedStore, *, keymap: Mapping[str, str] | None = None) -> None:
        super().__init__(keymap=keymap)
        self._store = store
        self._look: Look | None = None
        self._tab = _TABS[0]
        self._policy = StatusLine()
        self._lines = TextLines()
        self._questions = Questions(lambda answered: self.post_message(AnswerArrived(answered)))
        self._doing = "looking"
        self._told = ""
        """What came of the last deed."""

    def body(self) -> tuple[Widget, ...]:
        return (self._lines, self._policy)

    def title_text(self) -> tuple[str, str]:
        tabs = "  ".join(f"[{tab}]" if tab == self._tab else tab for tab in _TABS)
        return f"retention  {tabs}", f"{self._doing} …" if self._doing else visible(self._told, 200)

    def on_mount(self) -> None:
        self.action_look()

    def on_answer_arrived(self, message: AnswerArrived) -> None:
        """Something came back from a thread."""
        message.stop()
        self._questions.deliver(message.answered)

    def on_unmount(self) -> None:
        self._questions.close()

    # -- looking

    def action_look(self) -> None:
        """Look at the store again."""
        self._work("looking", lambda _, token: iter([looking(self._store, token)]))

    def action_next_tab(self) -> None:
        """Show the next list: partitions, holds, the ledger."""
        self._tab = _TABS[(_TABS.index(self._tab) + 1) % len(_TABS)]
        self._show(cursor=0)

    def _show(self, *, cursor: int) -> None:
        look = self._look
        if look is None:
            return
        rows = {
            "partitions": lambda: partition_rows(look.plan),
            "holds": lambda: hold_rows(look.holds),
            "ledger": lambda: entry_rows(look.entries),
        }[self._tab]()
        self._lines.show(rows or [[(f"no {self._tab}", "dim")]], cursor=min(cursor, max(0, len(rows) - 1)))
        self._policy.left = ((_policy_text(look.plan), "dim"),)
        self.show_title()

    def on_lines_moved(self, message: Lines.Moved) -> None:
        """Where the ledger is read, the whole entry stands below the list."""
        super().on_lines_moved(message)
        look = self._look
        if look is not None and self._tab == "ledger" and look.entries:
            entry: Entry = look.entries[-1 - self._lines.cursor]
            self._policy.left = ((f"line {entry.number}, digest {entry.digest}", "dim"),)

    # -- changing

    def action_apply(self) -> None:
        """Remove what has expired, after a typed word."""
        look = self._look
        if look is None or self._doing:
            return
        plan = look.plan
        if not plan.targets:
            self.say("nothing has expired")
            return
        word = "force" if plan.refusals else "drop"
        lines = [f"{_amount(plan)} would go; restore brings them back for some time.", *plan.refusals]
        self._ask("apply", lines, word, lambda _: self._apply(plan, is_forced=bool(plan.refusals)))

    def _apply(self, plan: Plan, *, is_forced: bool) -> None:
        self._work("removing", lambda tell, token: applying(self._store, plan, tell, token, is_forced=is_forced))

    def action_hold(self) -> None:
        """Hold the day under the cursor, for a reason that is typed."""
        planned = self._planned
        if planned is None or planned.partition.day is None or self._doing:
            return
        day = planned.partition.day

        def hold(reason: str) -> None:
            from logtui.services.retention.holding import add_hold, new_hold_name

            def question(_: Callable[[str], None], __: CancelToken) -> Iterator[str]:
                name = new_hold_name(set(self._store.standing().holds))
                made = add_hold(self._store, Hold(name, reason, day, day))
                yield f"{made.name} holds {day_of(day)}"

            self._work("holding", question)

        self._ask(f"hold {day_of(day)}", ["Why? The reason is shown wherever the day is."], "", hold)

    def action_release(self) -> None:
        """End the hold under the cursor, or the one that keeps the day under the cursor."""
        hold = self._hold
        if hold is None or self._doing:
            self.say("no hold here")
            return

        def release(_: str) -> None:
            from logtui.services.retention.holding import release_hold
            from logtui.storage.policy_file import read_policy

            def question(_: Callable[[str], None], token: CancelToken) -> Iterator[str]:
                keep_trash = read_policy(self._store.root).keep_trash
                release_hold(self._store, hold.name, "", keep_trash=keep_trash, token=token)
                yield f"released {hold.name}"

            self._work("releasing", question)

        lines = [f"{visible(hold.name, 60)}: {visible(hold.reason, 200)}"]
        self._ask("release a hold", lines, "release", release)

    def action_restore(self) -> None:
        """Bring back what the last apply removed, after a typed word."""
        look = self._look
        if look is None or self._doing:
            return
        if not look.restorable:
            self.say("there is nothing to restore")
            return
        days = look.restorable[-1].dropped
        lines = [f"What went in the last run comes back: {days[0].day} to {days[-1].day}, {len(days)} in all."]
        self._ask("restore", lines, "restore", lambda _: self._work("restoring", self._restore))

    def _restore(self, _: Callable[[str], None], token: CancelToken) -> Iterator[str]:
        yield restoring(self._store, token)

    # -- the way there

    @property
    def _planned(self) -> Planned | None:
        if self._look is None or self._tab != "partitions":
            return None
        entries = newest_first(self._look.plan)
        return entries[self._lines.cursor] if entries else None

    @property
    def _hold(self) -> Hold | None:
        if self._look is not None and self._tab == "holds" and self._look.holds:
            return self._look.holds[self._lines.cursor]
        planned = self._planned
        return planned.holds[0] if planned is not None and planned.holds else None

    def _ask(self, title: str, lines: list[str], expected: str, use: Callable[[str], None]) -> None:
        def answered(text: str | None) -> None:
            if text is not None:
                use(text)

        shown = [visible(line, 300) for line in lines]
        self.app.push_screen(AskWord(title, shown, expected=expected, keymap=self.keymap), answered)

    def _work(self, doing: str, question: Callable[[Callable[[str], None], CancelToken], Iterator[Look | str]]) -> None:
        """Do something in a thread; what it gives is shown, and the store is looked at again after a change."""
        self._doing = doing
        if doing != "looking":
            self._told = ""
        self.show_title()

        def tell(text: str) -> None:
            self.post_message(Progressed(text))

        def on_part(part: Look | str) -> None:
            if isinstance(part, Look):
                self._look = part
                self._show(cursor=self._lines.cursor)
            else:
                self._told = part

        def on_end() -> None:
            self._doing = ""
            self.show_title()
            if doing != "looking":
                self.action_look()

        def on_error(error: LogtuiError) -> None:
            self._doing = ""
            self.show_title()
            text = visible(str(error), 1_000)
            self._policy.left = ((text, "bad"),)
            if self._look is None:
                self._lines.show(wrapped([(text, "bad")], max(20, self.room)))

        self._questions.ask("retention", lambda token: question(tell, token), on_part, on_error=on_error, on_end=on_end)

    def on_progressed(self, message: Progressed) -> None:
        """Show how far it has come."""
        message.stop()
        self._policy.left = ((message.text, "strong"),)


def _policy_text(plan: Plan) -> str:
    return f"{plan.policy.describe()}; {_amount(plan)} would go" if plan.targets else plan.policy.describe()


def _amount(plan: Plan) -> str:
    count = len(plan.targets)
    size = size_text(plan.byte_count())
    return f"{count:,} partition{'s' * (count != 1)}, {plan.rows():,} events, {size}"
