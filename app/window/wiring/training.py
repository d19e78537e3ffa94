"""Retrain."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.wiring.feature import Calls, Feature

if TYPE_CHECKING:
    from cascadeclip.app.training import Recipe


class Retraining(Feature):
    """The training panel."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        panel, training = parts.window.training, parts.training
        panel.started.connect(self._start)
        panel.cancelled.connect(training.cancel)
        panel.stopped_here.connect(training.stop_here)
        panel.activated.connect(training.activate)
        panel.kept.connect(training.keep_old)

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        return {"retrain": self.retrain}

    def retrain(self) -> None:
        """Show the panel with the cheapest way to learn that may help, to start from there."""
        self.parts.window.show_training()
        self.parts.training.propose()

    def _start(self, recipe: str) -> None:
        self.parts.training.start(cast("Recipe", recipe))
