"""What every tool is: it hears the pointer in image pixels and gives back what it made.

A tool is a module here and a row of `TOOLS` in `__init__.py`; its icon and key are a row of
`app/window/rows/tools.py`. It gets a `Pointer` (the place in image pixels and which modifiers are
held) and a `Board`, through which it sees the shapes and the brush, has its overlay repainted and
gives what it made: `board.give(result)` sends a `FinishedStroke` out as the canvas's `stroked`, and
any other frozen dataclass, an operation such as a polygon or a point, as its `operated`. A tool
never changes masks itself: a presenter does, and the canvas is shown the new shapes afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QWheelEvent

from cascadeclip.app.canvas.geometry import Placement
from cascadeclip.app.canvas.shapes import Shape

Box = tuple[slice, slice]


@dataclass(frozen=True, slots=True)
class Pointer:
    """Hold where the pointer is: image x, y in pixels (fractions count), and what is held.

    `reach` is how many image pixels away a corner may be and is still meant: a finger's width.
    """

    x: float
    y: float
    shift: bool = False
    control: bool = False
    alt: bool = False
    reach: float = 1.0


def controlled(event: QKeyEvent) -> bool:
    """Say whether Ctrl is held with a key."""
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


def shifted(event: QWheelEvent) -> bool:
    """Say whether Shift is held while the wheel turns."""
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)


def pointer(x: float, y: float, modifiers: Qt.KeyboardModifier, reach: float) -> Pointer:
    """Make what tools hear of the pointer."""
    keys = Qt.KeyboardModifier
    return Pointer(
        x,
        y,
        shift=bool(modifiers & keys.ShiftModifier),
        control=bool(modifiers & keys.ControlModifier),
        alt=bool(modifiers & keys.AltModifier),
        reach=reach,
    )


class Board(Protocol):
    """What a tool may ask of the canvas and tell it."""

    placement: Placement
    brush_size: int

    @property
    def colour(self) -> str:
        """Give the colour the brush paints with, as #rrggbb."""

    @property
    def size_of_image(self) -> tuple[int, int] | None:
        """Give height and width of the image in pixels, or None when there is none."""

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """Give everything drawn now, suggestions first."""

    @property
    def selected(self) -> Shape | None:
        """Give the shape with the handles."""

    def shape_at(self, x: float, y: float) -> Shape | None:
        """Find the smallest shape at an image position."""

    def pick(self, shape: Shape | None) -> None:
        """Say that the person clicked this shape, or none."""

    def give(self, result: object) -> None:
        """Hand over what the tool made: a FinishedStroke or an operation."""

    def show_stroke(self, mask: NDArray[np.bool_], box: Box, *, erase: bool) -> None:
        """Paint what a stroke covers (HxW bool) within `box` until the shapes are shown anew."""

    def overlay_changed(self) -> None:
        """Have the tool's overlay painted again, where it was and where it is now."""


class Tool:
    """Hear the pointer and the keys; a tool overrides what it needs.

    `paints` is whether the tool needs the right to change masks, `hovers` whether the shape under
    the pointer is named and brightened while the tool is chosen, `handles` whether the selected
    shape has its box marked.
    """

    name: ClassVar[str]
    cursor: ClassVar[Qt.CursorShape] = Qt.CursorShape.CrossCursor
    hovers: ClassVar[bool] = False
    handles: ClassVar[bool] = True

    def __init__(self, board: Board) -> None:
        self.board = board

    def press(self, at: Pointer) -> None:
        """Hear the left button go down."""

    def move(self, at: Pointer) -> None:
        """Hear the pointer move, with or without a button down."""

    def release(self, at: Pointer) -> None:
        """Hear the left button go up."""

    def double_click(self, at: Pointer) -> None:
        """Hear the second press of a double click; the first was a press and a release."""
        self.press(at)

    def key(self, key: Qt.Key, at: Pointer | None, *, control: bool = False) -> bool:
        """Hear a key; True when it was for the tool, False leaves it to the window."""
        return False

    def wants(self, key: Qt.Key, *, control: bool = False) -> bool:
        """Say whether a key is the tool's now, before an action of the window gets it."""
        return False

    def turn(self, steps: float) -> bool:
        """Hear the wheel turn with Shift held, up or down; True when it was for the tool."""
        return False

    def hear(self, answer: object) -> None:
        """Hear what a presenter made of an operation, to be shown in the overlay."""

    def cancel(self) -> bool:
        """Give up what was begun; True when there was something."""
        return False

    def shown_anew(self) -> None:
        """Hear that the canvas has been given its shapes anew, which paint over a stroke."""

    def paint(self, painter: QPainter, pointer: QPointF | None) -> None:
        """Draw the overlay in widget pixels; `pointer` is where the pointer is, None outside."""

    def extent(self, pointer: QPointF | None) -> QRectF:
        """Give the widget rectangle that `paint` draws in; an empty one when it draws nothing."""
        return QRectF()
