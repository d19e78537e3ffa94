"""The dialog that gets models: published weights, a local file, a checkpoint."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.panels.wording import bytes_text
from cascadeclip.app.presenters.models import Weights
from cascadeclip.app.translation import mark, tr

INTRO = mark(
    "CLIP's weights let the program see photographs. They are fetched once, checked, and read from "
    "this machine from then on."
)
LISTING = mark("Looking at what there is.")
FACTS = (mark("Size"), mark("Licence"), mark("From"), mark("To"), mark("Checked"), mark("SHA-256"))
RESTRICTED = mark("not for commercial use")


class WeightsDialog(QDialog):
    """Choose, fetch and use weights.

    Signals: `download_wanted` and `use_wanted` with a Weights; `stop_wanted`; `file_wanted`;
    `checkpoint_wanted`.
    """

    download_wanted = Signal(object)
    use_wanted = Signal(object)
    stop_wanted = Signal()
    file_wanted = Signal()
    checkpoint_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("weights")
        self.setWindowTitle(tr("Get a model"))
        self.resize(640, 340)
        self._weights: tuple[Weights, ...] = ()
        self._busy = False
        self.choice = QComboBox(self)
        self.choice.setAccessibleName(tr("Weights"))
        self.choice.setEnabled(False)
        self.choice.addItem(tr(LISTING))
        self.facts = {name: _fact(self, name) for name in FACTS}
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress"))
        self.bar.hide()
        self.fetch = QPushButton(tr("Download"), self)
        self.fetch.setProperty("primary", True)
        self.fetch.setEnabled(False)
        self.stop = QPushButton(tr("Cancel"), self)
        self.stop.hide()
        self.file = QPushButton(tr("Use local file..."), self)
        self.file.setToolTip(tr("An OpenAI archive, an open_clip checkpoint or safetensors"))
        self.checkpoint = QPushButton(tr("Import checkpoint..."), self)
        self.checkpoint.setToolTip(tr("A .pth of Cascade-CLIP's, ZegCLIP's or SPT-SEG's code"))
        self._lay_out()
        self._connect()

    @property
    def chosen(self) -> Weights | None:
        """Give the weights that are chosen."""
        at = self.choice.currentIndex()
        return self._weights[at] if 0 <= at < len(self._weights) else None

    def show_weights(self, weights: tuple[Weights, ...]) -> None:
        """Offer these; what was chosen stays chosen."""
        before = self.chosen
        self.choice.blockSignals(True)
        self.choice.clear()
        self._weights = weights
        for one in weights:
            here = tr(", on this machine") if one.here else ""
            self.choice.addItem(f"{one.title}  {bytes_text(one.size)}{here}")
        same = [at for at, one in enumerate(weights) if before and one.title == before.title]
        self.choice.setCurrentIndex(same[0] if same else 0)
        self.choice.blockSignals(False)
        self._show_choice()

    def show_progress(self, text: str, done: int, total: int) -> None:
        """Show work under way: bytes done of all, 0 where nobody knows."""
        self._busy = True
        amount = (
            tr(": {done} of {total}", done=bytes_text(done), total=bytes_text(total))
            if total
            else ""
        )
        self._say(f"{text}{amount}", trouble=False)
        # Kilobytes: a bar counts in 32 bits.
        self.bar.setRange(0, total >> 10)
        self.bar.setValue(done >> 10)
        self._enable()

    def show_end(self, text: str, *, trouble: bool) -> None:
        """Show how work ended; with `trouble` it can be tried again."""
        self._busy = False
        self._say(text, trouble=trouble)
        self._enable()
        if trouble and self.chosen is not None and not self.chosen.here:
            self.fetch.setText(tr("Try again"))

    def _lay_out(self) -> None:
        intro = QLabel(tr(INTRO), self)
        intro.setWordWrap(True)
        intro.setProperty("quiet", True)
        form = QFormLayout()
        form.setSpacing(6)
        form.setHorizontalSpacing(16)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, label in self.facts.items():
            form.addRow(tr(name), label)
        others = QHBoxLayout()
        others.addWidget(self.file)
        others.addWidget(self.checkpoint)
        others.addStretch(1)
        others.addWidget(self.stop)
        others.addWidget(self.fetch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        for widget in (intro, self.choice):
            layout.addWidget(widget)
        layout.addLayout(form)
        layout.addStretch(1)
        layout.addWidget(self.said)
        layout.addWidget(self.bar)
        layout.addLayout(others)
        for button in (self.file, self.checkpoint, self.stop):
            button.setAutoDefault(False)

    def _connect(self) -> None:
        self.choice.currentIndexChanged.connect(self._show_choice)
        self.fetch.clicked.connect(self._fetch)
        self.stop.clicked.connect(self.stop_wanted)
        self.file.clicked.connect(self.file_wanted)
        self.checkpoint.clicked.connect(self.checkpoint_wanted)

    def _show_choice(self) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        kept = (
            tr(", {size} of it here already", size=bytes_text(chosen.kept)) if chosen.kept else ""
        )
        licence = f"{chosen.licence} ({tr(RESTRICTED)})" if chosen.restricted else chosen.licence
        texts = (
            f"{bytes_text(chosen.size)}{kept}",
            licence,
            chosen.url or tr("a file of your own"),
            chosen.target,
            tr("against {what}", what=chosen.checked) if chosen.checked else tr("its own form"),
            chosen.digest or tr("told when it arrives"),
        )
        for label, text in zip(self.facts.values(), texts, strict=True):
            label.setText(text)
            label.setCursorPosition(0)
            label.setToolTip(text)
        self._enable()

    def _enable(self) -> None:
        chosen = self.chosen
        self.fetch.setText(tr("Use it") if chosen is not None and chosen.here else tr("Download"))
        self.fetch.setEnabled(chosen is not None and not self._busy)
        self.choice.setEnabled(chosen is not None and not self._busy)
        self.stop.setVisible(self._busy)
        self.bar.setVisible(self._busy)
        for button in (self.file, self.checkpoint):
            button.setEnabled(not self._busy)

    def _fetch(self) -> None:
        chosen = self.chosen
        if chosen is not None:
            (self.use_wanted if chosen.here else self.download_wanted).emit(chosen)

    def _say(self, text: str, *, trouble: bool) -> None:
        self.said.setText(text)
        self.said.setProperty("trouble", trouble)
        self.said.style().polish(self.said)


def _fact(parent: QWidget, name: str) -> QLineEdit:
    """Return a line to read and copy from: addresses are longer than any dialog is wide."""
    line = QLineEdit(parent)
    line.setReadOnly(True)
    line.setFrame(False)
    line.setStyleSheet("border: 0; background: transparent; padding: 0;")
    line.setAccessibleName(tr(name))
    return line
