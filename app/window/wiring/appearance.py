"""Set how image and masks look: the strip on the image, the navigator, what is shaded."""

from __future__ import annotations

from dataclasses import replace

from cascadeclip.app.canvas.look import Look
from cascadeclip.app.canvas.navigator import Navigator
from cascadeclip.app.canvas.strip import Strip
from cascadeclip.app.presenters.state import Change
from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.wiring.feature import Calls, Feature

OPACITY, OUTLINES = "opacity", "outlines"
SHADED, NAVIGATOR, STRIP = "unreviewed_area", "navigator", "look"
MOTION = "reduce_motion"


class Appearance(Feature):
    """Change what is seen; of it opacity, outlines and what is open are remembered."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        canvas = parts.window.canvas
        self.strip = Strip(canvas)
        self.navigator = Navigator(canvas)
        self.strip.changed.connect(self._show)
        self.strip.folded.connect(lambda folded: parts.set_checked(STRIP, not folded))
        parts.state.subscribe(Change.IMAGE | Change.LIST | Change.PROJECT, self._shade)

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        checked = self.parts.checked
        return {
            "fit_width": self.parts.window.canvas.fit_width,
            NAVIGATOR: lambda: self.navigator.want(checked(NAVIGATOR)),
            STRIP: lambda: self.strip.fold(not checked(STRIP)),
            OUTLINES: self._outline,
            SHADED: self._shade,
            MOTION: lambda: self.parts.window.canvas.reduce_motion(checked(MOTION)),
        }

    def start(self) -> None:
        """Take up what was set the last time."""
        settings = self.parts.settings
        opacity = settings.value(OPACITY, defaultValue=Look().opacity, type=float)
        outlines = settings.value(OUTLINES, defaultValue=True, type=bool)
        opacity = opacity if isinstance(opacity, float) else Look().opacity
        self._show(Look(opacity=min(max(opacity, 0.0), 1.0), outlines=bool(outlines)))
        for name in (NAVIGATOR, STRIP, SHADED, MOTION):
            on = bool(settings.value(f"shows/{name}", defaultValue=False, type=bool))
            self.parts.set_checked(name, on)
            self.calls()[name]()

    def close(self) -> None:
        """Remember what is set."""
        settings, look = self.parts.settings, self.strip.look
        settings.setValue(OPACITY, look.opacity)
        settings.setValue(OUTLINES, look.outlines)
        for name in (NAVIGATOR, STRIP, SHADED, MOTION):
            settings.setValue(f"shows/{name}", self.parts.checked(name))

    def _show(self, look: Look) -> None:
        self.strip.show_look(look)
        self.parts.set_checked(OUTLINES, look.outlines)
        self.parts.window.canvas.show_look(look)

    def _outline(self) -> None:
        self._show(replace(self.strip.look, outlines=self.parts.checked(OUTLINES)))

    def _shade(self) -> None:
        image = self.parts.state.image
        open_yet = image is not None and image.status != "reviewed"
        veiled = open_yet and self.parts.checked(SHADED)
        if veiled != self.strip.look.veiled:
            self._show(replace(self.strip.look, veiled=veiled))
