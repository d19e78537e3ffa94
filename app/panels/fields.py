"""A text field that keeps every plain key for itself while somebody types in it."""

from __future__ import annotations

from PySide6.QtCore import QChildEvent, QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from cascadeclip.app.translation import tr

PLAIN = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.KeypadModifier,
)


class TextField(QLineEdit):
    """Edit one line; single-letter shortcuts of the window are inert meanwhile.

    Signals: `left` when Escape is pressed, or Enter in an empty field.
    """

    left = Signal()

    def childEvent(self, event: QChildEvent) -> None:
        """Give the button that empties the field a name to be read aloud."""
        super().childEvent(event)
        if event.polished():  # before that it is not a button yet
            name_clear_button(self)

    def event(self, event: QEvent) -> bool:
        """Claim plain keys before the window's shortcuts see them."""
        if isinstance(event, QKeyEvent) and _is_typing(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the field on Escape, and on Enter when there is nothing to keep."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape or (enter and not self.text().strip()):
            self.clear()
            self.left.emit()
            return
        super().keyPressEvent(event)


def name_clear_button(top: QWidget) -> None:
    """Name the buttons that empty fields below `top`; Qt makes them without a name."""
    for button in top.findChildren(QToolButton):
        if not button.accessibleName() and not button.text():
            button.setAccessibleName(tr("Empty the field"))


def _is_typing(event: QKeyEvent) -> bool:
    override = event.type() is QEvent.Type.ShortcutOverride
    function_key = Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F12
    return override and event.modifiers() in PLAIN and not function_key
