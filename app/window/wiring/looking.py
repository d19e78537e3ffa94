"""Look at what the model thinks: zoom to suggestions, heat of doubt, where it differs from you."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from cascadeclip.app.canvas.geometry import around, pivot
from cascadeclip.app.canvas.overlay import Overlay
from cascadeclip.app.canvas.shapes import Shape
from cascadeclip.app.jobs import Lane
from cascadeclip.app.panels.difference import ADDS, MISSES, OTHERWISE, DifferencePanel
from cascadeclip.app.presenters.disagreement import Difference, Disagreement
from cascadeclip.app.presenters.state import Change
from cascadeclip.app.translation import tr
from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.wiring.feature import Calls, Feature
from cascadeclip.core.images import Window
from cascadeclip.core.worth import uncertainty

ZOOM_TO = "zoom_to"


class Looking(Feature):
    """The overlay on the image, and the panel of differences."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        window, state = parts.window, parts.state
        self.overlay = Overlay(window.canvas)
        self.panel = DifferencePanel(window)
        self.dock = window.add_dock("differences", tr("Compared with the model"), self.panel)
        self.presenter = Disagreement(state, parts.jobs, self, found=lambda: parts.suggesting.found)
        self.panel.chosen.connect(self.go_to)
        self.dock.visibilityChanged.connect(self._want)
        parts.review.walked = self._walked
        scored = Change.ENGINE_TIMES | Change.IMAGE | Change.WORDS
        state.subscribe(scored, self._show_heat)

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        return {
            "zoom_to": self._keep_zooming,
            "unsure": self._show_heat,
            "differences": lambda: self.dock.setVisible(self.parts.checked("differences")),
        }

    def start(self) -> None:
        """Take up whether walking zooms."""
        zooms = bool(self.parts.settings.value(ZOOM_TO, defaultValue=False, type=bool))
        self.parts.set_checked("zoom_to", zooms)

    def show_difference(self, difference: Difference | None) -> None:
        """Show this in the lists and on the image."""
        self.panel.show_difference(difference, self.parts.state.pixels)
        if difference is None:
            self.overlay.show_outlines(())
            return
        self.overlay.show_outlines(
            [
                *((shape, ADDS) for shape in difference.adds),
                *((shape, MISSES) for shape in difference.misses),
                *((region, OTHERWISE) for region, _ in difference.otherwise),
            ]
        )

    def go_to(self, shape: Shape) -> None:
        """Bring a shape into the middle of the view, and select it if it is drawn."""
        canvas, cutout = self.parts.window.canvas, shape.cutout
        box = Window(cutout.top, cutout.left, cutout.height, cutout.width)
        self.parts.review.select(shape.key if self.parts.state.shape(shape.key) else None)
        there = around(box, canvas.width(), canvas.height())
        factor, x, y = pivot(canvas.placement, there)
        canvas.zoom_by(factor, QPointF(x, y))

    def _walked(self, shape: Shape) -> None:
        if self.parts.checked("zoom_to"):
            self.go_to(shape)

    def _keep_zooming(self) -> None:
        self.parts.settings.setValue(ZOOM_TO, self.parts.checked("zoom_to"))

    def _want(self, visible: bool) -> None:
        self.parts.set_checked("differences", visible)
        self.presenter.want(visible)
        if not visible:
            self.overlay.show_outlines(())

    def _show_heat(self) -> None:
        maps = self.parts.suggesting.maps
        if not self.parts.checked("unsure") or maps is None:
            self.parts.jobs.forget("heat")
            self.overlay.show_heat(None)
            return
        self.parts.jobs.run(
            Lane.WORK, lambda: uncertainty(maps), done=self.overlay.show_heat, topic="heat"
        )
