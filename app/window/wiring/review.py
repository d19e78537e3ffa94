"""Decide about suggestions and masks: keys, clicks, lists."""

from __future__ import annotations

from cascadeclip.app.canvas.shapes import Shape
from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.wiring.feature import Calls, Feature


class Reviewing(Feature):
    """Accept, reject, walk, delete, undo."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        canvas, window, review = parts.window.canvas, parts.window, parts.review
        canvas.picked.connect(review.pick)
        canvas.asked.connect(parts.menus.shape)
        canvas.walked.connect(lambda forward: review.walk(forward=forward))
        window.suggestions.accept_all.connect(review.accept_all)
        window.suggestions.chosen.connect(self._select)
        window.suggestions.wanted.connect(review.accept)
        window.masks.chosen.connect(self._select)

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        review = self.parts.review
        return {
            "undo": review.undo,
            "redo": review.redo,
            "accept": review.accept,
            "reject": review.reject,
            "accept_all": review.accept_all,
            "next_suggestion": lambda: review.walk(forward=True),
            "previous_suggestion": lambda: review.walk(forward=False),
            "delete": review.delete,
            "deselect": lambda: review.select(None),
        }

    def _select(self, shape: Shape) -> None:
        self.parts.review.select(shape.key)
        self.parts.focus_canvas()
