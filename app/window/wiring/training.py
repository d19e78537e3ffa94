"""Retrain, and choose between the model versions that come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt

from cascadeclip.app.panels.versions import VersionsDialog
from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.wiring.feature import Calls, Feature

if TYPE_CHECKING:
    from cascadeclip.app.training import Recipe


class Retraining(Feature):
    """The training panel and the sheet of model versions, while it is open in `versions`."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        panel, training = parts.window.training, parts.training
        self.versions: VersionsDialog | None = None
        panel.started.connect(self._start)
        panel.cancelled.connect(training.cancel)
        panel.stopped_here.connect(training.stop_here)
        panel.activated.connect(training.activate)
        panel.kept.connect(training.keep_old)
        parts.models_changed.connect(self._refresh)

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        return {"retrain": self.retrain, "versions": self.show_versions}

    def retrain(self) -> None:
        """Show the panel with the cheapest way to learn that may help, to start from there."""
        self.parts.window.show_training()
        self.parts.training.propose()

    def _start(self, recipe: str) -> None:
        self.parts.training.start(cast("Recipe", recipe))

    def show_versions(self) -> None:
        """Show the model versions of the project."""
        training = self.parts.training
        dialog = self.versions = VersionsDialog(self.parts.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.activated.connect(training.activate_version)
        dialog.rolled_back.connect(training.roll_back)
        dialog.finished.connect(self._closed)
        training.versions(dialog.show_versions)
        dialog.open()

    def _refresh(self) -> None:
        if self.versions is not None:
            self.parts.training.versions(self.versions.show_versions)

    def _closed(self) -> None:
        self.versions = None
