"""Everything about one word in one place: spellings, colour, threshold, key, seen or not."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QColorDialog,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.canvas.shapes import score_text
from cascadeclip.app.panels.pieces import quiet_label
from cascadeclip.app.presenters.words import WordSettings
from cascadeclip.app.sayings import said
from cascadeclip.app.translation import mark, tr
from cascadeclip.core.errors import VocabularyError
from cascadeclip.core.vocabulary import PALETTE, parse_vocabulary

SPELLINGS = mark("cat | kitten are spellings of one word; -shadow makes it negative")
ONE_WORD = mark("This is more than one word: put a bar between spellings of one.")
SWATCH = """QToolButton { border: 2px solid transparent; border-radius: 6px; padding: 2px; }
QToolButton:hover { background: palette(midlight); }
QToolButton:focus { border-color: palette(mid); }
QToolButton:checked { border-color: palette(highlight); }"""
BY_PLACE = mark("By its place")


class WordEditor(QDialog):
    """Change one word.

    Signals: `changed` with its settings when they are to be kept; `removed`.
    """

    changed = Signal(object)
    removed = Signal()

    def __init__(
        self,
        settings: WordSettings,
        *,
        threshold: float,
        keys: Mapping[int, str],
        parent: QWidget | None = None,
    ) -> None:
        """Begin at `settings`; `threshold` (0..1) is the one of all words.

        `keys` is how the key of each digit is written, empty where it has none.
        """
        super().__init__(parent)
        self.setObjectName("word_editor")
        self.setWindowTitle(tr("Word"))
        self._threshold = threshold
        self.spellings = QLineEdit(settings.text, self)
        self.spellings.setAccessibleName(tr("Spellings"))
        self.spellings.setMinimumWidth(320)
        self.said = quiet_label(tr(SPELLINGS), self)
        self.colours = QButtonGroup(self)
        self.colour = settings.colour
        self.own = QCheckBox(tr("Its own"), self)
        self.own.setChecked(settings.threshold is not None)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(1, 99)
        self.slider.setAccessibleName(tr("Threshold of this word"))
        self.value = QLabel(self)
        self.key = _keys(keys, self)
        self.key.setCurrentIndex(self.key.findData(settings.key))
        self.shown = QCheckBox(tr("Shown on the image"), self)
        self.shown.setChecked(settings.shown)
        self.shown.setToolTip(tr("A hidden word keeps its masks and its suggestions"))
        self._lay_out()
        start = threshold if settings.threshold is None else settings.threshold
        self.slider.setValue(round(100 * start))
        self._connect()
        self._check()
        self._show_threshold()
        self.spellings.selectAll()

    @property
    def settings(self) -> WordSettings:
        """Give what is set now."""
        own = self.slider.value() / 100 if self.own.isChecked() else None
        text = self.spellings.text()
        return WordSettings(text, self.colour, own, self.key.currentData(), self.shown.isChecked())

    def refuse(self, sentence: str) -> None:
        """Let nothing but the eye's own be changed, and say why."""
        self.said.setText(sentence)
        for widget in (self.spellings, self.own, self.slider, self.key, self.more, self.remove):
            widget.setEnabled(False)
            widget.setToolTip(sentence)
        for button in self.colours.buttons():
            button.setEnabled(False)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(12)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        spelled = QVBoxLayout()
        spelled.setSpacing(4)
        spelled.addWidget(self.spellings)
        spelled.addWidget(self.said)
        limit = QHBoxLayout()
        for widget in (self.own, self.slider, self.value):
            limit.addWidget(widget)
        form.addRow(tr("Spellings"), spelled)
        form.addRow(tr("Colour"), self._swatches())
        form.addRow(tr("Threshold"), limit)
        form.addRow(tr("Number key"), self.key)
        form.addRow("", self.shown)
        self.remove = QPushButton(tr("Remove the word"), self)
        self.remove.setToolTip(tr("Its masks stay in the project"))
        self.remove.setAutoDefault(False)
        cancel = QPushButton(tr("Cancel"), self)
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.save = QPushButton(tr("Save"), self)
        self.save.setProperty("primary", True)
        self.save.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addLayout(form)
        layout.addLayout(buttons)

    def _swatches(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        for colour in dict.fromkeys((*PALETTE, self.colour)):
            button = _swatch(self, colour)
            button.setChecked(colour == self.colour)
            button.clicked.connect(lambda _, colour=colour: self._take(colour))
            self.colours.addButton(button)
            row.addWidget(button)
        self.more = QToolButton(self)
        self.more.setText(tr("Other..."))
        self.more.setProperty("small", True)
        self.more.clicked.connect(self._choose_colour)
        row.addSpacing(6)
        row.addWidget(self.more)
        row.addStretch(1)
        return row

    def _connect(self) -> None:
        self.spellings.textChanged.connect(self._check)
        self.own.toggled.connect(self._show_threshold)
        self.slider.valueChanged.connect(self._show_threshold)
        self.remove.clicked.connect(self._remove)
        self.save.clicked.connect(self._save)

    def _check(self) -> None:
        trouble = ""
        try:
            if len(parse_vocabulary(self.spellings.text())) > 1:
                trouble = tr(ONE_WORD)
        except VocabularyError as error:
            trouble = said(str(error))
        self.said.setText(trouble or tr(SPELLINGS))
        self.save.setEnabled(not trouble)

    def _show_threshold(self) -> None:
        own = self.own.isChecked()
        self.slider.setEnabled(own)
        value = self.slider.value() / 100 if own else self._threshold
        self.value.setText(score_text(value))

    def _take(self, colour: str) -> None:
        self.colour = colour

    def _choose_colour(self) -> None:
        dialog = QColorDialog(QColor(self.colour), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(self._take_other)
        dialog.open()

    def _take_other(self, colour: QColor) -> None:
        self.colour = colour.name()
        self.more.setIcon(_painted(self.colour))
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.colours.setExclusive(False)
        for button in self.colours.buttons():
            button.setChecked(False)
        self.colours.setExclusive(True)

    def _save(self) -> None:
        self.changed.emit(self.settings)
        self.accept()

    def _remove(self) -> None:
        self.removed.emit()
        self.accept()


def _keys(keys: Mapping[int, str], parent: QWidget) -> QComboBox:
    box = QComboBox(parent)
    box.setAccessibleName(tr("Number key"))
    box.addItem(tr(BY_PLACE), None)
    for digit in (*range(1, 10), 0):
        box.addItem(keys[digit] or str(digit), digit)
    return box


def _swatch(parent: QWidget, colour: str) -> QToolButton:
    button = QToolButton(parent)
    button.setCheckable(True)
    button.setIcon(_painted(colour))
    button.setIconSize(QSize(16, 16))
    button.setStyleSheet(SWATCH)
    button.setToolTip(colour)
    button.setAccessibleName(tr("Colour {colour}", colour=colour))
    return button


def _painted(colour: str) -> QIcon:
    pixmap = QPixmap(32, 32)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(2, 2, 28, 28)
    painter.end()
    return QIcon(pixmap)
