"""The page before any project: recent ones, a folder, the demo, the tour."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.panels.keyed import keyed
from cascadeclip.app.panels.pieces import quiet_label
from cascadeclip.app.theme import icon
from cascadeclip.app.translation import mark, tr

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cascadeclip.app.presenters.recent_cards import Card

WELCOME = mark("Segment images by words")
EXPLANATION = mark(
    "Open a folder of images, type what you want to find, and click the masks you agree with. "
    "Everything stays on this computer."
)
SIGHT = mark(
    "The bundled model knows only drawn scenes, not photographs. It is there to try the work; "
    "photographs need a larger model."
)
CARD_HEIGHT, PICTURE = 64, QSize(72, 48)


class RecentCard(QPushButton):
    """Show one project: a small view, its name, its folder, how far it is."""

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self._image: QImage | None = None
        self._progress: tuple[int, int] | None = None
        self._said = ""
        self.setMinimumHeight(CARD_HEIGHT)
        self.setToolTip(str(folder))
        self.setAccessibleName(tr("Open {name}", name=folder.name))

    @property
    def said(self) -> str:
        """Give how far the project is, in words."""
        return self._said

    def show_card(self, card: Card) -> None:
        """Show how far the project is, and one of its images."""
        if card.small is not None:
            self._image = image_of(card.small)
        found = card.glance
        if found is not None:
            self._progress = (found.reviewed, found.images)
            self._said = tr(
                "{reviewed} of {images} reviewed, {masks} masks",
                reviewed=f"{found.reviewed:,}",
                images=f"{found.images:,}",
                masks=f"{found.masks:,}",
            )
            self.setAccessibleDescription(self._said)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button, then the card on it."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        colours = self.palette()
        frame = QRectF(8, (self.height() - PICTURE.height()) / 2, PICTURE.width(), PICTURE.height())
        if self._image is None:
            icon("project").paint(painter, frame.adjusted(24, 12, -24, -12).toRect())
        else:
            size = QSize(self._image.size()).scaled(PICTURE, Qt.AspectRatioMode.KeepAspectRatio)
            target = QRectF(0, 0, size.width(), size.height())
            target.moveCenter(frame.center())
            painter.drawImage(target, self._image)
        left, width = frame.right() + 12, self.width() - frame.right() - 24
        lines = (
            (10.0, colours.text().color(), self.folder.name),
            (28.0, colours.placeholderText().color(), self._said or str(self.folder.parent)),
        )
        metrics = self.fontMetrics()
        for top, colour, text in lines:
            painter.setPen(colour)
            short = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, int(width))
            painter.drawText(QRectF(left, top, width, 18), short)
        self._paint_progress(painter, QRectF(left, self.height() - 14, width, 4))

    def _paint_progress(self, painter: QPainter, place: QRectF) -> None:
        if self._progress is None or not self._progress[1]:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self.palette().mid())
        painter.drawRoundedRect(place, 2, 2)
        painter.setBrush(self.palette().highlight())
        place.setWidth(place.width() * self._progress[0] / self._progress[1])
        painter.drawRoundedRect(place, 2, 2)


class StartPage(QWidget):
    """Offer what can be opened.

    Signals: `folder_wanted`, `project_wanted`, `demo_wanted`, `tour_wanted`; `recent_wanted` with
    a path.
    """

    folder_wanted = Signal()
    project_wanted = Signal()
    demo_wanted = Signal()
    tour_wanted = Signal()
    recent_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("start")
        self.cards: dict[Path, RecentCard] = {}
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addStretch(2)
        heading = QLabel(tr(WELCOME), self)
        heading.setProperty("heading", True)
        column.addWidget(heading)
        column.addWidget(self._quiet(tr(EXPLANATION)))
        column.addSpacing(16)
        column.addLayout(self._buttons())
        column.addSpacing(24)
        self._recent_title = QLabel(tr("Recent projects"), self)
        column.addWidget(self._recent_title)
        column.addWidget(self._recent_area(), 6)
        column.addStretch(1)
        column.addWidget(self._quiet(tr(SIGHT)))
        column.addSpacing(24)
        holder = QWidget(self)
        holder.setLayout(column)
        holder.setMaximumWidth(640)
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(holder, 4)
        outer.addStretch(1)

    def show_recent(self, folders: tuple[Path, ...]) -> None:
        """List these project folders; `show_card` says more about each."""
        if tuple(self.cards) == folders:
            return
        for card in self.cards.values():
            self._recent.removeWidget(card)
            card.deleteLater()
        self.cards = {}
        self._recent_title.setVisible(bool(folders))
        self._area.setVisible(bool(folders))
        for at, folder in enumerate(folders):
            card = self.cards[folder] = RecentCard(folder, self)
            card.clicked.connect(self._opening(folder))
            self._recent.insertWidget(at, card)

    def show_card(self, card: Card) -> None:
        """Say more about one of the projects."""
        if card.folder in self.cards:
            self.cards[card.folder].show_card(card)

    def _recent_area(self) -> QScrollArea:
        holder = QWidget(self)
        self._recent = QVBoxLayout(holder)
        self._recent.setContentsMargins(0, 0, 8, 0)
        self._recent.setSpacing(8)
        self._recent.addStretch(1)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setAccessibleName(tr("Recent projects"))
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(holder)
        return self._area

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        offers = (
            (tr("Open folder"), "folder", tr("Open a folder of images"), self.folder_wanted),
            (
                tr("Try the demo"),
                "demo",
                tr("Draw some small scenes and open them"),
                self.demo_wanted,
            ),
            (tr("Open project"), "project", tr("Open a project folder"), self.project_wanted),
            (tr("Two-minute tour"), "tour", tr("Be shown around, on the demo"), self.tour_wanted),
        )
        for text, name, tip, signal in offers:
            button = QPushButton(icon(name), text, self)
            button.setObjectName(f"start_{name}")
            button.setIconSize(QSize(20, 20))
            keyed(button, "tour" if name == "tour" else f"open_{name}", tip)
            button.clicked.connect(signal)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _quiet(self, text: str) -> QLabel:
        label = quiet_label(text, self)
        label.setAlignment(Qt.AlignmentFlag.AlignLeft)
        return label

    def _opening(self, folder: Path) -> Callable[[], None]:
        return lambda: self.recent_wanted.emit(folder)


def image_of(pixels: NDArray[np.uint8]) -> QImage:
    """Copy HxWx3 pixels into an image of Qt's."""
    height, width = pixels.shape[:2]
    kind = QImage.Format.Format_RGB888
    return QImage(pixels.tobytes(), width, height, 3 * width, kind).copy()
