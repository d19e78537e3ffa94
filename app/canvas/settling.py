"""How an accepted mask comes to rest: in 120 ms, or at once where motion is not wanted."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt, QVariantAnimation
from PySide6.QtWidgets import QApplication, QStyle

from cascadeclip.app.canvas.layers import Layer, identity
from cascadeclip.app.canvas.look import Look

MILLISECONDS = 120


def motion_wanted() -> bool:
    """Say whether the system moves things in its own windows, as far as Qt can tell."""
    style = QApplication.style()
    duration = style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration)
    # Only Windows tells Qt by effects; elsewhere they are off whatever a person has set.
    told = sys.platform == "win32"
    return duration > 0 and (not told or QApplication.isEffectEnabled(Qt.UIEffect.UI_General))


def accepted(before: tuple[Layer | None, Layer | None], settled: Layer) -> tuple[int, ...]:
    """Give the numbers of settled shapes that were suggestions in the layers before."""
    old, pending = before
    if old is None or pending is None:
        return ()
    keys = (identity(shape) for shape in settled.shapes)
    return tuple(settled.table[k] for k in keys if k in pending.table and k not in old.table)


class Settling(QObject):
    """Let shapes fade from a suggestion's opacity to a mask's; not where motion is `reduced`."""

    def __init__(self, fade: Callable[[Mapping[int, float]], None], parent: QObject) -> None:
        super().__init__(parent)
        self._fade = fade
        self.reduced = False
        self._numbers: tuple[int, ...] = ()
        self._look = Look()
        self._animation = QVariantAnimation(self)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setDuration(MILLISECONDS)
        self._animation.valueChanged.connect(self._step)
        self._animation.finished.connect(self._rest)

    @property
    def moving(self) -> bool:
        """Say whether something has not come to rest yet."""
        return bool(self._numbers)

    def begin(self, numbers: tuple[int, ...], look: Look) -> None:
        """Let shapes with these numbers settle; those that were still moving are at rest."""
        self._animation.stop()
        self._numbers, self._look = numbers, look
        if numbers and not self.reduced and motion_wanted():
            self._animation.start()
        else:
            self._rest()

    def _step(self, part: float) -> None:
        low, high = self._look.pending_opacity, self._look.opacity
        self._fade(dict.fromkeys(self._numbers, low + (high - low) * part))

    def _rest(self) -> None:
        if self._numbers:
            self._numbers = ()
            self._fade({})
