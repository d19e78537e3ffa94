import numpy as np
import pytest

from cascadeclip.train.simulate.drawing import Drawing, polygon, strokes, way_through


def plane(rows, columns, side=80):
    mask = np.zeros((side, side), dtype=bool)
    mask[rows, columns] = True
    return mask


def test_a_square_is_four_vertices_and_painted_as_it_was():
    square = plane(slice(10, 40), slice(20, 60))
    plan = polygon(square, np.zeros_like(square), 2.0)
    assert (plan.kind, plan.count, plan.length) == ("vertex", 4, 0.0)
    assert np.array_equal(plan.painted(), square)


def test_a_hole_is_drawn_over_unless_something_right_lies_in_it():
    ring = plane(slice(10, 50), slice(10, 50))
    hole = plane(slice(20, 40), slice(20, 40))
    ring &= ~hole
    over = polygon(ring, np.zeros_like(ring), 2.0)
    around = polygon(ring, hole, 2.0)
    assert over.count == 4
    assert around.count > 4
    assert over.painted()[hole].all()
    assert around.painted()[hole].mean() < 0.2


def test_the_way_leads_from_one_end_to_the_other_along_the_middle():
    bent = plane(slice(10, 16), slice(10, 70)) | plane(slice(10, 70), slice(64, 70))
    way = way_through(bent)
    ends = {tuple(np.round(way[0] / 10)), tuple(np.round(way[-1] / 10))}
    assert ends == {(1, 1), (7, 7)}
    assert all(bent[int(y), int(x)] for x, y in way)


def test_a_stroke_is_one_action_and_stays_inside_where_its_brush_fits():
    bar = plane(slice(30, 44), slice(10, 70))
    found = {one.radius: one for one in strokes(bar, bar) if not (one.painted() & ~bar).any()}
    assert {2, 4} <= set(found)
    assert found[4].count == 1
    assert found[4].length == pytest.approx(0.6, abs=0.15)
    assert (found[4].painted() & bar).sum() > (found[2].painted() & bar).sum()


def test_a_large_brush_mends_a_thin_rim_from_within_the_thing():
    thing = plane(slice(10, 70), slice(10, 70))
    rim = plane(slice(10, 13), slice(10, 70))
    found = [one for one in strokes(rim, thing) if one.radius == 11]
    best = min(found, key=lambda one: (one.painted() & ~thing).sum())
    assert (best.painted() & rim).sum() > 0.7 * rim.sum()
    assert (best.painted() & ~thing).sum() < 0.05 * best.painted().sum()


def test_a_shaken_hand_moves_every_point():
    plan = Drawing((np.array([[10.0, 10.0], [50.0, 10.0]]),), 3, (80, 80))
    moved = plan.shaken(np.random.default_rng(0), 2.0)
    assert (moved.lines[0] != plan.lines[0]).all()
    assert moved.radius == 3
