"""The dialog with what belongs to a project: who works in it, how far back undo goes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.panels.pieces import quiet_label, take_or_cancel
from cascadeclip.app.translation import tr
from cascadeclip.core.project.preferences import MOST_STEPS, Preferences


class ProjectSettings(QDialog):
    """Choose who signs new masks and how many steps are kept.

    Signals: `chosen` with the author, empty for the account, and the number of steps.
    """

    chosen = Signal(str, int)

    def __init__(
        self, now: Preferences, parent: QWidget | None = None, *, refusal: str = ""
    ) -> None:
        """Show what counts `now`; a `refusal` says why nothing can be changed."""
        super().__init__(parent)
        self.setObjectName("project_settings")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Project settings"))
        self.author = QLineEdit(now.author, self)
        self.author.setAccessibleName(tr("Author"))
        self.author.setPlaceholderText(now.account)
        self.author.setMaxLength(200)
        self.author.setMinimumWidth(260)
        self.steps = QSpinBox(self)
        self.steps.setMinimumHeight(28)
        self.steps.setAccessibleName(tr("Steps to undo"))
        self.steps.setRange(1, MOST_STEPS)
        self.steps.setValue(now.undo_steps)
        form = QFormLayout()
        form.setSpacing(8)
        form.addRow(tr("Author"), self.author)
        form.addRow("", quiet_label(tr("Signs every mask made from now on."), self))
        form.addRow(tr("Steps to undo"), self.steps)
        form.addRow("", quiet_label(tr("Kept for each image, also after a restart."), self))
        buttons, self.keep = take_or_cancel(self, tr("Keep"), self._take)
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        layout.addLayout(form)
        if refusal:
            layout.addWidget(quiet_label(refusal, self))
        layout.addWidget(buttons)
        for widget in (self.author, self.steps, self.keep):
            widget.setEnabled(not refusal)

    def _take(self) -> None:
        self.chosen.emit(self.author.text().strip(), self.steps.value())
        self.accept()
