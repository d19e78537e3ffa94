"""What every feature of the window is made like."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from cascadeclip.app.window.parts import Parts

Calls = dict[str, Callable[[], None]]


class Feature(QObject):
    """Wire one feature to the parts it needs.

    A feature makes in its constructor what it alone uses, and connects signals. `calls` names a
    function for each of its rows in `app/window/rows/`; `start` runs when the actions are there,
    before the window is shown; `close` when the window goes, while the jobs still run.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.parts = parts

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        return {}

    def start(self) -> None:
        """Take up what was remembered, now that the actions are there."""

    def close(self) -> None:
        """Remember what is to be remembered and let go."""
