"""The suggestions of the open image, with the threshold and the button that takes them all."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from cascadeclip.app.canvas.layers import Pixels
from cascadeclip.app.canvas.shapes import Shape, score_text
from cascadeclip.app.panels.keyed import keyed, tip_of
from cascadeclip.app.panels.shapes import ShapeList
from cascadeclip.app.translation import mark, tr

ACCEPT_ALL = mark("Make every suggestion on the screen a mask")


class SuggestionsPanel(QWidget):
    """List suggestions and set the threshold.

    Signals: `chosen` and `wanted` with a shape; `threshold_moved` with 0..1; `accept_all`.
    """

    chosen = Signal(object)
    wanted = Signal(object)
    threshold_moved = Signal(float)
    accept_all = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = ShapeList("Suggestions", self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName("threshold")
        self.slider.setRange(1, 99)
        self.slider.setAccessibleName("Threshold")
        self.slider.setToolTip("How sure the model must be. Moving it infers nothing again.")
        # The arrows move the slider only when somebody has put the focus there.
        self.slider.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._value = QLabel(self)
        self._value.setMinimumWidth(28)
        self.button = QPushButton("Accept all", self)
        self.button.setObjectName("accept_all")
        keyed(self.button, "accept_all", tr(ACCEPT_ALL))
        self._count, self._refusal = 0, ""
        row = QHBoxLayout()
        row.setContentsMargins(12, 8, 12, 0)
        row.addWidget(QLabel("Threshold", self))
        row.addWidget(self.slider, 1)
        row.addWidget(self._value)
        below = QHBoxLayout()
        below.setContentsMargins(12, 8, 12, 8)
        below.addWidget(self.button, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.list, 1)
        layout.addLayout(row)
        layout.addLayout(below)
        self.list.chosen.connect(self.chosen)
        self.list.wanted.connect(self.wanted)
        self.button.clicked.connect(self.accept_all)
        self.slider.valueChanged.connect(self._moved)

    def show_threshold(self, threshold: float) -> None:
        """Put the slider at 0..1 without telling anybody."""
        self.slider.blockSignals(True)
        self.slider.setValue(round(threshold * 100))
        self.slider.blockSignals(False)
        self._value.setText(score_text(threshold))

    def show_suggestions(
        self, shapes: tuple[Shape, ...], pixels: Pixels | None, empty: str
    ) -> None:
        """List these suggestions; say `empty` when there are none."""
        self.list.show_shapes(shapes, pixels, empty)
        count = len(shapes)
        self._count = count
        self._enable()
        self.button.setText(f"Accept all {count}" if count else "Accept all")

    def show_refusal(self, sentence: str) -> None:
        """Say why nothing can be accepted; empty when it can."""
        self._refusal = sentence
        self.button.setToolTip(sentence or tip_of(self.button))
        self._enable()

    def _enable(self) -> None:
        self.button.setEnabled(self._count > 0 and not self._refusal)

    def _moved(self, value: int) -> None:
        self._value.setText(score_text(value / 100))
        self.threshold_moved.emit(value / 100)
