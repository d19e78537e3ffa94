"""The dialog that chooses how masks leave the project."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.panels.pieces import named_combo, quiet_label, take_or_cancel
from cascadeclip.app.presenters.exchange import ExportWish, shares_of, words_of
from cascadeclip.app.presenters.views import Asking
from cascadeclip.app.sayings import said
from cascadeclip.app.translation import mark, tr
from cascadeclip.core.errors import FormatError

# Written out here: what writes the formats need not be loaded to choose one. A test compares.
KINDS = (
    ("coco", mark("COCO, exact masks (RLE)")),
    ("coco-polygon", mark("COCO, polygons")),
    ("coco-stuff", mark("COCO, one mask per word")),
    ("coco-panoptic", mark("COCO, panoptic")),
    ("semantic", mark("Label images (PNG)")),
    ("yolo", mark("YOLO, segmentation")),
    ("voc", mark("VOC, label images")),
    ("labelme", mark("labelme")),
)
IMAGES = (
    ("", mark("As is usual in the format")),
    ("none", mark("Leave them where they are")),
    ("copy", mark("Copy")),
    ("link", mark("Link")),
)
GROUPS = (("image", mark("Equal images stay together")), ("folder", mark("Folders stay together")))
_COCO = ("coco", "coco-polygon", "coco-stuff")
_PANOPTIC = "coco-panoptic"
_MOST_AREA = 1_000_000_000


class ExportDialog(QDialog):
    """Choose a format, a place and options.

    Signals: `chosen` with an ExportWish that can be met.
    """

    chosen = Signal(object)

    def __init__(self, name: str, asking: Asking, parent: QWidget | None = None) -> None:
        """Propose `name` for what is written."""
        super().__init__(parent)
        self.setObjectName("export_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Export"))
        self._name, self._asking = name, asking
        self._make_fields()
        buttons, self.export = take_or_cancel(self, tr("Export"), self._take)
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        layout.addLayout(self._form())
        layout.addWidget(self.trouble)
        layout.addWidget(buttons)
        for combo in (self.kind, self.images):
            combo.currentIndexChanged.connect(self._changed)
        for line in (self.out, self.split):
            line.textChanged.connect(self._changed)
        self._changed()

    def wish(self) -> ExportWish:
        """Return what is chosen. Raise FormatError when it cannot be."""
        kind = str(self.kind.currentData())
        chosen: dict[str, object] = {
            "reviewed_only": self.reviewed.isChecked(),
            "min_area": self.area.value(),
            "words": words_of(self.words.text()),
            "stuff": words_of(self.stuff.text()) if kind == _PANOPTIC else (),
            "shares": shares_of(self.split.text()),
            "group": str(self.group.currentData()),
            "images": str(self.images.currentData()) or None,
            "provenance": self.provenance.isChecked(),
            "suggestions": kind in _COCO and self.suggestions.isChecked(),
        }
        if not self.out.text().strip():
            raise FormatError(tr("Choose where to write it."))
        wish = ExportWish(kind, Path(self.out.text().strip()).expanduser(), chosen)
        wish.options()
        return wish

    @property
    def one_file(self) -> bool:
        """Tell whether a single file is written; else it is a folder."""
        bare = self.images.currentData() in ("", "none")
        return self.kind.currentData() in _COCO and bare and not self.split.text().strip()

    def _make_fields(self) -> None:
        self.kind = named_combo(self, tr("Format"), KINDS)
        self.images = named_combo(self, tr("Images"), IMAGES)
        self.group = named_combo(self, tr("What stays together"), GROUPS)
        self.out = QLineEdit(self)
        self.out.setAccessibleName(tr("Where to"))
        self.out.setMinimumWidth(320)
        self.browse = QPushButton(tr("Choose..."), self)
        self.browse.clicked.connect(self._browse)
        self.reviewed = QCheckBox(tr("Only reviewed images"), self)
        self.area = QSpinBox(self)
        self.area.setMinimumHeight(28)
        self.area.setAccessibleName(tr("Least area"))
        self.area.setRange(0, _MOST_AREA)
        self.area.setSuffix(tr(" pixels"))
        self.words = QLineEdit(self)
        self.words.setAccessibleName(tr("First words"))
        self.words.setPlaceholderText(tr("as in the list of words"))
        self.stuff = QLineEdit(self)
        self.stuff.setAccessibleName(tr("Words without objects"))
        self.stuff.setPlaceholderText(tr("such as grass, sky"))
        self.split = QLineEdit(self)
        self.split.setAccessibleName(tr("Split"))
        self.split.setPlaceholderText("train=0.8, val=0.2")
        self.provenance = QCheckBox(tr("Say where each mask comes from"), self)
        self.provenance.setChecked(True)
        self.suggestions = QCheckBox(
            tr("Also what is suggested, with scores, in its own file"), self
        )
        self.trouble = quiet_label("", self)
        self.trouble.setMinimumHeight(36)

    def _form(self) -> QFormLayout:
        place = QHBoxLayout()
        place.addWidget(self.out, 1)
        place.addWidget(self.browse)
        form = QFormLayout()
        form.setSpacing(8)
        form.addRow(tr("Format"), self.kind)
        form.addRow(tr("Where to"), place)
        form.addRow(tr("Images"), self.images)
        form.addRow("", self.reviewed)
        form.addRow(tr("Least area"), self.area)
        form.addRow(tr("First words"), self.words)
        form.addRow(tr("Words without objects"), self.stuff)
        form.addRow(tr("Split"), self.split)
        form.addRow("", self.group)
        form.addRow("", self.provenance)
        form.addRow("", self.suggestions)
        return form

    def _browse(self) -> None:
        if self.one_file:
            found = self._asking.new_file(tr("Export"), f"{self._name}.json", "*.json")
        else:
            found = self._asking.folder(tr("Export into a folder"))
        if found is not None:
            self.out.setText(str(found))

    def _changed(self) -> None:
        """Offer what the format has, and say what is still missing."""
        coco = self.kind.currentData() in _COCO
        self.suggestions.setEnabled(coco)
        self.provenance.setEnabled(coco)
        self.stuff.setEnabled(self.kind.currentData() == _PANOPTIC)
        self.group.setEnabled(bool(self.split.text().strip()))
        what = tr("A file, replaced whole") if self.one_file else tr("A folder of its own")
        self.out.setPlaceholderText(what)
        try:
            self.wish()
        except FormatError as error:
            self.trouble.setText(said(str(error)))
            self.export.setEnabled(False)
        else:
            self.trouble.setText("")
            self.export.setEnabled(True)

    def _take(self) -> None:
        self.chosen.emit(self.wish())
        self.accept()
