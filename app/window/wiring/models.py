"""The model panel, the dialog that gets models, and two versions side by side."""

from __future__ import annotations

from PySide6.QtCore import Qt

from cascadeclip.app.memory import card_bytes, own_bytes
from cascadeclip.app.panels.comparing import CompareDialog
from cascadeclip.app.panels.models import LOADING, NO_PROJECT, ModelPanel, Speaking
from cascadeclip.app.panels.weights import WeightsDialog
from cascadeclip.app.panels.wording import bytes_text, milliseconds
from cascadeclip.app.presenters.comparing import Comparing
from cascadeclip.app.presenters.models import Models, Weights
from cascadeclip.app.presenters.state import Change
from cascadeclip.app.sayings import said
from cascadeclip.app.translation import mark, tr
from cascadeclip.app.window.parts import Parts
from cascadeclip.app.window.wiring.feature import Calls, Feature

DOCK = "model"
WIDTH = 320
DEVICES = {"cuda": mark("Graphics card (CUDA)"), "cpu": mark("Processor")}


class ModelChoice(Feature):
    """Everything about which model speaks."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        state, jobs = parts.state, parts.jobs
        self.panel = ModelPanel(parts.window)
        self.dock = parts.window.add_dock(DOCK, tr("Model"), self.panel)
        self.models = Models(
            state,
            jobs,
            parts.asking,
            parts.window.toast,
            reload_engine=self._reload,
        )
        self.comparing = Comparing(state, jobs, device=parts.device)
        self.panel.activated.connect(parts.training.activate_version)
        self.panel.rolled_back.connect(parts.training.roll_back)
        self.panel.compare_wanted.connect(self.compare)
        self.panel.weights_wanted.connect(self.get_model)
        self.dock.visibilityChanged.connect(self._refresh)
        parts.models_changed.connect(self._refresh_versions)
        state.subscribe(Change.ENGINE | Change.ENGINE_TIMES, self._show_speaking)
        state.subscribe(Change.PROJECT, self._refresh)

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        return {
            "model": self.show_panel,
            "get_clip": self.get_model,
            "compare_versions": self.compare,
        }

    def show_panel(self) -> None:
        """Bring the panel up."""
        self.parts.window.raise_dock(DOCK, width=WIDTH)

    def get_model(self) -> None:
        """Open the dialog that gets models; what it began goes on when it is closed."""
        dialog = WeightsDialog(self.parts.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.download_wanted.connect(self.models.download)
        dialog.use_wanted.connect(self._use)
        dialog.stop_wanted.connect(self.models.stop)
        dialog.file_wanted.connect(self.models.choose_file)
        dialog.checkpoint_wanted.connect(self.models.choose_checkpoint)
        dialog.finished.connect(self._weights_closed)
        self.models.show(dialog)
        dialog.open()

    def compare(self) -> None:
        """Open two versions side by side on the open image."""
        dialog = CompareDialog(self.parts.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.wanted.connect(self.comparing.compare)
        dialog.finished.connect(self._compared)
        self.comparing.show(dialog)
        dialog.open()

    # Inside

    def _use(self, weights: Weights) -> None:
        self.models.use(weights.name, weights.tag)

    def _weights_closed(self) -> None:
        self.models.show(None)

    def _compared(self) -> None:
        self.comparing.show(None)

    def _reload(self) -> None:
        self.parts.library.load_engine()
        self.parts.models_changed.emit()

    def _refresh(self) -> None:
        if self.dock.isVisible():
            self._show_speaking()
            self._refresh_versions()

    def _refresh_versions(self) -> None:
        if not self.dock.isVisible():
            return
        self.panel.show_refusal(self.parts.state.refusal)
        if self.parts.state.project is None:
            self.panel.show_versions([])
        else:
            self.parts.training.versions(self.panel.show_versions)

    def _show_speaking(self) -> None:
        if self.dock.isVisible():
            self.panel.show_speaking(self._speaking())

    def _speaking(self) -> Speaking:
        state = self.parts.state
        engine = state.engine
        if engine is None:
            waiting = LOADING if state.project is not None else NO_PROJECT
            return Speaking(state.engine_trouble or waiting)
        memory = tr("{size} of features", size=bytes_text(engine.cached_bytes))
        whole = own_bytes()
        if whole is not None:
            memory = tr("{size} in all, {rest}", size=bytes_text(whole), rest=memory)
        card = card_bytes() if engine.device == "cuda" else None
        if card is not None:
            memory = tr("{rest}, {size} on the card", size=bytes_text(card), rest=memory)
        return Speaking(
            f"{engine.name} {engine.version}",
            tr(DEVICES.get(engine.device, engine.device)),
            engine.backend,
            said(engine.reason),
            memory,
            milliseconds(engine.last_encode_ms) if engine.last_encode_ms else "",
            milliseconds(engine.last_decode_ms) if engine.last_decode_ms else "",
            said(engine.info.note),
        )
