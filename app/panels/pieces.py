"""Small pieces that dialogs and panels are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QLabel, QPushButton, QWidget

from cascadeclip.app.translation import tr


def quiet_label(text: str, parent: QWidget) -> QLabel:
    """Make a label that explains, in as many lines as it needs."""
    label = QLabel(text, parent)
    label.setWordWrap(True)
    label.setProperty("quiet", True)
    return label


def named_combo(parent: QWidget, name: str, rows: Sequence[tuple[str, str]]) -> QComboBox:
    """Make a list to choose from, of values with their marked texts; `name` is read aloud."""
    combo = QComboBox(parent)
    combo.setAccessibleName(name)
    for value, text in rows:
        combo.addItem(tr(text), value)
    return combo


def take_or_cancel(
    dialog: QDialog, text: str, take: Callable[[], None]
) -> tuple[QDialogButtonBox, QPushButton]:
    """Make the buttons below a dialog: one that says `text` and calls `take`, and Cancel."""
    roles = QDialogButtonBox.ButtonRole
    buttons = QDialogButtonBox(dialog)
    button = QPushButton(text, dialog)
    button.setProperty("primary", True)
    button.setDefault(True)
    buttons.addButton(button, roles.AcceptRole)
    buttons.addButton(QPushButton(tr("Cancel"), dialog), roles.RejectRole)
    buttons.accepted.connect(take)
    buttons.rejected.connect(dialog.reject)
    return buttons, button
