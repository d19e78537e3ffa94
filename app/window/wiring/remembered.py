"""Remember from one time to the next: the zoom policy, the word last chosen in each project."""

from __future__ import annotations

import hashlib

from cascadeclip.app.presenters.state import Change
from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.wiring.feature import Calls, Feature

KEEP_ZOOM = "keep_zoom"


class Remembered(Feature):
    """Keep what a person would otherwise set again every morning."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._folder = ""
        self._wanted = ""
        parts.state.subscribe(Change.PROJECT, self._open)
        parts.state.subscribe(Change.WORDS, self._choose)
        parts.state.subscribe(Change.WORDS_CHOICE, self._note)

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        return {"keep_zoom": self._keep_zoom}

    def start(self) -> None:
        """Take up whether the zoom stays."""
        keep = bool(self.parts.settings.value(KEEP_ZOOM, defaultValue=True, type=bool))
        self.parts.state.keep_zoom = keep
        self.parts.set_checked("keep_zoom", keep)

    def _keep_zoom(self) -> None:
        self.parts.state.keep_zoom = self.parts.checked("keep_zoom")
        self.parts.settings.setValue(KEEP_ZOOM, self.parts.state.keep_zoom)

    def _open(self) -> None:
        project = self.parts.state.project
        folder = str(project.folder) if project is not None else ""
        if folder == self._folder:
            return
        self._folder = folder
        self._wanted = str(self.parts.settings.value(self._place(), "")) if folder else ""
        self._choose()

    def _choose(self) -> None:
        """Choose the word of the last time as soon as it is there."""
        if not self._wanted:
            return
        found = {row.name: row.id for row in self.parts.state.words if not row.negative}
        if self._wanted in found:
            wanted, self._wanted = self._wanted, ""
            self.parts.words.choose(found[wanted])

    def _note(self) -> None:
        row = self.parts.state.word_of(self.parts.state.word)
        if row is not None and self._folder and not self._wanted:
            self.parts.settings.setValue(self._place(), row.name)

    def _place(self) -> str:
        # A slash in a key of QSettings opens a group: the folder goes in as its digest.
        return f"word/{hashlib.sha256(self._folder.encode()).hexdigest()[:16]}"
