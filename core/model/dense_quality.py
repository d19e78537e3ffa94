"""The self-calibrated last block: better dense features from frozen weights, more work per image.

SC-CLIP (arXiv 2411.15869), from its formulas: patches that stand out from all others carry no
local meaning and are replaced by their neighbours; the likeness of patches in a middle block, where
it is cleanest, says which patches to average; maps of several blocks are added up. Everything is
per image, so a batch gives what its images give one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from cascadeclip.core.model.transformer import Block

PUBLISHED_LAYERS = 12
_TINY = 1e-10


@dataclass(frozen=True, slots=True)
class Calibration:
    """Hold the published constants, for a tower of 12 blocks.

    Blocks are counted from 1 by their outputs F1..F12. `neighbours` and `quantile` belong to the
    outlier factor, `similar` is the block that says which patches are alike, `post` the one that
    spreads the result, `levels` the first and last of those added up; likeness below `beta` does
    not count, the attention by likeness is `sharpness` steep, and `class_share` of the class token
    is added to every patch.
    """

    neighbours: int = 30
    quantile: float = 0.95
    beta: float = 0.4
    sharpness: float = 3.0
    class_share: float = 0.3
    similar: int = 9
    post: int = 4
    levels: tuple[int, int] = (4, 10)

    def place(self, block: int, layers: int) -> int:
        """Return where block `block` of 12 lies in a tower of `layers`, from 0, not the last.

        Towers of other depth take the block at the same share of their depth. That is our
        reading: the constants are published for 12 blocks.
        """
        scaled = round(block * layers / PUBLISHED_LAYERS)
        return min(max(scaled, 1), layers - 1) - 1


CALIBRATION = Calibration()


def dense_quality(
    last: Block,
    outputs: Sequence[Tensor],
    grid: tuple[int, int],
    calibration: Calibration = CALIBRATION,
) -> Tensor:
    """Return patches BxNxD from the outputs Bx(1+N)xD of all blocks but the last."""
    layers = len(outputs) + 1
    similar, post = (
        outputs[calibration.place(block, layers)][:, 1:]
        for block in (calibration.similar, calibration.post)
    )
    first, final = (calibration.place(block, layers) for block in calibration.levels)
    summed = torch.stack(tuple(outputs[first : final + 1])).sum(dim=0)
    before = outputs[-1]
    wrong = outliers(before[:, 1:], calibration)
    alike = likeness(repair(similar, wrong, grid))
    spread = averaging(likeness(post), calibration.beta).to(before)
    patches = averaging(alike, calibration.beta).to(before) @ repair(before[:, 1:], wrong, grid)
    shares = focus(alike, calibration.sharpness).to(before).unsqueeze(1)

    def settled(tokens: Tensor, class_token: Tensor) -> Tensor:
        seen = _attend(last, tokens, shares) + calibration.class_share * class_token
        return spread @ seen

    return settled(patches, before[:, :1]) + settled(summed[:, 1:], summed[:, :1])


def outliers(patches: Tensor, calibration: Calibration = CALIBRATION) -> Tensor:
    """Tell which patches BxNxD stand out, BxN: outlier factor above its quantile in the image."""
    factors = outlier_factors(patches, calibration.neighbours)
    limit = factors.quantile(calibration.quantile, dim=1, keepdim=True)
    return factors > limit


def outlier_factors(patches: Tensor, neighbours: int) -> Tensor:
    """Return the local outlier factor BxN of patches BxNxD (Breunig et al., SIGMOD 2000).

    Distances are squared, `neighbours` at most N - 1. About 1 is ordinary, more stands out.
    """
    count = patches.shape[1]
    k = min(neighbours, count - 1)
    if k < 1:
        return torch.ones(patches.shape[:2], device=patches.device)
    distance = _distances(patches)
    itself = torch.eye(count, dtype=torch.bool, device=patches.device)
    near, places = distance.masked_fill(itself, torch.inf).topk(k, dim=-1, largest=False)
    reach_of = near[..., -1]
    # A neighbour is at least as far as its own k-th neighbour is from it.
    reach = torch.maximum(near, _pick(reach_of, places))
    density = 1 / (reach.mean(dim=-1) + _TINY)
    return _pick(density, places).mean(dim=-1) / density


def _distances(patches: Tensor) -> Tensor:
    """Return squared distances BxNxN in float32."""
    with torch.autocast(patches.device.type, enabled=False):
        # Around their mean the numbers are small, and differences of squares lose less.
        x = patches.float() - patches.float().mean(dim=1, keepdim=True)
        square = x.square().sum(dim=-1)
        products = x @ x.transpose(1, 2)
        return (square.unsqueeze(2) + square.unsqueeze(1) - 2 * products).clamp_min(0)


def _pick(values: Tensor, places: Tensor) -> Tensor:
    """Return values BxN at places BxNxk."""
    return values.unsqueeze(1).expand(-1, places.shape[1], -1).gather(2, places)


def repair(patches: Tensor, wrong: Tensor, grid: tuple[int, int]) -> Tensor:
    """Replace patches BxNxD that are `wrong` (BxN) by the mean of their right neighbours of 8.

    A patch all of whose neighbours are wrong stays.
    """
    valid = (~wrong).to(patches.dtype).view(-1, 1, *grid)
    plane = patches.transpose(1, 2).reshape(len(patches), -1, *grid)
    total, count = (
        9 * functional.avg_pool2d(x, 3, stride=1, padding=1) for x in (plane * valid, valid)
    )
    # Counts are whole numbers but for rounding.
    mean = (total / count.round().clamp_min(1)).flatten(2).transpose(1, 2)
    changed = wrong & (count.round().flatten(1) > 0)
    return torch.where(changed.unsqueeze(-1), mean, patches)


def likeness(patches: Tensor) -> Tensor:
    """Return cosines BxNxN between patches BxNxD, in float32."""
    with torch.autocast(patches.device.type, enabled=False):
        unit = functional.normalize(patches.float(), dim=-1)
        return unit @ unit.transpose(1, 2)


def averaging(alike: Tensor, beta: float) -> Tensor:
    """Return rows BxNxN that sum to 1, without likeness below `beta`."""
    kept = alike.masked_fill(alike < beta, 0)
    return kept / kept.sum(dim=-1, keepdim=True)


def focus(alike: Tensor, sharpness: float) -> Tensor:
    """Return attention BxNxN by likeness, to patches more alike than the mean of the image."""
    above = sharpness * (alike - alike.mean(dim=(1, 2), keepdim=True))
    itself = torch.eye(above.shape[1], dtype=torch.bool, device=above.device)
    # Where all patches are the same, rounding could shut out every one of them.
    return above.masked_fill((above < 0) & ~itself, -torch.inf).softmax(dim=-1)


def _attend(last: Block, patches: Tensor, shares: Tensor) -> Tensor:
    """Return Wo A v of patches BxNxD, A half by keys that ask keys, half by `shares` Bx1xNxN."""
    _, key, value = last.attn.project(last.ln_1(patches))
    by_keys = functional.scaled_dot_product_attention(key, key, value)
    return last.attn.join((by_keys + shares @ value) / 2)
