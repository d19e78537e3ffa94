import numpy as np
import pytest

from cascadeclip.core.edges import refine


def slow(probabilities, image, radius, epsilon):
    """The guided filter by its definition: one least-squares fit per neighbourhood."""
    height, width = image.shape[:2]
    guide = image.astype(np.float64) / 255
    slopes, offsets = np.zeros((height, width, 3)), np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            rows = _mirrored(y, radius, height)
            columns = _mirrored(x, radius, width)
            colours = guide[np.ix_(rows, columns)].reshape(-1, 3)
            values = probabilities[np.ix_(rows, columns)].ravel()
            spread = np.cov(colours.T, bias=True) + epsilon * np.eye(3)
            joint = (colours * values[:, None]).mean(0) - colours.mean(0) * values.mean()
            slopes[y, x] = np.linalg.solve(spread, joint)
            offsets[y, x] = values.mean() - slopes[y, x] @ colours.mean(0)
    out = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            box = np.ix_(_mirrored(y, radius, height), _mirrored(x, radius, width))
            slope = slopes[box].reshape(-1, 3).mean(0)
            out[y, x] = slope @ guide[y, x] + offsets[box].mean()
    return out.clip(0, 1)


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


@pytest.mark.parametrize("shift", [-3, 2, 3])
def test_a_blurred_border_moves_to_the_edge_of_the_image(shift):
    image = np.full((64, 64, 3), (200, 180, 40), np.uint8)
    image[:, 32:] = (40, 60, 190)
    ramp = np.clip(0.5 + (np.arange(64) - 32 - shift) / 16, 0, 1).astype(np.float32)
    refined = refine(np.tile(ramp, (1, 64, 1)), image, radius=8)
    assert ((refined[0] >= 0.5) == (np.arange(64) >= 32)).all()


def test_without_maps_there_is_nothing_to_do():
    nothing = np.empty((0, 4, 5), np.float32)
    assert refine(nothing, np.zeros((4, 5, 3), np.uint8), radius=2).shape == (0, 4, 5)


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
