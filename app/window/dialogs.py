"""Questions: choose a folder, choose a file; what this program is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from cascadeclip.app.translation import mark, tr

FOLDER = "folder"
ABOUT = mark(
    """<b>Cascade-CLIP {version}</b><p>Segments images by words, on this computer alone.</p>
<p>The method is Cascade-CLIP (Li et al., ICML 2024). Suggestions are the model's, masks are
yours; every change is saved at once.</p>"""
)


class Asking:
    """Ask with the system's own dialogs, which open where they were left the last time."""

    def __init__(self, parent: QWidget, settings: QSettings | None = None) -> None:
        self._parent, self._settings = parent, settings
        kept = str(settings.value(FOLDER, "")) if settings is not None else ""
        self._last = kept if Path(kept or "-").is_dir() else str(Path.home())

    def folder(self, title: str) -> Path | None:
        """Ask for a folder; None when the person thought better of it."""
        chosen = QFileDialog.getExistingDirectory(self._parent, title, self._last)
        if not chosen:
            return None
        self._keep(chosen)
        return Path(chosen)

    def file(self, title: str, kind: str) -> Path | None:
        """Ask for a file that is there; `kind` is a pattern like *.json."""
        chosen, _ = QFileDialog.getOpenFileName(
            self._parent, title, self._last, tr("Files ({kind})", kind=kind)
        )
        if not chosen:
            return None
        self._keep(str(Path(chosen).parent))
        return Path(chosen)

    def new_file(self, title: str, name: str, kind: str) -> Path | None:
        """Ask where to write a file; `kind` is a pattern like *.json."""
        start = str(Path(self._last) / name)
        chosen, _ = QFileDialog.getSaveFileName(
            self._parent, title, start, tr("Files ({kind})", kind=kind)
        )
        if not chosen:
            return None
        self._keep(str(Path(chosen).parent))
        return Path(chosen)

    def _keep(self, folder: str) -> None:
        self._last = folder
        if self._settings is not None:
            self._settings.setValue(FOLDER, folder)


def about(parent: QWidget, version: str) -> None:
    """Open the box that says what this is."""
    box = QMessageBox(
        QMessageBox.Icon.NoIcon, tr("About"), tr(ABOUT, version=version), parent=parent
    )
    box.setObjectName("about")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
