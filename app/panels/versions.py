"""The model versions of the project: which is in use, which was before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.panels.wording import percent
from cascadeclip.app.translation import mark, tr

if TYPE_CHECKING:
    from cascadeclip.core.project import VersionRow

NONE_YET = mark(
    "No version of your own yet: the bundled model is in use. Model > Retrain makes the first."
)


class VersionsDialog(QDialog):
    """List the versions.

    Signals: `activated` with a version number; `rolled_back`.
    """

    activated = Signal(int)
    rolled_back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("versions")
        self.setWindowTitle(tr("Model versions"))
        self.resize(560, 320)
        self._rows: list[VersionRow] = []
        self._said = QLabel(self)
        self._said.setWordWrap(True)
        self._said.setProperty("quiet", True)
        self.table = QTableWidget(0, 4, self)
        self.table.setHorizontalHeaderLabels(
            [tr("Version"), tr("Made"), tr("Held-out mIoU"), tr("In use")]
        )
        self.table.setAccessibleName(tr("Model versions"))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.activate_button = QPushButton(tr("Activate"), self)
        self.activate_button.setToolTip(tr("Use the chosen version from now on"))
        self.back_button = QPushButton(tr("Roll back"), self)
        self.back_button.setToolTip(tr("Use the version that was in use before this one"))
        close = QPushButton(tr("Close"), self)
        buttons = QHBoxLayout()
        for button in (self.activate_button, self.back_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addWidget(self._said)
        layout.addWidget(self.table, 1)
        layout.addLayout(buttons)
        self.activate_button.clicked.connect(self._activate)
        self.back_button.clicked.connect(self.rolled_back)
        close.clicked.connect(self.close)
        self.table.itemSelectionChanged.connect(self._refresh_buttons)

    def show_versions(self, rows: list[VersionRow]) -> None:
        """List these versions."""
        self._rows = rows
        self._said.setText("" if rows else tr(NONE_YET))
        self._said.setVisible(not rows)
        self.table.setRowCount(len(rows))
        for at, row in enumerate(rows):
            texts = (row.name, row.created[:16].replace("T", " "), measured(row), "")
            for column, text in enumerate(texts):
                self.table.setItem(at, column, QTableWidgetItem(text))
            self.table.setItem(at, 3, QTableWidgetItem(tr("in use") if row.active else ""))
        self._refresh_buttons()

    def _chosen(self) -> VersionRow | None:
        at = self.table.currentRow()
        return self._rows[at] if 0 <= at < len(self._rows) and self.table.selectedItems() else None

    def _refresh_buttons(self) -> None:
        chosen = self._chosen()
        self.activate_button.setEnabled(chosen is not None and not chosen.active)
        self.back_button.setEnabled(any(row.active for row in self._rows))

    def _activate(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.activated.emit(chosen.id)


def measured(row: VersionRow) -> str:
    """Write the mIoU before and after of a version, as far as it was measured."""
    before, after = row.metrics.get("before"), row.metrics.get("after")
    return tr("{share} to {share2}", share=percent(_miou(before)), share2=percent(_miou(after)))


def _miou(value: object) -> float | None:
    if isinstance(value, dict):
        value = value.get("miou")
    return float(value) if isinstance(value, int | float) else None
