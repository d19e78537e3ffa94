"""The training panel: how to learn, where a run is, how it ended, what becomes of the version."""

from __future__ import annotations

import time
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cascadeclip.app.panels.curves import LossCurves
from cascadeclip.app.panels.training_result import ResultPage
from cascadeclip.app.panels.wording import time_left
from cascadeclip.app.presenters.ladder import LADDER, Proposal
from cascadeclip.app.presenters.training import Progress, Result
from cascadeclip.app.sayings import said
from cascadeclip.app.training import Collected, Recipe
from cascadeclip.app.translation import mark, tr

EXPLANATION = mark(
    "Retraining learns from your accepted and drawn masks of reviewed images. "
    "Mark images as reviewed with K, then choose Model > Retrain."
)
IN_WORDS: dict[str, str] = {
    "calibrate": mark("What scores mean: seconds"),
    "prototypes": mark("Remember what is marked: seconds"),
    "pixels": mark("How marked pixels look: seconds"),
    "quick": mark("Quick: a minute"),
    "self-training": mark("Quick, and guess unreviewed images"),
    "full": mark("Full: prompts too, long without a GPU"),
}
WORDS_NAMED = 6


class TrainingPanel(QWidget):
    """Show a run and its end.

    Signals: `started` with the recipe, `stopped_here`, `cancelled`, `activated`, `kept` when a
    button is pressed.
    """

    started = Signal(str)
    stopped_here = Signal()
    cancelled = Signal()
    activated = Signal()
    kept = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._began = 0.0
        self._phase = _text(tr(EXPLANATION), self)
        self._learnt = _text("", self, quiet=True)
        self._steps = _text("", self, quiet=True)
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(tr("Training progress"))
        self.curves = LossCurves(self)
        self.recipe = _recipes(self)
        self.cancel_button = self._button(tr("Cancel"), tr("Stop training; the model in use stays"))
        self.here_button = self._button(
            tr("Stop here"), tr("Train no further; what is learnt so far is measured and kept")
        )
        self.start_button = self._button(tr("Retrain"), tr("Train on the reviewed images"))
        self.start_button.setProperty("primary", True)
        self.result = ResultPage(self)
        self.table = self.result.table
        self.activate_button = self.result.activate_button
        self.keep_button = self.result.keep_button
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self._running_page())
        self.pages.addWidget(self.result)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pages)
        self.start_button.clicked.connect(lambda: self.started.emit(self.chosen))
        self.cancel_button.clicked.connect(self.cancelled)
        self.here_button.clicked.connect(self.stopped_here)
        self.result.activated.connect(self.activated)
        self.result.kept.connect(self.kept)
        self.result.again.connect(self._show_idle)
        self._show_idle()

    @property
    def chosen(self) -> Recipe:
        """Return the way to learn that is chosen."""
        return cast("Recipe", self.recipe.currentData())

    # The presenter's face

    def show_proposal(self, proposal: Proposal) -> None:
        """Choose a way to learn and say why it is the one; the person may choose another."""
        self.recipe.setCurrentIndex(self.recipe.findData(proposal.recipe))
        self._learnt.setText(proposal.reason)
        self._learnt.show()

    def show_running(self, progress: Progress) -> None:
        """Show where the run is."""
        if not progress.step and not progress.losses and not self.cancel_button.isVisibleTo(self):
            self._began = time.monotonic()
        self.pages.setCurrentIndex(0)
        self.start_button.hide()
        self.recipe.hide()
        self.cancel_button.show()
        self.cancel_button.setEnabled(not progress.stopping)
        self.here_button.setVisible(progress.step > 0 and not progress.stopping)
        self._phase.setText(tr("Stopping") if progress.stopping else _capital(said(progress.phase)))
        self._learnt.setText(learnt_from(progress.collected) if progress.collected else "")
        self._learnt.setVisible(progress.collected is not None)
        self.progress.show()
        self.progress.setRange(0, progress.total)
        self.progress.setValue(progress.step)
        self._steps.setText(self._step_text(progress))
        self.curves.setVisible(len(progress.losses) > 1)
        self.curves.show_curves(progress.losses, progress.checks, progress.length)
        if len(progress.losses) == 1:
            self._began = time.monotonic()

    def show_result(self, result: Result) -> None:
        """Show before and after on the held-out images, and what can be done."""
        self._show_idle()
        self.pages.setCurrentIndex(1)
        self.result.show_result(result)

    def show_failed(self, sentence: str) -> None:
        """Show why there is no new version."""
        self._show_idle()
        self._phase.setText(said(sentence))

    def show_decided(self, sentence: str) -> None:
        """Show what was decided about the new version."""
        self.result.said.setText(sentence)

    # Inside

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.setObjectName(text.lower().replace(" ", "_"))
        return button

    def _running_page(self) -> QWidget:
        page, inner = QWidget(self), QWidget(self)
        told = QVBoxLayout(inner)
        told.setContentsMargins(12, 8, 12, 4)
        told.setSpacing(8)
        for widget in (self._phase, self.progress, self._steps, self.curves, self._learnt):
            told.addWidget(widget)
        told.addStretch(1)
        asked = QVBoxLayout()
        asked.setContentsMargins(12, 4, 12, 12)
        asked.setSpacing(8)
        asked.addWidget(self.recipe)
        buttons = QHBoxLayout()
        for button in (self.here_button, self.cancel_button):
            buttons.addWidget(button)
        asked.addWidget(self.start_button)
        asked.addLayout(buttons)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(_scrolling(inner, self), 1)
        layout.addLayout(asked)
        return page

    def _show_idle(self) -> None:
        self.pages.setCurrentIndex(0)
        self._phase.setText(tr(EXPLANATION))
        self._learnt.hide()
        self._steps.setText("")
        self.progress.hide()
        self.curves.hide()
        self.cancel_button.hide()
        self.here_button.hide()
        self.recipe.show()
        self.start_button.show()

    def _step_text(self, progress: Progress) -> str:
        if not progress.total:
            return ""
        text = tr("Step {step} of {total}", step=progress.step, total=progress.total)
        if progress.losses:
            text += tr(", loss {loss}", loss=f"{progress.losses[-1][1]:.3f}")
        if len(progress.losses) > 1:  # those of this sitting: a run may go on from a later step
            pace = (time.monotonic() - self._began) / (len(progress.losses) - 1)
            text += f", {time_left(pace * (progress.total - progress.step))}"
        return text


def learnt_from(collected: Collected) -> str:
    """Say what a run learns from, and which words nobody corrected."""
    words = [f"{word} {count:.0f}" for word, count in collected.words.items()]
    named = ", ".join(words[:WORDS_NAMED]) + (", ..." if len(words) > WORDS_NAMED else "")
    lines = [
        tr("Masks: {count} ({named}).", count=collected.masks, named=named),
        tr("Rejected suggestions: {count}.", count=collected.rejected),
        tr(
            "Images: {complete} complete, {partial} partly marked; {held_out} more only measure.",
            complete=collected.complete,
            partial=collected.partial,
            held_out=collected.held_out,
        ),
    ]
    if collected.protected:
        some = ", ".join(collected.protected[:WORDS_NAMED])
        lines.append(tr("Watched, for nobody corrected them: {some}.", some=some))
    return " ".join(lines)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _text(text: str, parent: QWidget, *, quiet: bool = False) -> QLabel:
    label = QLabel(text, parent)
    label.setWordWrap(True)
    if quiet:
        label.setProperty("quiet", True)
    return label


def _scrolling(inner: QWidget, parent: QWidget) -> QScrollArea:
    """Let what a low window cannot show be scrolled to."""
    area = QScrollArea(parent)
    area.setAccessibleName(tr("How training goes"))
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def _recipes(parent: QWidget) -> QComboBox:
    box = QComboBox(parent)
    box.setAccessibleName(tr("How to learn"))
    box.setToolTip(tr("How to learn from the corrections, the cheapest way first"))
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    for name in LADDER:
        box.addItem(tr(IN_WORDS[name]), name)
    box.setCurrentIndex(box.findData("quick"))
    return box
