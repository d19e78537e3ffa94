from dataclasses import replace

import numpy as np
import pytest

from cascadeclip.core.shaping.wand import grow, similar


def test_similarity_is_highest_on_what_is_alike(sight, boxes):
    similarity = similar(sight, 30, 30)
    assert similarity.shape == (96, 128)
    assert similarity[boxes["red"]].mean() > 0.9
    assert similarity[boxes["blue"]].mean() < 0.4
    assert 0 <= similarity.min() < 0.1


def test_the_mask_is_what_hangs_together(sight, boxes, overlap):
    similarity = similar(sight, 30, 30)
    assert overlap(grow(sight, similarity, 30, 30, tolerance=0.3), boxes["red"]) > 0.9


@pytest.mark.parametrize("place", [(30, 30), (60, 64), (92, 36)])
def test_more_tolerance_never_takes_less(sight, place):
    similarity = similar(sight, *place)
    sizes = [
        grow(sight, similarity, *place, tolerance=tolerance).area
        for tolerance in (0.0, 0.1, 0.3, 0.6, 1.0)
    ]
    assert sizes == sorted(sizes)
    assert sizes[0] >= 1
    assert sizes[-1] == 96 * 128


def test_another_stage_gives_another_picture(sight, image):
    turned = replace(sight, patches=np.stack((sight.patches[0], sight.patches[0][:, :, ::-1])))
    assert not np.allclose(similar(turned, 30, 30, (0,)), similar(turned, 30, 30, (1,)))
