"""The page before any project: recent ones, a folder, the demo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cascadeclip.app.panels.keyed import keyed
from cascadeclip.app.theme import icon

WELCOME = "Segment images by words"
EXPLANATION = (
    "Open a folder of images, type what you want to find, and click the masks you agree with. "
    "Everything stays on this computer."
)
SIGHT = (
    "The bundled model knows only drawn scenes, not photographs. It is there to try the work; "
    "photographs need a larger model."
)


class StartPage(QWidget):
    """Offer what can be opened.

    Signals: `folder_wanted`, `project_wanted`, `demo_wanted`; `recent_wanted` with a path.
    """

    folder_wanted = Signal()
    project_wanted = Signal()
    demo_wanted = Signal()
    recent_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("start")
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addStretch(2)
        heading = QLabel(WELCOME, self)
        heading.setProperty("heading", True)
        column.addWidget(heading)
        column.addWidget(self._quiet(EXPLANATION))
        column.addSpacing(16)
        column.addLayout(self._buttons())
        column.addSpacing(24)
        self._recent_title = QLabel("Recent projects", self)
        column.addWidget(self._recent_title)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(4)
        column.addLayout(self._recent)
        column.addStretch(3)
        column.addWidget(self._quiet(SIGHT))
        column.addSpacing(24)
        holder = QWidget(self)
        holder.setLayout(column)
        holder.setMaximumWidth(560)
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(holder, 4)
        outer.addStretch(1)

    def show_recent(self, folders: tuple[Path, ...]) -> None:
        """List these project folders."""
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._recent_title.setVisible(bool(folders))
        for folder in folders:
            button = QPushButton(f"{folder.name}    {folder.parent}", self)
            button.setIcon(icon("project"))
            button.setStyleSheet("text-align: left")
            button.setToolTip(str(folder))
            button.setAccessibleName(f"Open {folder.name}")
            button.clicked.connect(self._opening(folder))
            self._recent.addWidget(button)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        offers = (
            ("Open folder", "folder", "Open a folder of images", self.folder_wanted),
            ("Try the demo", "demo", "Draw twelve small scenes and open them", self.demo_wanted),
            (
                "Open project",
                "project",
                "Open a project folder",
                self.project_wanted,
            ),
        )
        for text, name, tip, signal in offers:
            button = QPushButton(icon(name), text, self)
            button.setObjectName(f"start_{name}")
            button.setIconSize(QSize(20, 20))
            keyed(button, f"open_{name}", tip)
            button.clicked.connect(signal)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _quiet(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setWordWrap(True)
        label.setProperty("quiet", True)
        label.setAlignment(Qt.AlignmentFlag.AlignLeft)
        return label

    def _opening(self, folder: Path) -> Callable[[], None]:
        return lambda: self.recent_wanted.emit(folder)
