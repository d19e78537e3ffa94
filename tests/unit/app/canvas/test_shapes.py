import numpy as np
import pytest

from cascadeclip.app.canvas.cutout import Kept, outline
from cascadeclip.app.canvas.shapes import Kind, Shape, cut, cut_out, hit, lines_of, score_text
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
    assert outline(cutout) == ()


def test_the_outline_goes_around_holes_too():
    mask = make_mask((2, 2, 20, 20))
    mask[8:12, 8:12] = False
    assert len(outline(cut(mask))) == 2


def test_the_outline_lies_on_the_border_pixels():
    (line,) = lines_of(make_shape(make_mask((0, 0, 30, 40))))
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


def test_bits_give_the_mask_back_whole_in_parts_and_pixel_by_pixel():
    mask = np.random.default_rng(0).random((30, 41)) < 0.4
    mask[[0, -1]] = mask[:, [0, -1]] = True
    cutout = cut(mask)
    assert np.array_equal(cutout.pixels, mask)
    for rows in (slice(0, 30), slice(3, 17), slice(5, 30, 3)):
        for columns in (slice(0, 41), slice(8, 16), slice(7, 33, 4), slice(40, 41)):
            assert np.array_equal(cutout.part(rows, columns), mask[rows, columns])
    assert all(cutout.contains(x, y) == mask[y, x] for y in range(30) for x in range(41))
    rows, columns = np.array([-3, 0, 4, 29, 30]), np.array([-1, 5, 6, 40, 41, 90])
    picked = cutout.picked(rows, columns)
    assert np.array_equal(picked[1:4, 1:4], mask[np.ix_([0, 4, 29], [5, 6, 40])])
    assert not picked[[0, 4]].any()
    assert not picked[:, [0, 4, 5]].any()


def test_a_decoded_mask_is_the_cut_out_one_and_is_decoded_once():
    mask = make_mask((4, 5, 10, 20), (12, 3, 14, 9))
    rle = masks.encode(mask)
    cutout = cut_out(rle)
    assert np.array_equal(cutout.pixels, cut(mask).pixels)
    assert (cutout.top, cutout.left, cutout.area) == (4, 3, int(mask.sum()))
    assert cut_out(masks.encode(mask)) is cutout


def test_two_masks_share_what_both_have():
    first, second = cut(make_mask((0, 0, 10, 10))), cut(make_mask((5, 6, 20, 30)))
    assert first.overlap(second) == second.overlap(first) == 20
    assert first.overlap(cut(make_mask((10, 10, 20, 20)))) == 0


def test_the_outline_of_a_huge_mask_is_traced_on_fewer_pixels(monkeypatch):
    monkeypatch.setattr("cascadeclip.app.canvas.cutout.OUTLINE_PIXELS", 100)
    (line,) = outline(cut(make_mask((0, 0, 30, 40))))
    assert np.abs(line.min(axis=0)).max() <= 4
    assert np.abs(line.max(axis=0) - [40, 30]).max() <= 4


def test_what_is_kept_is_bounded_in_bytes_and_the_oldest_goes_first():
    made = []
    kept = Kept(10, len)

    def get(key):
        return kept.get(key, lambda: made.append(key) or key)

    for key in ("aaaa", "bbbb", "aaaa", "cccc", "aaaa", "bbbb"):
        assert get(key) == key
    assert made == ["aaaa", "bbbb", "cccc", "bbbb"]
    assert kept.nbytes == 8
