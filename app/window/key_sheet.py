"""Show every key as it is now (F1)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.translation import tr
from cascadeclip.app.window import actions, keymap
from cascadeclip.app.window.rows import HELD, MENUS

COLUMNS = (("Edit",), ("View", "Image", "Model"), ("File", "Help"))


class KeySheet(QDialog):
    """Show every key.

    Signals: `change_wanted` when somebody wants other keys.
    """

    change_wanted = Signal()

    def __init__(self, keys: keymap.Keys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keys_sheet")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Keys"))
        columns = QHBoxLayout()
        columns.setSpacing(32)
        for menus in COLUMNS:
            column = QVBoxLayout()
            column.setSpacing(4)
            for menu in menus:
                self._add(column, tr(menu), key_rows(menu, keys))
            if "File" in menus:
                self._add(column, tr("On the image"), held_rows(keys))
            column.addStretch(1)
            columns.addLayout(column)
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        layout.addLayout(columns)
        layout.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        change, close = QPushButton(tr("Change keys..."), self), QPushButton(tr("Close"), self)
        change.setAutoDefault(False)
        change.clicked.connect(self.close)
        change.clicked.connect(self.change_wanted)
        close.clicked.connect(self.close)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(change)
        row.addWidget(close)
        close.setDefault(True)
        close.setFocus()
        return row

    def _add(self, column: QVBoxLayout, title: str, rows: list[tuple[str, str]]) -> None:
        if not rows:
            return
        heading = QLabel(f"<b>{title}</b>", self)
        heading.setContentsMargins(0, 8, 0, 4)
        column.addWidget(heading)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(3)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        for keys, text in rows:
            what = QLabel(text, self)
            what.setProperty("quiet", True)
            form.addRow(keys, what)
        column.addLayout(form)


def written(keys: tuple[str, ...]) -> str:
    """Give keys as they are written on this system, Enter once."""
    return ", ".join(dict.fromkeys(map(actions.written, keys)))


def key_rows(menu: str, keys: keymap.Keys) -> list[tuple[str, str]]:
    """List keys and texts of one menu's actions that have a key."""
    return [
        (written(keys[row.name]), tr(row.text).removesuffix("..."))
        for row in keymap.rows()
        if row.menu == menu and keys[row.name] and menu in MENUS
    ]


def held_rows(keys: keymap.Keys) -> list[tuple[str, str]]:
    """List what is held, typed or clicked on the image; the first and the last digit's keys."""
    digits = " ... ".join(written(keys[name]) for name in ("word_1", "word_9"))
    tenth = written(keys["word_0"])
    return [
        (", ".join(part for part in (digits, tenth) if part) if key == "digits" else tr(key), text)
        for key, text in ((key, tr(text)) for key, text in HELD)
    ]
