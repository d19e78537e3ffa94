"""A sentence that stays for some seconds over the canvas, and a line that stays for good."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from cascadeclip.app.panels.keyed import keyed, tip_of
from cascadeclip.app.theme import icon
from cascadeclip.app.translation import tr

if TYPE_CHECKING:
    from cascadeclip.app.window.remedies import Remedy

SECONDS_PLAIN, SECONDS_UNDO = 5, 8


class Toast(QFrame):
    """Say something at the foot of a widget, with an Undo button when there is one to press."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("toast")
        self.setProperty("card", True)
        self._over = over
        self._act: Callable[[], None] | None = None
        self._text = QLabel(self)
        self.button = QPushButton(tr("Undo"), self)
        keyed(self.button, "undo", tr("Take it back"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setSpacing(16)
        layout.addWidget(self._text)
        layout.addWidget(self.button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.button.clicked.connect(self._press)
        over.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """Give what is being said."""
        return self._text.text()

    def say(
        self,
        text: str,
        *,
        undo: Callable[[], None] | None = None,
        offer: Remedy | None = None,
    ) -> None:
        """Show a sentence for some seconds, longer when a button undoes or mends it."""
        act = undo or (offer.do if offer is not None else None)
        self._act = act
        self._text.setText(text)
        self._text.setWordWrap(False)
        self.button.setVisible(act is not None)
        self.button.setText(offer.text if offer is not None else tr("Undo"))
        self.button.setToolTip(offer.text if offer is not None else tip_of(self.button))
        room = max(200, self._over.width() - 64)
        if self._text.sizeHint().width() > room:
            self._text.setWordWrap(True)
            self._text.setFixedWidth(room)
        else:
            self._text.setMinimumWidth(0)
            self._text.setMaximumWidth(16777215)
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()
        self._timer.start(1000 * (SECONDS_UNDO if act else SECONDS_PLAIN))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the foot when the widget changes its size."""
        if event.type() is QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        x = (self._over.width() - self.width()) // 2
        self.move(max(x, 8), self._over.height() - self.height() - 24)

    def _press(self) -> None:
        self.hide()
        if self._act:
            self._act()


class Banner(QFrame):
    """Say something calm above the canvas until it is closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("card", True)
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        close = QToolButton(self)
        close.setIcon(icon("close"))
        close.setAutoRaise(True)
        close.setToolTip(tr("Close this note"))
        close.setAccessibleName(tr("Close this note"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        self.button = QPushButton(self)
        self.button.hide()
        self._offer: Remedy | None = None
        layout.addWidget(self._text, 1)
        layout.addWidget(self.button)
        layout.addWidget(close)
        close.clicked.connect(self.hide)
        self.button.clicked.connect(self._press)
        self.hide()

    @property
    def text(self) -> str:
        """Give what is being said."""
        return self._text.text()

    def say(self, text: str, *, offer: Remedy | None = None) -> None:
        """Show this sentence, with a button that does what it advises; nothing when empty."""
        self._text.setText(text)
        self._offer = offer
        self.button.setVisible(offer is not None)
        if offer is not None:
            self.button.setText(offer.text)
        self.setVisible(bool(text))

    def _press(self) -> None:
        if self._offer is not None:
            self._offer.do()
