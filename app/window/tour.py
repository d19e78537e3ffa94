"""A short tour: a frame around a part of the real window, and a card that says what it is for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cascadeclip.app.translation import tr

CARD_WIDTH, GAP = 340, 16
SHADE = QColor(0, 0, 0, 90)


@dataclass(frozen=True, slots=True)
class Stop:
    """Hold one stop: which part of the window, a title, and what is done there."""

    part: Callable[[], QWidget | None]
    title: str
    text: str


class Shade(QWidget):
    """Darken the window but for one part; clicks go through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hole = QRect()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the shade around the part, and a frame."""
        painter = QPainter(self)
        above = QRect(0, 0, self.width(), self.hole.top())
        below = QRect(0, self.hole.bottom() + 1, self.width(), self.height())
        left = QRect(0, self.hole.top(), self.hole.left(), self.hole.height())
        right = QRect(self.hole.right() + 1, self.hole.top(), self.width(), self.hole.height())
        for part in (above, below, left, right):
            painter.fillRect(part, SHADE)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().highlight().color(), 3))
        painter.drawRoundedRect(self.hole.adjusted(1, 1, -1, -1), 6, 6)


class Tour(QFrame):
    """Walk a person from stop to stop; the window stays usable meanwhile.

    Signals: `ended` when it is over, skipped or not.
    """

    ended = Signal()

    def __init__(self, window: QWidget, stops: tuple[Stop, ...]) -> None:
        super().__init__(window)
        self.setObjectName("tour")
        self.setProperty("card", True)
        self.setFixedWidth(CARD_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._window, self._stops, self.at = window, stops, 0
        self._shade = Shade(window)
        self.title, self.text, self._count = QLabel(self), QLabel(self), QLabel(self)
        self.title.setProperty("heading", True)
        self.text.setWordWrap(True)
        self._count.setProperty("quiet", True)
        self.skip, self.back = QPushButton(tr("Skip"), self), QPushButton(tr("Back"), self)
        self.next = QPushButton(tr("Next"), self)
        self.next.setProperty("primary", True)
        self._lay_out()
        self.skip.clicked.connect(self.end)
        self.back.clicked.connect(lambda: self.go(self.at - 1))
        self.next.clicked.connect(lambda: self.go(self.at + 1))
        window.installEventFilter(self)
        self._shade.show()
        self.show()
        self.go(0)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        layout.addWidget(self.text)
        row = QHBoxLayout()
        row.addWidget(self._count)
        row.addStretch(1)
        for button in (self.skip, self.back, self.next):
            row.addWidget(button)
        layout.addLayout(row)

    def go(self, at: int) -> None:
        """Go to a stop by its number; past the last one the tour is over."""
        if at >= len(self._stops):
            self.end()
            return
        self.at = max(at, 0)
        stop = self._stops[self.at]
        self.title.setText(stop.title)
        self.text.setText(stop.text)
        self._count.setText(tr("{at} of {count}", at=self.at + 1, count=len(self._stops)))
        self.back.setEnabled(self.at > 0)
        last = self.at == len(self._stops) - 1
        self.next.setText(tr("Done") if last else tr("Next"))
        self.setAccessibleName(stop.title)
        self.setAccessibleDescription(stop.text)
        self._place()
        self.next.setFocus()

    def end(self) -> None:
        """Take the tour away."""
        self._window.removeEventFilter(self)
        self._shade.deleteLater()
        self.deleteLater()
        self.hide()
        self._shade.hide()
        self.ended.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the part when the window changes its size."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Skip with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.end()
        else:
            super().keyPressEvent(event)

    def _place(self) -> None:
        part = self._stops[self.at].part()
        whole = self._window.rect()
        hole = QRect()
        if part is not None and part.isVisible():
            hole = QRect(part.mapTo(self._window, QPoint(0, 0)), part.size())
        self._shade.setGeometry(whole)
        self._shade.hole = hole.intersected(whole)
        self._shade.update()
        self.adjustSize()
        self.move(beside(hole, self.rect(), whole))
        self._shade.raise_()
        self.raise_()


def beside(part: QRect, card: QRect, whole: QRect) -> QPoint:
    """Find a place for a card next to a part of the window: below, above, left, right, inside."""
    width, height = card.width(), card.height()
    across = min(max(part.center().x() - width // 2, GAP), whole.width() - width - GAP)
    down = min(max(part.center().y() - height // 2, GAP), whole.height() - height - GAP)
    choices = (
        QPoint(across, part.bottom() + GAP),
        QPoint(across, part.top() - GAP - height),
        QPoint(part.left() - GAP - width, down),
        QPoint(part.right() + GAP, down),
    )
    for at in choices:
        if whole.contains(QRect(at, card.size())):
            return at
    return QPoint((whole.width() - width) // 2, whole.height() - height - 4 * GAP)
