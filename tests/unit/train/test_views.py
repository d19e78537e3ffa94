import numpy as np

from cascadeclip.core import images
from cascadeclip.train.data.corrections import BACKGROUND, UNKNOWN, Truth
from cascadeclip.train.data.views import Cut, ViewSize, cut_views, own_cuts, plan_cuts

SIZE = ViewSize(window=32, stride=24, truth=16)


def halves(height=64, width=96):
    """Word 0 is the bright left half; the right half is background."""
    labels = np.full((height, width), BACKGROUND, dtype=np.int16)
    labels[:, : width // 2] = 0
    rgb = np.zeros((height, width, 3), dtype=np.uint8)
    rgb[:, : width // 2] = 255
    return rgb, labels


def test_the_engines_windows_come_first_plain_and_mirrored():
    cuts = plan_cuts(64, 96, SIZE, count=10, rng=np.random.default_rng(0))
    assert [(cut.left, cut.mirrored) for cut in cuts[:4]] == [
        (0, False), (0, True), (16, False), (16, True),
    ]  # fmt: skip
    assert len(cuts) == 10
    assert all(cut.scale >= 1 for cut in cuts)
    again = plan_cuts(64, 96, SIZE, count=10, rng=np.random.default_rng(0))
    assert cuts == again


def test_fewer_views_than_windows_are_possible():
    assert len(plan_cuts(64, 640, SIZE, count=3, rng=np.random.default_rng(0))) == 3


def test_truth_and_pixels_stay_together_in_every_cut():
    rgb, labels = halves()
    cuts = plan_cuts(64, 96, SIZE, count=40, rng=np.random.default_rng(1))
    views = list(cut_views(rgb, Truth(labels, (), ()), SIZE, cuts))
    assert len(views) == 40
    mixed = 0
    for view in views:
        assert view.pixels.shape == (32, 32, 3)
        bright = view.pixels[1::2, 1::2, 0] > 128
        marked = view.truth.labels == 0
        assert (bright != marked).mean() <= 0.07  # one column of cells at the border
        mixed += bool(marked.any() and not marked.all())
    assert mixed > 5


def test_views_nobody_spoke_about_are_left_out_unless_something_was_rejected_there():
    rgb, labels = halves()
    labels[:] = UNKNOWN
    cuts = (Cut(),)
    assert list(cut_views(rgb, Truth(labels, (), ()), SIZE, cuts)) == []
    mask = np.zeros(labels.shape, dtype=bool)
    mask[:10, :10] = True
    (view,) = cut_views(rgb, Truth(labels, (), ((3, mask), (4, mask & False))), SIZE, cuts)
    ((word, part),) = view.truth.rejected
    assert word == 3
    assert part[:2, :2].all()  # cells of 4 pixels: the centres at 2 and 6 lie inside
    assert part.sum() == 4


def test_an_image_is_cut_as_the_engine_cuts_it():
    tight = ViewSize(window=32, stride=24, truth=16, short=44)
    own = own_cuts(64, 96, tight)
    seen = images.windows(44, 66, 32, 24)
    assert [(one.top, one.left) for one in own[::2]] == [(one.top, one.left) for one in seen]
    assert {one.scale for one in own} == {44 / 32}
    assert [one.mirrored for one in own] == [False, True] * len(seen)
    cuts = plan_cuts(64, 96, tight, count=len(own) + 60, rng=np.random.default_rng(0))
    assert list(cuts[: len(own)]) == own
    scales = [one.scale for one in cuts[len(own) :]]
    assert min(scales) < 1.1 < 1.7 < max(scales) <= 1.3 * 44 / 32
