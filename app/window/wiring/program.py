"""The program itself: quit, keys, about."""

from __future__ import annotations

from cascadeclip.app.window import dialogs, keymap
from cascadeclip.app.window.key_editor import KeyEditor
from cascadeclip.app.window.key_sheet import KeySheet
from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.wiring.feature import Calls, Feature

KEYS = "keys"


class Program(Feature):
    """Quit, what this is, the sheet of keys and the dialog that changes them."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.preset, self.keys = keymap.LABELME, keymap.preset(keymap.LABELME)

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        window, version = self.parts.window, self.parts.version
        return {
            "quit": self._quit,
            "keys": self.show_keys,
            "change_keys": self.change_keys,
            "about": lambda: dialogs.about(window, version),
        }

    def start(self) -> None:
        """Take up the keys of the last time."""
        self._use(*keymap.read(str(self.parts.settings.value(KEYS, ""))))

    def show_keys(self) -> None:
        """Show every key as it is now."""
        sheet = KeySheet(self.keys, self.parts.window)
        sheet.change_wanted.connect(self.change_keys)
        sheet.open()

    def change_keys(self) -> None:
        """Let the person choose a preset and change keys."""
        editor = KeyEditor(self.preset, self.keys, self.parts.window)
        editor.chosen.connect(self._choose)
        editor.open()

    def _choose(self, name: str, keys: dict[str, tuple[str, ...]]) -> None:
        self.parts.settings.setValue(KEYS, keymap.stored(name, keys))
        self._use(name, keys)

    def _use(self, name: str, keys: dict[str, tuple[str, ...]]) -> None:
        self.preset, self.keys = name, keys
        self.parts.window.show_keys(keys)

    def _quit(self) -> None:
        self.parts.window.close()
