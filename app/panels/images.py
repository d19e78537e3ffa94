"""The images of the project: a list that reads on as somebody scrolls, with a search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QLabel, QListView, QVBoxLayout, QWidget

from cascadeclip.app.panels.fields import TextField
from cascadeclip.app.theme import TROUBLE

if TYPE_CHECKING:
    from cascadeclip.core.project import ImageRow

Index = QModelIndex | QPersistentModelIndex
NO_IMAGES = "No images yet. Open a folder, or add one with File > Add images."
NOTHING_FOUND = "No image has this in its name."


class ImageModel(QAbstractListModel):
    """Hold the rows read so far.

    Signals: `more_wanted` when the list has been scrolled to its end.
    """

    more_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[ImageRow] = []
        self.broken: set[int] = set()
        self._asked_at = -1

    def reset(self, rows: Sequence[ImageRow]) -> None:
        """Show these rows only."""
        self.beginResetModel()
        self.rows = list(rows)
        self._asked_at = -1
        self.endResetModel()

    def append(self, rows: Sequence[ImageRow]) -> None:
        """Show more rows below."""
        first = len(self.rows)
        self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
        self.rows += rows
        self.endInsertRows()

    def replace(self, row: ImageRow) -> None:
        """Show one row anew."""
        for position, old in enumerate(self.rows):
            if old.id == row.id:
                self.rows[position] = row
                self._changed(position)

    def mark_broken(self, image_id: int) -> None:
        """Show that the file could not be opened."""
        self.broken.add(image_id)
        for position, row in enumerate(self.rows):
            if row.id == image_id:
                self._changed(position)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Count the rows read so far."""
        return 0 if parent.isValid() else len(self.rows)

    def canFetchMore(self, parent: Index) -> bool:
        """Say whether the end of the list has not been asked about yet."""
        return bool(self.rows) and self._asked_at != len(self.rows)

    def fetchMore(self, parent: Index) -> None:
        """Ask for the next page; it comes later."""
        self._asked_at = len(self.rows)
        self.more_wanted.emit()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give name, tooltip or state dot."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.path.rsplit("/", 1)[-1]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{row.path}, {row.width} x {row.height}, {self._status(row)}"
        if role == Qt.ItemDataRole.DecorationRole:
            return dot(self._status(row))
        return None

    def _status(self, row: ImageRow) -> str:
        return "cannot be opened" if row.id in self.broken else row.status

    def _changed(self, position: int) -> None:
        index = self.index(position, 0)
        self.dataChanged.emit(index, index)


def dot(status: str) -> QIcon:
    """Draw the state of an image: a filled dot when reviewed, a ring before, a cross if broken."""
    pixmap = QPixmap(32, 32)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colours = QGuiApplication.palette()
    middle = QPointF(16, 16)
    if status == "reviewed":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.highlight())
        painter.drawEllipse(middle, 8, 8)
    elif status == "unreviewed":
        painter.setPen(QPen(colours.mid().color(), 3))
        painter.drawEllipse(middle, 7, 7)
    else:
        painter.setPen(QPen(TROUBLE, 4))
        box = QRectF(9, 9, 14, 14)
        painter.drawLine(box.topLeft(), box.bottomRight())
        painter.drawLine(box.topRight(), box.bottomLeft())
    painter.end()
    return QIcon(pixmap)


class ImagesPanel(QWidget):
    """Show the images and the search.

    Signals: `opened` with the position clicked; `searched` with the text; `more_wanted`; `left`
    when the person goes back to the image.
    """

    opened = Signal(int)
    searched = Signal(str)
    more_wanted = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ImageModel(self)
        self.field = TextField(self)
        self.field.setPlaceholderText("Find by name")
        self.field.setAccessibleName("Find images by name")
        self.field.setClearButtonEnabled(True)
        self.view = QListView(self)
        self.view.setAccessibleName("Images")
        self.view.setModel(self.model)
        self.view.setUniformItemSizes(True)
        self.view.setIconSize(QSize(16, 16))
        self.view.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.view.setSpacing(1)
        self._empty = QLabel(NO_IMAGES, self)
        self._empty.setWordWrap(True)
        self._empty.setProperty("quiet", True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.field)
        layout.addWidget(self._empty)
        layout.addWidget(self.view, 1)
        self.field.textEdited.connect(self.searched)
        self.field.left.connect(self._leave)
        self.view.clicked.connect(self._click)
        self.model.more_wanted.connect(self.more_wanted)
        self.reset([], 0)

    def reset(self, rows: Sequence[ImageRow], total: int) -> None:
        """Show these rows, the first of `total`."""
        self.model.reset(rows)
        self._empty.setText(NOTHING_FOUND if total else NO_IMAGES)
        self._empty.setVisible(not rows)
        self.view.setVisible(bool(rows))

    def append(self, rows: Sequence[ImageRow]) -> None:
        """Show more rows below."""
        self.model.append(rows)

    def replace(self, row: ImageRow) -> None:
        """Show one row anew."""
        self.model.replace(row)

    def select(self, position: int) -> None:
        """Mark the row at this position as the open one."""
        self.view.setCurrentIndex(self.model.index(position, 0))

    def mark_broken(self, image_id: int) -> None:
        """Show that the image could not be opened."""
        self.model.mark_broken(image_id)

    def _click(self, index: QModelIndex) -> None:
        self.opened.emit(index.row())

    def _leave(self) -> None:
        self.searched.emit("")
        self.left.emit()
