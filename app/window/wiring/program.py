"""The program itself: quit, keys, about."""

from __future__ import annotations

from cascadeclip.app.window import dialogs
from cascadeclip.app.window.wiring.feature import Calls, Feature


class Program(Feature):
    """Quit, the sheet of keys, what this is."""

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        window, version = self.parts.window, self.parts.version
        return {
            "quit": self._quit,
            "keys": lambda: dialogs.KeysDialog(window).open(),
            "about": lambda: dialogs.about(window, version),
        }

    def _quit(self) -> None:
        self.parts.window.close()
