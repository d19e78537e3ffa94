"""The rows of the list of images: as many as there are, of which few are in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from cascadeclip.app.panels.image_rows import BROKEN, STATES, CountsRole, StateRole, ThumbnailRole
from cascadeclip.app.translation import tr

if TYPE_CHECKING:
    from cascadeclip.core.project.listing import ListRow

Index = QModelIndex | QPersistentModelIndex
Small = NDArray[np.uint8]
PAGE = 100
PAGES = 16


class ImageModel(QAbstractListModel):
    """Hold the pages of rows looked at last, at most PAGES of PAGE rows.

    Signals: `rows_wanted` with the place of the first row of a page that is lacking.
    """

    rows_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.thumbnail: Callable[[ListRow], Small | None] = lambda row: None
        self.broken: set[int] = set()
        self._count = 0
        self._pages: OrderedDict[int, list[ListRow]] = OrderedDict()
        self._asked: set[int] = set()

    @property
    def held(self) -> int:
        """Count the rows in memory."""
        return sum(map(len, self._pages.values()))

    def reset(self, count: int, first: Sequence[ListRow]) -> None:
        """Be a list of `count` rows, of which the first are here."""
        self.beginResetModel()
        self._count = count
        self._pages.clear()
        self._asked.clear()
        if first:
            self._pages[0] = list(first)
        self.endResetModel()

    def put(self, first: int, rows: Sequence[ListRow]) -> None:
        """Take the page that begins at `first`."""
        number = first // PAGE
        self._asked.discard(number)
        if not rows or first >= self._count:
            return
        self._pages[number] = list(rows)
        self._pages.move_to_end(number)
        while len(self._pages) > PAGES:
            self._pages.popitem(last=False)
        last = min(first + len(rows), self._count) - 1
        self.dataChanged.emit(self.index(first, 0), self.index(last, 0))

    def row_at(self, place: int) -> ListRow | None:
        """Give the row at a place; ask for its page when it is not here."""
        number = place // PAGE
        page = self._pages.get(number)
        if page is None:
            if number not in self._asked:
                self._asked.add(number)
                self.rows_wanted.emit(number * PAGE)
            return None
        self._pages.move_to_end(number)
        at = place % PAGE
        return page[at] if at < len(page) else None

    def replace(self, row: ListRow) -> None:
        """Show one row anew, where it is here."""
        for number, page in self._pages.items():
            for at, old in enumerate(page):
                if old.image.id == row.image.id and old != row:
                    page[at] = row
                    self._changed(number * PAGE + at)

    def refresh(self, ids: Iterable[int]) -> None:
        """Paint the rows of these images again: their thumbnails have come."""
        wanted = set(ids)
        for number, page in self._pages.items():
            for at, row in enumerate(page):
                if row.image.id in wanted:
                    self._changed(number * PAGE + at)

    def mark_broken(self, image_id: int) -> None:
        """Show that the file could not be opened."""
        self.broken.add(image_id)
        self.refresh([image_id])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Count the rows of the list, wherever they are."""
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give name, tooltip, thumbnail, state or counts of a row."""
        answer = _ANSWERS.get(role)
        if answer is None or not index.isValid():
            return None
        row = self.row_at(index.row())
        return None if row is None else answer(self, row)

    def state_of(self, row: ListRow) -> str:
        """Name how far an image is."""
        return BROKEN if row.image.id in self.broken else row.state

    def _changed(self, place: int) -> None:
        index = self.index(place, 0)
        self.dataChanged.emit(index, index)


def name_of(model: ImageModel, row: ListRow) -> str:
    """Give the file's name."""
    return row.image.path.rsplit("/", 1)[-1]


def counts_of(model: ImageModel, row: ListRow) -> str:
    """Write how many masks and undecided suggestions an image has: "3", "3 + 2", "+ 2"."""
    parts = [str(row.masks) if row.masks else "", f"+ {row.suggestions}" if row.suggestions else ""]
    return " ".join(part for part in parts if part)


def told(model: ImageModel, row: ListRow) -> str:
    """Say everything about a row in words."""
    image = row.image
    lines = [f"{image.path}, {image.width} x {image.height}, {tr(STATES[model.state_of(row)])}"]
    if row.masks or row.suggestions:
        lines.append(
            tr(
                "Masks: {masks}, suggestions: {suggestions}",
                masks=row.masks,
                suggestions=row.suggestions,
            )
        )
    if row.agreement is not None:
        lines.append(tr("Model and masks agree to {share} %", share=f"{100 * row.agreement:.0f}"))
    return "\n".join(lines)


def _small(model: ImageModel, row: ListRow) -> QImage | None:
    pixels = None if row.image.id in model.broken else model.thumbnail(row)
    if pixels is None:
        return None
    height, width = pixels.shape[:2]
    kept = np.ascontiguousarray(pixels)
    return QImage(kept.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


_ANSWERS: dict[int, Callable[[ImageModel, ListRow], object]] = {
    Qt.ItemDataRole.DisplayRole: name_of,
    Qt.ItemDataRole.ToolTipRole: told,
    Qt.ItemDataRole.AccessibleTextRole: told,
    ThumbnailRole: _small,
    StateRole: ImageModel.state_of,
    CountsRole: counts_of,
}
