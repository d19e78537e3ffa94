"""What a pixel looks like: nothing on a flat image, the same however an image is turned."""

import numpy as np
import pytest

from cascadeclip.core.texture import CHANNELS, PER_SCALE, SIDE, texture


def test_an_image_is_fitted_and_every_filter_is_there():
    small = np.zeros((20, 30, 3), dtype=np.uint8)
    assert texture(small).shape == (20, 30, CHANNELS)
    large = np.zeros((2 * SIDE, SIDE, 3), dtype=np.uint8)
    assert texture(large).shape == (SIDE, SIDE // 2, CHANNELS)
    assert texture(small).dtype == np.float32


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (5, 1)])
def test_an_image_of_a_few_pixels_has_a_look(size):
    assert np.isfinite(texture(np.full((*size, 3), 90, dtype=np.uint8))).all()


def test_a_flat_image_has_its_colour_and_nothing_else():
    look = texture(np.full((24, 24, 3), (200, 40, 40), dtype=np.uint8))
    colour = look[0, 0, :3]
    assert colour[1] > 0.3
    for start in range(3, CHANNELS, PER_SCALE):
        assert np.allclose(look[..., start : start + 3], colour, atol=1e-5)
        assert np.abs(look[..., start + 3 : start + PER_SCALE]).max() < 2e-3


def test_turning_the_image_turns_the_look():
    image = np.random.default_rng(0).integers(0, 256, (40, 32, 3), dtype=np.uint8)
    turned = texture(np.ascontiguousarray(np.rot90(image)))
    assert np.allclose(turned, np.rot90(texture(image)), atol=2e-3)


def test_an_edge_has_a_slope_and_a_line_a_curvature():
    edge, line = (np.zeros((33, 33, 3), dtype=np.uint8) for _ in range(2))
    edge[:, 16:] = 255
    line[:, 15:18] = 255
    larger, smaller = 6, 7
    slope = texture(edge)[16, :, 8]
    assert slope.argmax() in (15, 16)
    assert slope[4] < 0.01 * slope.max()
    curved = texture(line)[16]
    assert curved[16, smaller] < -0.2  # a bright ridge
    assert abs(curved[16, larger]) < 0.01  # and straight along itself
