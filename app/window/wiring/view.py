"""Look at the image: zoom, place, bare."""

from __future__ import annotations

from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.wiring.feature import Calls, Feature

ZOOM_STEP = 1.25


class View(Feature):
    """Zoom, fit, and masks hidden or shown."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        canvas, status = parts.window.canvas, parts.window.status
        canvas.moved.connect(status.show_pointer)
        canvas.zoomed.connect(status.show_zoom)

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        canvas = self.parts.window.canvas
        return {
            "zoom_in": lambda: canvas.zoom_by(ZOOM_STEP),
            "zoom_out": lambda: canvas.zoom_by(1 / ZOOM_STEP),
            "fit": canvas.fit_image,
            "actual": canvas.actual_size,
            "hide_masks": lambda: canvas.hide_masks(self.parts.checked("hide_masks")),
        }
