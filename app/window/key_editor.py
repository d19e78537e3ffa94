"""Change keys: begin with a preset, give an action another key, see at once what would clash."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.panels.fields import name_clear_button
from cascadeclip.app.translation import tr
from cascadeclip.app.window import keymap
from cascadeclip.app.window.key_sheet import written


class KeyEditor(QDialog):
    """Let the person change keys; what clashes cannot be kept.

    Signals: `chosen` with the preset's name and the keys of every action.
    """

    chosen = Signal(str, object)

    def __init__(self, name: str, keys: keymap.Keys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("key_editor")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Change keys"))
        self.resize(560, 640)
        self.keys = dict(keys)
        self._rows = keymap.rows()
        self.presets = QComboBox(self)
        self.presets.addItems(keymap.PRESETS)
        self.presets.setCurrentText(name)
        self.presets.setAccessibleName(tr("Keys to begin with"))
        self.table = self._table()
        self.field = QKeySequenceEdit(self)
        self.field.setMaximumSequenceLength(1)
        self.field.setClearButtonEnabled(True)
        self.field.setAccessibleName(tr("New key of the chosen action"))
        name_clear_button(self.field)
        self.give, self.usual = QPushButton(tr("Give key")), QPushButton(tr("Usual key"))
        self.none = QPushButton(tr("No key"))
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._lay_out()
        self._connect()
        self._show()
        self.table.selectRow(0)

    def _table(self) -> QTableWidget:
        table = QTableWidget(len(self._rows), 2, self)
        table.setAccessibleName(tr("Actions and their keys"))
        table.setHorizontalHeaderLabels([tr("Action"), tr("Keys")])
        table.verticalHeader().hide()
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.setColumnWidth(1, 180)
        for at, row in enumerate(self._rows):
            table.setItem(at, 0, QTableWidgetItem(tr(row.text).removesuffix("...")))
            table.setItem(at, 1, QTableWidgetItem(""))
        return table

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        first, second = QHBoxLayout(), QHBoxLayout()
        label = QLabel(tr("Begin with"), self)
        label.setBuddy(self.presets)
        first.addWidget(label)
        first.addWidget(self.presets, 1)
        second.addWidget(self.field, 1)
        for button in (self.give, self.none, self.usual):
            button.setAutoDefault(False)
            second.addWidget(button)
        layout.addLayout(first)
        layout.addWidget(self.table, 1)
        layout.addLayout(second)
        layout.addWidget(self.said)
        layout.addWidget(self.buttons)

    def _connect(self) -> None:
        self.presets.currentTextChanged.connect(self._begin)
        self.give.clicked.connect(self._give)
        self.none.clicked.connect(lambda: self._set(()))
        self.usual.clicked.connect(self._reset)
        self.buttons.accepted.connect(self._keep)
        self.buttons.rejected.connect(self.reject)

    def select(self, name: str) -> None:
        """Choose an action by its name."""
        names = [row.name for row in self._rows]
        self.table.selectRow(names.index(name))

    @property
    def selected(self) -> str:
        """Give the name of the chosen action."""
        return self._rows[max(0, self.table.currentRow())].name

    def _begin(self, name: str) -> None:
        self.keys = keymap.preset(name)
        self._show()

    def _give(self) -> None:
        form = QKeySequence.SequenceFormat.PortableText
        key = self.field.keySequence().toString(form)
        if key:
            self._set((key,))

    def _reset(self) -> None:
        self._set(keymap.preset(self.presets.currentText())[self.selected])

    def _set(self, keys: tuple[str, ...]) -> None:
        self.keys[self.selected] = keys
        self.field.clear()
        self._show()

    def _show(self) -> None:
        for at, row in enumerate(self._rows):
            item = self.table.item(at, 1)
            if item is not None:
                item.setText(written(self.keys[row.name]))
        found = keymap.clashes(self.keys)
        self.said.setText(self._sentence(found[0]) if found else "")
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not found)

    def _sentence(self, clash: keymap.Clash) -> str:
        texts = {row.name: tr(row.text).removesuffix("...") for row in self._rows}
        key, name = written((clash.key,)), texts[clash.name]
        if clash.other not in texts:
            return tr("{key} is held on the image: choose another key for “{name}”.",
                      key=key, name=name)  # fmt: skip
        return tr(
            "{key} would mean both “{other}” and “{name}”: give one of them another key.",
            key=key,
            other=texts[clash.other],
            name=name,
        )

    def _keep(self) -> None:
        self.chosen.emit(self.presets.currentText(), dict(self.keys))
        self.accept()
