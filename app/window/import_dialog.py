"""The dialog that brings masks in: first what would change, then all of it as one step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.jobs import Task
from cascadeclip.app.panels.pieces import named_combo, quiet_label
from cascadeclip.app.presenters.exchange import ImportWish, rows_of
from cascadeclip.app.presenters.views import Asking
from cascadeclip.app.translation import mark, tr

if TYPE_CHECKING:
    from cascadeclip.core.formats.importing import ImportPreview

# Written out here: what reads the formats need not be loaded to choose one. A test compares.
KINDS = (
    ("coco", mark("COCO")),
    ("voc", mark("VOC, label images")),
    ("yolo", mark("YOLO")),
    ("labelme", mark("labelme")),
    ("semantic", mark("Label images (PNG)")),
)
POLICIES = (
    ("add", mark("Add to the masks that are there")),
    ("replace", mark("Replace the masks of the file's images")),
    ("skip", mark("Leave images with masks alone")),
)
CROWDS = (("keep", mark("Take each as one mask")), ("leave", mark("Leave them out")))
Look = Callable[[ImportWish, Callable[["ImportPreview"], None]], Task | None]


class ImportDialog(QDialog):
    """Choose a file, see what it would change, import it.

    Signals: `chosen` with the ImportWish that was looked at.
    """

    chosen = Signal(object)

    def __init__(self, asking: Asking, look: Look, parent: QWidget | None = None) -> None:
        """Ask `look` what a wish would change; it answers when it is ready."""
        super().__init__(parent)
        self.setObjectName("import_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Import"))
        self._asking, self._look = asking, look
        self._seen: ImportWish | None = None
        self._task: Task | None = None
        self._open = True
        self._make_fields()
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        layout.addLayout(self._form())
        layout.addWidget(self.table, 1)
        layout.addWidget(self._buttons())
        for combo in (self.kind, self.policy, self.crowds):
            combo.currentIndexChanged.connect(self._changed)
        self.path.textChanged.connect(self._changed)
        self.resize(640, 520)
        self._changed()
        self.path.setFocus()

    def wish(self) -> ImportWish:
        """Return what is chosen."""
        return ImportWish(
            Path(self.path.text().strip()).expanduser(),
            str(self.kind.currentData()),
            str(self.policy.currentData()),
            str(self.crowds.currentData()),
        )

    def show_preview(self, wish: ImportWish, found: ImportPreview) -> None:
        """Show what `wish` would change, unless somebody wishes something else by now."""
        if not self._open or wish != self.wish():
            return
        rows = rows_of(found)
        self.table.setRowCount(len(rows))
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                item = QTableWidgetItem(text)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                item.setToolTip(text)
                self.table.setItem(at, column, item)
        changes = found.added or found.replaced or found.suggested or found.withdrawn
        self._seen = wish if changes else None
        self.bring_in.setEnabled(bool(changes))
        self.bring_in.setDefault(bool(changes))  # Enter looks first, then takes what it saw
        if not changes:
            self.bring_in.setToolTip(tr("Nothing of this would change the project."))

    def _make_fields(self) -> None:
        self.kind = named_combo(self, tr("Format"), KINDS)
        self.policy = named_combo(self, tr("Masks"), POLICIES)
        self.crowds = named_combo(self, tr("Crowd regions"), CROWDS)
        self.path = QLineEdit(self)
        self.path.setAccessibleName(tr("File or folder"))
        self.path.setMinimumWidth(320)
        self.file = QPushButton(tr("File..."), self)
        self.file.clicked.connect(self._choose_file)
        self.folder = QPushButton(tr("Folder..."), self)
        self.folder.clicked.connect(self._choose_folder)
        self.table = QTableWidget(0, 3, self)
        self.table.setAccessibleName(tr("What will change"))
        self.table.setHorizontalHeaderLabels([tr("What will change"), tr("How many"), ""])
        self.table.verticalHeader().hide()
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(True)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)

    def _form(self) -> QFormLayout:
        place = QHBoxLayout()
        place.addWidget(self.path, 1)
        place.addWidget(self.file)
        place.addWidget(self.folder)
        form = QFormLayout()
        form.setSpacing(8)
        form.addRow(tr("Format"), self.kind)
        form.addRow(tr("From"), place)
        form.addRow(tr("Masks"), self.policy)
        form.addRow(tr("Crowd regions"), self.crowds)
        note = tr("Images are found by their names; boxes become suggestions.")
        form.addRow("", quiet_label(note, self))
        return form

    def _buttons(self) -> QDialogButtonBox:
        roles = QDialogButtonBox.ButtonRole
        buttons = QDialogButtonBox(self)
        self.look = QPushButton(tr("See what will change"), self)
        self.look.clicked.connect(self._ask)
        self.bring_in = QPushButton(tr("Import"), self)
        self.bring_in.setProperty("primary", True)
        self.bring_in.clicked.connect(self._take)
        buttons.addButton(self.look, roles.ActionRole)
        buttons.addButton(self.bring_in, roles.ActionRole)
        buttons.addButton(QPushButton(tr("Cancel"), self), roles.RejectRole)
        buttons.rejected.connect(self.reject)
        return buttons

    def _choose_file(self) -> None:
        self._take_path(self._asking.file(tr("Import a file"), "*.json *.yaml *.yml"))

    def _choose_folder(self) -> None:
        self._take_path(self._asking.folder(tr("Import a folder")))

    def _take_path(self, found: Path | None) -> None:
        if found is not None:
            self.path.setText(str(found))
            self._ask()

    def _changed(self) -> None:
        """Show nothing of what was wished before."""
        self._seen = None
        self.table.setRowCount(0)
        self.bring_in.setEnabled(False)
        self.bring_in.setToolTip(tr("See first what will change."))
        self.crowds.setEnabled(self.kind.currentData() == "coco")
        self.look.setEnabled(bool(self.path.text().strip()))
        self.look.setDefault(True)

    def done(self, result: int) -> None:
        """Close; a look that is under way is stopped."""
        self._open = False
        self._stop()
        super().done(result)

    def _ask(self) -> None:
        self._stop()
        wish = self.wish()
        self._task = self._look(wish, lambda found: self.show_preview(wish, found))

    def _stop(self) -> None:
        if self._task is not None:
            self._task.stop.set()

    def _take(self) -> None:
        if self._seen is not None:
            self.chosen.emit(self._seen)
            self.accept()
