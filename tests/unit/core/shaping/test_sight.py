import numpy as np
import pytest

from cascadeclip.core.shaping.part import Part
from cascadeclip.core.shaping.sight import look, whole_size, work_mask


def test_likeness_is_the_cosine_to_the_patch_clicked(sight):
    like = sight.likeness(30, 30)
    assert like.shape == sight.grid
    assert like[sight.cell(30, 30)] == pytest.approx(1, abs=1e-3)
    patches = sight.patches[0]
    expected = patches[:, 3, 3] @ patches[:, 3, 11]  # red to blue
    assert like[sight.cell(92, 28)] == pytest.approx(float(expected), abs=0.02)


def test_stages_can_be_chosen(image, sight):
    other = sight.patches.copy()
    other[1] = np.roll(other[1], 4, axis=2)
    two = look(other, image)
    first, second = two.likeness(30, 30, (0,)), two.likeness(30, 30, (1,))
    np.testing.assert_allclose(two.likeness(30, 30), (first + second) / 2, atol=1e-6)
    assert not np.allclose(first, second)


def test_positions_outside_are_those_of_the_edge(sight):
    assert sight.cell(-5, 1e6) == (sight.grid[0] - 1, 0)
    assert sight.spot(1e6, -1) == (0, sight.work.shape[1] - 1)


def test_a_large_image_is_worked_on_small(sight):
    large = look(sight.patches, np.zeros((1500, 2000, 3), np.uint8))
    assert large.work.shape == (576, 768, 3)
    assert large.grid == (96, 128)


def test_whole_size_of_the_size_itself_is_the_same(sight):
    rng = np.random.default_rng(0)
    inside = rng.random(sight.work.shape[:2]) < 0.4
    part = whole_size(sight, inside.astype(np.float32), inside)
    assert np.array_equal(part.on((0, 0, 96, 128)), inside)


@pytest.mark.parametrize("size", [(1500, 2000), (1001, 777)])
def test_there_and_back_stays_within_a_step(sight, size):
    large = look(sight.patches, np.zeros((*size, 3), np.uint8))
    y, x = np.indices(size)
    disc = np.hypot(y - size[0] * 0.6, x - size[1] * 0.4) < size[0] / 5
    small = work_mask(large, Part(0, 0, disc))
    back = whole_size(large, small.astype(np.float32), small).on((0, 0, *size))
    assert (back & disc).sum() / (back | disc).sum() > 0.98
