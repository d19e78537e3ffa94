"""What the model proposes: threshold, edges, sentences."""

from __future__ import annotations

from PySide6.QtCore import Qt

from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.templates import TemplatesDialog
from cascadeclip.app.window.wiring.feature import Calls, Feature

EDGES = "edges"


class Suggestions(Feature):
    """Move the threshold, let outlines follow edges, ask again, choose templates."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        panel = parts.window.suggestions
        panel.threshold_moved.connect(self._move_threshold)
        panel.threshold_dropped.connect(parts.suggesting.drop_threshold)
        parts.window.hints.templates_wanted.connect(self.show_templates)

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        return {
            "edges": self._follow_edges,
            "suggest": self.parts.suggesting.refresh,
            "templates": self.show_templates,
        }

    def start(self) -> None:
        """Take up whether outlines follow edges."""
        follow = bool(self.parts.settings.value(EDGES, defaultValue=True, type=bool))
        self.parts.state.refine_edges = follow
        self.parts.set_checked("edges", follow)

    def show_templates(self) -> None:
        """Let the person choose the sentences words are put into."""
        state = self.parts.state
        own = state.engine.info.templates if state.engine is not None else ()
        dialog = TemplatesDialog(state.templates, own, self.parts.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self.parts.words.choose_templates)
        dialog.open()

    def _move_threshold(self, threshold: float) -> None:
        self.parts.suggesting.set_threshold(threshold, self.parts.window.suggestions.scope)

    def _follow_edges(self) -> None:
        follow = self.parts.checked("edges")
        self.parts.settings.setValue(EDGES, follow)
        self.parts.suggesting.set_edges(follow=follow)
