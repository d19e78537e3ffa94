"""Maps over the open image, side by side: what the model sees."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.canvas.layers import Pixels
from cascadeclip.app.presenters.sight import Picture
from cascadeclip.app.translation import tr

Rgb = NDArray[np.uint8]
SIDE = 140
COLUMNS = 4
STEP = 0.05
ARROWS = {
    Qt.Key.Key_Left: (-STEP, 0.0),
    Qt.Key.Key_Right: (STEP, 0.0),
    Qt.Key.Key_Up: (0.0, -STEP),
    Qt.Key.Key_Down: (0.0, STEP),
}


class MapView(QWidget):
    """Show one map over a small grey image.

    Signals: `pointed` with x and y of 0..1 where it was clicked, or moved to with the arrows.
    """

    pointed = Signal(float, float)

    def __init__(self, parent: QWidget | None = None, *, clickable: bool = False) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._title = ""
        self._clickable = clickable
        self.point: tuple[float, float] | None = None
        self.setMinimumSize(QSize(72, 64))
        if clickable:
            self.setCursor(Qt.CursorShape.CrossCursor)
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def shown(self) -> bool:
        """Return whether there is a map."""
        return self._image is not None

    def show_picture(self, picture: Picture, small: Rgb) -> None:
        """Show a map over the image, hxwx3 and small already."""
        self._image = blended(picture, small)
        self._title = picture.title
        self.setAccessibleName(picture.title or tr("Uncertainty"))
        self.update()

    def heightForWidth(self, width: int) -> int:
        """Keep the shape of the image."""
        if self._image is None:
            return SIDE
        return 20 + round(width * self._image.height() / max(self._image.width(), 1))

    def hasHeightForWidth(self) -> bool:
        """Say that the height follows the width."""
        return True

    def sizeHint(self) -> QSize:
        """Ask for a fair size."""
        return QSize(SIDE, self.heightForWidth(SIDE))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint title, map and the chosen place."""
        painter = QPainter(self)
        painter.setPen(self.palette().placeholderText().color())
        painter.drawText(QRectF(0, 0, self.width(), 18), self._title)
        if self._image is None:
            return
        place = self._place()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._image)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().highlight().color(), 2))
            painter.drawRect(place)
        if self.point is not None:
            at = QPointF(
                place.x() + self.point[0] * place.width(),
                place.y() + self.point[1] * place.height(),
            )
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for colour, width in ((QColor("black"), 4.0), (QColor("white"), 2.0)):
                painter.setPen(QPen(colour, width))
                painter.drawEllipse(at, 5, 5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the patch here."""
        place = self._place()
        if self._clickable and place.contains(event.position()):
            x = (event.position().x() - place.x()) / place.width()
            y = (event.position().y() - place.y()) / place.height()
            self.pointed.emit(x, y)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the chosen place with the arrows."""
        step = ARROWS.get(Qt.Key(event.key()))
        if step is None or self.point is None:
            super().keyPressEvent(event)
            return
        self.pointed.emit(self.point[0] + step[0], self.point[1] + step[1])

    def _place(self) -> QRectF:
        if self._image is None:
            return QRectF()
        room = QRectF(0, 20, self.width(), self.height() - 20)
        scale = min(room.width() / self._image.width(), room.height() / self._image.height())
        return QRectF(0, 20, self._image.width() * scale, self._image.height() * scale)


class SightPanel(QWidget):
    """Show the likeness of patches, the stages of a word, and doubt.

    Signals: `pointed` with x, y of 0..1; `word_chosen` with a word's name.
    """

    pointed = Signal(float, float)
    word_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._small: Rgb | None = None
        self.point = (0.5, 0.5)
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.said.setContentsMargins(12, 8, 12, 8)
        self.said.setProperty("quiet", True)
        self.words = QComboBox(self)
        self.words.setAccessibleName(tr("Word whose maps are shown"))
        self.words.textActivated.connect(self.word_chosen)
        self.likeness, self.stages, self.doubt = (QGridLayout() for _ in range(3))
        for column in range(1, 3):
            self.doubt.setColumnStretch(column, 1)
        body = QWidget(self)
        layout = QVBoxLayout(body)
        layout.setContentsMargins(12, 8, 12, 8)
        self._section(layout, tr("Which patches are like the one you click"), self.likeness)
        row = QHBoxLayout()
        row.addWidget(QLabel(f"<b>{tr('What the decoders make of')}</b>", self))
        row.addWidget(self.words, 1)
        layout.addLayout(row)
        layout.addLayout(self.stages)
        self._section(layout, tr("Where the model is unsure"), self.doubt)
        layout.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(body)
        self._scroll.setAccessibleName(tr("What the model sees"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.said)
        outer.addWidget(self._scroll, 1)

    def _section(self, layout: QVBoxLayout, title: str, grid: QGridLayout) -> None:
        heading = QLabel(f"<b>{title}</b>", self)
        heading.setWordWrap(True)
        layout.addWidget(heading)
        layout.addLayout(grid)

    def show_image(self, pixels: Pixels | None) -> None:
        """Take this image, HxWx3, to show the maps over."""
        self._small = None if pixels is None else shrunk(pixels)

    def show_words(self, names: tuple[str, ...], chosen: str) -> None:
        """Offer these words."""
        if [self.words.itemText(at) for at in range(self.words.count())] != list(names):
            self.words.clear()
            self.words.addItems(names)
        self.words.setCurrentText(chosen)

    def show_likeness(self, pictures: tuple[Picture, ...], point: tuple[float, float]) -> None:
        """Show how alike all patches are to the chosen one."""
        for view in self._fill(self.likeness, pictures, clickable=True):
            view.point = point
            view.update()

    def show_stages(self, pictures: tuple[Picture, ...]) -> None:
        """Show the stages' maps of a word and their sum."""
        self._fill(self.stages, pictures)

    def show_doubt(self, picture: Picture | None) -> None:
        """Show where the model is unsure."""
        self._fill(self.doubt, () if picture is None else (picture,))

    def say(self, sentence: str) -> None:
        """Say why there is nothing to see; empty when there is."""
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))
        self._scroll.setVisible(not sentence)

    def views(self, grid: QGridLayout) -> list[MapView]:
        """List the maps of one section."""
        found = (grid.itemAt(at) for at in range(grid.count()))
        widgets = (item.widget() for item in found if item is not None)
        return [widget for widget in widgets if isinstance(widget, MapView)]

    def _fill(
        self, grid: QGridLayout, pictures: tuple[Picture, ...], *, clickable: bool = False
    ) -> list[MapView]:
        views = self.views(grid)
        while len(views) > len(pictures):
            views.pop().deleteLater()
        while len(views) < len(pictures):
            view = MapView(self, clickable=clickable)
            view.pointed.connect(self.pointed)
            grid.addWidget(view, len(views) // COLUMNS, len(views) % COLUMNS)
            grid.setColumnStretch(len(views) % COLUMNS, 1)
            views.append(view)
        if self._small is not None:
            for view, picture in zip(views, pictures, strict=True):
                view.show_picture(picture, self._small)
        return views


def shrunk(pixels: Pixels) -> Rgb:
    """Make HxWx3 pixels small and pale enough to show a map over."""
    height, width = pixels.shape[:2]
    step = max(1, max(height, width) // (4 * SIDE))
    rough = np.ascontiguousarray(pixels[::step, ::step])
    factor = min(1.0, 2 * SIDE / max(rough.shape[:2]))
    size = (max(1, round(rough.shape[1] * factor)), max(1, round(rough.shape[0] * factor)))
    grey = cv2.cvtColor(cv2.resize(rough, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    return np.repeat(np.asarray(grey, np.uint8)[..., None], 3, axis=2)


def blended(picture: Picture, small: Rgb) -> QImage:
    """Colour a map from its low to its high value and lay it over the small grey image."""
    height, width = small.shape[:2]
    level = (picture.values - picture.low) / max(picture.high - picture.low, 1e-9)
    level = np.clip(level * 255, 0, 255).astype(np.uint8)
    coloured = cv2.applyColorMap(level, cv2.COLORMAP_VIRIDIS)[..., ::-1]
    large = cv2.resize(
        np.ascontiguousarray(coloured), (width, height), interpolation=cv2.INTER_LINEAR
    )
    mixed = (0.35 * small + 0.65 * large).astype(np.uint8)
    return QImage(mixed.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
