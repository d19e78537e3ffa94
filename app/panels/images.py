"""The images of the project: search, filters, an order, and the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.panels.fields import TextField
from cascadeclip.app.panels.image_model import ImageModel
from cascadeclip.app.panels.image_rows import ROW_HEIGHT, ImageDelegate
from cascadeclip.app.panels.pieces import quiet_label
from cascadeclip.app.translation import mark, tr

if TYPE_CHECKING:
    from cascadeclip.core.project import ClassRow
    from cascadeclip.core.project.listing import ListRow

NO_IMAGES = mark("No images yet. Open a folder, or add one with File > Add images.")
NOTHING_FOUND = mark("No image of the {total} fits: clear the search, or show all images.")
STATES = (
    ("", mark("All images")),
    ("unreviewed", mark("Unreviewed")),
    ("suggestions", mark("With suggestions")),
    ("masks", mark("With masks")),
    ("reviewed", mark("Reviewed")),
    ("disagreement", mark("Low agreement")),
)
LACKING = {
    "suggestions": mark("No image has suggestions: type a word, or Model > Pre-label all images."),
    "masks": mark("No image has masks yet: accept a suggestion, or draw with the brush."),
    "reviewed": mark("No image is reviewed yet: K marks the open one when you have finished."),
    "disagreement": mark(
        "No image is known to differ from the model. It compares when an image with masks is"
        " opened or pre-labelled."
    ),
}
"""Why a filter shows nothing, and what to do."""
ORDERS = (("name", mark("By name")), ("worth", mark("By worth")))
WORTH = mark("Unreviewed images first that the model is unsure of and that are unlike those before")
AGREEMENT = mark("Low agreement: the model's suggestions cover less than .70 of the masks")
UNKNOWN = mark("No model has looked at the images yet: Model > Pre-label all images does.")
PARTLY = mark("Known for {known} of {unreviewed} unreviewed images; the others follow by name.")


class ImagesPanel(QWidget):
    """Show the images.

    Signals: `opened` with the place clicked; `searched` with the text; `filtered` with a state and
    a class number or None; `ordered` with the name of an order; `rows_wanted` with the first place
    of a page that is looked at; `left` when the person goes back to the image.
    """

    opened = Signal(int)
    searched = Signal(str)
    filtered = Signal(str, object)
    ordered = Signal(str)
    rows_wanted = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ImageModel(self)
        self.field = TextField(self)
        self.field.setPlaceholderText(tr("Find by name"))
        self.field.setAccessibleName(tr("Find images by name"))
        self.field.setClearButtonEnabled(True)
        self.states = _choice(self, tr("Which images are listed"), STATES)
        self.states.setItemData(len(STATES) - 1, tr(AGREEMENT), Qt.ItemDataRole.ToolTipRole)
        self.words = _choice(self, tr("Images of which word"), ((None, mark("Any word")),))
        self.orders = _choice(self, tr("Order of the images"), ORDERS)
        self.orders.setItemData(1, tr(WORTH), Qt.ItemDataRole.ToolTipRole)
        self.view = _view(self, self.model)
        self.said = quiet_label("", self)
        self._empty = quiet_label("", self)
        self._lay_out()
        self._connect()
        self.reset(0, 0, [])

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(8)
        choices.addWidget(self.states, 1)
        choices.addWidget(self.words, 1)
        self.head = QWidget(self)
        head = QVBoxLayout(self.head)
        head.setContentsMargins(8, 0, 8, 0)
        head.setSpacing(8)
        find = QHBoxLayout()
        find.setSpacing(8)
        find.addWidget(self.field, 1)
        find.addWidget(self.orders)
        head.addLayout(find)
        head.addLayout(choices)
        head.addWidget(self.said)
        head.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.head)
        layout.addWidget(self.view, 1)
        layout.addStretch(0)

    def _connect(self) -> None:
        self.field.textEdited.connect(self.searched)
        self.field.left.connect(self._leave)
        self.states.activated.connect(self._filter)
        self.words.activated.connect(self._filter)
        self.orders.activated.connect(self._sort)
        self.view.clicked.connect(self._click)
        self.model.rows_wanted.connect(self.rows_wanted)

    def reset(self, count: int, total: int, first: Sequence[ListRow]) -> None:
        """Show a list of `count` of all `total` images, of which the first rows are here."""
        self.model.reset(count, first)
        lacking = LACKING.get(self.states.currentData(), NOTHING_FOUND)
        self._empty.setText(tr(lacking, total=total) if total else tr(NO_IMAGES))
        self._empty.setVisible(not count)
        self.view.setVisible(bool(count))
        for widget in (self.field, self.states, self.words, self.orders):
            widget.setVisible(bool(total))

    def put(self, first: int, rows: Sequence[ListRow]) -> None:
        """Show the rows from the place `first` on."""
        self.model.put(first, rows)

    def replace(self, row: ListRow) -> None:
        """Show one row anew."""
        self.model.replace(row)

    def refresh(self, ids: Iterable[int]) -> None:
        """Show the thumbnails of these images, which have come."""
        self.model.refresh(ids)

    def select(self, position: int | None) -> None:
        """Mark the row at this position as the open one."""
        index = QModelIndex() if position is None else self.model.index(position, 0)
        self.view.setCurrentIndex(index)

    def mark_broken(self, image_id: int) -> None:
        """Show that the image could not be opened."""
        self.model.mark_broken(image_id)

    def forget(self) -> None:
        """Show no image, and every image of the next list."""
        self.model.broken.clear()
        self.field.clear()
        for choice in (self.states, self.words, self.orders):
            choice.setCurrentIndex(0)
        self.show_known(None, 0)
        self.reset(0, 0, [])

    def show_known(self, known: int | None, unreviewed: int) -> None:
        """Say of how many unreviewed images it is known what they are worth; None: not asked."""
        text = ""
        if known == 0 and unreviewed:
            text = tr(UNKNOWN)
        elif known is not None and known < unreviewed:
            text = tr(PARTLY, known=f"{known:,}", unreviewed=f"{unreviewed:,}")
        self.said.setText(text)
        self.said.setVisible(bool(text))

    def show_words(self, words: Sequence[ClassRow]) -> None:
        """Offer these words for the filter; the one chosen stays chosen while it is there."""
        names = [(row.id, row.name) for row in words]
        if names == [(self.words.itemData(at), self.words.itemText(at))
                     for at in range(1, self.words.count())]:  # fmt: skip
            return
        chosen = self.words.currentData()
        while self.words.count() > 1:
            self.words.removeItem(1)
        for number, name in names:
            self.words.addItem(name, number)
        self.words.setCurrentIndex(max(0, self.words.findData(chosen)))
        if self.words.currentData() != chosen:
            self._filter()

    def _filter(self) -> None:
        self.filtered.emit(self.states.currentData(), self.words.currentData())

    def _sort(self) -> None:
        self.ordered.emit(self.orders.currentData())

    def _click(self, index: QModelIndex) -> None:
        self.opened.emit(index.row())

    def _leave(self) -> None:
        self.searched.emit("")
        self.left.emit()


def _choice(parent: QWidget, name: str, entries: Sequence[tuple[str | None, str]]) -> QComboBox:
    box = QComboBox(parent)
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(6)
    # The wheel over a closed box, and letters while it has the focus, are meant for the image.
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    for data, text in entries:
        box.addItem(tr(text), data)
    return box


def _view(parent: QWidget, model: ImageModel) -> QTableView:
    """Make the list: a table of one column, since a list view asks the model about every row."""
    view = QTableView(parent)
    view.setAccessibleName(tr("Images"))
    view.setModel(model)
    view.setItemDelegate(ImageDelegate(view))
    # A table paints a chosen row before its delegate does.
    view.setStyleSheet("QTableView { selection-background-color: transparent; }")
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.horizontalHeader().hide()
    view.horizontalHeader().setStretchLastSection(True)
    rows = view.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(ROW_HEIGHT)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setMouseTracking(True)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return view
