"""The one place that turns an exception into words on the screen."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from cascadeclip.app.sayings import said
from cascadeclip.app.translation import tr
from cascadeclip.core.errors import CascadeClipError

log = logging.getLogger(__name__)


def sentence(error: BaseException) -> str:
    """Say in one sentence what happened and what to do."""
    if isinstance(error, CascadeClipError):
        return said(str(error))
    if isinstance(error, PermissionError):
        return tr(
            "Writing to {place} is not allowed: choose another folder or change its rights.",
            place=error.filename or tr("this place"),
        )
    if isinstance(error, OSError):
        why = error.strerror or str(error)
        if error.filename:
            return tr("The disk refused to work with {name}: {why}.", name=error.filename, why=why)
        return tr("The disk refused to work: {why}.", why=why)
    return tr(
        "The program made a mistake of its own; your masks up to now are saved. "
        "Details: {name}: {error}",
        name=type(error).__name__,
        error=error,
    )


class Offer(Protocol):
    """Hold what a button says and does."""

    @property
    def text(self) -> str:
        """Give what the button says."""

    @property
    def do(self) -> Callable[[], None]:
        """Give what the button does."""


class Problems(QObject):
    """Tell the person what went wrong: a line for small things, a dialog for refusals.

    `remedy` finds the button that does what the sentence advises. Signals: `told` with the
    sentence of every small problem and what a button may offer (a text and a function), or None.
    """

    told = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window: QWidget | None = None
        self._ask: Callable[[str], None] = self._open_dialog
        self.remedy: Callable[[BaseException], Offer | None] = lambda error: None
        self._offer: Offer | None = None

    def attach(self, window: QWidget) -> None:
        """Make `window` the parent of the dialogs to come."""
        self._window = window

    def tell(self, error: Exception) -> None:
        """Say it in the window's message line; the work goes on."""
        self._record(error)
        self.told.emit(sentence(error), self.remedy(error))

    def refuse(self, error: Exception) -> None:
        """Say it in a dialog: what the person asked for did not happen."""
        self._record(error)
        self._offer = self.remedy(error)
        self._ask(sentence(error))

    def install(self) -> None:
        """Catch what nobody caught, so that a slip in one view does not end the program."""
        sys.excepthook = self._uncaught

    def _uncaught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.error("uncaught", exc_info=(kind, error, trace))
        self.told.emit(sentence(error), None)

    def _record(self, error: Exception) -> None:
        if not isinstance(error, CascadeClipError):
            log.error("%s", "".join(traceback.format_exception(error)))

    def _open_dialog(self, text: str) -> None:
        box = QMessageBox(QMessageBox.Icon.Warning, "Cascade-CLIP", text, parent=self._window)
        box.setObjectName("problem")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._offer is not None:
            button = box.addButton(self._offer.text, QMessageBox.ButtonRole.AcceptRole)
            button.clicked.connect(self._offer.do)
            box.addButton(QMessageBox.StandardButton.Close)
        box.open()
