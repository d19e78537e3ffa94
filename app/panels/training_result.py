"""How a run ended: the table a person decides by, the images that went worst, and two buttons."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.panels.wording import percent
from cascadeclip.app.presenters.training import Result
from cascadeclip.app.sayings import said
from cascadeclip.app.training import Compared, picture_name
from cascadeclip.app.translation import tr

SHOWN, MIXED_UP = 3, 2
ROW_HEIGHT = 24


class Shrinking(QWidget):
    """Show a picture no wider than there is room; it asks for none itself."""

    def __init__(self, picture: QPixmap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = picture
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """Keep the picture's shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return how high the picture is in so much room."""
        wide = min(width, self.picture.width())
        return max(1, round(wide * self.picture.height() / self.picture.width()))

    def sizeHint(self) -> QSize:
        """Want the picture's own size."""
        return self.picture.size()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        wide = min(self.width(), self.picture.width())
        painter.drawPixmap(QRect(0, 0, wide, self.heightForWidth(wide)), self.picture)


class ResultPage(QWidget):
    """Show before and after, and let the person overrule.

    Signals: `activated` and `kept` when a button is pressed, `again` for another run.
    """

    activated = Signal()
    kept = Signal()
    again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.said = _wrapped(self)
        self.more = _wrapped(self)
        self.more.setProperty("quiet", True)
        self.table = _table(self)
        self.pictures = QVBoxLayout()
        self.activate_button = _button(self, tr("Use it"), tr("Use the new version from now on"))
        self.keep_button = _button(
            self, tr("Keep the old one"), tr("Go on with the model from before")
        )
        self.again_button = _button(
            self, tr("Another run"), tr("Choose how to learn, and train again")
        )
        self.activate_button.clicked.connect(self.activated)
        self.keep_button.clicked.connect(self.kept)
        self.again_button.clicked.connect(self.again)
        self._lay_out()

    def _lay_out(self) -> None:
        inner = QWidget(self)
        content = QVBoxLayout(inner)
        content.setContentsMargins(12, 8, 12, 8)
        content.setSpacing(8)
        for widget in (self.said, self.table, self.more):
            content.addWidget(widget)
        content.addLayout(self.pictures)
        content.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setAccessibleName(tr("What training changed"))
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # in two rows: one would make a narrow window wider
        buttons = QGridLayout()
        buttons.setContentsMargins(12, 0, 12, 12)
        buttons.addWidget(self.activate_button, 0, 0)
        buttons.addWidget(self.keep_button, 0, 1)
        buttons.addWidget(self.again_button, 1, 0, 1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll, 1)
        layout.addLayout(buttons)

    def show_result(self, result: Result) -> None:
        """Show one run's end."""
        used = result.version.active
        verdict = tr("The new version is in use") if used else tr("The old model stays in use")
        self.said.setText(f"<b>{verdict}</b>: {said(result.reason)}")
        self.activate_button.setEnabled(not used)
        self.activate_button.setText(tr("In use") if used else tr("Use it anyway"))
        self.keep_button.setEnabled(used)
        self._fill_table(result)
        self.more.setText(in_words(result.compared) if result.compared else "")
        self.more.setVisible(result.compared is not None)
        self._show_pictures(result)

    def _fill_table(self, result: Result) -> None:
        protected = set(result.compared.protected) if result.compared else set()
        rows = [(tr("All words"), result.before, result.after), *result.words]
        self.table.setRowCount(len(rows))
        for row, (word, before, after) in enumerate(rows):
            gain = None if before is None or after is None else after - before
            name = tr("{word} (not corrected)", word=word) if word in protected else word
            texts = [name, percent(before), percent(after), percent(gain, signed=True)]
            for column, text in enumerate(texts):
                self.table.setItem(row, column, _item(text, column=column, bold=row == 0))
        high = self.table.horizontalHeader().sizeHint().height() + ROW_HEIGHT * len(rows) + 4
        self.table.setFixedHeight(high)

    def _show_pictures(self, result: Result) -> None:
        while (old := self.pictures.takeAt(0)) is not None:
            widget = old.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, before, after in (result.compared.worst if result.compared else [])[:SHOWN]:
            picture = QPixmap(str(Path(result.version.folder) / picture_name(int(number))))
            if picture.isNull():
                continue
            right = tr(
                "{before} % right before, {after} % after",
                before=f"{100 * before:.0f}",
                after=f"{100 * after:.0f}",
            )
            told = _wrapped(self)
            told.setText(tr("Yours, before, after: {right}", right=right))
            self.pictures.addWidget(told)
            shown = Shrinking(picture, self)
            shown.setAccessibleName(
                tr("Image {number}: {right}", number=f"{number:.0f}", right=right)
            )
            self.pictures.addWidget(shown)


def in_words(compared: Compared) -> str:
    """Say what else was measured, in a few short sentences."""
    before, after = compared.boundary
    lines = [
        tr(
            "Outlines within 2 pixels: {before} before, {after} after.",
            before=percent(before),
            after=percent(after),
        )
    ]
    lines += [
        tr(
            "{true} is taken for {said} on {share} % of its pixels.",
            true=true,
            said=said,
            share=f"{100 * float(share):.0f}",
        )
        for true, said, share in compared.confused[:MIXED_UP]
    ]
    same = percent(compared.agreement)
    lines.append(
        tr("Words without corrections answer as before on {same} % of other images.", same=same)
    )
    if compared.share < 1:
        lines.append(
            tr(
                "It goes {share} % of the way to what was trained.",
                share=f"{100 * compared.share:.0f}",
            )
        )
    return " ".join(lines)


def _wrapped(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    return label


def _button(parent: QWidget, text: str, tip: str) -> QPushButton:
    button = QPushButton(text, parent)
    button.setToolTip(tip)
    button.setObjectName(text.lower().replace(" ", "_"))
    return button


def _table(parent: QWidget) -> QTableWidget:
    table = QTableWidget(0, 4, parent)
    table.setHorizontalHeaderLabels([tr("mIoU, %"), tr("Before"), tr("After"), tr("Gain")])
    table.setAccessibleName(tr("Before and after"))
    table.setToolTip(tr("Measured before and after on the same images, which training never saw"))
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setShowGrid(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
    header = table.horizontalHeader()
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for column in (1, 2, 3):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
    return table


def _item(text: str, *, column: int, bold: bool) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    font = item.font()
    font.setBold(bold)
    item.setFont(font)
    return item
