import numpy as np

from cascadeclip.app.canvas.halves import half_sizes
from cascadeclip.app.canvas.layers import compose, fill
from cascadeclip.app.canvas.shapes import Kind, Shape, cut
from cascadeclip.core import masks


def make_shape(mask, colour):
    return Shape(Kind.ANNOTATION, 1, "cat", colour, masks.encode(mask), cut(mask))


def test_colours_are_multiplied_by_their_alpha_in_qts_order():
    assert fill("#ff8000", 0.5).tolist() == [0, 64, 128, 128]


def test_a_small_mask_lies_on_a_large_one_whatever_the_order():
    large, small = np.zeros((10, 12), np.bool_), np.zeros((10, 12), np.bool_)
    large[1:9, 1:11] = True
    small[4:6, 4:6] = True
    shapes = (make_shape(small, "#0000ff"), make_shape(large, "#ff0000"))
    for order in (shapes, shapes[::-1]):
        pixels = compose(order, 10, 12, opacity=1.0).pixels
        assert pixels[4, 4].tolist() == [255, 0, 0, 255]
        assert pixels[2, 2].tolist() == [0, 0, 255, 255]
        assert not pixels[0].any()


def test_no_shapes_make_a_transparent_layer():
    assert not compose((), 4, 5, opacity=0.5).pixels.any()


def test_halves_begin_with_the_image_and_end_small():
    rgb = np.zeros((3000, 2001, 3), np.uint8)
    sizes = half_sizes(rgb)
    assert [size.shape[:2] for size in sizes] == [(3000, 2001), (1500, 1000), (750, 500)]
    assert len(half_sizes(np.zeros((7, 1, 3), np.uint8))) == 1
