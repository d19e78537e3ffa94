"""The chips of the word field: one for each word, to choose, change and drag."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from cascadeclip.app.canvas.shapes import score_text
from cascadeclip.app.translation import mark, tr

CHIP_HEIGHT = 30
UNKNOWN = mark("unknown to this model")
TRAINED, ZERO_SHOT, NEGATIVE = mark("trained"), mark("zero-shot"), mark("negative")
DRAGGED = 4  # pixels beside the pointer, so that what lies below can be seen


@dataclass(frozen=True, slots=True)
class WordFacts:
    """Hold what a chip shows; `trained` is None while no model has spoken.

    What is not `known` the model cannot read at all; what is `hidden` is not drawn on the image.
    `threshold` (0..1) is the word's own.
    """

    class_id: int
    name: str
    phrases: tuple[str, ...]
    colour: str
    count: int
    negative: bool
    trained: bool | None
    chosen: bool
    key: str
    known: bool = True
    hidden: bool = False
    threshold: float | None = None

    @property
    def text(self) -> str:
        """Give the word as it reads on the chip."""
        return ("-" if self.negative else "") + self.name

    @property
    def more(self) -> str:
        """Give the word's count of masks on the image, nothing for none."""
        return str(self.count or "")

    @property
    def badge(self) -> str:
        """Say what the dot on the chip shows, before translation; empty while no model has spoken.

        It is one of TRAINED, ZERO_SHOT, UNKNOWN and NEGATIVE.
        """
        if self.negative:
            return NEGATIVE
        if self.trained is None:
            return ""
        if not self.known:
            return UNKNOWN
        return TRAINED if self.trained else ZERO_SHOT

    @property
    def explanation(self) -> str:
        """Say in a tooltip what the signs on the chip mean."""
        lines = [" | ".join(self.phrases)]
        if self.badge:
            lines.append(tr(_MEANINGS[self.badge]))
        if self.threshold is not None:
            own = score_text(self.threshold)
            lines.append(tr("Threshold of its own: {threshold}", threshold=own))
        if self.hidden:
            lines.append(tr("Hidden on the image; its masks are all there"))
        if self.key:
            lines.append(tr("Key {key}", key=self.key))
        lines.append(tr("F2 or right click: change. Drag, or Ctrl with an arrow: move"))
        lines.append(tr("Middle click: hide or show on the image"))
        return "\n".join(lines)


_MEANINGS = {
    TRAINED: mark("Filled dot: the model was trained on it"),
    ZERO_SHOT: mark("Ring: zero-shot, never trained on it"),
    UNKNOWN: mark(
        "Question mark: the model in use has never read this word; what it finds is chance"
    ),
    NEGATIVE: mark("Negative: takes pixels away from other words, never suggested"),
}
_ARROWS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class Chip(QAbstractButton):
    """Show one word: key, colour, name, count.

    The dot is filled when the model was trained on the word, a ring when not, and a question mark
    where it cannot read it. Signals: `asked` with the place on the screen when the word is to be
    changed; `hidden` when it is to be hidden or shown; `stepped` with -1 or 1 to move it; `dragged`
    and `dropped` with the pointer's place on the screen.
    """

    asked = Signal(QPoint)
    hidden = Signal()
    stepped = Signal(int)
    dragged = Signal(QPoint)
    dropped = Signal(QPoint)

    def __init__(self, facts: WordFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._pressed: QPoint | None = None
        self.dragging = False
        self.facts = facts
        self.show_facts(facts)

    def show_facts(self, facts: WordFacts) -> None:
        """Show these facts from now on."""
        self.facts = facts
        self.setToolTip(facts.explanation)
        parts = [tr(facts.badge)] if facts.badge else []
        one = facts.count == 1
        parts.append(
            tr("1 mask on this image") if one else tr("{n} masks on this image", n=facts.count)
        )
        if facts.hidden:
            parts.append(tr("hidden"))
        self.setAccessibleName(", ".join((facts.name, *parts)))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Give the room that key, dot, word and count need."""
        metrics = QFontMetrics(self.font())
        width = 12 + 20 + metrics.horizontalAdvance(self.facts.text) + 12
        width += metrics.horizontalAdvance(self.facts.key) + 8 if self.facts.key else 0
        width += metrics.horizontalAdvance(self.facts.more) + 6 if self.facts.more else 0
        return QSize(width, CHIP_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Never cut a word."""
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        """Keep F2 for the word, whatever it does elsewhere."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F2:
            event.accept()
            if event.type() is QEvent.Type.ShortcutOverride:
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the word on F2, move it with Ctrl and an arrow."""
        arrow = _ARROWS.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_F2:
            self._ask(self.rect().bottomLeft())
        elif arrow and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.stepped.emit(arrow)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a drag would begin."""
        if event.button() is Qt.MouseButton.MiddleButton:
            self.hidden.emit()
            return
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the chip once the pointer has gone a little way."""
        at = event.position().toPoint()
        if self._pressed is not None and not self.dragging:
            way = (at - self._pressed).manhattanLength()
            self.dragging = way >= QApplication.startDragDistance()
        if self.dragging:
            self.setDown(False)
            self.dragged.emit(event.globalPosition().toPoint())
            self.update()
            return
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Drop the chip, or press it."""
        dragging, self.dragging, self._pressed = self.dragging, False, None
        if dragging:
            self.setDown(False)
            self.update()
            self.dropped.emit(event.globalPosition().toPoint())
            return
        super().mouseReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chip."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.dragging:
            painter.setOpacity(0.4)
        self._paint_plate(painter)
        quiet = self.palette().placeholderText().color()
        x = 12.0
        if self.facts.key:
            x = self._write(painter, self.facts.key, x, quiet) + 8
        self._paint_dot(painter, QPointF(x + 6, self.height() / 2))
        text = quiet if self.facts.hidden else self.palette().text().color()
        start, x = x + 20, self._write(painter, self.facts.text, x + 20, text)
        if self.facts.hidden:
            middle = self.height() / 2 + 1
            painter.drawLine(QPointF(start, middle), QPointF(x, middle))
        if self.facts.more:
            self._write(painter, self.facts.more, x + 6, quiet)

    def _paint_plate(self, painter: QPainter) -> None:
        colours = self.palette()
        edge = QColor(self.facts.colour) if self.facts.chosen else colours.mid().color()
        pen = QPen(edge, 2 if self.facts.chosen or self.hasFocus() else 1)
        if self.facts.hidden:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(colours.midlight() if self.underMouse() else colours.base())
        plate = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(plate, plate.height() / 2, plate.height() / 2)

    def _paint_dot(self, painter: QPainter, at: QPointF) -> None:
        colour = QColor(self.facts.colour)
        if self.facts.badge == UNKNOWN:
            painter.setPen(colour)
            font = painter.font()
            bold = painter.font()
            bold.setBold(True)
            painter.setFont(bold)
            painter.drawText(QRectF(at.x() - 6, 0, 12, self.height()), _MIDDLE, "?")
            painter.setFont(font)
            return
        hollow = self.facts.trained is False and not self.facts.negative
        painter.setPen(QPen(colour, 2.5))
        painter.setBrush(Qt.BrushStyle.NoBrush if hollow else colour)
        painter.drawEllipse(at, 5, 5)
        if self.facts.negative:
            painter.setPen(QPen(self.palette().base().color(), 2))
            painter.drawLine(at - QPointF(3, 0), at + QPointF(3, 0))

    def _write(self, painter: QPainter, text: str, x: float, colour: QColor) -> float:
        painter.setPen(colour)
        width = QFontMetrics(self.font()).horizontalAdvance(text)
        place = QRectF(x, 0, width + 2, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
        return x + width

    def _ask(self, at: QPoint) -> None:
        self.asked.emit(self.mapToGlobal(at))


_MIDDLE = Qt.AlignmentFlag.AlignCenter
