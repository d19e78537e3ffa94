"""The line below the word field: what is known about the words typed, else about those kept."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from cascadeclip.app.panels.chips import NEGATIVE, TRAINED, UNKNOWN, ZERO_SHOT, WordFacts
from cascadeclip.app.panels.keyed import keyed
from cascadeclip.app.presenters.typing import Hints, Likeness, Standing, TypedWord
from cascadeclip.app.theme import TROUBLE
from cascadeclip.app.translation import tr
from cascadeclip.core.templates import name_of

LINE_HEIGHT = 26
GAP, SIGN = 20.0, 14.0


class Sign(enum.Enum):
    """Name the shape before a hint; it says the same as the text, at a glance."""

    NONE = ""
    TRAINED = "filled dot"
    ZERO_SHOT = "ring"
    UNKNOWN = "question mark"
    NEGATIVE = "minus"
    WARNING = "triangle"


@dataclass(frozen=True, slots=True)
class Hint:
    """Hold one thing to say."""

    sign: Sign
    text: str


class HintText(QWidget):
    """Write hints one after the other on one line; what finds no room is in the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hints: tuple[Hint, ...] = ()

    @property
    def text(self) -> str:
        """Give everything said as one sentence."""
        return "; ".join(hint.text for hint in self.hints)

    def say(self, hints: Sequence[Hint]) -> None:
        """Show these from now on."""
        if tuple(hints) == self.hints:
            return
        self.hints = tuple(hints)
        self.setAccessibleName(self.text)
        self.setToolTip("\n".join(hint.text for hint in self.hints))
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for one line."""
        return QSize(200, LINE_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint sign and text of each hint, the last one shortened to the room there is."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetrics(self.font())
        x = 0.0
        for hint in self.hints:
            start = x + (SIGN if hint.sign is not Sign.NONE else 0)
            room = self.width() - start
            if room < metrics.horizontalAdvance("..."):
                return
            self._paint_sign(painter, hint.sign, QPointF(x + 5, self.height() / 2))
            warning = hint.sign is Sign.WARNING
            colours = self.palette()
            painter.setPen((colours.text() if warning else colours.placeholderText()).color())
            text = metrics.elidedText(hint.text, Qt.TextElideMode.ElideRight, int(room))
            place = QRectF(start, 0, room, self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
            x = start + metrics.horizontalAdvance(text) + GAP

    def _paint_sign(self, painter: QPainter, sign: Sign, at: QPointF) -> None:
        colour = self.palette().placeholderText().color()
        painter.setPen(QPen(colour, 1.8))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if sign is Sign.WARNING:
            _paint_triangle(painter, at)
        elif sign is Sign.UNKNOWN:
            painter.drawText(QRectF(at.x() - 6, 0, 12, self.height()), _MIDDLE, "?")
        elif sign is Sign.NEGATIVE:
            painter.drawLine(at - QPointF(4, 0), at + QPointF(4, 0))
        elif sign in (Sign.TRAINED, Sign.ZERO_SHOT):
            if sign is Sign.TRAINED:
                painter.setBrush(colour)
            painter.drawEllipse(at, 3.6, 3.6)


class HintLine(QWidget):
    """Say what is known about words, offer to write two as one, and lead to the templates.

    Signals: `joined` when the offer is taken; `templates_wanted`.
    """

    joined = Signal()
    templates_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = HintText(self)
        self.offer = self._button("join_words", tr("Write the two as one word"))
        self.offer.setObjectName("join_words")
        self.templates = self._button("templates", tr("Sentences that words are put into"))
        self.templates.setObjectName("templates")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 8, 6)
        layout.setSpacing(8)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.offer)
        layout.addWidget(self.templates)
        self._hints = Hints()
        self._kept: tuple[Hint, ...] = ()
        self.offer.clicked.connect(self.joined)
        self.templates.clicked.connect(self.templates_wanted)
        self.show_hints(Hints())
        self.show_templates(())

    @property
    def written(self) -> str:
        """Give the text that takes the offer, empty where there is none."""
        return next((one.written for one in self._hints.likenesses if one.written), "")

    def show_hints(self, hints: Hints) -> None:
        """Show what is known about the text being typed; empty hints tell of the kept words."""
        self._hints = hints
        offer = next((one.offer for one in hints.likenesses if one.written), "")
        self.offer.setText(tr("Write {offer}", offer=offer))
        self.offer.setVisible(bool(offer))
        self.text.say(said(hints) or self._kept)

    def show_words(self, words: Sequence[WordFacts]) -> None:
        """Tell of these kept words while nothing is typed."""
        self._kept = summary(words)
        self.show_hints(self._hints)

    def show_templates(self, templates: Sequence[str]) -> None:
        """Show which sentences words are put into."""
        self.templates.setText(templates_text(templates))

    def _button(self, action: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setProperty("small", True)
        keyed(button, action, tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button


def templates_text(templates: Sequence[str]) -> str:
    """Say in a few words which sentences are used."""
    name = name_of(templates)
    if name == "model":
        return tr("Templates: the model's own")
    if name is None:
        if len(templates) > 1:
            return tr("Templates: {count} sentences of your own", count=len(templates))
        return tr("Templates: 1 sentence of your own")
    if len(templates) > 1:
        return tr("Templates: {count} sentences", count=len(templates))
    return tr("Templates: 1 sentence")


def said(hints: Hints) -> tuple[Hint, ...]:
    """Put hints into words, what needs a look first, then the newest word."""
    warnings = [Hint(Sign.WARNING, hints.trouble)] if hints.trouble else []
    warnings += [Hint(Sign.WARNING, likeness_text(one)) for one in hints.likenesses]
    more = [Hint(Sign.NONE, tr("and {count} more", count=hints.more))] if hints.more else []
    return (*warnings, *map(word_hint, reversed(hints.words)), *more)


def likeness_text(likeness: Likeness) -> str:
    """Say that two phrases are nearly the same, and who says so."""
    first, second = likeness.first, likeness.second
    if likeness.similarity is None:
        return tr('"{first}" and "{second}" are two forms of one word', first=first, second=second)
    return tr(
        '"{first}" and "{second}" are nearly the same to the model', first=first, second=second
    )


def word_hint(word: TypedWord) -> Hint:
    """Say what one typed word is."""
    spelled = word.text if len(word.text) <= 40 else f"{word.text[:39]}..."
    if word.standing is Standing.THERE:
        same = word.known_as.casefold() == word.text.casefold()
        there = tr('already there as "{name}"', name=word.known_as)
        parts = [tr("already there") if same else there]
    elif word.standing is Standing.SPELLING:
        parts = [tr('a new spelling of "{name}"', name=word.known_as)]
    else:
        parts = [tr("new")]
    sign = sign_of(trained=word.trained, negative=word.negative, known=word.known)
    if sign is not Sign.NONE:
        parts.append(tr(NAMES[sign]))
    return Hint(sign, f"{spelled}: {', '.join(parts)}")


def sign_of(*, trained: bool | None, negative: bool, known: bool) -> Sign:
    """Choose the sign of a word."""
    if negative:
        return Sign.NEGATIVE
    if trained is None:
        return Sign.NONE
    if not known:
        return Sign.UNKNOWN
    return Sign.TRAINED if trained else Sign.ZERO_SHOT


def summary(words: Sequence[WordFacts]) -> tuple[Hint, ...]:
    """Count the kept words by what the model knows of them."""
    signs = [
        sign_of(trained=word.trained, negative=word.negative, known=word.known) for word in words
    ]
    return tuple(
        Hint(sign, f"{signs.count(sign)} {tr(name)}")
        for sign, name in NAMES.items()
        if sign in signs
    )


NAMES = {
    Sign.TRAINED: TRAINED,
    Sign.ZERO_SHOT: ZERO_SHOT,
    Sign.UNKNOWN: UNKNOWN,
    Sign.NEGATIVE: NEGATIVE,
}
_MIDDLE = Qt.AlignmentFlag.AlignCenter


def _paint_triangle(painter: QPainter, at: QPointF) -> None:
    painter.setPen(QPen(TROUBLE, 1.6))
    corners = (QPointF(0, -4.5), QPointF(5, 4), QPointF(-5, 4))
    painter.drawPolygon(QPolygonF([at + corner for corner in corners]))
    painter.drawLine(at + QPointF(0, -1.5), at + QPointF(0, 1.2))
