"""Choose what the left button does on the image, and do what the tools ask for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QBoxLayout, QWidget

from cascadeclip.app.canvas.stroke import FinishedStroke, next_size
from cascadeclip.app.canvas.tools import TOOLS
from cascadeclip.app.canvas.tools.operations import (
    Boxed,
    Chosen,
    CutAlong,
    Drafted,
    Moved,
    Outlined,
    Pointed,
    Widened,
)
from cascadeclip.app.canvas.tools.polygon import Polygon
from cascadeclip.app.panels.options import OptionsBar
from cascadeclip.app.presenters.changing import Changing
from cascadeclip.app.presenters.corners import CornersOf
from cascadeclip.app.presenters.drafting import FAMILIES, Drafting
from cascadeclip.app.presenters.shaping import Shaping
from cascadeclip.app.presenters.state import Change
from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.wiring.feature import Calls, Feature

SEEING = (*FAMILIES, "box")


class Tools(Feature):
    """Choose a tool, show its options, and hand what it gives to who does it."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        state, canvas, say = parts.state, parts.window.canvas, parts.window.toast
        review = parts.review
        changing = Changing(
            state,
            parts.jobs,
            say,
            show=review.show,
            reload=review.reload,
            settle=parts.suggesting.settle,
        )
        self.shaping = Shaping(state, changing, canvas, say, select=review.select)
        self.drafting = Drafting(
            state, parts.jobs, changing, self.shaping, canvas, say, select=review.select
        )
        self.corners = CornersOf(state, parts.jobs, canvas)
        self.options = OptionsBar(parts.window)
        _put_above(canvas, self.options)
        self._done_by = self._table()
        canvas.operated.connect(self._do)
        canvas.stroked.connect(self._stroke)
        self._connect_options()
        state.subscribe(Change.ENGINE | Change.IMAGE, self._warm)

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        shaping = self.shaping
        return {
            **{name: partial(self.choose, name) for name in TOOLS},
            "smaller": partial(self._resize, larger=False),
            "larger": partial(self._resize, larger=True),
            "spare": lambda: self._spare(self.parts.checked("spare")),
            "copy": shaping.copy,
            "paste": shaping.paste,
            "duplicate": shaping.duplicate,
            "fill_holes": shaping.fill_holes,
            "grow": shaping.grow,
            "shrink": shaping.shrink,
            "split": shaping.split,
            "merge": shaping.merge,
            "subtract": shaping.subtract,
        }

    def start(self) -> None:
        """Show what is set."""
        self.options.show_size(self.parts.window.canvas.brush_size)
        self.options.show_tolerance(self.drafting.tolerance)

    def close(self) -> None:
        """Keep a draft: what is seen is not lost."""
        self.drafting.keep()

    def choose(self, name: str) -> None:
        """Choose a tool; a draft of another kind of tool is kept."""
        session = self.drafting.session
        if session is not None and name not in session.family:
            self.drafting.keep()
        self.parts.choose_tool(name)
        self.options.show_tool(name)
        self.corners.activate(name == "polygon")
        self._warm()

    def _table(self) -> dict[type, Callable[[Any], None]]:
        return {
            Outlined: self.shaping.outline,
            Moved: self._move,
            CutAlong: self.shaping.cut,
            Chosen: self.shaping.choose,
            Boxed: self.drafting.box,
            Pointed: self.drafting.point,
            Drafted: self.drafting.draft,
            Widened: self.drafting.widen,
        }

    def _connect_options(self) -> None:
        options, drafting = self.options, self.drafting
        window, canvas = self.parts.window, self.parts.window.canvas
        options.sized.connect(lambda size: canvas.set_brush(size=size))
        options.holed.connect(self._hole)
        options.fitted.connect(lambda on: setattr(drafting, "fits", on))
        options.spared.connect(self._spare)
        options.tool_wanted.connect(self.choose)
        options.widened.connect(drafting.set_tolerance)
        options.staged.connect(self._compare)
        options.likened.connect(self._likeness)
        options.left.connect(self.parts.focus_canvas)
        window.keys_changed.connect(lambda: options.show_keys(window.key_of))
        drafting.changed = lambda: options.show_tolerance(drafting.tolerance)

    def _do(self, operation: object) -> None:
        self._done_by[type(operation)](operation)

    def _move(self, moved: Moved) -> None:
        self.corners.move(moved)
        self.shaping.move(moved)

    def _stroke(self, stroke: FinishedStroke) -> None:
        self.parts.review.stroke(self.shaping.spared(stroke))

    def _resize(self, *, larger: bool) -> None:
        canvas = self.parts.window.canvas
        if canvas.tool.name == "wand":
            self.drafting.widen(Widened(1 if larger else -1))
            return
        canvas.set_brush(size=next_size(canvas.brush_size, larger=larger))
        self.options.show_size(canvas.brush_size)

    def _spare(self, on: bool, /) -> None:
        self.shaping.spare = on
        self.parts.set_checked("spare", on)
        self.options.show_spare(on)

    def _hole(self, on: bool, /) -> None:
        tool = self.parts.window.canvas.tool
        if isinstance(tool, Polygon):
            tool.hole = on

    def _compare(self, stage: int) -> None:
        self.drafting.stages = () if stage < 0 else (stage,)
        self.drafting.renew()

    def _likeness(self, on: bool, /) -> None:
        self.drafting.shows_likeness = on
        self.drafting.renew()

    def _warm(self) -> None:
        if self.parts.window.canvas.tool.name in SEEING:
            self.drafting.seeing.ask(lambda seen: self.options.show_stages(len(seen.sight.patches)))


def _put_above(canvas: QWidget, bar: QWidget) -> None:
    page = canvas.parentWidget()
    layout = page.layout() if page is not None else None
    if isinstance(layout, QBoxLayout):
        layout.insertWidget(layout.indexOf(canvas), bar)
