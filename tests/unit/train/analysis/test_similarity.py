import numpy as np
import pytest
import torch

from cascadeclip.core import images
from cascadeclip.core.errors import AnalysisFailed
from cascadeclip.train.analysis.blocks import block_outputs
from cascadeclip.train.analysis.similarity import read_point, resemblance


@pytest.fixture
def rgb():
    return np.random.default_rng(0).integers(0, 256, (64, 96, 3)).astype(np.uint8)


def test_the_patch_under_the_point_is_compared_with_all(model, rgb):
    found = resemblance(model, rgb, (70, 20))  # halved, patches of 8: row 1, column 4
    assert found.cell == (1, 4)
    assert found.covered == (4, 6)
    assert [one.shape for one in (*found.layers, *found.stages, found.final)] == [(4, 6)] * 6
    small = images.resize_short(rgb, 32)
    pixels = images.normalise(small, model.info.mean, model.info.std)
    outputs, _ = block_outputs(model.network, torch.from_numpy(pixels)[None])
    patches = outputs[1][0, 1:].numpy()
    chosen = patches[1 * 6 + 4]
    expected = patches @ chosen / np.linalg.norm(patches, axis=1) / np.linalg.norm(chosen)
    np.testing.assert_allclose(found.layers[1], expected.reshape(4, 6), atol=1e-5)


def test_a_patch_is_most_like_itself(model, rgb):
    found = resemblance(model, rgb, (95.5, 63.9))
    assert found.cell == (3, 5)
    for one in (*found.layers, *found.stages, found.final):
        assert one[3, 5] == pytest.approx(1, abs=1e-5)
        assert one.max() == pytest.approx(1, abs=1e-5)


def test_the_last_stage_of_one_block_is_the_final_map(model, make_tiny, rgb):
    found = resemblance(model, rgb, (0, 0))
    assert found.single_end
    np.testing.assert_array_equal(found.stages[-1], found.final)
    fused = resemblance(make_tiny(stages=((0, 1, 2),)), rgb, (0, 0))
    assert not fused.single_end
    assert abs(fused.stages[-1] - fused.final).max() > 1e-3


def test_an_image_of_any_size_is_padded(model, rgb):
    found = resemblance(model, rgb[:, :70], (69, 10))
    assert found.covered == (4, 35 / 8)
    assert found.final.shape == (4, 5)
    assert found.cell == (0, 4)


@pytest.mark.parametrize("point", [(-1, 5), (96, 5), (5, 64), (float("nan"), 1)])
def test_a_point_outside_is_refused(model, rgb, point):
    with pytest.raises(AnalysisFailed, match="outside the image of 96 x 64"):
        resemblance(model, rgb, point)


def test_points_are_two_numbers():
    assert read_point("12, 7.5") == (12, 7.5)
    for text in ("12", "1,2,3", "a,b", ""):
        with pytest.raises(AnalysisFailed, match="two numbers"):
            read_point(text)
