"""Where the model and the person differ, as three lists."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cascadeclip.app.canvas.layers import Pixels
from cascadeclip.app.canvas.shapes import Shape
from cascadeclip.app.panels.shapes import ShapeList
from cascadeclip.app.presenters.disagreement import Difference
from cascadeclip.app.translation import mark, tr

# Colours that stay apart for the colour-blind, and a word for each beside it.
ADDS, MISSES, OTHERWISE = "#e69f00", "#cc79a7", "#56b4e9"
PARTS = (
    ("adds", mark("The model adds {count}"), mark("Nothing you have not marked."), ADDS),
    ("misses", mark("The model misses {count}"), mark("None of your masks."), MISSES),
    (
        "otherwise",
        mark("Outlined otherwise {count}"),
        mark("No outline that differs much."),
        OTHERWISE,
    ),
)


class DifferencePanel(QWidget):
    """List what the model adds, misses and outlines otherwise.

    Signals: `chosen` with the shape clicked.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lists: dict[str, ShapeList] = {}
        self._titles: dict[str, QLabel] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for name, title, _, colour in PARTS:
            heading = QLabel(self)
            heading.setContentsMargins(12, 8, 12, 4)
            heading.setTextFormat(Qt.TextFormat.RichText)
            made = ShapeList(tr(title, count=""), self)
            made.chosen.connect(self.chosen)
            layout.addWidget(heading)
            layout.addWidget(made, 1)
            self._titles[name], self.lists[name] = heading, made
            self._title(name, title, colour, 0)

    def show_difference(self, difference: Difference | None, pixels: Pixels | None) -> None:
        """List this; with None say that there is nothing to compare yet."""
        shapes: dict[str, tuple[Shape, ...]] = dict.fromkeys(self.lists, ())
        if difference is not None:
            shapes = {
                "adds": difference.adds,
                "misses": difference.misses,
                "otherwise": tuple(region for region, _ in difference.otherwise),
            }
        for name, title, empty, colour in PARTS:
            self._title(name, title, colour, len(shapes[name]))
            waiting = tr("The model has not looked at this image yet.")
            sentence = waiting if difference is None else tr(empty)
            self.lists[name].show_shapes(shapes[name], pixels, sentence)

    def _title(self, name: str, title: str, colour: str, count: int) -> None:
        text = tr(title, count=count)
        self._titles[name].setText(f'<span style="color:{colour}">&#9473;</span> {text}')
