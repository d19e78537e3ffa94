"""The main window: where everything sits, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QStackedWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.panels.keyed import show_tips
from cascadeclip.app.theme import icon
from cascadeclip.app.translation import tr
from cascadeclip.app.window.actions import Actions, titled
from cascadeclip.app.window.keymap import Keys
from cascadeclip.app.window.start import StartPage
from cascadeclip.app.window.status import StatusBar
from cascadeclip.app.window.toast import Banner, Toast

if TYPE_CHECKING:
    from cascadeclip.app.canvas.view import Canvas
    from cascadeclip.app.panels.images import ImagesPanel
    from cascadeclip.app.panels.shapes import ShapeList
    from cascadeclip.app.panels.suggestions import SuggestionsPanel
    from cascadeclip.app.panels.training import TrainingPanel
    from cascadeclip.app.panels.typed import HintLine
    from cascadeclip.app.panels.words import WordField

DOCK_WIDTH = 340
DOCKS_VERSION = 1
TRAINING_HEIGHT = 400
HIGH_ENOUGH = 860
"""Pixels of a window that has room for the training beside all other docks."""
RAISED_HEIGHT = 560


class MainWindow(QMainWindow):
    """Hold the word field, the canvas, the docks and the status bar.

    A new window has the start page, the titles of the menus and the status bar: it can be shown
    before the rest, which `furnish` makes, has been read from the disk.

    Signals: `closing` before the window goes; `keys_changed` after the actions got other keys.
    """

    closing = Signal()
    keys_changed = Signal()

    words: WordField
    hints: HintLine
    canvas: Canvas
    suggestions: SuggestionsPanel
    masks: ShapeList
    images: ImagesPanel
    training: TrainingPanel

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("main")
        self.setWindowIcon(icon("app"))
        self.resize(1280, 800)
        self.setDockNestingEnabled(True)
        self.menus = titled(self)
        self.start = StartPage(self)
        self.status = StatusBar(self)
        self.setStatusBar(self.status)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.start)
        self.setCentralWidget(self._pages)
        self.docks: dict[str, QDockWidget] = {}
        self.banner = Banner(self._pages)
        self.banner.hide()
        self.toast = Toast(self._pages)
        self.tools = QToolBar(tr("Tools"), self)
        self.actions_table: Actions | None = None
        self._arranged = QByteArray()
        self._hidden = {"training"}
        self.show_start()

    def furnish(self) -> None:
        """Make what is needed to work on a project: the words, the canvas and the panels."""
        from cascadeclip.app.canvas.view import Canvas
        from cascadeclip.app.panels.images import ImagesPanel
        from cascadeclip.app.panels.shapes import ShapeList
        from cascadeclip.app.panels.suggestions import SuggestionsPanel
        from cascadeclip.app.panels.training import TrainingPanel
        from cascadeclip.app.panels.typed import HintLine
        from cascadeclip.app.panels.words import WordField

        self.words = WordField(self._pages)
        self.hints = HintLine(self._pages)
        self.canvas = Canvas(self._pages)
        self.suggestions = SuggestionsPanel(self)
        self.masks = ShapeList(tr("Masks"), self)
        self.images = ImagesPanel(self)
        self.training = TrainingPanel(self)
        self._pages.addWidget(self._work_page())
        self.docks |= {
            name: self._dock(title, widget, name)
            for name, title, widget in (
                ("suggestions", tr("Suggestions"), self.suggestions),
                ("masks", tr("Masks"), self.masks),
                ("images", tr("Images"), self.images),
                ("training", tr("Training"), self.training),
            )
        }
        self._shares()
        self.show_start()

    def make_actions(self, calls: dict[str, Callable[[], None]]) -> Actions:
        """Make the menus and the tool bar, bound to these functions."""
        made = Actions(self, calls, self.menus)
        self.tools.setObjectName("tools")
        self.tools.setMovable(False)
        self.tools.setIconSize(QSize(20, 20))
        for part in made.bar():
            if self.tools.actions():
                self.tools.addSeparator()
            self.tools.addActions(part)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self.tools)
        made.attach(self.canvas, (self.suggestions.list.view, self.masks.view))
        view = made.menus["View"]
        for dock in self.docks.values():
            view.addAction(dock.toggleViewAction())
        self.actions_table = made
        self.show_start()
        return made

    def show_keys(self, keys: Keys) -> None:
        """Give the actions these keys, and write them into every tooltip."""
        if self.actions_table is not None:
            self.actions_table.set_keys(keys)
            show_tips(self, self.actions_table.tip)
            self.canvas.meaning.learn(keys)
            self.keys_changed.emit()

    def key_of(self, action: str) -> str:
        """Give the first key of an action as it is written here, empty when it has none."""
        return self.actions_table.key_of(action) if self.actions_table is not None else ""

    def show_nothing(self) -> None:
        """Show no page yet."""
        self._pages.hide()

    def show_start(self) -> None:
        """Show the page before any project."""
        self._show_page(0)

    def show_work(self) -> None:
        """Show the image, the words and the docks."""
        if self._pages.currentIndex() == 0:
            self._show_page(1)

    def show_training(self) -> None:
        """Bring the training panel up."""
        dock = self.docks["training"]
        if dock.isHidden() and self.height() < HIGH_ENOUGH:
            # a fourth dock would leave none of them any room
            self.tabifyDockWidget(self.docks["images"], dock)
        dock.show()
        self.resizeDocks([dock], [TRAINING_HEIGHT], Qt.Orientation.Vertical)
        dock.raise_()

    def title_dock(self, name: str, title: str, count: int | None = None) -> None:
        """Write a dock's title with a count behind it."""
        self.docks[name].setWindowTitle(title if count is None else f"{title}  {count}")

    def restore(self, settings: QSettings) -> None:
        """Take up size, place and docks of the last time."""
        geometry, state = settings.value("geometry"), settings.value("docks")
        if isinstance(geometry, QByteArray) and not self.isVisible():
            self.restoreGeometry(geometry)
        if isinstance(state, QByteArray):
            self._arranged = state
        self._show_page(self._pages.currentIndex())

    def save(self, settings: QSettings) -> None:
        """Remember size, place and docks."""
        settings.setValue("geometry", self.saveGeometry())
        if self._pages.currentIndex() == 1:
            self._arranged = self.saveState(DOCKS_VERSION)
        settings.setValue("docks", self._arranged)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Go at once; what is left to write is written behind the closed window."""
        self.hide()
        self.closing.emit()
        super().closeEvent(event)

    def _work_page(self) -> QWidget:
        page = QWidget(self)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.words)
        layout.addWidget(self.hints)
        note = QVBoxLayout()
        note.setContentsMargins(8, 0, 8, 8)
        note.addWidget(self.banner)
        layout.addLayout(note)
        layout.addWidget(self.canvas, 1)
        return page

    def add_dock(self, name: str, title: str, widget: QWidget) -> QDockWidget:
        """Give a feature a dock of its own, hidden until somebody wants it."""
        dock = self.docks[name] = self._dock(title, widget, name)
        self._hidden.add(name)
        dock.hide()
        return dock

    def raise_dock(self, name: str, *, width: int) -> None:
        """Bring a dock up, on top of the others and wide enough."""
        dock = self.docks[name]
        if dock.isHidden():
            self.tabifyDockWidget(self.docks["suggestions"], dock)
        dock.show()
        dock.raise_()
        self.resizeDocks([dock], [width], Qt.Orientation.Horizontal)
        self.resizeDocks([dock], [RAISED_HEIGHT], Qt.Orientation.Vertical)

    def _dock(self, title: str, widget: QWidget, name: str) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(f"dock_{name}")
        dock.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetClosable
            | QDockWidget.DockWidgetFeature.DockWidgetMovable
        )
        dock.setWidget(widget)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        return dock

    def _shares(self) -> None:
        docks = list(self.docks.values())
        self.resizeDocks(docks[:3], [280, 140, 320], Qt.Orientation.Vertical)
        self.resizeDocks(docks[:1], [DOCK_WIDTH], Qt.Orientation.Horizontal)
        self.docks["training"].hide()

    def _show_page(self, number: int) -> None:
        if number == 0 and self._pages.currentIndex() == 1:
            self._arranged = self.saveState(DOCKS_VERSION)
        self._pages.setCurrentIndex(number)
        self._pages.show()
        for name, dock in self.docks.items():
            dock.setVisible(number == 1 and name not in self._hidden)
        self.tools.setVisible(number == 1)
        if number == 1 and not self._arranged.isEmpty():
            self.restoreState(self._arranged, DOCKS_VERSION)
            self.docks["training"].hide()
        self.status.setVisible(True)
