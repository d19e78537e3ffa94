"""Let masks out of a project and into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cascadeclip.app.jobs import Lane
from cascadeclip.app.presenters.exchange import Exchange
from cascadeclip.app.window.export_dialog import ExportDialog
from cascadeclip.app.window.import_dialog import ImportDialog
from cascadeclip.app.window.imports_dialog import ImportsDialog
from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.wiring.feature import Calls, Feature

if TYPE_CHECKING:
    from cascadeclip.core.project.rows import BatchRow


class Formats(Feature):
    """Export and import."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.exchange = Exchange(
            parts.state,
            parts.jobs,
            parts.window.toast,
            settle=parts.suggesting.settle,
            reload=self._reload,
            refuse=parts.problems.refuse,
        )

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        return {
            "export_coco": self.parts.batch.export_coco,
            "export": self._ask_export,
            "import": self._ask_import,
            "undo_import": lambda: self.exchange.list_imports(self._ask_which),
        }

    def _ask_export(self) -> None:
        project = self.parts.state.project
        if project is None:
            return
        dialog = ExportDialog(project.folder.name, self.parts.asking, self.parts.window)
        dialog.chosen.connect(self.exchange.export)
        dialog.open()

    def _ask_import(self) -> None:
        if self.parts.state.project is None or self.parts.state.refuses(self.parts.window.toast):
            return
        dialog = ImportDialog(self.parts.asking, self.exchange.preview, self.parts.window)
        dialog.chosen.connect(self.exchange.bring_in)
        dialog.open()

    def _ask_which(self, found: list[BatchRow]) -> None:
        dialog = ImportsDialog(found, self.parts.window)
        dialog.chosen.connect(self.exchange.undo_import)
        dialog.open()

    def _reload(self) -> None:
        """Show what came: masks, and words that are new."""
        project = self.parts.state.project
        if project is not None:
            self.parts.jobs.run(Lane.DATABASE, project.classes.all, done=self.parts.words.show)
        self.parts.review.reload()
        self.parts.images.load()
