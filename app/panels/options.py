"""The options of the chosen tool, in a small bar above the image."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSlider,
    QSpinBox,
    QToolButton,
    QWidget,
)

from cascadeclip.app.canvas.stroke import LARGEST_SIZE, SMALLEST_SIZE
from cascadeclip.app.panels.keyed import keyed
from cascadeclip.app.theme import icon
from cascadeclip.app.translation import mark, tr

MARGIN, HEIGHT = 8, 40  # one height for every tool: the image stays where it is
# What belongs to which tool, from left to right; what is not named has nothing to be set.
SHOWN: dict[str, tuple[str, ...]] = {
    "select": (),
    "brush": ("size", "spare"),
    "eraser": ("size",),
    "polygon": ("hole", "spare"),
    "box": ("fits", "spare"),
    "positive": ("signs", "spare"),
    "negative": ("signs", "spare"),
    "wand": ("tolerance", "stage", "likeness", "spare"),
    "knife": (),
}
DRAFT = mark("{accept} keeps, {deselect} drops, {undo} takes a click back")
HINTS = {
    "select": mark("Click accepts a suggestion or selects a mask, Shift chooses more"),
    "brush": mark("Ctrl erases"),
    "eraser": mark("Ctrl paints"),
    "polygon": mark("{accept} closes, Alt cuts a hole, Shift adds"),
    "box": mark("Alt draws the box itself"),
    "positive": DRAFT,
    "negative": DRAFT,
    "wand": mark("{accept} keeps, {deselect} drops, Ctrl takes away"),
    "knife": mark("Drag a line across the selected mask"),
}
SIZE = mark("Size of the brush ({smaller} and {larger})")
TOLERANCE = mark("Tolerance ({smaller} and {larger}, Shift+wheel)")
# Told where an action has no key: a draft hears the first three all the same.
FIXED = {"accept": "Enter", "deselect": "Esc", "undo": "Ctrl+Z", "smaller": "-", "larger": "-"}


class OptionsBar(QFrame):
    """Show what can be set for the tool; nothing of it takes the keys of the image away.

    Signals: `sized` with the brush's diameter, `holed`, `fitted`, `likened` and `spared` with on
    or off, `tool_wanted` with a tool's name, `widened` with a tolerance of 0..1, `staged` with the
    number of a stage, -1 for all, `left` when a number was typed.
    """

    sized = Signal(int)
    holed = Signal(bool)
    fitted = Signal(bool)
    likened = Signal(bool)
    spared = Signal(bool)
    tool_wanted = Signal(str)
    widened = Signal(float)
    staged = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("options")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(MARGIN, 0, MARGIN, MARGIN)
        self._row.setSpacing(MARGIN)
        self.size_box = self._make_size()
        self.hole = self._check(tr("Hole"), self.holed.emit)
        self.fits = self._check(tr("Find the thing in the box"), self.fitted.emit, on=True)
        self.signs = {name: self._sign(name) for name in ("positive", "negative")}
        self.tolerance = self._make_tolerance()
        self.percent = QLabel(self)
        self.stage = self._make_stage()
        self.likeness = self._check(tr("Show likeness"), self.likened.emit, on=True)
        self.spare = self._check(tr("Spare other masks"), self.spared.emit)
        self.hint = QLabel(self)
        self.hint.setProperty("quiet", "true")
        self._parts: dict[str, tuple[QWidget, ...]] = {
            "size": (self.size_box,),
            "hole": (self.hole,),
            "fits": (self.fits,),
            "signs": tuple(self.signs.values()),
            "tolerance": (self.tolerance, self.percent),
            "stage": (self.stage,),
            "likeness": (self.likeness,),
            "spare": (self.spare,),
        }
        for part in (*self._parts.values(), (self.hint,)):
            for widget in part:
                self._row.addWidget(widget)
        self._row.addStretch()
        self.setFixedHeight(HEIGHT)
        self._tool, self._keys = "select", FIXED
        self.show_tool("select")

    def show_keys(self, key_of: Callable[[str], str]) -> None:
        """Tell the keys as they are now; `key_of` gives the first one of an action."""
        self._keys = {name: key_of(name) or fixed for name, fixed in FIXED.items()}
        self.size_box.setToolTip(tr(SIZE, **self._keys))
        self.tolerance.setToolTip(tr(TOLERANCE, **self._keys))
        self._show_hint()

    def show_tool(self, name: str) -> None:
        """Show what can be set for this tool."""
        wanted = SHOWN.get(name, ())
        for part, widgets in self._parts.items():
            for widget in widgets:
                widget.setVisible(part in wanted)
        for sign, button in self.signs.items():
            button.setChecked(sign == name)
        self._tool = name
        self._show_hint()

    def show_size(self, size: int) -> None:
        """Show the brush's diameter."""
        with QSignalBlocker(self.size_box):
            self.size_box.setValue(size)

    def show_tolerance(self, tolerance: float) -> None:
        """Show how unlike may be what the wand takes, 0..1."""
        with QSignalBlocker(self.tolerance):
            self.tolerance.setValue(round(100 * tolerance))
        self.percent.setText(f"{round(100 * tolerance)} %")

    def show_spare(self, on: bool, /) -> None:
        """Show whether other masks are spared."""
        with QSignalBlocker(self.spare):
            self.spare.setChecked(on)

    def show_stages(self, count: int) -> None:
        """Offer the stages of the model that is there."""
        if count == self.stage.count() - 1:
            return
        with QSignalBlocker(self.stage):
            self.stage.clear()
            self.stage.addItem(tr("All layers"), -1)
            for number in range(count):
                self.stage.addItem(tr("Layers {number}", number=number + 1), number)

    def _show_hint(self) -> None:
        text = HINTS.get(self._tool)
        self.hint.setText(tr(text, **self._keys) if text else "")

    def _make_size(self) -> QSpinBox:
        box = QSpinBox(self)
        box.setRange(SMALLEST_SIZE, LARGEST_SIZE)
        box.setSuffix(" px")
        box.setAccessibleName(tr("Size of the brush"))
        box.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        box.valueChanged.connect(self.sized)
        box.editingFinished.connect(self.left)
        return box

    def _make_tolerance(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal, self)
        slider.setRange(1, 100)
        slider.setFixedWidth(120)
        slider.setAccessibleName(tr("Tolerance of the wand"))
        slider.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        slider.valueChanged.connect(lambda value: self.widened.emit(value / 100))
        return slider

    def _make_stage(self) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(tr("Layers that are compared"))
        box.setToolTip(tr("Which layers of the model are compared"))
        box.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box.addItem(tr("All layers"), -1)
        box.currentIndexChanged.connect(lambda: self.staged.emit(int(box.currentData())))
        return box

    def _check(self, text: str, call: Callable[[bool], None], *, on: bool = False) -> QCheckBox:
        box = QCheckBox(text, self)
        box.setChecked(on)
        box.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box.toggled.connect(call)
        return box

    def _sign(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon(name))
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        tip = tr("Belongs to it") if name == "positive" else tr("Does not")
        keyed(button, name, tip)
        button.setAccessibleName(tip)
        button.clicked.connect(lambda: self.tool_wanted.emit(name))
        return button
