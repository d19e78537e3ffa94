"""What a check of the project found, and what can be done about it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.presenters.upkeep import Findings
from cascadeclip.app.presenters.views import Asking
from cascadeclip.app.translation import tr

if TYPE_CHECKING:
    from cascadeclip.core.project.files import FileReport

_LISTED = 500


class CheckDialog(QDialog):
    """Show the findings; images that moved can be taken on, changed ones accepted.

    Signals: `mend_wanted` with the FileReport to mend and whether changed files count from now on;
    `search_wanted` with a folder to look for missing images in.
    """

    mend_wanted = Signal(object, bool)
    search_wanted = Signal(object)

    def __init__(
        self, found: Findings, asking: Asking, parent: QWidget | None = None, *, refusal: str = ""
    ) -> None:
        """Show what was `found`; a `refusal` says why nothing can be changed."""
        super().__init__(parent)
        self.setObjectName("check_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Check project"))
        self._asking, self._refusal, self._open = asking, refusal, True
        self._found = found
        self.verdict, self.summary = QLabel(self), QLabel(self)
        for label in (self.verdict, self.summary):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.rows = QListWidget(self)
        self.rows.setAccessibleName(tr("Images that need a look"))
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        for widget in (self.verdict, self.summary):
            layout.addWidget(widget)
        layout.addWidget(self.rows, 1)
        layout.addStretch()
        layout.addWidget(self._buttons())
        self._show()
        self.resize(560, 340 if self.rows.count() else 160)

    def show_findings(self, found: Findings) -> None:
        """Show what another look found."""
        if self._open:
            self._found = found
            self._show()

    def done(self, result: int) -> None:
        """Close."""
        self._open = False
        super().done(result)

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(self)
        self.relink = QPushButton(tr("Use the new places"), self)
        self.take = QPushButton(tr("Take the changed files"), self)
        self.search = QPushButton(tr("Look in a folder..."), self)
        for button, call in (
            (self.relink, self._relink),
            (self.take, self._take),
            (self.search, self._search),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(call)
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        close = QPushButton(tr("Close"), self)
        close.setDefault(True)
        buttons.addButton(close, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        return buttons

    def _show(self) -> None:
        files = self._found.files
        self.verdict.setText(
            self._found.damage
            or tr("The database is whole: {masks} masks.", masks=self._found.masks)
        )
        self.rows.clear()
        for button in (self.relink, self.take, self.search):
            button.setVisible(False)
        if files is None:
            return
        self.summary.setText(_summary(files))
        lines = [tr("Moved: {old} is now {new}", old=row.path, new=new) for row, new in files.moved]
        lines += [tr("Changed since it was added: {path}", path=row.path) for row in files.changed]
        lines += [tr("Missing: {path}", path=row.path) for row in files.missing]
        self.rows.addItems(lines[:_LISTED])
        if len(lines) > _LISTED:
            self.rows.addItem(tr("and {count} more", count=len(lines) - _LISTED))
        self.rows.setVisible(bool(lines))
        for button, some in (
            (self.relink, files.moved),
            (self.take, files.changed),
            (self.search, files.missing),
        ):
            button.setVisible(bool(some))
            button.setEnabled(not self._refusal)
            button.setToolTip(self._refusal)

    def _relink(self) -> None:
        self._mend(changed=False)

    def _take(self) -> None:
        self._mend(changed=True)

    def _mend(self, *, changed: bool) -> None:
        files = self._found.files
        if files is not None:
            self.mend_wanted.emit(replace(files, moved=()) if changed else files, changed)

    def _search(self) -> None:
        place = self._asking.folder(tr("Look for missing images in a folder"))
        if place is not None:
            self.search_wanted.emit(place)


def _summary(files: FileReport) -> str:
    parts = [tr("{count} images as they were", count=len(files.fine))]
    for rows, text in (
        (files.moved, tr("{count} moved", count=len(files.moved))),
        (files.changed, tr("{count} changed", count=len(files.changed))),
        (files.missing, tr("{count} missing", count=len(files.missing))),
    ):
        if rows:
            parts.append(text)
    return ", ".join(parts) + "."
