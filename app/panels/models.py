"""The model panel: which one speaks, on what and how fast, and the versions to go back to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QGridLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.panels.wording import percent
from cascadeclip.app.translation import mark, tr

if TYPE_CHECKING:
    from cascadeclip.core.project import VersionRow

BUNDLED = mark("The model that comes with the program")
NO_PROJECT = mark("Open a project to see its model.")
LOADING = mark("The model is being loaded.")
TREE = """QTreeView { border: 1px solid palette(mid); border-radius: 6px; }
QTreeView::item { padding: 3px 0; }
QTreeView::item:selected { background: palette(midlight); color: palette(text); }"""
NumberRole = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Speaking:
    """Hold what is told of the model that speaks, each as a person reads it; empty: not known."""

    name: str
    device: str = ""
    backend: str = ""
    why: str = ""
    memory: str = ""
    encode: str = ""
    decode: str = ""
    note: str = ""


class ModelPanel(QWidget):
    """Show the model that speaks and the versions of the project.

    Signals: `activated` with a version number; `rolled_back`; `compare_wanted`; `weights_wanted`.
    """

    activated = Signal(int)
    rolled_back = Signal()
    compare_wanted = Signal()
    weights_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QLabel(tr(NO_PROJECT), self)
        self.name.setWordWrap(True)
        bold = self.name.font()
        bold.setBold(True)
        self.name.setFont(bold)
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        self.note.setProperty("quiet", True)
        self.facts = {
            title: QLabel(self)
            for title in (
                mark("Device"),
                mark("Runs by"),
                mark("Memory"),
                mark("Last encode"),
                mark("Last decode"),
            )
        }
        self.tree = _tree(self)
        self.activate_button = _button(
            self, tr("Use"), tr("Let the chosen version speak from now on")
        )
        self.back_button = _button(
            self, tr("Roll back"), tr("Use the version from before this one")
        )
        self.compare_button = _button(
            self, tr("Compare..."), tr("Two versions side by side on the open image")
        )
        self.weights_button = _button(
            self,
            tr("Get a model..."),
            tr("CLIP's weights from the network or a file, or a checkpoint"),
        )
        self._refusal, self._rows = "", {0: False}
        self._lay_out()
        self._connect()
        self.show_versions([])

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(4)
        form.setHorizontalSpacing(16)
        for title, label in self.facts.items():
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            head = QLabel(tr(title), self)
            head.setProperty("quiet", True)
            form.addRow(head, label)
        buttons = QGridLayout()
        buttons.setSpacing(8)
        for at, button in enumerate(
            (self.activate_button, self.back_button, self.compare_button, self.weights_button)
        ):
            buttons.addWidget(button, at // 2, at % 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self.name)
        layout.addLayout(form)
        layout.addWidget(self.note)
        layout.addWidget(self.tree, 1)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.activate_button.clicked.connect(self._activate)
        self.back_button.clicked.connect(self.rolled_back)
        self.compare_button.clicked.connect(self.compare_wanted)
        self.weights_button.clicked.connect(self.weights_wanted)
        self.tree.itemSelectionChanged.connect(self._enable)

    def show_speaking(self, speaking: Speaking) -> None:
        """Show these facts of the model that speaks."""
        self.name.setText(speaking.name)
        texts = (
            speaking.device,
            speaking.backend,
            speaking.memory,
            speaking.encode,
            speaking.decode,
        )
        for label, text in zip(self.facts.values(), texts, strict=True):
            label.setText(text or "-")
        self.facts["Runs by"].setToolTip(speaking.why)
        if speaking.why:
            self.facts["Runs by"].setText(f"{speaking.backend}: {speaking.why}")
        self.note.setText(speaking.note)
        self.note.setVisible(bool(speaking.note))

    def show_versions(self, rows: Sequence[VersionRow]) -> None:
        """Show the versions below the ones they were grown from; none: the bundled one alone."""
        self.tree.clear()
        self._rows = {0: not any(row.active for row in rows)}
        bundled = _item("mini", "", 0, active=self._rows[0], tip=tr(BUNDLED))
        self.tree.addTopLevelItem(bundled)
        items: dict[str, QTreeWidgetItem] = {}
        for row in rows:
            self._rows[row.id] = row.active
            item = items[row.name] = _item(
                row.name, _measure(row), row.id, active=row.active, tip=told(row)
            )
            above = items.get(row.parent or "")
            if above is not None:
                above.addChild(item)
            elif (row.parent or "").startswith("mini"):
                bundled.addChild(item)
            else:
                self.tree.addTopLevelItem(item)
        self.tree.expandAll()
        self._enable()

    def show_refusal(self, sentence: str) -> None:
        """Say why no version can be chosen; empty when one can."""
        self._refusal = sentence
        self._enable()

    def _chosen(self) -> int | None:
        items = self.tree.selectedItems()
        return int(items[0].data(0, NumberRole)) if items else None

    def _enable(self) -> None:
        chosen, free = self._chosen(), not self._refusal
        able = chosen is not None and chosen != 0 and not self._rows[chosen]
        self.activate_button.setEnabled(able and free)
        self.back_button.setEnabled(not self._rows[0] and free)
        self.compare_button.setEnabled(len(self._rows) > 1)
        for button in (self.activate_button, self.back_button):
            button.setStatusTip(self._refusal)

    def _activate(self) -> None:
        chosen = self._chosen()
        if chosen:
            self.activated.emit(chosen)


def told(row: VersionRow) -> str:
    """Say where a version comes from."""
    made = row.created[:16].replace("T", " ")
    lines = [tr("{name}, made {made} by {recipe}", name=row.name, made=made, recipe=row.recipe)]
    lines.append(
        tr("Grown from {name}", name=row.parent)
        if row.parent
        else tr("Grown from no other version")
    )
    return "\n".join(lines)


def _measure(row: VersionRow) -> str:
    """Write the mIoU before and after of a version; empty when it was not measured."""
    before, after = row.metrics.get("before"), row.metrics.get("after")
    if after is None:
        return ""
    return tr("{share} to {share2}", share=percent(_miou(before)), share2=percent(_miou(after)))


def _miou(value: object) -> float | None:
    if isinstance(value, dict):
        value = value.get("miou")
    return float(value) if isinstance(value, int | float) else None


def _item(name: str, measure: str, number: int, *, active: bool, tip: str) -> QTreeWidgetItem:
    item = QTreeWidgetItem([tr("{name}  (in use)", name=name) if active else name, measure])
    item.setData(0, NumberRole, number)
    item.setToolTip(0, tip)
    if active:
        font = item.font(0)
        font.setBold(True)
        item.setFont(0, font)
    return item


def _tree(parent: QWidget) -> QTreeWidget:
    tree = QTreeWidget(parent)
    tree.setAccessibleName(tr("Model versions"))
    tree.setHeaderLabels([tr("Version"), "mIoU"])
    tree.setStyleSheet(TREE)
    tree.setIndentation(14)
    tree.header().setStretchLastSection(False)
    tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    tree.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return tree


def _button(parent: QWidget, text: str, tip: str) -> QPushButton:
    button = QPushButton(text, parent)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
