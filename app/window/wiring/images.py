"""Go from image to image."""

from __future__ import annotations

from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.wiring.feature import Calls, Feature


class ImageList(Feature):
    """The list of images, the next and the previous one, reviewed or not."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        panel, images = parts.window.images, parts.images
        panel.opened.connect(self._open)
        panel.searched.connect(images.search)
        panel.more_wanted.connect(lambda: images.more())
        panel.left.connect(parts.focus_canvas)

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        images = self.parts.images
        return {
            "previous": lambda: images.step(forward=False),
            "next": lambda: images.step(forward=True),
            "reviewed": images.toggle_reviewed,
        }

    def _open(self, position: int) -> None:
        self.parts.images.open(position)
        self.parts.focus_canvas()
