"""Questions and sheets: choose a folder, choose a file, all keys, about."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.window.actions import ACTIONS, HELD, LINE, MENUS

ABOUT = """<b>Cascade-CLIP {version}</b><p>Segments images by words, on this computer alone.</p>
<p>The method is Cascade-CLIP (Li et al., ICML 2024). Suggestions are the model's, masks are
yours; every change is saved at once.</p>"""


class Asking:
    """Ask with the system's own dialogs."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent
        self._last = str(Path.home())

    def folder(self, title: str) -> Path | None:
        """Ask for a folder; None when the person thought better of it."""
        chosen = QFileDialog.getExistingDirectory(self._parent, title, self._last)
        if not chosen:
            return None
        self._last = chosen
        return Path(chosen)

    def new_file(self, title: str, name: str, kind: str) -> Path | None:
        """Ask where to write a file; `kind` is a pattern like *.json."""
        start = str(Path(self._last) / name)
        chosen, _ = QFileDialog.getSaveFileName(self._parent, title, start, f"Files ({kind})")
        return Path(chosen) if chosen else None


class KeysDialog(QDialog):
    """Show every key."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keys_sheet")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keys")
        columns = QHBoxLayout()
        columns.setSpacing(32)
        for menus in (("Edit",), ("View", "Image", "Model"), ("File", "Help")):
            column = QVBoxLayout()
            column.setSpacing(4)
            for menu in menus:
                self._add(column, menu, key_rows(menu))
            if "File" in menus:
                self._add(column, "On the image", list(HELD))
            column.addStretch(1)
            columns.addLayout(column)
        close = QPushButton("Close", self)
        close.clicked.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        layout.addLayout(columns)
        layout.addWidget(close, alignment=Qt.AlignmentFlag.AlignRight)

    def _add(self, column: QVBoxLayout, title: str, rows: list[tuple[str, str]]) -> None:
        if not rows:
            return
        heading = QLabel(f"<b>{title}</b>", self)
        heading.setContentsMargins(0, 8, 0, 4)
        column.addWidget(heading)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(4)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        for keys, text in rows:
            what = QLabel(text, self)
            what.setProperty("quiet", True)
            form.addRow(keys, what)
        column.addLayout(form)


def key_rows(menu: str) -> list[tuple[str, str]]:
    """List keys and texts of one menu's actions that have a key."""
    form = QKeySequence.SequenceFormat.NativeText
    return [
        (
            ", ".join(
                QKeySequence(key).toString(form) for key in row.keys if not key.endswith("Enter")
            ),
            row.text.removesuffix("..."),
        )
        for row in ACTIONS
        if row.menu == menu and row.name != LINE and row.keys and menu in MENUS
    ]


def about(parent: QWidget, version: str) -> None:
    """Open the box that says what this is."""
    box = QMessageBox(
        QMessageBox.Icon.NoIcon, "About", ABOUT.format(version=version), parent=parent
    )
    box.setObjectName("about")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
