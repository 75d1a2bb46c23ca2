"""Saved views in the explorer: what the dialog wants is done off the screen's thread, because disks may be slow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from logtui.config import views_path
from logtui.core.errors import LogtuiError
from logtui.core.view import SavedView
from logtui.tui.screens.explorer_core import ExplorerCore

if TYPE_CHECKING:
    from logtui.services.saved_views import SavedViews
    from logtui.services.views_toml import ViewList
    from logtui.tui.screens.saved_views import Views


class ViewActions(ExplorerCore):
    """The dialog of saved views, and opening one."""

    _views: Views | None = None

    def action_saved_views(self) -> None:
        from logtui.tui.screens.saved_views import Views

        name = self.saved.name if self.saved is not None else ""
        self._views = Views(self, self.view, name, keymap=self.settings.keymap)
        self.app.push_screen(self._views, self._use_view)

    def on_views_load(self) -> None:
        """Read them."""
        self._do(lambda views: views.load())

    def _use_view(self, saved: SavedView | None) -> None:
        if saved is None:
            return
        self._know(saved)
        if saved.view != self.view:
            self.history.visit(saved.view, self.reading)
            self.show_query()
            self.show_columns()
            self.search()

    def on_views_save(self, message: Views.Save) -> None:
        """Keep the present view, if nobody else has taken the name meanwhile."""
        view, name = self.view, message.name

        def kept() -> None:
            self._know(SavedView(name, view))

        self._do(lambda views: views.save(name, view, is_replacing=message.is_replacing), name, "saved", kept)

    def on_views_rename(self, message: Views.Rename) -> None:
        """Rename a view."""

        def kept() -> None:
            if self.saved is not None and self.saved.name == message.old:
                self._know(replace(self.saved, name=message.new))

        self._do(lambda views: views.rename(message.old, message.new), message.new, "renamed", kept)

    def on_views_delete(self, message: Views.Delete) -> None:
        """Delete a view."""

        def kept() -> None:
            if self.saved is not None and self.saved.name == message.name:
                self._know(None)

        self._do(lambda views: views.delete(message.name), "", "deleted", kept)

    def _know(self, saved: SavedView | None) -> None:
        self.saved = saved
        self.refresh_status()

    def _do(
        self,
        change: Callable[[SavedViews], ViewList],
        name: str = "",
        done: str = "",
        then: Callable[[], None] = lambda: None,
    ) -> None:
        """Read or change the file, and show what is in it now with the cursor on `name`."""
        from logtui.services.saved_views import NameTakenError, SavedViews

        dialog, settings = self._views, self.settings
        if dialog is None:
            return

        def show(known: ViewList) -> None:
            then()
            if dialog.is_attached:
                dialog.show(known, name, done)

        def fail(error: LogtuiError) -> None:
            if not dialog.is_attached:
                self.show_error(error)
            elif isinstance(error, NameTakenError) and done == "saved":
                dialog.ask_to_replace(error.name)
            else:
                dialog.fail(str(error))

        def place() -> SavedViews:
            return SavedViews(views_path(settings), settings.columns)

        self.questions.ask("views", lambda _token: [change(place())], show, on_error=fail)
