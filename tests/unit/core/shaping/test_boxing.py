import numpy as np

from cascadeclip.core.shaping.boxing import in_box, rectangle
from cascadeclip.core.shaping.sight import look

NO_PATCHES = np.zeros((1, 2, 4, 4), np.float32)


def test_the_thing_in_a_box_is_found(sight, boxes, overlap):
    assert overlap(in_box(sight, (12, 12, 52, 60)), boxes["red"]) > 0.95


def test_a_small_thing_in_a_large_image_is_outlined_as_closely(overlap):
    image = np.full((1200, 1600, 3), 120, np.uint8)
    rows, columns = np.ogrid[:1200, :1600]
    disc = (rows - 300.5) ** 2 + (columns - 400.5) ** 2 < 30**2
    image[disc] = (220, 30, 30)
    noise = np.random.default_rng(0).integers(-6, 7, image.shape)
    image = np.clip(image + noise, 0, 255).astype(np.uint8)
    assert overlap(in_box(look(NO_PATCHES, image), (364, 264, 437, 337)), disc) > 0.95


def test_nothing_outside_the_box_belongs_to_it(sight):
    part = in_box(sight, (20, 12, 52, 60))
    assert part.box[1] >= 20
    assert part.area > 0.8 * 28 * 40


def test_a_sure_word_says_where_the_thing_begins(sight, boxes, overlap):
    word = np.zeros((12, 16), np.float32)
    word[2:7, 9:14] = 0.9
    both = (12, 12, 116, 60)
    assert overlap(in_box(sight, both, word=word), boxes["blue"]) > 0.9


def test_where_nothing_is_found_the_box_is_the_mask(overlap):
    flat = look(NO_PATCHES, np.full((96, 128, 3), 120, np.uint8))
    whole = (0, 0, 128, 96)
    assert overlap(in_box(flat, whole), rectangle(whole, 96, 128).on((0, 0, 96, 128))) == 1
