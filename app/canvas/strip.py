"""The small strip on the image: how masks and image look. It changes what is seen, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QLabel,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.canvas.look import Look
from cascadeclip.app.translation import mark, tr

MARGIN = 12
SLIDER_WIDTH = 112


@dataclass(frozen=True, slots=True)
class Dial:
    """Describe a slider: its name, its range, and how it reads and changes a look."""

    name: str
    text: str
    least: int
    most: int
    read: Callable[[Look], int]
    change: Callable[[Look, int], Look]


DIALS = (
    Dial(
        "opacity",
        mark("Masks"),
        0,
        100,
        lambda look: round(100 * look.opacity),
        lambda look, value: replace(look, opacity=value / 100),
    ),
    Dial(
        "brightness",
        mark("Brightness"),
        -100,
        100,
        lambda look: look.brightness,
        lambda look, value: replace(look, brightness=value),
    ),
    Dial(
        "contrast",
        mark("Contrast"),
        -100,
        100,
        lambda look: look.contrast,
        lambda look, value: replace(look, contrast=value),
    ),
)


class Strip(QFrame):
    """Offer opacity, outlines, brightness and contrast; folded up it is one button.

    Signals: `changed` with the Look a person has set; `folded` with whether it was folded up.
    """

    changed = Signal(object)
    folded = Signal(bool)

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setObjectName("look")
        self.setProperty("card", True)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.look = Look()
        self._canvas = canvas
        self.button = QToolButton(self)
        self.button.setText(tr("Look"))
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setAutoRaise(True)
        self.button.setToolTip(tr("How masks and image look; nothing of it is stored"))
        self.button.setAccessibleName(tr("How masks and image look"))
        self.button.clicked.connect(self._turn)
        self.sliders: dict[str, QSlider] = {}
        self._values: dict[str, QLabel] = {}
        self._body: QWidget = self._made()
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(4)
        column.addWidget(self._body)
        column.addWidget(self.button)
        self.fold(True)
        self.show_look(self.look)
        canvas.installEventFilter(self)

    def show_look(self, look: Look) -> None:
        """Show what is set, without saying that it changed."""
        self.look = look
        for dial in DIALS:
            slider, value = self.sliders[dial.name], dial.read(look)
            slider.blockSignals(True)
            slider.setValue(value)
            slider.blockSignals(False)
            self._values[dial.name].setText(str(value))
        self.outlines.blockSignals(True)
        self.outlines.setChecked(look.outlines)
        self.outlines.blockSignals(False)

    def fold(self, folded: bool, /) -> None:
        """Leave only the button, or show everything."""
        self._body.setVisible(not folded)
        arrow = Qt.ArrowType.RightArrow if folded else Qt.ArrowType.DownArrow
        self.button.setArrowType(arrow)
        self.folded.emit(folded)
        self._settle()

    def reset(self) -> None:
        """Show image and masks as they are from the start."""
        fresh = Look(veiled=self.look.veiled, bare=self.look.bare)
        self.show_look(fresh)
        self.changed.emit(fresh)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the bottom left of the canvas."""
        if event.type() is QEvent.Type.Resize:
            self._settle()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep a click between two sliders from the image below."""
        event.accept()

    def _made(self) -> QWidget:
        body = QWidget(self)
        grid = QGridLayout(body)
        grid.setContentsMargins(8, 8, 8, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        for row, dial in enumerate(DIALS):
            slider = self.sliders[dial.name] = self._slider(dial)
            value = self._values[dial.name] = QLabel(body)
            value.setMinimumWidth(value.fontMetrics().horizontalAdvance("-100"))
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            label = QLabel(tr(dial.text), body)
            label.setBuddy(slider)
            for column, widget in enumerate((label, slider, value)):
                grid.addWidget(widget, row, column)
        self.outlines = QCheckBox(tr("Outlines"), body)
        self.outlines.toggled.connect(self._outline)
        self.again = QToolButton(body)
        self.again.setText(tr("Reset"))
        self.again.setProperty("small", True)
        self.again.clicked.connect(self.reset)
        grid.addWidget(self.outlines, len(DIALS), 0, 1, 2)
        grid.addWidget(self.again, len(DIALS), 1, 1, 2, Qt.AlignmentFlag.AlignRight)
        return body

    def _slider(self, dial: Dial) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal, self)
        slider.setObjectName(dial.name)
        slider.setRange(dial.least, dial.most)
        slider.setFixedWidth(SLIDER_WIDTH)
        slider.setAccessibleName(tr(dial.text))
        slider.valueChanged.connect(lambda value: self._take(dial.change(self.look, value)))
        return slider

    def _turn(self) -> None:
        self.fold(self._body.isVisibleTo(self))

    def _outline(self, outlines: bool, /) -> None:
        self._take(replace(self.look, outlines=outlines))

    def _take(self, look: Look) -> None:
        self.show_look(look)
        self.changed.emit(look)

    def _settle(self) -> None:
        self.adjustSize()
        self.move(MARGIN, self._canvas.height() - self.height() - MARGIN)
