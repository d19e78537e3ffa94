from dataclasses import replace

import cv2
import numpy as np
import pytest

from cascadeclip.core import masks, regions
from cascadeclip.core.colours import Said
from cascadeclip.core.edges import follow, without_grain
from cascadeclip.core.regions import ScoreMaps, label_map, suggest
from cascadeclip.core.values import Word


def maps_of(*grids, negative=(), size=(40, 60), **more):
    names = [f"word{k}" for k in range(len(grids))]
    words = tuple(Word(n, (n, n + "s"), "#000000", k in negative) for k, n in enumerate(names))
    stacked = np.stack([np.asarray(grid, np.float32) for grid in grids])
    return ScoreMaps(words, stacked, *size, **more)


def boxes(*places, inside=0.9, outside=0.05, size=(40, 60)):
    grid = np.full(size, outside, np.float32)
    for top, left, height, width in places:
        grid[top : top + height, left : left + width] = inside
    return grid


def test_each_connected_region_is_a_suggestion_sorted_by_score():
    grid = boxes((2, 2, 10, 10), inside=0.7) + boxes((20, 30, 15, 20), inside=0.9, outside=0)
    found = suggest(maps_of(grid, templates=("a {}",)), [7], threshold=0.5)
    assert [one.score for one in found] == pytest.approx([0.95, 0.7], abs=1e-6)
    big, small = (masks.decode(one.rle) for one in found)
    np.testing.assert_array_equal(big, boxes((20, 30, 15, 20)) > 0.5)
    np.testing.assert_array_equal(small, boxes((2, 2, 10, 10)) > 0.5)
    assert {(one.class_id, one.threshold, one.phrases, one.templates) for one in found} == {
        (7, 0.5, ("word0", "word0s"), ("a {}",))
    }


def test_words_compete_and_negatives_take_pixels_without_being_suggested():
    cat = boxes((0, 0, 40, 40), inside=0.6)
    dog = boxes((0, 20, 40, 40), inside=0.7)
    shadow = boxes((0, 0, 20, 60), inside=0.8)
    alone = suggest(maps_of(cat), [1], threshold=0.5)
    assert masks.area(alone[0].rle) == 40 * 40
    found = suggest(maps_of(cat, dog, shadow, negative={2}), [1, 2, 3], threshold=0.5)
    assert {one.class_id: masks.bbox(one.rle) for one in found} == {
        1: (0, 20, 20, 20),
        2: (20, 20, 40, 20),
    }


def test_threshold_and_smallest_area_leave_out():
    grid = boxes((2, 2, 10, 10), (20, 20, 1, 1), inside=0.7)
    assert len(suggest(maps_of(grid), [1], threshold=0.5)) == 1
    assert len(suggest(maps_of(grid), [1], threshold=0.5, min_area=0)) == 2
    assert len(suggest(maps_of(grid), [1], threshold=0.5, min_area=100 / 2400)) == 1
    assert suggest(maps_of(grid), [1], threshold=0.5, min_area=101 / 2400) == ()
    assert suggest(maps_of(grid), [1], threshold=0.71) == ()
    assert len(suggest(maps_of(grid), [1], threshold=0.7, min_area=0)) == 2


def test_what_touches_at_a_corner_alone_is_two_regions():
    grid = boxes((0, 0, 10, 10), (10, 10, 10, 10))
    assert len(suggest(maps_of(grid), [1], threshold=0.5)) == 2


def test_a_filled_hole_that_nobody_won_leaves_the_score_alone():
    grid = boxes((5, 5, 30, 40))
    grid[15, 20] = 0.05
    (found,) = suggest(maps_of(grid), [1], threshold=0.5, min_area=4 / 2400)
    assert masks.area(found.rle) == 30 * 40
    assert found.score == pytest.approx(0.9, abs=1e-6)


def test_small_holes_are_filled_and_large_ones_stay():
    grid = boxes((5, 5, 60, 60), size=(80, 80))
    grid[10:12, 10:12] = 0  # 4 pixels
    grid[30:45, 30:45] = 0
    (found,) = suggest(maps_of(grid, size=grid.shape), [1], threshold=0.5, min_area=20 / grid.size)
    expected = grid > 0.5
    expected[10:12, 10:12] = True
    np.testing.assert_array_equal(masks.decode(found.rle), expected)


def test_low_resolution_maps_are_upsampled_to_the_image():
    grid = boxes((0, 0, 10, 8), size=(10, 15))
    found = suggest(maps_of(grid, size=(200, 300)), [1], threshold=0.475)
    mask = masks.decode(found[0].rle)
    assert mask.shape == (200, 300)
    np.testing.assert_array_equal(mask, np.broadcast_to(np.arange(300) < 160, (200, 300)))


def test_label_map_shows_every_winner():
    maps = maps_of(boxes((0, 0, 40, 20)), boxes((0, 40, 40, 20)), negative={1})
    labels = label_map(maps, threshold=0.5)
    assert labels.dtype == np.int32
    np.testing.assert_array_equal(labels[0], np.repeat([0, -1, 1], 20))
    assert label_map(maps, threshold=0.5, max_side=30).shape == (20, 30)


def test_no_words_or_no_winner_gives_nothing():
    empty = ScoreMaps((), np.empty((0, 4, 4), np.float32), 40, 60)
    image = np.zeros((40, 60, 3), np.uint8)
    for maps in (empty, maps_of(boxes())):
        for given in (None, image):
            ids = range(len(maps.words))
            assert suggest(maps, ids, threshold=0.5, image=given) == ()
            assert (label_map(maps, threshold=0.5, image=given) == -1).all()


def test_class_ids_must_match():
    with pytest.raises(ValueError, match="2 words"):
        suggest(maps_of(boxes(), boxes()), [1], threshold=0.5)


def random_maps(seed, size):
    chance = np.random.default_rng(seed)
    return maps_of(*chance.random((6, 9, 12)), size=size, negative={1})


@pytest.mark.parametrize("seed", range(5))
def test_the_way_through_a_smaller_size_finds_the_same(monkeypatch, seed):
    maps = random_maps(seed, (90, 120))
    ids = [10, 11, 12, 13, 14, 15]
    direct = suggest(maps, ids, threshold=0.6)
    expected = label_map(maps, threshold=0.6)
    monkeypatch.setattr(regions, "WORK_SIDE", 60)
    assert suggest(maps, ids, threshold=0.6) == direct
    np.testing.assert_array_equal(label_map(maps, threshold=0.6), expected)
    assert len(direct) > 3


def test_a_huge_image_is_outlined_at_a_bounded_size(monkeypatch):
    maps = maps_of(boxes((0, 0, 10, 8), size=(10, 15)), size=(200, 300))
    exact = suggest(maps, [1], threshold=0.475)
    monkeypatch.setattr(regions, "FULL_PIXELS", 100 * 150)
    bounded = suggest(maps, [1], threshold=0.475)
    assert bounded[0].rle.height == 200
    assert masks.iou(exact[0].rle, bounded[0].rle) > 0.98


def test_a_huge_image_is_packed_box_by_box(monkeypatch):
    maps = random_maps(7, (97, 131))
    monkeypatch.setattr(regions, "FULL_PIXELS", 40 * 54)
    size = regions._bounded_size(97, 131)
    plain = np.stack([cv2.resize(one, size[::-1]) for one in maps.probabilities])
    winner = np.where(plain.max(axis=0) >= 0.6, plain.argmax(axis=0), -1)
    rows, columns = np.arange(97) * size[0] // 97, np.arange(131) * size[1] // 131

    def whole_masks_take_too_long(mask):
        raise AssertionError(mask.shape)

    monkeypatch.setattr(masks, "encode", whole_masks_take_too_long)
    found = suggest(maps, range(6), threshold=0.6, min_area=0)
    assert len(found) > 5
    covered = np.full((97, 131), -1)
    for one in found:
        mask = masks.decode(one.rle)
        assert (covered[mask] == -1).all()
        covered[mask] = one.class_id
    spread = winner[np.ix_(rows, columns)]
    np.testing.assert_array_equal(covered, np.where(spread == 1, -1, spread))


def test_switched_off_the_maps_are_bilinear_and_nothing_else():
    maps = random_maps(3, (90, 120))
    plain = np.stack([cv2.resize(one, (120, 90)) for one in maps.probabilities])
    found = label_map(maps, threshold=0.6)
    expected = np.where(plain.max(axis=0) >= 0.6, plain.argmax(axis=0), -1)
    np.testing.assert_array_equal(found, expected)


def test_edges_of_the_image_pull_the_outline():
    image = np.full((96, 144, 3), (60, 160, 60), np.uint8)
    image[20:70, 30:100] = (220, 60, 40)
    truth = (image[..., 0] == 220).astype(np.float32)
    coarse = truth.reshape(6, 16, 9, 16).mean(axis=(1, 3))
    maps = maps_of(coarse, 1 - coarse, size=(96, 144))
    exact = masks.encode(truth.astype(bool))
    rough, refined = (
        max(masks.iou(one.rle, exact) for one in suggest(maps, [1, 2], threshold=0.5, image=given))
        for given in (None, image)
    )
    assert rough < 0.97
    assert refined > 0.98
    assert refined > rough


def test_refined_regions_keep_their_word():
    image = np.full((96, 144, 3), (60, 160, 60), np.uint8)
    image[16:64, 32:96] = (220, 60, 40)
    coarse = boxes((1, 2, 3, 4), size=(6, 9))
    maps = maps_of(boxes(size=(6, 9)), coarse, boxes(size=(6, 9)), size=(96, 144))
    assert [one.class_id for one in suggest(maps, [7, 8, 9], threshold=0.5, image=image)] == [8]
    assert set(np.unique(label_map(maps, threshold=0.5, image=image))) == {-1, 1}


def two_red_discs():
    """An image of two red discs, near each other, a map that knows the first, and both places."""
    down, across = np.mgrid[:128, :256]
    first, second = ((down - 64) ** 2 + (across - x) ** 2 < r**2 for x, r in ((60, 30), (104, 10)))
    image = np.where((first | second)[..., None], (220, 60, 40), (60, 160, 60)).astype(np.uint8)
    known, other = (
        cv2.resize(place.astype(np.float32), (16, 8), interpolation=cv2.INTER_AREA) * 0.75 + 0.05
        for place in (first, ~(first | second))
    )
    return image, maps_of(known, other, size=(128, 256)), first, second


def test_colours_alone_make_no_suggestion():
    image, maps, first, second = two_red_discs()
    assert (label_map(maps, threshold=0.5, image=image)[second] == 0).mean() > 0.8
    (found,) = (
        one for one in suggest(maps, [1, 2], threshold=0.5, image=image) if one.class_id == 1
    )
    np.testing.assert_array_equal(masks.decode(found.rle) & second, False)
    assert masks.iou(found.rle, masks.encode(first)) > 0.97


def test_where_colours_spoke_the_score_is_still_the_networks_own(monkeypatch):
    image, maps, *_ = two_red_discs()
    (found,) = (
        one for one in suggest(maps, [1, 2], threshold=0.5, image=image) if one.class_id == 1
    )
    coloured = []
    add = Said.add
    monkeypatch.setattr(Said, "add", lambda *given: coloured.append(add(*given)) or coloured[-1])
    label_map(maps, threshold=0.5, image=image)
    (own, _) = follow(maps.probabilities, without_grain(image), grain=maps.grain)
    inside = masks.decode(found.rle)
    assert found.score == pytest.approx(float(own[inside].mean()), abs=1e-5)
    assert found.score < coloured[0][inside].mean() - 0.1


def test_where_colours_tell_nothing_only_the_edges_count(monkeypatch):
    _, maps, *_ = two_red_discs()
    maps = replace(maps, words=maps.words[:1], probabilities=maps.probabilities[:1])
    image = np.random.default_rng(1).integers(0, 256, (128, 256, 3), dtype=np.uint8)
    found = suggest(maps, [1], threshold=0.5, image=image)
    (own,) = follow(maps.probabilities, without_grain(image), grain=maps.grain)
    np.testing.assert_array_equal(label_map(maps, threshold=0.5, image=image), (own >= 0.5) - 1)
    monkeypatch.setattr(regions, "listen", lambda *_, **__: None)
    assert found == suggest(maps, [1], threshold=0.5, image=image) != ()


def test_nobody_takes_pixels_and_is_no_word():
    cat, dog = boxes((0, 0, 40, 40), inside=0.6), boxes((0, 20, 40, 40), inside=0.7)
    nobody = boxes((0, 0, 20, 60), inside=0.8)
    maps = maps_of(cat, dog, nobody=nobody)
    found = suggest(maps, [1, 2], threshold=0.5)
    assert {one.class_id: masks.bbox(one.rle) for one in found} == {
        1: (0, 20, 20, 20),
        2: (20, 20, 40, 20),
    }
    as_word = label_map(maps_of(cat, dog, nobody, negative={2}), threshold=0.5)
    found = label_map(maps, threshold=0.5)
    np.testing.assert_array_equal(found, np.where(as_word == 2, -1, as_word))
    assert (found[:20] == -1).all()


def test_nobody_competes_where_edges_are_refined():
    image = np.zeros((40, 60, 3), np.uint8)
    image[:, 30:] = 255
    cat, nobody = boxes((0, 0, 40, 60), inside=0.5), boxes((0, 30, 40, 30), inside=0.9)
    found = label_map(maps_of(cat, nobody=nobody), threshold=0.1, image=image)
    assert (found[:, :28] == 0).all()
    assert (found[:, 32:] == -1).all()


def test_a_least_share_is_nobodys_floor():
    cat = boxes((0, 0, 40, 30), inside=0.3, outside=0.1)
    floor = np.full((40, 60), 0.2, np.float32)
    found = label_map(maps_of(cat, nobody=floor), threshold=0.05)
    assert (found[:, :30] == 0).all()
    assert (found[:, 30:] == -1).all()


def test_a_word_of_its_own_threshold_takes_part_only_where_it_reaches_that():
    cat = np.full((8, 8), 0.4, np.float32)
    dog = np.full((8, 8), 0.3, np.float32)
    cat[:, 4:] = 0.8

    def found(**own):
        words = [Word(name, (name,), "#000000", threshold=own.get(name)) for name in ("cat", "dog")]
        maps = ScoreMaps(tuple(words), np.stack((cat, dog)), 8, 8)
        return [(one.class_id, masks.area(one.rle), one.threshold)
                for one in suggest(maps, (1, 2), threshold=0.5, min_area=0)]  # fmt: skip

    assert found() == [(1, 32, 0.5)]
    assert found(cat=0.35) == [(1, 64, 0.35)]
    assert found(dog=0.25) == [(1, 32, 0.5), (2, 32, 0.25)]
    assert found(cat=0.9, dog=0.25) == [(2, 64, 0.25)]
    assert found(cat=0.9) == []
