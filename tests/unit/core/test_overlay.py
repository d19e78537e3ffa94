"""Masks over an image, as the reports show them."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from cascadeclip.core import masks
from cascadeclip.core.errors import FormatError
from cascadeclip.core.overlay import Layer, draw_layers, save_png


def _layer(mask, **options):
    return Layer(masks.encode(mask), "#ff0000", "cat", **options)


def test_a_filled_mask_tints_its_pixels_and_no_others():
    grey = np.full((700, 800, 3), 100, np.uint8)
    mask = np.zeros((700, 800), bool)
    mask[100:600, 100:600] = True
    drawn = draw_layers(grey, [_layer(mask)])
    assert drawn.shape == grey.shape
    assert tuple(drawn[150, 150]) == (169, 55, 55)
    assert tuple(drawn[650, 700]) == (100, 100, 100)
    assert (grey == 100).all()


def test_an_outlined_mask_leaves_its_inside():
    grey = np.full((700, 800, 3), 100, np.uint8)
    mask = np.zeros((700, 800), bool)
    mask[100:600, 100:600] = True
    drawn = draw_layers(grey, [_layer(mask, filled=False)])
    assert tuple(drawn[150, 150]) == (100, 100, 100)
    assert tuple(drawn[100, 150]) == (255, 0, 0)


def test_small_images_grow_and_odd_masks_are_drawn():
    mask = np.zeros((10, 20), bool)
    whole = np.ones((10, 20), bool)
    drawn = draw_layers(np.zeros((10, 20, 3), np.uint8), [_layer(mask), _layer(whole)])
    assert drawn.shape == (320, 640, 3)


def test_the_file_is_a_png_and_replaced_whole(tmp_path):
    image = np.random.default_rng(0).integers(0, 256, (5, 7, 3)).astype(np.uint8)
    out = tmp_path / "deep" / "masks.png"
    save_png(image, out)
    save_png(image, out)
    assert np.array_equal(np.array(Image.open(out)), image)
    assert [path.name for path in out.parent.iterdir()] == ["masks.png"]


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(FormatError, match="could not be written"):
        save_png(np.zeros((2, 2, 3), np.uint8), tmp_path / "file" / "a.png")
