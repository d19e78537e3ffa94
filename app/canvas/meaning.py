"""Which key of the tools a pressed key stands for: a person may have given the actions others."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from cascadeclip.app.canvas.tools.base import Pointer, Tool, controlled

# What tools hear for an action's keys: the key, and whether Ctrl is held with it.
STANDS_FOR: Mapping[str, tuple[Qt.Key, bool]] = {
    "accept": (Qt.Key.Key_Return, False),
    "deselect": (Qt.Key.Key_Escape, False),
    "reject": (Qt.Key.Key_Backspace, False),
    "delete": (Qt.Key.Key_Delete, False),
    "undo": (Qt.Key.Key_Z, True),
    "redo": (Qt.Key.Key_Y, True),
}


class Meaning:
    """Translate the keys that keep, drop and take back what a tool has begun."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Qt.Key, bool]] = {}

    def learn(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        """Take up the keys of the actions as they are now."""
        self._known = {
            # The stubs of PySide6 do not know that a sequence has items.
            QKeySequence(key)[0].toCombined(): STANDS_FOR[name]  # type: ignore[index]
            for name, some in keys.items()
            if name in STANDS_FOR
            for key in some
        }

    def wanted(self, event: QKeyEvent, tool: Tool) -> bool:
        """Say whether a pressed key is the tool's now."""
        key, control = self._heard(event)
        return tool.wants(key, control=control)

    def tell(self, event: QKeyEvent, tool: Tool, at: Pointer | None) -> bool:
        """Let the tool hear a pressed key; True when it was for the tool."""
        key, control = self._heard(event)
        return tool.key(key, at, control=control)

    def _heard(self, event: QKeyEvent) -> tuple[Qt.Key, bool]:
        pressed = Qt.Key(event.key()), controlled(event)
        return self._known.get(event.keyCombination().toCombined(), pressed)
