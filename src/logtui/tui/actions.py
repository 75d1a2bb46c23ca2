"""Everything a key can do, as one table. Bindings, footer, help, palette, docs/keys.md and its test come from it.

An action's id is its scope and the name of the method that does it: `feed.page_down` is `action_page_down` of the
feed. Scopes are where keys are looked up: the widget with the focus, then what surrounds it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that keys do."""

    id: str
    keys: str
    """Alternatives separated by commas, as in the keymap file; a space separates the keys of a chord: `y i`."""
    title: str
    """For footer and palette, two words at most."""
    meaning: str
    """For help and documentation."""

    @property
    def scope(self) -> str:
        return self.id.partition(".")[0]

    @property
    def name(self) -> str:
        """The method is `action_<name>` of the scope's widget or screen."""
        return self.id.partition(".")[2]


SCOPES: dict[str, str] = {
    "feed": "Feed",
    "explorer": "Explorer",
    "histogram": "Histogram",
    "query": "Query line",
    "form": "Filter form",
    "detail": "Event detail",
    "tree": "Payload tree",
    "lines": "Any list",
    "dialog": "Any dialog",
    "columns": "Columns",
    "facet": "Values of a column",
    "retention": "Retention",
    "views": "Saved views",
    "export": "Export",
    "choice": "A choice in a dialog",
    "confirm": "A question",
    "ask": "A dialog with inputs",
    "app": "Everywhere",
}
"""Scope -> its heading in help, in the order of the help."""

ACTIONS: tuple[Action, ...] = (
    Action("feed.down", "j,down", "down", "one event down (older)"),
    Action("feed.up", "k,up", "up", "one event up (newer)"),
    Action("feed.page_down", "space,pagedown", "page down", "one page down"),
    Action("feed.page_up", "b,pageup", "page up", "one page up"),
    Action("feed.half_down", "ctrl+d", "half down", "half a page down"),
    Action("feed.half_up", "ctrl+u", "half up", "half a page up"),
    Action("feed.newest", "g,home", "newest", "the newest event; there the feed flows"),
    Action("feed.oldest", "G,end", "oldest", "the oldest event of the query"),
    Action("feed.left", "h,left", "left", "one cell to the left"),
    Action("feed.right", "l,right", "right", "one cell to the right"),
    Action("feed.open", "enter", "detail", "read the event whole"),

    Action("explorer.query", "/", "query", "type a query"),
    Action("explorer.form", "a", "filters", "an input for each filter"),
    Action("explorer.drop_condition", "x", "drop one", "drop the last condition of the query"),
    Action("explorer.drop_all", "X", "drop all", "drop all conditions of the query"),
    Action("explorer.back", "[", "back", "back to the view before"),
    Action("explorer.forward", "]", "forward", "forward to the view that was left with back"),
    Action("explorer.saved_views", "v", "views", "saved views: open one, save this one"),
    Action("explorer.palette", ":", "commands", "command palette: find and run an action by its name"),
    Action("explorer.pivot_actor", "A", "actor", "only events of this actor"),
    Action("explorer.pivot_subject", "S", "subject", "only events on this subject"),
    Action("explorer.pivot_trace", "T", "trace", "only events of this trace"),
    Action("explorer.pivot_device", "D", "device", "only events from this device"),
    Action("explorer.pivot_ip", "I", "ip", "only events from this address"),
    Action("explorer.pivot_type", "V", "type", "only events of this type"),
    Action("explorer.include", "+", "include", "only events with the value of this cell"),
    Action("explorer.exclude", "-", "exclude", "no events with the value of this cell"),
    Action("explorer.context", "C", "context", "what else happened around this event, unfiltered"),
    Action("explorer.last_15m", "1", "15m", "the last 15 minutes"),
    Action("explorer.last_1h", "2", "1h", "the last hour"),
    Action("explorer.last_24h", "3", "24h", "the last 24 hours"),
    Action("explorer.last_7d", "4", "7d", "the last 7 days"),
    Action("explorer.last_30d", "5", "30d", "the last 30 days"),
    Action("explorer.all_time", "0", "all time", "no limit of time"),
    Action("explorer.set_range", "t", "range", "set the time range: from and to"),
    Action("explorer.go_to_time", "ctrl+g", "go to", "put the cursor on the first event at or before a time"),
    Action("explorer.earlier", "<", "earlier", "shift the time range back by its width"),
    Action("explorer.later", ">", "later", "shift the time range forward by its width"),
    Action("explorer.zone", "~,w", "time zone", "show times in UTC, local time, or as ages"),
    Action("explorer.histogram", "z", "histogram", "go to the histogram, to select a range by keys"),
    Action("explorer.follow", "f", "follow", "follow new events, on and off"),
    Action("explorer.columns", "c", "columns", "choose, order and size the columns"),
    Action("explorer.facets", "F", "values", "the most frequent values of a column, with counts"),
    Action("explorer.problems", "!", "problems", "what in the store could not be read or matched"),
    Action("explorer.retention", "R", "retention", "what is kept and what goes: policy, partitions, holds, ledger"),
    Action("explorer.find", "ctrl+f", "find", "find text in the feed, without filtering"),
    Action("explorer.find_next", "n", "next hit", "next place where the text was found (older)"),
    Action("explorer.find_previous", "N", "previous hit", "previous place where the text was found (newer)"),
    Action("explorer.next_failure", "e", "next failure", "next failure (older)"),
    Action("explorer.previous_failure", "E", "previous failure", "previous failure (newer)"),
    Action("explorer.mark", "m", "mark", "mark the event, or remove its mark"),
    Action("explorer.next_mark", "u", "next mark", "next marked event (older)"),
    Action("explorer.previous_mark", "U", "previous mark", "previous marked event (newer)"),
    Action("explorer.copy_event", "y y", "copy event", "copy the event as one line of JSON"),
    Action("explorer.copy_id", "y i", "copy id", "copy the event's id"),
    Action("explorer.copy_payload", "y p", "copy payload", "copy the payload, byte for byte"),
    Action("explorer.copy_value", "y v", "copy value", "copy the value of this cell"),
    Action("explorer.copy_command", "y c", "copy command", "copy the command line that prints this view"),
    Action("explorer.copy_sql", "y q", "copy SQL", "copy the query as SQL for DuckDB"),
    Action("explorer.export", "ctrl+e", "export", "export events into a file"),
    Action("explorer.next_part", "tab", "next part", "go to the next part of the screen: query line, histogram, feed"),
    Action("explorer.previous_part", "shift+tab", "part back", "go to the previous part of the screen"),
    Action("explorer.refresh", "r", "refresh", "search again, with the present time"),
    Action("explorer.leave", "escape", "leave", "leave inputs and selections; forget the text to find"),
    Action("explorer.quit", "q", "quit", "quit logtui"),

    Action("histogram.left", "h,left", "left", "one bucket earlier"),
    Action("histogram.right", "l,right", "right", "one bucket later"),
    Action("histogram.first", "g,home", "first", "the earliest bucket"),
    Action("histogram.last", "G,end", "last", "the latest bucket"),
    Action("histogram.select", "space", "select", "start a selection here, or give it up"),
    Action("histogram.apply", "enter", "apply", "make the selection the time range"),
    Action("histogram.leave", "escape,q,z", "leave", "back to the feed"),

    Action("form.submit", "enter", "search", "search, and go to the feed"),
    Action("form.complete", "tab", "complete", "take the completion; without one, go to the next input"),
    Action("form.next_input", "down", "next", "next input"),
    Action("form.previous_input", "up,shift+tab", "previous", "previous input"),
    Action("form.leave", "escape", "leave", "back to the feed; the last good query stays"),

    Action("query.submit", "enter", "search", "search, and go to the feed"),
    Action("query.complete", "tab", "complete", "take the completion"),
    Action("query.next_option", "down", "next", "next completion"),
    Action("query.previous_option", "up", "previous", "previous completion"),
    Action("query.leave", "escape", "leave", "back to the feed; the last good query stays"),

    Action("detail.next_event", "J", "next", "next event (older) without closing"),
    Action("detail.previous_event", "K", "previous", "previous event (newer) without closing"),
    Action("detail.next_tab", "tab", "tab", "next tab"),
    Action("detail.previous_tab", "shift+tab", "tab back", "previous tab"),
    Action("detail.overview", "1", "overview", "overview: every column of the event"),
    Action("detail.payload", "2", "payload", "payload as a tree"),
    Action("detail.raw", "3", "raw", "payload exactly as it is stored"),
    Action("detail.changes", "4", "changes", "what changed since the previous event of the same subject"),
    Action("detail.find", "/", "find", "find text in this tab"),
    Action("detail.find_next", "n", "next hit", "next place where the text was found"),
    Action("detail.find_previous", "N", "previous hit", "previous place where the text was found"),
    Action("detail.copy_value", "y", "copy", "copy the value of this line"),
    Action("detail.copy_path", "p", "copy path", "copy the name of this line, as a query writes it"),
    Action("detail.copy_payload", "Y", "copy all", "copy the payload, byte for byte"),
    Action("detail.include", "+", "include", "only events with the value of this line"),
    Action("detail.exclude", "-", "exclude", "no events with the value of this line"),
    Action("detail.close", "escape,q,enter", "close", "back to the feed"),

    Action("tree.toggle_fold", "enter,space", "fold", "fold or unfold"),
    Action("tree.fold", "h,left", "fold", "fold; on a folded line or a leaf, go to what it is in"),
    Action("tree.unfold", "l,right", "unfold", "unfold; on an unfolded line, go into it"),
    Action("tree.fold_all", "[", "fold all", "fold all"),
    Action("tree.unfold_all", "]", "unfold all", "unfold all"),

    Action("lines.down", "j,down", "down", "one line down"),
    Action("lines.up", "k,up", "up", "one line up"),
    Action("lines.page_down", "space,pagedown", "page down", "one page down"),
    Action("lines.page_up", "b,pageup", "page up", "one page up"),
    Action("lines.half_down", "ctrl+d", "half down", "half a page down"),
    Action("lines.half_up", "ctrl+u", "half up", "half a page up"),
    Action("lines.top", "g,home", "top", "first line"),
    Action("lines.bottom", "G,end", "bottom", "last line"),

    Action("dialog.close", "escape,q", "close", "close without a change"),

    Action("columns.toggle_column", "space", "show/hide", "show or hide the column"),
    Action("columns.move_down", "J", "move down", "move the column to the right"),
    Action("columns.move_up", "K", "move up", "move the column to the left"),
    Action("columns.widen", "+", "wider", "make the column wider"),
    Action("columns.shrink", "-", "narrower", "make the column narrower"),
    Action("columns.reset", "0", "reset", "back to the columns of the settings"),
    Action("columns.apply", "enter", "apply", "use these columns"),

    Action("facet.include", "enter,+", "include", "only events with this value"),
    Action("facet.exclude", "-", "exclude", "no events with this value"),
    Action("facet.next_column", "tab", "column", "values of the next column"),
    Action("facet.previous_column", "shift+tab", "column back", "values of the previous column"),

    Action("retention.next_tab", "tab", "next list", "partitions, holds, the ledger"),
    Action("retention.apply", "a", "apply", "remove what is marked, after typing a word"),
    Action("retention.hold", "h", "hold", "hold the day under the cursor, for a reason"),
    Action("retention.release", "e", "release", "end the hold under the cursor"),
    Action("retention.restore", "u", "undo", "bring back what the last apply removed"),
    Action("retention.look", "r", "refresh", "look at the store again"),

    Action("views.open", "enter", "open", "open the view; back leads to the one before"),
    Action("views.save", "f4,alt+s", "save", "save the view of the feed under a name"),
    Action("views.rename", "f2,alt+r", "rename", "give the view another name"),
    Action("views.delete", "f8,alt+x", "delete", "delete the view"),
    Action("views.next_view", "down,ctrl+n", "next", "next view"),
    Action("views.previous_view", "up,ctrl+p", "previous", "previous view"),
    Action("views.page_down", "pagedown", "page down", "one page of views down"),
    Action("views.page_up", "pageup", "page up", "one page of views up"),

    Action("export.start", "enter", "export", "write the file; when it is written, close"),
    Action("export.next_field", "tab,down", "next", "next field"),
    Action("export.previous_field", "shift+tab,up", "previous", "previous field"),
    Action("export.copy_command", "f6,alt+y", "copy command", "copy the command line that does the same"),

    Action("choice.left", "h,left", "left", "choose what stands to the left"),
    Action("choice.right", "l,right,space", "right", "choose what stands to the right"),

    Action("confirm.yes", "y", "yes", "do it"),
    Action("confirm.no", "n,enter", "no", "do not"),

    Action("ask.accept", "enter", "done", "take what was typed"),
    Action("ask.next_input", "tab,down", "next", "next input"),
    Action("ask.previous_input", "shift+tab,up", "previous", "previous input"),

    Action("app.help", "?", "help", "all keys, and the query language"),
    Action("app.cancel", "ctrl+c", "cancel", "cancel the running query; with none running, quit"),
    Action("app.next_theme", "L", "theme", "the next theme: dark, light, high contrast, for all colour vision"),
    Action("app.redraw", "ctrl+l", "redraw", "paint the whole screen anew"),
    Action("app.suspend", "ctrl+z", "suspend", "back to the shell; fg returns"),
)  # fmt: skip

BY_ID = {action.id: action for action in ACTIONS}

FOOTER: dict[str, tuple[str, ...]] = {
    "feed": ("feed.open", "explorer.query", "explorer.form", "explorer.follow", "explorer.include", "app.help"),
    "histogram": ("histogram.left", "histogram.right", "histogram.select", "histogram.apply", "histogram.leave",
                  "app.help"),
    "query": ("query.submit", "query.complete", "query.next_option", "query.previous_option", "query.leave",
              "app.cancel"),
    "form": ("form.submit", "form.complete", "form.next_input", "form.previous_input", "form.leave", "app.cancel"),
    "detail": ("detail.next_tab", "detail.next_event", "detail.find", "detail.copy_value", "detail.include",
               "detail.close"),
    "tree": ("detail.next_tab", "tree.toggle_fold", "detail.find", "detail.copy_value", "detail.include",
             "detail.next_event"),
    "lines": ("lines.down", "lines.up", "lines.page_down", "lines.top", "lines.bottom", "dialog.close"),
    "columns": ("columns.toggle_column", "columns.move_down", "columns.move_up", "columns.widen", "columns.apply",
                "dialog.close"),
    "retention": ("retention.apply", "retention.hold", "retention.release", "retention.restore", "retention.next_tab",
                  "dialog.close"),
    "views": ("views.open", "views.save", "views.rename", "views.delete", "dialog.close", "views.next_view"),
    "export": ("export.start", "choice.left", "choice.right", "export.next_field", "export.copy_command",
               "dialog.close"),
    "facet": ("facet.include", "facet.exclude", "facet.next_column", "lines.down", "lines.up", "dialog.close"),
}  # fmt: skip
"""Where the focus is -> the six actions that matter there."""
