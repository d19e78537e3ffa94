import numpy as np

from cascadeclip.core.shaping.evidence import Click
from cascadeclip.core.shaping.part import Part
from cascadeclip.core.shaping.pointing import refine
from cascadeclip.core.shaping.sight import look

ALL = (0, 0, 96, 128)


def test_one_click_finds_the_box(sight, boxes, overlap):
    for name, place in (("red", (30, 30)), ("blue", (92, 36)), ("green", (60, 80))):
        assert overlap(refine(sight, [Click(*place)]), boxes[name]) > 0.95


def test_a_second_click_adds_and_a_negative_one_takes_away(sight, boxes, overlap):
    clicks = [Click(30, 30)]
    mask = refine(sight, clicks)
    clicks.append(Click(92, 36))
    both = refine(sight, clicks, mask=mask)
    assert overlap(both, boxes["red"] | boxes["blue"]) > 0.95
    left = refine(sight, [Click(32, 30, positive=False)], mask=both)
    assert overlap(left, boxes["blue"]) > 0.9


def test_under_a_click_it_is_as_the_click_says(sight):
    clicks = [Click(60.5, 64.5), Click(61.5, 70.5, positive=False)]
    mask = refine(sight, clicks[:1])
    assert mask.has(60.5, 64.5)
    assert not refine(sight, clicks, mask=mask).has(61.5, 70.5)


def test_a_drawn_mask_keeps_its_pixels_where_nothing_was_clicked(sight, boxes):
    ragged = np.random.default_rng(0).random((10, 70)) < 0.8
    mask = Part(74, 28, ragged)
    after = refine(sight, [Click(30, 30)], mask=mask)
    assert np.array_equal(after.on(mask.box), ragged)
    assert after.has(30, 30)
    assert (after.on(ALL) & boxes["red"]).sum() > 0.9 * boxes["red"].sum()


def test_the_same_clicks_give_the_same_mask(sight):
    first, second = (refine(sight, [Click(30, 30)]) for _ in range(2))
    assert first.box == second.box
    assert np.array_equal(first.pixels, second.pixels)


def test_an_image_of_one_colour_is_answered_too(sight):
    grey = look(np.ones_like(sight.patches), np.full((96, 128, 3), 90, np.uint8))
    assert refine(grey, [Click(5, 5)]).has(5, 5)
    assert not refine(
        grey, [Click(5, 5, positive=False)], mask=Part(0, 0, np.ones((20, 20), bool))
    ).has(5, 5)


def test_a_large_image_gives_a_mask_of_its_own_size(image, sight, boxes, overlap):
    scale = 12
    large = look(sight.patches, np.kron(image, np.ones((scale, scale, 1), np.uint8)))
    mask = refine(large, [Click(30 * scale, 30 * scale)])
    truth = np.kron(boxes["red"], np.ones((scale, scale), bool))
    assert overlap(mask, truth) > 0.93
