"""The word field: a chip for every word, and the place to type the next one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QWidget

from cascadeclip.app.panels.fields import TextField
from cascadeclip.app.panels.flow import FlowLayout
from cascadeclip.app.panels.keyed import keyed

CHIP_HEIGHT = 30
HINT = "Type what you want to find, such as: cat, grass, road | street"
NEXT_HINT = "Type a word"


@dataclass(frozen=True, slots=True)
class WordFacts:
    """Hold what a chip shows; `trained` is None while no model has spoken."""

    class_id: int
    name: str
    phrases: tuple[str, ...]
    colour: str
    count: int
    negative: bool
    trained: bool | None
    chosen: bool
    key: str

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
        """Say what the dot on the chip shows; empty while no model has spoken."""
        if self.negative:
            return "negative"
        return "" if self.trained is None else "trained" if self.trained else "zero-shot"

    @property
    def explanation(self) -> str:
        """Say in a tooltip what the signs on the chip mean."""
        lines = [" | ".join(self.phrases)]
        if self.negative:
            lines.append("Negative: takes pixels away from other words, never suggested")
        elif self.trained is not None:
            dot = "Filled dot: the model was trained on it"
            lines.append(dot if self.trained else "Ring: zero-shot, never trained on it")
        if self.key:
            lines.append(f"Key {self.key}")
        lines.append("F2 or right click: change")
        return "\n".join(lines)


class Chip(QAbstractButton):
    """Show one word: key, colour (filled when trained, a ring when not), name, count.

    Signals: `asked` with the place on the screen when its menu is wanted.
    """

    asked = Signal(QPoint)

    def __init__(self, facts: WordFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.facts = facts
        self.show_facts(facts)

    def show_facts(self, facts: WordFacts) -> None:
        """Show these facts from now on."""
        self.facts = facts
        self.setToolTip(facts.explanation)
        badge = f"{facts.badge}, " if facts.badge else ""
        masks = "1 mask" if facts.count == 1 else f"{facts.count} masks"
        self.setAccessibleName(f"{facts.name}, {badge}{masks} on this image")
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the menu on F2."""
        if event.key() == Qt.Key.Key_F2:
            self._ask(self.rect().bottomLeft())
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chip."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_plate(painter)
        quiet = self.palette().placeholderText().color()
        x = 12.0
        if self.facts.key:
            x = self._write(painter, self.facts.key, x, quiet) + 8
        self._paint_dot(painter, QPointF(x + 6, self.height() / 2))
        text = self.palette().text().color()
        x = self._write(painter, self.facts.text, x + 20, text)
        if self.facts.more:
            self._write(painter, self.facts.more, x + 6, quiet)

    def _paint_plate(self, painter: QPainter) -> None:
        colours = self.palette()
        edge = QColor(self.facts.colour) if self.facts.chosen else colours.mid().color()
        painter.setPen(QPen(edge, 2 if self.facts.chosen or self.hasFocus() else 1))
        painter.setBrush(colours.midlight() if self.underMouse() else colours.base())
        plate = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(plate, plate.height() / 2, plate.height() / 2)

    def _paint_dot(self, painter: QPainter, at: QPointF) -> None:
        colour = QColor(self.facts.colour)
        hollow = self.facts.trained is False
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


class WordField(QFrame):
    """Show the vocabulary and take new words.

    Signals: `typed` with the text on every key; `kept` with the text on Enter; `chosen` with a
    class number; `asked` with a class number and a place when a chip's menu is wanted; `left`
    when the person goes back to the image.
    """

    typed = Signal(str)
    kept = Signal(str)
    chosen = Signal(int)
    asked = Signal(int, QPoint)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("words")
        self._flow = FlowLayout(self)
        self.field = TextField(self)
        self.field.setObjectName("word_field")
        self.field.setAccessibleName("Word to find")
        tip = "Words, separated by commas; cat | kitten are synonyms; -shadow is a negative"
        keyed(self.field, "type_word", tip)
        self.field.setMinimumSize(QSize(180, CHIP_HEIGHT))
        self.field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.field.setPlaceholderText(HINT)
        self._flow.addWidget(self.field)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
        self.setSizePolicy(policy)
        self._chips: dict[int, Chip] = {}
        self.field.textEdited.connect(self.typed)
        self.field.returnPressed.connect(self._keep)
        self.field.left.connect(self._leave)

    @property
    def chips(self) -> tuple[Chip, ...]:
        """Give the chips in their order."""
        return tuple(self._chips.values())

    def show_words(self, words: tuple[WordFacts, ...]) -> None:
        """Show a chip for each of these words."""
        if [word.class_id for word in words] != list(self._chips):
            self._rebuild(words)
        for word in words:
            self._chips[word.class_id].show_facts(word)
        self.field.setPlaceholderText(NEXT_HINT if words else HINT)

    def _rebuild(self, words: tuple[WordFacts, ...]) -> None:
        for chip in self._chips.values():
            self._flow.removeWidget(chip)
            chip.deleteLater()
        self._chips = {}
        for word in words:
            chip = Chip(word, self)
            chip.clicked.connect(self._calling(self.chosen.emit, word.class_id))
            chip.asked.connect(self._asking(word.class_id))
            self._flow.insert_before_last(chip)
            chip.show()
            self._chips[word.class_id] = chip
        self.updateGeometry()

    def _calling(self, call: Callable[[int], None], class_id: int) -> Callable[[], None]:
        return lambda: call(class_id)

    def _asking(self, class_id: int) -> Callable[[QPoint], None]:
        return lambda at: self.asked.emit(class_id, at)

    def _keep(self) -> None:
        if self.field.text().strip():
            self.kept.emit(self.field.text())

    def _leave(self) -> None:
        self.typed.emit("")
        self.left.emit()
