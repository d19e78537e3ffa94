"""What a model makes of an image as a whole."""

import numpy as np
import pytest

from cascadeclip.core import masks
from cascadeclip.core.engine.looking import agreement, embedding_of, look_at
from cascadeclip.core.worth import mean_uncertainty


def box(top, left, bottom, right):
    mask = np.zeros((10, 10), bool)
    mask[top:bottom, left:right] = True
    return masks.encode(mask)


def test_the_vector_of_an_image_is_of_all_its_windows(engine, words):
    wide = np.zeros((64, 160, 3), np.uint8)
    wide[:, 80:, 2] = 255
    wide[:, :80, 0] = 255
    encoded = engine.encode(wide, "wide")
    assert len(encoded.features) == 3
    vector = embedding_of(encoded)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)
    assert vector[0] == pytest.approx(vector[2], abs=1e-3)
    maps = engine.scores(encoded, words("red", "blue"))
    look = look_at(vector, maps, engine.version)
    np.testing.assert_array_equal(look.embedding, vector)
    assert (look.model_version, look.agreement) == ("v1", None)
    assert look.uncertainty == mean_uncertainty(maps)


def test_agreement_is_the_mean_over_the_words_people_marked():
    half = box(0, 0, 10, 5)
    assert agreement([(1, half)], []) is None
    assert agreement([], [(1, half)]) == 0
    assert agreement([(1, half)], [(1, half)]) == 1
    assert agreement([(2, half)], [(1, half)]) == 0
    # two parts together are the whole, and a word nobody marked does not count
    parts = [(1, box(0, 0, 5, 5)), (1, box(5, 0, 10, 5)), (3, half)]
    assert agreement(parts, [(1, half)]) == 1
    assert agreement(parts, [(1, half), (2, half)]) == 0.5
    assert agreement([(1, box(0, 0, 10, 10))], [(1, half)]) == 0.5
