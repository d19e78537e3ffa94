"""Choose what the left button does on the image."""

from __future__ import annotations

from functools import partial

from cascadeclip.app.canvas.stroke import next_size
from cascadeclip.app.canvas.tools import TOOLS
from cascadeclip.app.window.wiring.feature import Calls, Feature


class Tools(Feature):
    """Choose a tool and the size of the brush."""

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        choose = self.parts.choose_tool
        return {
            **{name: partial(choose, name) for name in TOOLS},
            "smaller": lambda: self._resize_brush(larger=False),
            "larger": lambda: self._resize_brush(larger=True),
        }

    def _resize_brush(self, *, larger: bool) -> None:
        canvas = self.parts.window.canvas
        canvas.set_brush(size=next_size(canvas.brush_size, larger=larger))
