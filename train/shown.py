"""Models that were shown what is marked, as regions or as pixels: which of some is to be taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cascadeclip.train.gate import Tried

if TYPE_CHECKING:
    from cascadeclip.core.model import LoadedModel
    from cascadeclip.train.measuring import Examiner


@dataclass(frozen=True, slots=True)
class Shown:
    """Hold a model that was shown what is marked, or the one it was where that was better.

    `validation` is the mIoU on corrected images by how much it counts (0: not at all), `agreement`
    that of protected words with the parent.
    """

    model: LoadedModel
    validation: Mapping[float, float]
    agreement: float = 1.0


def allowed(
    options: Iterable[tuple[LoadedModel, float]],
    parent: LoadedModel,
    examiner: Examiner,
    validation: Mapping[float, float],
) -> Shown | None:
    """Return the first of some models, each with its mIoU, that leaves protected words alone.

    Where none does (`Tried.allowed`) the first; None where there are no options.
    """
    first: Shown | None = None
    for model, miou in options:
        one = Shown(model, validation, examiner.agreement(model, parent))
        if Tried(miou, one.agreement).allowed:
            return one
        first = first or one
    return first
