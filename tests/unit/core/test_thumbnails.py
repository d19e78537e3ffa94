"""Small views of image files."""

import numpy as np
import pytest
from PIL import Image

from cascadeclip.core import images
from cascadeclip.core.errors import ImageUnreadable
from cascadeclip.core.thumbnails import thumbnail


@pytest.mark.parametrize(
    ("size", "expected"), [((400, 100), (16, 64)), ((100, 400), (64, 16)), ((10, 6), (6, 10))]
)
def test_the_longer_side_is_bounded(tmp_path, size, expected):
    Image.new("RGB", size, "red").save(tmp_path / "a.png")
    small = thumbnail(tmp_path / "a.png")
    assert small.shape == (*expected, 3)
    assert small.dtype == np.uint8
    assert (small[0, 0] == (255, 0, 0)).all()


def test_a_jpeg_is_upright_and_decoded_small(tmp_path, monkeypatch):
    left_red = Image.new("RGB", (1600, 800), "blue")
    left_red.paste("red", (0, 0, 800, 800))
    exif = left_red.getexif()
    exif[0x0112] = 6  # a quarter turn: what is left becomes the top
    left_red.save(tmp_path / "a.jpg", exif=exif)
    decoded = []
    whole = images._rgb
    monkeypatch.setattr(images, "_rgb", lambda image: decoded.append(image.size) or whole(image))
    small = thumbnail(tmp_path / "a.jpg")
    assert decoded == [(200, 100)]
    assert small.shape == (64, 32, 3)
    assert small[2, 16, 0] > 200 > 100 > small[2, 16, 2]
    assert small[-2, 16, 2] > 200 > 100 > small[-2, 16, 0]


def test_a_thin_jpeg_keeps_its_short_side(tmp_path):
    Image.new("RGB", (4000, 70), "red").save(tmp_path / "thin.jpg")
    assert images.open_image(tmp_path / "thin.jpg", least=64).shape == (70, 4000, 3)
    assert images.open_image(tmp_path / "thin.jpg").shape == (70, 4000, 3)


def test_what_is_no_image_is_refused(tmp_path):
    (tmp_path / "a.png").write_bytes(b"no")
    with pytest.raises(ImageUnreadable):
        thumbnail(tmp_path / "a.png")
