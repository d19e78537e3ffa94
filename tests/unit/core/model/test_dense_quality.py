"""The self-calibrated block against its steps written out for one image, in loops."""

from __future__ import annotations

import math

import pytest
import torch
from torch.nn import functional

from cascadeclip.core.model.dense_quality import (
    CALIBRATION,
    Calibration,
    averaging,
    dense_quality,
    focus,
    likeness,
    outlier_factors,
    outliers,
    repair,
)
from cascadeclip.core.model.transformer import Block

WIDTH, HEADS = 16, 2
GRIDS = [(3, 3), (2, 5), (6, 7), (1, 4)]


@pytest.fixture
def last() -> Block:
    torch.manual_seed(1)
    block = Block(WIDTH, HEADS, 32, "quick_gelu")
    with torch.no_grad():
        for parameter in block.parameters():
            parameter += 0.2 * torch.randn(parameter.shape)
    return block.eval()


def passed(grid: tuple[int, int], blocks: int = 11, count: int = 2) -> list[torch.Tensor]:
    """Make outputs whose patches are alike where they are near, with a few that stand out."""
    generator = torch.Generator().manual_seed(sum(grid))
    base = torch.randn(count, 1, WIDTH, generator=generator)
    tokens = 1 + grid[0] * grid[1]
    outputs = [
        base + 0.8 * torch.randn(count, tokens, WIDTH, generator=generator) for _ in range(blocks)
    ]
    outputs[-1][0, tokens // 2] += 30
    return outputs


def literal_factors(patches: torch.Tensor, neighbours: int) -> list[float]:
    """Follow the definition of the local outlier factor, with squared distances."""
    points = [row.double() for row in patches]
    count = len(points)
    k = min(neighbours, count - 1)
    away = [[float(((a - b) ** 2).sum()) for b in points] for a in points]
    near = [sorted((j for j in range(count) if j != i), key=away[i].__getitem__)[:k]
            for i in range(count)]  # fmt: skip
    farthest = [away[i][near[i][-1]] for i in range(count)]
    density = []
    for i in range(count):
        reach = [max(farthest[j], away[i][j]) for j in near[i]]
        density.append(1 / (sum(reach) / k))
    return [sum(density[j] for j in near[i]) / k / density[i] for i in range(count)]


def literal_repair(patches, wrong, grid):
    height, width = grid
    result = patches.clone()
    for y in range(height):
        for x in range(width):
            if not wrong[y * width + x]:
                continue
            around = [
                patches[b * width + a]
                for b in range(max(y - 1, 0), min(y + 2, height))
                for a in range(max(x - 1, 0), min(x + 2, width))
                if (b, a) != (y, x) and not wrong[b * width + a]
            ]
            if around:
                result[y * width + x] = torch.stack(around).mean(dim=0)
    return result


def literal_averaging(patches, beta):
    count = len(patches)
    rows = torch.zeros(count, count)
    for i in range(count):
        for j in range(count):
            cosine = patches[i] @ patches[j] / (patches[i].norm() * patches[j].norm())
            rows[i, j] = cosine if cosine >= beta else 0
        rows[i] /= rows[i].sum()
    return rows


def literal_attention(block, patches, similar):
    """Return Wo A v for patches NxD; `similar` NxN are the cosines S."""
    x = functional.layer_norm(patches, (WIDTH,), block.ln_1.weight, block.ln_1.bias)
    joint = x @ block.attn.in_proj_weight.T + block.attn.in_proj_bias
    size, count = WIDTH // HEADS, len(patches)
    sharp = 3 * (similar - similar.mean())
    mixed = torch.zeros(count, WIDTH)
    for head in range(HEADS):
        key = joint[:, WIDTH + head * size : WIDTH + (head + 1) * size]
        value = joint[:, 2 * WIDTH + head * size : 2 * WIDTH + (head + 1) * size]
        for i in range(count):
            scores = torch.tensor([float(key[i] @ key[j]) for j in range(count)]) / math.sqrt(size)
            kept = [float(one) if one >= 0 else -math.inf for one in sharp[i]]
            shares = (scores.softmax(dim=0) + torch.tensor(kept).softmax(dim=0)) / 2
            mixed[i, head * size : (head + 1) * size] = shares @ value
    return mixed @ block.attn.out_proj.weight.T + block.attn.out_proj.bias


def literal_quality(block, outputs, grid):
    """Do steps 1 to 5 for one image; outputs[i] is F(i+1) of 11, (1+N)xD."""
    f = {i + 1: tokens for i, tokens in enumerate(outputs)}
    patches, c = f[11][1:], f[11][0]
    factors = torch.tensor(literal_factors(patches, 30))
    wrong = (factors > factors.quantile(0.95)).tolist()
    x = literal_repair(patches, wrong, grid)
    g = literal_repair(f[9][1:], wrong, grid)
    unit = g / g.norm(dim=1, keepdim=True)
    similar = unit @ unit.T
    x = literal_averaging(g, 0.4) @ x
    spread = literal_averaging(f[4][1:], 0.4)
    y = spread @ (literal_attention(block, x, similar) + 0.3 * c)
    r = sum(f[i] for i in range(4, 11))
    return y + spread @ (literal_attention(block, r[1:], similar) + 0.3 * r[0])


@torch.no_grad()
@pytest.mark.parametrize("grid", GRIDS)
def test_all_steps_together(last: Block, grid: tuple[int, int]) -> None:
    outputs = passed(grid)
    found = dense_quality(last, outputs, grid)
    assert found.shape == (2, grid[0] * grid[1], WIDTH)
    for one in range(2):
        expected = literal_quality(last, [tokens[one] for tokens in outputs], grid)
        torch.testing.assert_close(found[one], expected, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize(("count", "k"), [(50, 30), (12, 30), (40, 5), (2, 30)])
def test_outlier_factors_are_the_definition(count: int, k: int) -> None:
    patches = torch.randn(3, count, 6, generator=torch.Generator().manual_seed(count))
    patches[1, 0] += 20
    found = outlier_factors(patches, k)
    for one in range(3):
        expected = torch.tensor(literal_factors(patches[one], k), dtype=torch.float32)
        torch.testing.assert_close(found[one], expected, atol=1e-4, rtol=1e-3)
    if k < count - 1:  # with all others as neighbours nothing stands out much
        assert found[1].argmax() == 0


def test_what_stands_out_is_found_in_each_image_by_itself() -> None:
    patches = torch.randn(2, 100, 8, generator=torch.Generator().manual_seed(2))
    patches[0, [3, 50]] += 40
    patches[1, 77] -= 40
    found = outliers(patches)
    assert found[0, [3, 50]].all()
    assert found[1, 77]
    assert found.sum(dim=1).tolist() == [5, 5]
    assert torch.equal(outliers(patches[1:])[0], found[1])


def test_patches_far_from_zero_keep_their_distances() -> None:
    patches = torch.randn(1, 60, 8, generator=torch.Generator().manual_seed(3))
    moved = outlier_factors(patches + 1000, 30)
    torch.testing.assert_close(moved, outlier_factors(patches, 30), atol=1e-2, rtol=1e-2)


@pytest.mark.parametrize("grid", [(1, 1), (1, 2), (2, 2)])
def test_the_smallest_grids_and_a_picture_of_one_colour(last, grid: tuple[int, int]) -> None:
    outputs = passed(grid)
    assert dense_quality(last, outputs, grid).isfinite().all()
    same = [torch.ones(1, 1 + grid[0] * grid[1], WIDTH) for _ in range(11)]
    assert dense_quality(last, same, grid).isfinite().all()


def test_repair_takes_right_neighbours_alone() -> None:
    patches = torch.arange(9.0).view(1, 9, 1).expand(2, 9, 3)
    wrong = torch.zeros(2, 9, dtype=torch.bool)
    wrong[0, [0, 1, 4]] = True
    wrong[1] = True
    found = repair(patches, wrong, (3, 3))
    assert found[0, 0, 0].item() == pytest.approx(3)
    assert found[0, 4, 2].item() == pytest.approx((2 + 3 + 5 + 6 + 7 + 8) / 6)
    assert torch.equal(found[0, 5], patches[0, 5])
    assert torch.equal(found[1], patches[1])


def test_rows_of_averages_and_of_attention() -> None:
    patches = torch.randn(2, 12, 6, generator=torch.Generator().manual_seed(4))
    alike = likeness(patches)
    rows = averaging(alike, 0.4)
    torch.testing.assert_close(rows.sum(dim=-1), torch.ones(2, 12))
    assert not rows[alike < 0.4].any()
    shares = focus(alike, 3.0)
    torch.testing.assert_close(shares.sum(dim=-1), torch.ones(2, 12))
    assert not shares[0][alike[0] < alike[0].mean()].any()


def test_patches_all_alike_keep_each_other() -> None:
    # The mean of such numbers is rounded above every one of them.
    alike = torch.full((1, 7, 7), 0.9)
    assert alike.mean() > alike[0, 0, 0]
    assert focus(alike, 3.0).isfinite().all()


def test_likeness_is_full_precision_under_autocast() -> None:
    patches = torch.randn(1, 8, 6)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = likeness(patches)
        factors = outlier_factors(patches, 3)
    assert found.dtype == torch.float32
    assert torch.equal(found, likeness(patches))
    assert torch.equal(factors, outlier_factors(patches, 3))


def test_blocks_of_a_tower_of_twelve_and_of_others() -> None:
    assert [CALIBRATION.place(block, 12) for block in (4, 9, 10)] == [3, 8, 9]
    assert [CALIBRATION.place(block, 24) for block in (4, 9, 10)] == [7, 17, 19]
    assert [CALIBRATION.place(block, 2) for block in (4, 9, 10)] == [0, 0, 0]
    assert Calibration(similar=8).similar == 8
