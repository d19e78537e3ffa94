"""What the model sees (Image menu): a dock of maps over the open image."""

from __future__ import annotations

from cascadeclip.app.panels.sight import SightPanel
from cascadeclip.app.presenters.sight import Picture, Sight
from cascadeclip.app.translation import tr
from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.wiring.feature import Calls, Feature

WIDTH = 440


class SightMaps(Feature):
    """The dock and what fills it."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.panel = SightPanel(parts.window)
        self.dock = parts.window.add_dock("sight", tr("What the model sees"), self.panel)
        self.presenter = Sight(parts.state, parts.jobs, self, maps=lambda: parts.suggesting.maps)
        self.panel.pointed.connect(self.presenter.choose_point)
        self.panel.word_chosen.connect(self.presenter.choose_word)
        self.dock.visibilityChanged.connect(self._want)

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        return {"sight": self._show}

    def show_likeness(self, pictures: tuple[Picture, ...]) -> None:
        """Show how alike all patches are to the chosen one."""
        self.panel.show_image(self.parts.state.pixels)
        self.panel.show_likeness(pictures, self.presenter.point)

    def show_stages(self, word: str, pictures: tuple[Picture, ...]) -> None:
        """Show what each decoder makes of a word."""
        self.panel.show_words(tuple(row.name for row in self.parts.state.words), word)
        self.panel.show_stages(pictures)

    def show_doubt(self, picture: Picture | None) -> None:
        """Show where the model is unsure."""
        self.panel.show_doubt(picture)

    def say(self, sentence: str) -> None:
        """Say why there is nothing to see."""
        self.panel.say(sentence)

    def _show(self) -> None:
        self.parts.window.raise_dock("sight", width=WIDTH)

    def _want(self, visible: bool) -> None:
        self.presenter.want(visible)
