"""Go from image to image."""

from __future__ import annotations

from cascadeclip.app.presenters.state import Change
from cascadeclip.app.presenters.thumbnails import Thumbnails
from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.wiring.feature import Calls, Feature


class ImageList(Feature):
    """The list of images, the next and the previous one, reviewed or not."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        panel, images = parts.window.images, parts.images
        self.thumbnails = Thumbnails(parts.state, parts.jobs, panel.refresh)
        panel.model.thumbnail = lambda row: self.thumbnails.of(row.image)
        panel.opened.connect(self._open)
        panel.searched.connect(images.search)
        panel.filtered.connect(images.filter)
        panel.ordered.connect(images.sort)
        panel.rows_wanted.connect(images.page)
        panel.left.connect(parts.focus_canvas)
        parts.state.subscribe(Change.WORDS, self._show_words)
        # Undo may also take back that an image was reviewed: its row must show it.
        parts.state.subscribe(Change.HISTORY | Change.ROW, images.refresh_row)

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        images = self.parts.images
        return {
            "previous": lambda: images.step(forward=False),
            "next": lambda: images.step(forward=True),
            "previous_unreviewed": lambda: images.step_unreviewed(forward=False),
            "next_unreviewed": lambda: images.step_unreviewed(forward=True),
            "find_image": self._find,
            "reviewed": images.toggle_reviewed,
        }

    def _open(self, position: int) -> None:
        self.parts.images.open(position)
        self.parts.focus_canvas()

    def _find(self) -> None:
        window = self.parts.window
        window.docks["images"].show()
        window.images.field.setFocus()
        window.images.field.selectAll()

    def _show_words(self) -> None:
        self.parts.window.images.show_words(self.parts.state.words)
