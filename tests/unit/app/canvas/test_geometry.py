import pytest

from cascadeclip.app.canvas.geometry import LARGEST, MARGIN, SMALLEST, Placement, fit, in_sight
from cascadeclip.core.images import Window


def test_zooming_leaves_the_point_under_the_pointer_where_it_is():
    here = Placement(scale=0.7, x=13.0, y=-40.0)
    before = here.to_image(200, 150)
    assert here.zoomed(2.5, 200, 150).to_image(200, 150) == pytest.approx(before)


def test_zoom_stops_at_its_limits_and_the_point_still_stays():
    here = Placement()
    for factor, limit in ((1e6, LARGEST), (1e-6, SMALLEST)):
        there = here.zoomed(factor, 50, 60)
        assert there.scale == limit
        assert there.to_image(50, 60) == pytest.approx((50, 60))


@pytest.mark.parametrize(("width", "height"), [(400, 100), (100, 400), (3, 3), (9000, 20)])
def test_fit_shows_the_whole_image_centred(width, height):
    here = fit(width, height, 800, 600)
    right, bottom = here.x + width * here.scale, here.y + height * here.scale
    assert here.x >= 0
    assert here.y >= 0
    assert here.x + right == pytest.approx(800)
    assert here.y + bottom == pytest.approx(600)
    assert min(here.x, here.y) == pytest.approx(MARGIN) or here.scale == LARGEST


def test_what_is_in_sight_is_told_in_image_pixels():
    here = Placement(2.0, -100.0, 40.0)
    assert in_sight(here, (300, 400), 200, 240) == Window(0, 50, 80, 120)
    assert in_sight(fit(400, 300, 640, 480), (300, 400), 480, 640) == Window(0, 0, 300, 400)


def test_an_image_moved_out_of_the_view_is_not_in_sight():
    assert in_sight(Placement(1.0, 900.0, 0.0), (300, 400), 200, 240) is None
    assert in_sight(Placement(), None, 200, 240) is None
