"""Make the window, what the program knows, and what happens when: the parts features wire."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from cascadeclip.app.canvas.geometry import in_sight
from cascadeclip.app.jobs import Jobs
from cascadeclip.app.presenters.batch import Batch
from cascadeclip.app.presenters.images import Images
from cascadeclip.app.presenters.library import Library
from cascadeclip.app.presenters.measuring import Measuring
from cascadeclip.app.presenters.recent import Recent
from cascadeclip.app.presenters.review import Review
from cascadeclip.app.presenters.state import State
from cascadeclip.app.presenters.suggesting import Suggesting
from cascadeclip.app.presenters.training import Training
from cascadeclip.app.presenters.typing import Hints, Typing
from cascadeclip.app.presenters.views import Asking
from cascadeclip.app.presenters.words import Words
from cascadeclip.app.problems import Problems
from cascadeclip.app.window import dialogs
from cascadeclip.app.window.display import Display
from cascadeclip.app.window.main_window import MainWindow
from cascadeclip.app.window.menus import Menus
from cascadeclip.app.window.place import recent_file, window_settings
from cascadeclip.core.images import Window


class Parts(QObject):
    """Hold everything a feature can be wired to; `folder` is where this person's own things lie.

    Signals: `models_changed` after another model version was made the one that speaks.
    """

    models_changed = Signal()

    def __init__(
        self,
        *,
        version: str,
        folder: Path,
        device: str = "auto",
        asking: Asking | None = None,
        window: MainWindow | None = None,
    ) -> None:
        super().__init__()
        self.version, self.folder, self.device = version, folder, device
        self.settings = window_settings(folder)
        self.problems = Problems(self)
        self.jobs = Jobs(self.problems.tell, self)
        self.state = State()
        self.window = window or MainWindow()
        self.window.furnish()
        self.problems.attach(self.window)
        self.asking: Asking = asking or dialogs.Asking(self.window, self.settings)
        self.recent = Recent(recent_file(folder))
        self._make_image_presenters()
        self._make_project_presenters(device)
        self.display = Display(self.state, self.window, self.images)

    def _make_image_presenters(self) -> None:
        state, jobs, window = self.state, self.jobs, self.window
        say = window.toast
        self.review = Review(
            state, jobs, window.canvas, say, settle=lambda: self.suggesting.settle()
        )
        self.suggesting = Suggesting(
            state,
            jobs,
            rejected=lambda: self.review.rejected,
            trouble=self._no_engine,
            sight=self._sight,
        )
        self.words = Words(state, jobs, say, relabel=self.review.relabel)
        self.typing = Typing(state, jobs, self)
        self.menus = Menus(state, window, self.review, self.words, self.suggesting.rank)
        self.images = Images(
            state,
            jobs,
            window.canvas,
            window.images,
            say,
            show=self.review.show,
            settle=self.suggesting.settle,
        )

    def _make_project_presenters(self, device: str) -> None:
        state, jobs, window = self.state, self.jobs, self.window
        say, refuse = window.toast, self.problems.refuse
        self.library = Library(
            state,
            jobs,
            self.asking,
            say,
            self.recent,
            show_words=self.words.show,
            load_images=self.images.load,
            leave=self._leave,
            refuse=refuse,
            device=device,
        )
        self.training = Training(
            state,
            jobs,
            window.training,
            say,
            reload_engine=self._reload_engine,
            refresh=lambda: self.batch.prelabel(),
        )
        self.measuring = Measuring(
            state, jobs, say, reload_engine=self.library.load_engine, device=device
        )
        self.batch = Batch(
            state,
            jobs,
            self.asking,
            say,
            settle=self.suggesting.settle,
            reload=self._reload,
            refuse=refuse,
            device=device,
        )

    # What more than one feature asks for

    def choose_tool(self, tool: str) -> None:
        """Choose what the left button does, by the tool's name."""
        table = self.window.actions_table
        if table is not None:
            table.by_name[tool].setChecked(True)
        self.window.canvas.set_tool(tool)

    def focus_canvas(self) -> None:
        """Let the keys of the image work."""
        self.window.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def checked(self, name: str) -> bool:
        """Return whether the action of this name is on."""
        table = self.window.actions_table
        return table is not None and table.by_name[name].isChecked()

    def set_checked(self, name: str, on: bool, /) -> None:
        """Show the action of this name as on or off, without doing it."""
        table = self.window.actions_table
        if table is not None:
            table.by_name[name].setChecked(on)

    def show_hints(self, hints: Hints) -> None:
        """Show what is known about the words being typed."""
        self.window.hints.show_hints(hints)
        self.display.actions()

    # Inside

    def _sight(self) -> Window | None:
        canvas = self.window.canvas
        size = canvas.size_of_image
        return in_sight(canvas.placement, size, canvas.height(), canvas.width())

    def _no_engine(self, error: Exception) -> None:
        self.library.no_engine(error)

    def _reload(self) -> None:
        self.review.reload()
        self.images.load()

    def _reload_engine(self) -> None:
        self.library.load_engine()
        self.models_changed.emit()

    def _leave(self) -> None:
        self.suggesting.settle()
        self.images.forget()
