"""The dialog that chooses which import to take back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.panels.pieces import quiet_label, take_or_cancel
from cascadeclip.app.translation import tr

if TYPE_CHECKING:
    from cascadeclip.core.project.rows import BatchRow

_MADE_OF, _WORDS = 1, 6  # the columns of names, which are set to the left


class ImportsDialog(QDialog):
    """Show the imports there were and choose one that stands.

    Signals: `chosen` with the number of the import.
    """

    chosen = Signal(int)

    def __init__(self, rows: Sequence[BatchRow], parent: QWidget | None = None) -> None:
        """Show `rows`, the newest first; that one is chosen unless somebody chooses another."""
        super().__init__(parent)
        self.setObjectName("imports_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Undo import"))
        self._rows = rows
        self._make_table()
        note = tr("Masks and boxes that were changed since the import are kept.")
        buttons, self.take_back = take_or_cancel(self, tr("Take back"), self._take)
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        layout.addWidget(self.table, 1)
        layout.addWidget(quiet_label(note, self))
        layout.addWidget(buttons)
        self.table.itemSelectionChanged.connect(self._changed)
        self.table.doubleClicked.connect(self._take)
        first = next((at for at, row in enumerate(rows) if row.stands), 0)
        self.table.selectRow(first)
        self._changed()
        self.resize(680, 320)

    def _make_table(self) -> None:
        titles = [
            tr("When"), tr("From"), tr("Images"), tr("Masks added"), tr("Masks taken out"),
            tr("Boxes"), "",
        ]  # fmt: skip
        self.table = QTableWidget(len(self._rows), len(titles), self)
        self.table.setAccessibleName(tr("Imports"))
        self.table.setHorizontalHeaderLabels(titles)
        self.table.verticalHeader().hide()
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_MADE_OF, QHeaderView.ResizeMode.Stretch)
        for at, row in enumerate(self._rows):
            for column, text in enumerate(_texts(row)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if _MADE_OF < column < _WORDS:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                if not row.stands:
                    item.setFlags(Qt.ItemFlag.NoItemFlags)
                self.table.setItem(at, column, item)

    def _selected(self) -> BatchRow | None:
        row = self._rows[self.table.currentRow()] if self.table.currentRow() >= 0 else None
        return row if row is not None and row.stands else None

    def _changed(self) -> None:
        self.take_back.setEnabled(self._selected() is not None)

    def _take(self) -> None:
        row = self._selected()
        if row is not None:
            self.chosen.emit(row.id)
            self.accept()


def _texts(row: BatchRow) -> list[str]:
    when = QDateTime.fromSecsSinceEpoch(int(datetime.fromisoformat(row.created).timestamp()))
    numbers = (row.images, row.added, row.removed, row.suggested)
    return [
        QLocale().toString(when, QLocale.FormatType.ShortFormat),
        row.source or tr("not known"),
        *("" if one is None else QLocale().toString(one) for one in numbers),
        "" if row.stands else tr("taken back"),
    ]
