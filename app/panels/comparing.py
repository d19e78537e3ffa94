"""Two model versions side by side on the open image."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.canvas.shapes import score_text
from cascadeclip.app.presenters.comparing import Comparison, Seen
from cascadeclip.app.translation import tr


class Picture(QWidget):
    """Show a picture as large as there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 180)

    def sizeHint(self) -> QSize:
        """Ask for enough to tell outlines apart."""
        return QSize(460, 420)

    def show_pixels(self, pixels: NDArray[np.uint8] | None) -> None:
        """Show pixels HxWx3, or nothing."""
        self.image = None
        if pixels is not None:
            height, width = pixels.shape[:2]
            kept = np.ascontiguousarray(pixels)
            made = QImage(kept.data, width, height, 3 * width, QImage.Format.Format_RGB888)
            self.image = made.copy()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture in the middle."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().alternateBase())
        if self.image is None:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(QRectF(self.rect()).center())
        painter.drawImage(place, self.image)


class CompareDialog(QDialog):
    """Choose two versions and see what each would suggest.

    Signals: `wanted` with two version numbers.
    """

    wanted = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compare")
        self.setWindowTitle(tr("Compare two versions"))
        self.choices = (QComboBox(self), QComboBox(self))
        self.pictures = (Picture(self), Picture(self))
        self.facts = (QLabel(self), QLabel(self))
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        grid = QGridLayout()
        grid.setSpacing(8)
        for at, side in enumerate((tr("Left"), tr("Right"))):
            self.choices[at].setAccessibleName(tr("{side} version", side=side))
            self.pictures[at].setAccessibleName(tr("{side} picture", side=side))
            self.facts[at].setProperty("quiet", True)
            grid.addWidget(self.choices[at], 0, at)
            grid.addWidget(self.pictures[at], 1, at)
            grid.addWidget(self.facts[at], 2, at)
            grid.setColumnStretch(at, 1)
            self.choices[at].activated.connect(self._choose)
        grid.setRowStretch(1, 1)
        close = QPushButton(tr("Close"), self)
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addLayout(grid, 1)
        layout.addWidget(self.said)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.resize(980, 640)

    def show_versions(self, versions: list[tuple[int, str]], first: int, second: int) -> None:
        """Offer these versions, of which two are chosen."""
        for box, chosen in zip(self.choices, (first, second), strict=True):
            box.clear()
            for number, name in versions:
                box.addItem(name, number)
            box.setCurrentIndex(box.findData(chosen))

    def show_waiting(self, text: str) -> None:
        """Say what is under way, or what is lacking."""
        self.said.setText(text)
        for picture, facts in zip(self.pictures, self.facts, strict=True):
            picture.show_pixels(None)
            facts.setText("")

    def show_comparison(self, comparison: Comparison) -> None:
        """Show the two."""
        for at, one in enumerate((comparison.first, comparison.second)):
            self.pictures[at].show_pixels(one.picture)
            self.facts[at].setText(facts_of(one))
        self.said.setText(
            tr(
                "The two say the same on {value} % of the pixels.",
                value=f"{100 * comparison.same:.0f}",
            )
        )

    def _choose(self) -> None:
        first, second = (box.currentData() for box in self.choices)
        self.wanted.emit(first, second)


def facts_of(one: Seen) -> str:
    """Say how much a version sees, and how sure it is."""
    if not one.suggestions:
        return tr("Nothing above the threshold")
    many = (
        tr("1 suggestion")
        if one.suggestions == 1
        else tr("{count} suggestions", count=one.suggestions)
    )
    score = score_text(one.mean_score)
    return tr(
        "{many}, mean score {score}, on {share} % of the image",
        many=many,
        score=score,
        share=f"{100 * one.share:.0f}",
    )
