import cv2
import numpy as np
import pytest

from cascadeclip.core import edges
from cascadeclip.core.edges import EdgeSettings, follow, without_grain
from cascadeclip.core.edges import refine as refine_each


def refine(maps, image, *, radius, epsilon=3e-5):
    """Fit on every pixel: the guided filter as it was first described."""
    grid = image.shape[:2]
    refined = refine_each(maps, image, grid=grid, radius=radius, epsilon=epsilon)
    return np.stack([*refined]) if len(maps) else np.empty((0, *grid), np.float32)


def slow(probabilities, image, radius, epsilon):
    """The guided filter by its definition: one least-squares fit per neighbourhood."""
    slope, offset = slow_fit(probabilities, image, radius, epsilon)
    guide = image.astype(np.float64) / 255
    return ((slope * guide).sum(2) + offset).clip(0, 1)


def slow_fit(probabilities, image, radius, epsilon):
    """The mean slopes and offset around every pixel."""
    height, width = image.shape[:2]
    guide = image.astype(np.float64) / 255
    slopes, offsets = np.zeros((height, width, 3)), np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            box = np.ix_(_mirrored(y, radius, height), _mirrored(x, radius, width))
            colours, values = guide[box].reshape(-1, 3), probabilities[box].ravel()
            spread = np.cov(colours.T, bias=True) + epsilon * np.eye(3)
            joint = (colours * values[:, None]).mean(0) - colours.mean(0) * values.mean()
            slopes[y, x] = np.linalg.solve(spread, joint)
            offsets[y, x] = values.mean() - slopes[y, x] @ colours.mean(0)
    mean_slopes, mean_offsets = np.zeros_like(slopes), np.zeros_like(offsets)
    for y in range(height):
        for x in range(width):
            box = np.ix_(_mirrored(y, radius, height), _mirrored(x, radius, width))
            mean_slopes[y, x] = slopes[box].reshape(-1, 3).mean(0)
            mean_offsets[y, x] = offsets[box].mean()
    return mean_slopes, mean_offsets


def _mirrored(at, radius, length):
    places = np.arange(at - radius, at + radius + 1)
    places = np.where(places < 0, -places - 1, places)
    return np.where(places >= length, 2 * length - 1 - places, places)


def test_agrees_with_the_definition():
    chance = np.random.default_rng(4)
    image = chance.integers(0, 256, (9, 12, 3), dtype=np.uint8)
    maps = chance.random((2, 9, 12), dtype=np.float32)
    refined = refine(maps, image, radius=2, epsilon=0.01)
    for got, map_ in zip(refined, maps, strict=True):
        np.testing.assert_allclose(got, slow(map_, image, 2, 0.01), atol=1e-3)


def test_fitted_on_cells_and_read_at_every_pixel():
    chance = np.random.default_rng(5)
    image = chance.integers(0, 256, (24, 36, 3), dtype=np.uint8)
    maps = chance.random((2, 8, 12), dtype=np.float32)
    small = cv2.resize(image, (12, 8), interpolation=cv2.INTER_AREA)
    refined = [*refine_each(maps, image, grid=(8, 12), radius=2, epsilon=0.01)]
    assert len(refined) == 2
    for got, one in zip(refined, maps, strict=True):
        slope, offset = (cv2.resize(x, (36, 24)) for x in slow_fit(one, small, 2, 0.01))
        want = ((slope * (image / 255)).sum(2) + offset).clip(0, 1)
        np.testing.assert_allclose(got, want, atol=1e-3)


@pytest.mark.parametrize("grain", [1, 2])
def test_maps_of_patches_end_up_as_large_as_the_image(grain):
    # two patches of 16 pixels down, three across; cells a third of a patch, two of them far
    image = np.random.default_rng(2).integers(0, 256, (32, 48, 3), dtype=np.uint8)
    maps = np.random.default_rng(3).random((1, 2 * grain, 3 * grain), dtype=np.float32)
    (followed,) = follow(maps, image, grain=grain, settings=EdgeSettings(3, 2, 0.01))
    finer = cv2.resize(maps[0], (9, 6))[None]
    (refined,) = refine_each(finer, image, grid=(6, 9), radius=2, epsilon=0.01)
    np.testing.assert_array_equal(followed, refined)


def test_cells_are_never_finer_than_the_image():
    image = np.random.default_rng(2).integers(0, 256, (12, 18, 3), dtype=np.uint8)
    maps = np.random.default_rng(3).random((1, 2, 3), dtype=np.float32)
    # of 24 cells a patch there is room for 6, so the radius is a quarter too
    (followed,) = follow(maps, image, grain=1, settings=EdgeSettings(24, 8, 0.01))
    at_pixels = cv2.resize(maps[0], (18, 12))[None]
    (refined,) = refine(at_pixels, image, radius=2, epsilon=0.01)
    np.testing.assert_array_equal(followed, refined)


def test_grain_goes_and_edges_stay():
    chance = np.random.default_rng(4)
    clean = np.full((40, 40, 3), 90, dtype=np.uint8)
    clean[:, 20:] = 190
    grainy = (clean + chance.normal(0, 10, clean.shape)).clip(0, 255).astype(np.uint8)
    smooth = without_grain(grainy)
    assert smooth[:, :20].std() < 0.6 * grainy[:, :20].std()
    assert smooth[:, 20].mean() - smooth[:, 19].mean() > 90


def test_one_map_at_a_time(monkeypatch):
    fitted = []
    real = edges._Fit.linear
    monkeypatch.setattr(edges._Fit, "linear", lambda *a: fitted.append(1) or real(*a))
    maps = np.random.default_rng(1).random((171, 6, 9), dtype=np.float32)
    many = follow(maps, np.zeros((30, 45, 3), np.uint8), grain=1)
    next(many)
    assert len(fitted) == 1
    assert sum(1 for _ in many) == 170


@pytest.mark.parametrize("shift", [-3, 2, 3])
def test_a_blurred_border_moves_to_the_edge_of_the_image(shift):
    image = np.full((64, 64, 3), (200, 180, 40), np.uint8)
    image[:, 32:] = (40, 60, 190)
    ramp = np.clip(0.5 + (np.arange(64) - 32 - shift) / 16, 0, 1).astype(np.float32)
    refined = refine(np.tile(ramp, (1, 64, 1)), image, radius=8)
    assert ((refined[0] >= 0.5) == (np.arange(64) >= 32)).all()


def test_without_maps_there_is_nothing_to_do():
    nothing = np.empty((0, 4, 5), np.float32)
    image = np.zeros((4, 5, 3), np.uint8)
    assert refine(nothing, image, radius=2).shape == (0, 4, 5)
    assert [*follow(nothing, image, grain=1)] == []


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_a_flat_image_only_smooths(grey):
    maps = np.random.default_rng(1).random((1, 30, 30), dtype=np.float32)
    refined = refine(maps, np.full((30, 30, 3), grey, np.uint8), radius=3)
    assert np.isfinite(refined).all()
    assert refined.std() < maps.std() / 3


def test_grey_images_of_high_contrast_are_solved_exactly():
    # nearly one dimension of colour: the determinant is a small difference of large products
    rng = np.random.default_rng(3)
    light = rng.integers(0, 2, (20, 20, 1)) * 240 + rng.integers(4, 12, (20, 20, 1))
    image = np.clip(light + rng.integers(-1, 2, (20, 20, 3)), 0, 255).astype(np.uint8)
    maps = rng.random((1, 20, 20), dtype=np.float32)
    refined = refine(maps, image, radius=4, epsilon=3e-5)
    assert np.abs(refined[0] - slow(maps[0], image, 4, 3e-5)).max() < 2e-3
