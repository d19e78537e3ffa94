"""The gate: a new version is used only when it has earned it on images it never saw."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cascadeclip.train.evaluate import Quality

GAIN = 0.005
PROTECTED_LOSS = 0.01
WORD_LOSS = 0.10
ALIKE = 0.01
"""Shares whose mIoU on the few images that choose differs by less count as equally good."""
SHARES = (1.0, 0.75, 0.5, 0.25, 0.1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Say whether a version is to be used, and why, in one sentence."""

    activate: bool
    reason: str


def judge(
    before: Quality, after: Quality, corrected: Iterable[str], agreement: float = 1.0
) -> Verdict:
    """Compare parent and child on the same held-out images.

    The child must gain half a point of mIoU. No word may lose more than 10 points; of a corrected
    one it may be as much as the mean gains, for a few images can be kind to a poor model. The words
    nobody corrected (not in `corrected`) may lose at most 1 point in the mean; where nobody looked,
    they must answer as before on all but 1 % of pixels (`agreement`).
    """
    gain = after.miou - before.miou
    told = f"{100 * before.miou:.1f} to {100 * after.miou:.1f} mIoU on held-out images"
    if gain < GAIN:
        return Verdict(activate=False, reason=f"Not better enough: {told}.")
    drops = {name: old - after.per_word.get(name, 0.0) for name, old in before.per_word.items()}
    known = set(corrected)
    over = {
        name: drop - (max(WORD_LOSS, gain) if name in known else WORD_LOSS)
        for name, drop in drops.items()
    }
    worst = max(over, key=lambda name: over[name], default=None)
    others = [drop for name, drop in drops.items() if name not in known]
    but = None
    if worst is not None and over[worst] > 0:
        but = f'"{worst}" lost {100 * drops[worst]:.1f} points'
    elif others and sum(others) / len(others) > PROTECTED_LOSS:
        lost = 100 * sum(others) / len(others)
        but = f"words without corrections lost {lost:.1f} points"
    elif agreement < 1 - PROTECTED_LOSS:
        changed = 100 * (1 - agreement)
        but = f"words without corrections answer otherwise on {changed:.1f} % of other images"
    if but is not None:
        return Verdict(activate=False, reason=f"Better on the whole ({told}), but {but}.")
    return Verdict(activate=True, reason=f"Better: {told}.")


@dataclass(frozen=True, slots=True)
class Tried:
    """Hold what was measured at a share: validation mIoU and agreement of protected words, 0..1."""

    miou: float
    agreement: float = 1.0

    @property
    def allowed(self) -> bool:
        """Tell whether protected words answer as before on all but 1 % of pixels."""
        return self.agreement >= 1 - PROTECTED_LOSS


def choose_share(
    tried_at: Callable[[float], Tried], shares: Sequence[float] = SHARES, *, least: float = 0.0
) -> tuple[float, dict[float, Tried]]:
    """Choose how far to go from the parent (0) to the trained weights (1).

    `tried_at` measures a share on images that are neither fitted nor held out. Of the shares that
    leave protected words alone and reach `least` (the parent's mIoU), the smallest wins whose mIoU
    is as good as the best: what a few images cannot tell apart is not worth a change elsewhere.
    Where there is none, the best of all: the gate will refuse it and a person may overrule that.
    Returns the share and everything measured.
    """
    measured = {share: tried_at(share) for share in shares}
    good = [one for one in shares if measured[one].allowed and measured[one].miou >= least]
    best = max(good or shares, key=lambda share: measured[share].miou)
    alike = [one for one in good if measured[one].miou >= measured[best].miou - ALIKE]
    return min(alike, default=best), measured
