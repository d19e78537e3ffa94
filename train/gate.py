"""The gate: a new version is used only when it has earned it on images it never saw."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cascadeclip.train.evaluate import Quality

GAIN = 0.005
PROTECTED_LOSS = 0.01
WORD_LOSS = 0.10
SHARES = (1.0, 0.75, 0.5, 0.25)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Say whether a version is to be used, and why, in one sentence."""

    activate: bool
    reason: str


def judge(before: Quality, after: Quality, corrected: Iterable[str]) -> Verdict:
    """Compare parent and child on the same held-out images.

    The child must gain half a point of mIoU. No word may lose more than 10 points, and the words
    nobody corrected (not in `corrected`) at most 1 point in the mean.
    """
    gain = after.miou - before.miou
    told = f"{100 * before.miou:.1f} to {100 * after.miou:.1f} mIoU on held-out images"
    if gain < GAIN:
        return Verdict(activate=False, reason=f"Not better enough: {told}.")
    drops = {name: old - after.per_word.get(name, 0.0) for name, old in before.per_word.items()}
    worst = max(drops, key=lambda name: drops[name], default=None)
    if worst is not None and drops[worst] > WORD_LOSS:
        return Verdict(
            activate=False,
            reason=f'Better on the whole ({told}), but "{worst}" lost '
            f"{100 * drops[worst]:.1f} points.",
        )
    known = set(corrected)
    others = [drop for name, drop in drops.items() if name not in known]
    if others and sum(others) / len(others) > PROTECTED_LOSS:
        return Verdict(
            activate=False,
            reason=f"Better on the whole ({told}), but words without corrections lost "
            f"{100 * sum(others) / len(others):.1f} points.",
        )
    return Verdict(activate=True, reason=f"Better: {told}.")


def choose_share(
    quality_at: Callable[[float], float], shares: Sequence[float] = SHARES
) -> tuple[float, dict[float, float]]:
    """Choose how far to go from the parent (0) to the trained weights (1).

    `quality_at` measures a share on images that are neither fitted nor held out; the first of the
    best wins, so list the boldest first. Returns the share and all measurements.
    """
    measured = {share: quality_at(share) for share in shares}
    best = max(measured, key=lambda share: measured[share])
    return best, measured
