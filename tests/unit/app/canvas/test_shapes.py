import numpy as np
import pytest

from cascadeclip.app.canvas.shapes import Kind, Shape, cut, cut_out, hit, score_text
from cascadeclip.core import masks


def make_mask(*boxes, height=30, width=40):
    mask = np.zeros((height, width), np.bool_)
    for top, left, bottom, right in boxes:
        mask[top:bottom, left:right] = True
    return mask


def make_shape(mask, *, class_id=1, kind=Kind.SUGGESTION, score=0.5):
    rle = masks.encode(mask)
    return Shape(kind, class_id, "cat", "#ff0000", rle, cut_out(rle), score)


def test_a_cutout_holds_the_mask_and_its_place():
    cutout = cut(make_mask((4, 5, 10, 20)))
    assert (cutout.top, cutout.left, cutout.pixels.shape) == (4, 5, (6, 15))
    assert cutout.area == 90
    assert cutout.contains(5, 4)
    assert not cutout.contains(4, 4)
    assert not cutout.contains(-1, -1)


def test_an_empty_mask_has_no_pixels_and_no_outline():
    cutout = cut(make_mask())
    assert cutout.area == 0
    assert cutout.contours == ()


def test_the_outline_goes_around_holes_too():
    mask = make_mask((2, 2, 20, 20))
    mask[8:12, 8:12] = False
    assert len(cut(mask).contours) == 2


def test_the_outline_lies_on_the_border_pixels():
    (line,) = cut(make_mask((0, 0, 30, 40))).contours
    assert line.min(axis=0) == pytest.approx([0.5, 0.5])
    assert line.max(axis=0) == pytest.approx([39.5, 29.5])


def test_of_two_shapes_the_smaller_is_hit():
    large, small = make_shape(make_mask((0, 0, 30, 40))), make_shape(make_mask((5, 5, 9, 9)))
    assert hit((large, small), 6.9, 6.1) is small
    assert hit((large, small), 20, 20) is large
    assert hit((large, small), -0.1, 3) is None


def test_a_shape_keeps_its_key_over_a_reload():
    mask = make_mask((1, 1, 5, 5))
    assert make_shape(mask).key == make_shape(mask.copy()).key
    assert make_shape(mask).key != make_shape(mask, class_id=2).key


@pytest.mark.parametrize(
    ("score", "text"), [(0.934, ".93"), (0.5, ".50"), (0.0, ".00"), (0.999, "1.0"), (1.0, "1.0")]
)
def test_scores_are_written_short(score, text):
    assert score_text(score) == text
