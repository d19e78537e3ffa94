import numpy as np
import pytest
import torch
from torch.nn import functional

from cascadeclip.core.engine.stitch import Place, canvas_size, stitch
from cascadeclip.core.images import windows


def slow(logits, places, height, width, patch):
    """The paper's order, literally and pixel by pixel: upsample, sigmoid, add, divide."""
    total = torch.zeros(logits.shape[1], height, width)
    count = torch.zeros(height, width)
    for grid, place in zip(torch.from_numpy(logits), places, strict=True):
        box = place.window
        size = (grid.shape[1] * patch, grid.shape[2] * patch)
        full = functional.interpolate(grid[None], size, mode="bilinear", align_corners=False)[0]
        rows = slice(box.top, box.top + box.height)
        columns = slice(box.left, box.left + box.width)
        total[:, rows, columns] += full[:, : box.height, : box.width].sigmoid()
        count[rows, columns] += 1
    return (total / count).numpy()


@pytest.mark.parametrize(
    ("height", "width", "window", "stride", "patch"),
    [(32, 32, 32, 26, 8), (32, 75, 32, 27, 8), (61, 32, 32, 26, 4), (30, 47, 30, 21, 8)],
)
def test_at_one_cell_per_pixel_it_is_the_sliding_evaluation(height, width, window, stride, patch):
    places = [Place(height, width, one) for one in windows(height, width, window, stride)]
    side = -(-window // patch)
    logits = np.random.default_rng(2).normal(0, 4, (len(places), 3, side, side))
    logits = logits.astype(np.float32)
    joined = stitch(logits, places, (height, width), patch=patch)
    expected = slow(logits, places, height, width, patch)
    np.testing.assert_allclose(joined, expected, atol=1e-5)


def test_shares_of_a_softmax_add_up_and_are_averaged_after_it():
    places = [Place(32, 60, one) for one in windows(32, 60, 32, 28)]
    logits = np.random.default_rng(2).normal(0, 30, (2, 3, 4, 4)).astype(np.float32)
    joined = stitch(logits, places, (8, 15), patch=8, readout="softmax")
    np.testing.assert_allclose(joined.sum(axis=0), 1, atol=1e-5)
    alone = [
        stitch(logits[i : i + 1], [Place(32, 32, windows(32, 32, 32, 32)[0])], (8, 8), patch=8,
               readout="softmax")
        for i in range(2)
    ]  # fmt: skip
    np.testing.assert_allclose(
        joined[:, :, 7], (alone[0][..., 7] + alone[1][..., 0]) / 2, atol=1e-5
    )
    raised = stitch(logits + 1000, places, (8, 15), patch=8, readout="softmax")
    np.testing.assert_allclose(raised, joined, atol=1e-2)


def test_two_scales_meet_on_one_canvas():
    places = [Place(32, 32, windows(32, 32, 32, 32)[0])]
    places += [Place(64, 64, one) for one in windows(64, 64, 32, 32)]
    joined = stitch(np.full((5, 1, 4, 4), 2, np.float32), places, (16, 16), patch=8)
    np.testing.assert_allclose(joined, 1 / (1 + np.exp(-2)), atol=1e-6)


def test_a_canvas_has_at_least_one_cell():
    assert canvas_size(512, 1000, 4) == (128, 250)
    assert canvas_size(1, 40, 4) == (1, 10)


def test_large_logits_do_not_overflow():
    place = Place(8, 8, windows(8, 8, 8, 8)[0])
    logits = np.array([-1e4, 1e4], np.float32).reshape(1, 2, 1, 1)
    with np.errstate(all="raise"):
        joined = stitch(logits, [place], (2, 2), patch=8)
    assert joined[:, 0, 0].tolist() == [0, 1]
