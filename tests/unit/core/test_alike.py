import numpy as np
import pytest

from cascadeclip.core.alike import ALIKE, same_but_for_form, twins


def rows(*angles):
    """Unit vectors in the plane: two of them are as alike as the cosine of what lies between."""
    turned = np.radians(angles)
    return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


def places(found):
    return [(pair.first, pair.second) for pair in found]


def test_different_words_nearly_in_one_direction_are_named_most_alike_first():
    found = twins(rows(0, 90, 10, 2), owners=(0, 1, 2, 3))
    assert places(found) == [(0, 3), (2, 3), (0, 2)]
    assert found[0].similarity == pytest.approx(np.cos(np.radians(2)))


def test_phrases_of_one_word_may_be_alike():
    assert twins(rows(0, 1), owners=(5, 5)) == ()


def test_of_two_words_only_the_most_alike_phrases_are_named():
    found = twins(rows(0, 8, 7), owners=(0, 0, 1))
    assert places(found) == [(1, 2)]


def test_the_bound_is_met_from_the_bound_on():
    just = float(np.degrees(np.arccos(ALIKE)))
    assert places(twins(rows(0, just - 0.1), owners=(0, 1))) == [(0, 1)]
    assert twins(rows(0, just + 0.1), owners=(0, 1)) == ()
    assert places(twins(rows(0, 60), owners=(0, 1), bound=0.49)) == [(0, 1)]


def test_nobody_asks_about_pairs_of_old_phrases():
    angles = rows(0, 1, 50, 2)
    assert places(twins(angles, owners=(0, 1, 2, 3), fresh=2)) == [(1, 3), (0, 3)]
    assert twins(angles, owners=(0, 1, 2, 3), fresh=4) == ()


def test_each_phrase_has_an_owner():
    with pytest.raises(ValueError, match="owners"):
        twins(rows(0, 1), owners=(0,))
    assert twins(np.zeros((0, 2), np.float32), owners=()) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cat", "Cats"),
        ("box", "boxes"),
        ("bus", "buses"),
        ("rose", "roses"),
        ("berry", "berries"),
        ("bush", "bushes"),
        ("bench", "benches"),
        ("glass", "glasses"),
        ("hot dog", "hot-dogs"),
        ("traffic light", "trafficlight"),
    ],
)
def test_forms_of_one_word_are_known(one, other):
    assert same_but_for_form(one, other)
    assert same_but_for_form(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("cat", "cap"), ("glass", "grass"), ("bus", "bu"), ("caps", "cape"), ("a", "as")],
)
def test_other_words_are_not(one, other):
    assert not same_but_for_form(one, other)
