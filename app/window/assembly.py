"""Put window, presenters and jobs together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import platformdirs
from PySide6.QtCore import QObject, QSettings, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut

from cascadeclip.app.canvas.geometry import in_sight
from cascadeclip.app.canvas.shapes import Shape
from cascadeclip.app.canvas.stroke import next_size
from cascadeclip.app.canvas.view import Tool
from cascadeclip.app.jobs import Jobs
from cascadeclip.app.panels.versions import VersionsDialog
from cascadeclip.app.presenters.batch import Batch
from cascadeclip.app.presenters.images import Images
from cascadeclip.app.presenters.library import Library
from cascadeclip.app.presenters.measuring import Measuring
from cascadeclip.app.presenters.recent import Recent
from cascadeclip.app.presenters.review import Review
from cascadeclip.app.presenters.state import Change, State
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
from cascadeclip.app.window.templates import TemplatesDialog
from cascadeclip.core.images import Window

ZOOM_STEP = 1.25
EDGES = "edges"


def data_folder() -> Path:
    """Give the folder where this person's demo and list of projects live."""
    return Path(platformdirs.user_data_dir("cascadeclip", appauthor=False))


class Assembly(QObject):
    """Own the window and everything behind it, from the first signal to the last thread."""

    def __init__(self, *, version: str, device: str = "auto", asking: Asking | None = None) -> None:
        super().__init__()
        self._version = version
        self.problems = Problems(self)
        self.jobs = Jobs(self.problems.tell, self)
        self.state = State()
        self.window = MainWindow()
        self.problems.attach(self.window)
        self.asking: Asking = asking or dialogs.Asking(self.window)
        self.recent = Recent(data_folder() / "recent.json")
        self._make_image_presenters()
        self._make_project_presenters(device)
        self.display = Display(self.state, self.window, self.images)
        self.window.make_actions(self._calls())
        self._connect()
        self._settings = QSettings(str(data_folder() / "window.ini"), QSettings.Format.IniFormat)
        self.window.restore(self._settings)
        self._restore_edges()
        self.window.start.show_recent(self.recent.folders())
        self.versions: VersionsDialog | None = None
        # Undo may also take back that an image was reviewed: its row must show it.
        self.state.subscribe(Change.HISTORY, self.images.refresh_row)
        self.display.project()
        self.display.actions()
        self.choose_tool(Tool.SELECT)

    # Making

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
        self.menus = Menus(state, window, self.review, self.words)
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
            state, jobs, window.training, say, reload_engine=self._reload_engine
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
            reload=self.review.reload,
            refuse=refuse,
            device=device,
        )

    def _calls(self) -> dict[str, Callable[[], None]]:
        canvas = self.window.canvas
        return {
            **self._editing_calls(),
            "open_folder": self.library.choose_folder,
            "open_project": self.library.choose_project,
            "open_demo": self.open_demo,
            "add_images": self.library.choose_more_images,
            "export_coco": self.batch.export_coco,
            "quit": self._quit,
            "zoom_in": lambda: canvas.zoom_by(ZOOM_STEP),
            "zoom_out": lambda: canvas.zoom_by(1 / ZOOM_STEP),
            "fit": canvas.fit_image,
            "actual": canvas.actual_size,
            "edges": self._follow_edges,
            "hide_masks": self._hide_masks,
            "previous": lambda: self.images.step(forward=False),
            "next": lambda: self.images.step(forward=True),
            "reviewed": self.images.toggle_reviewed,
            "suggest": self.suggesting.refresh,
            "templates": self.show_templates,
            "retrain": self.retrain,
            "prelabel": self.batch.prelabel,
            "versions": self.show_versions,
            "keys": lambda: dialogs.KeysDialog(self.window).open(),
            "about": lambda: dialogs.about(self.window, self._version),
        }

    def _editing_calls(self) -> dict[str, Callable[[], None]]:
        review = self.review
        return {
            "undo": review.undo,
            "redo": review.redo,
            "accept": review.accept,
            "reject": review.reject,
            "accept_all": review.accept_all,
            "next_suggestion": lambda: review.walk(forward=True),
            "previous_suggestion": lambda: review.walk(forward=False),
            "delete": review.delete,
            "deselect": lambda: review.select(None),
            "select": lambda: self.choose_tool(Tool.SELECT),
            "brush": lambda: self.choose_tool(Tool.BRUSH),
            "eraser": lambda: self.choose_tool(Tool.ERASER),
            "smaller": lambda: self._resize_brush(larger=False),
            "larger": lambda: self._resize_brush(larger=True),
            "type_word": self._focus_words,
            "join_words": self._join_words,
        }

    def _connect(self) -> None:
        window = self.window
        self._connect_canvas()
        window.words.typed.connect(self.suggesting.type)
        window.words.typed.connect(self.typing.type)
        window.hints.joined.connect(self._join_words)
        window.hints.templates_wanted.connect(self.show_templates)
        window.words.kept.connect(self._keep_word)
        window.words.chosen.connect(self.words.choose)
        window.words.asked.connect(self.menus.word)
        window.words.left.connect(self._focus_canvas)
        window.suggestions.threshold_moved.connect(self.suggesting.set_threshold)
        window.suggestions.accept_all.connect(self.review.accept_all)
        window.suggestions.chosen.connect(self._select_shape)
        window.suggestions.wanted.connect(self.review.accept)
        window.masks.chosen.connect(self._select_shape)
        window.images.opened.connect(self._open_image)
        window.images.searched.connect(self.images.search)
        window.images.more_wanted.connect(lambda: self.images.more())
        window.images.left.connect(self._focus_canvas)
        window.training.started.connect(self.retrain)
        window.training.cancelled.connect(self.training.cancel)
        window.training.activated.connect(self.training.activate)
        window.training.kept.connect(self.training.keep_old)
        window.start.folder_wanted.connect(self.library.choose_folder)
        window.start.project_wanted.connect(self.library.choose_project)
        window.start.demo_wanted.connect(self.open_demo)
        window.start.recent_wanted.connect(self.library.open)
        window.status.cancelled.connect(self._cancel_task)
        window.closing.connect(self.close)
        self.problems.told.connect(window.toast.say)
        self.jobs.tasks_changed.connect(self._show_task)
        self.jobs.writing.connect(window.status.show_writing)
        for digit in range(10):
            self._digit(digit)

    def _connect_canvas(self) -> None:
        canvas, status = self.window.canvas, self.window.status
        canvas.picked.connect(self.review.pick)
        canvas.asked.connect(self.menus.shape)
        canvas.stroked.connect(self.review.stroke)
        canvas.walked.connect(lambda forward: self.review.walk(forward=forward))
        canvas.moved.connect(status.show_pointer)
        canvas.zoomed.connect(status.show_zoom)

    def _digit(self, digit: int) -> None:
        shortcut = QShortcut(QKeySequence(str(digit)), self.window)
        shortcut.activated.connect(lambda: self.words.press_digit(digit))

    # Doing

    def open_demo(self) -> None:
        """Open the demo project in the person's own data folder."""
        self.library.open_demo(data_folder() / "demo")

    def retrain(self) -> None:
        """Start retraining and show where it is."""
        self.window.show_training()
        self.training.start()

    def choose_tool(self, tool: Tool) -> None:
        """Choose what the left button does."""
        table = self.window.actions_table
        if table is not None:
            table.by_name[tool.value].setChecked(True)
        self.window.canvas.set_tool(tool)

    def show_versions(self) -> None:
        """Show the model versions of the project."""
        dialog = self.versions = VersionsDialog(self.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.activated.connect(self.training.activate_version)
        dialog.rolled_back.connect(self.training.roll_back)
        dialog.finished.connect(self._versions_closed)
        self.training.versions(dialog.show_versions)
        dialog.open()

    def show_templates(self) -> None:
        """Let the person choose the sentences words are put into."""
        engine = self.state.engine
        own = engine.info.templates if engine is not None else ()
        dialog = TemplatesDialog(self.state.templates, own, self.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self.words.choose_templates)
        dialog.open()

    @Slot()
    def close(self) -> None:
        """Write what is left, stop the jobs, join the threads."""
        self.window.save(self._settings)
        self.suggesting.settle()
        self.training.cancel()
        project = self.state.project
        self.jobs.close()
        if project is not None:
            project.close()
        self.state.project = None

    # Small slots

    def _keep_word(self, text: str) -> None:
        if self.words.keep(text):
            self._type("")

    def _type(self, text: str) -> None:
        field = self.window.words.field
        field.setText(text)
        self.suggesting.type(text)
        self.typing.type(text)

    def _join_words(self) -> None:
        written = self.window.hints.written
        if written:
            self._type(written)
            self._focus_words()

    def show_hints(self, hints: Hints) -> None:
        """Show what is known about the words being typed."""
        self.window.hints.show_hints(hints)
        self.display.actions()

    def _focus_words(self) -> None:
        self.window.words.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _focus_canvas(self) -> None:
        self.window.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_image(self, position: int) -> None:
        self.images.open(position)
        self._focus_canvas()

    def _select_shape(self, shape: Shape) -> None:
        self.review.select(shape.key)
        self._focus_canvas()

    def _resize_brush(self, *, larger: bool) -> None:
        canvas = self.window.canvas
        canvas.set_brush(size=next_size(canvas.brush_size, larger=larger))

    def _follow_edges(self) -> None:
        table = self.window.actions_table
        if table is not None:
            follow = table.by_name["edges"].isChecked()
            self._settings.setValue(EDGES, follow)
            self.suggesting.set_edges(follow=follow)

    def _restore_edges(self) -> None:
        follow = self._settings.value(EDGES, defaultValue=True, type=bool)
        self.state.refine_edges = bool(follow)
        table = self.window.actions_table
        if table is not None:
            table.by_name["edges"].setChecked(self.state.refine_edges)

    def _hide_masks(self) -> None:
        table = self.window.actions_table
        if table is not None:
            self.window.canvas.set_peek(table.by_name["hide_masks"].isChecked())

    def _show_task(self) -> None:
        self.window.status.show_task(self.jobs.tasks[-1] if self.jobs.tasks else None)

    def _cancel_task(self) -> None:
        if self.jobs.tasks:
            self.jobs.tasks[-1].stop.set()
            self._show_task()

    def _sight(self) -> Window | None:
        canvas = self.window.canvas
        size = canvas.size_of_image
        return in_sight(canvas.placement, size, canvas.height(), canvas.width())

    def _no_engine(self, error: Exception) -> None:
        self.library.no_engine(error)

    def _reload_engine(self) -> None:
        self.library.load_engine()
        if self.versions is not None:
            self.training.versions(self.versions.show_versions)

    def _versions_closed(self) -> None:
        self.versions = None

    def _leave(self) -> None:
        self.suggesting.settle()
        self.images.forget()

    def _quit(self) -> None:
        self.window.close()
