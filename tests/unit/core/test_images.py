"""Files of every kind come out upright, or are refused with a sentence."""

import contextlib
import hashlib
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from cascadeclip.core import images
from cascadeclip.core.errors import ImageUnreadable


def ramp(height=6, width=9):
    rows, columns = np.mgrid[:height, :width]
    return np.stack([rows * 20, columns * 20, rows * 0 + 90], 2).astype(np.uint8)


def blocks():
    """Four flat quarters: they survive JPEG, and no two orientations look the same."""
    quarters = [[[250, 20, 20], [20, 250, 20]], [[20, 20, 250], [240, 240, 240]]]
    return np.array(quarters, np.uint8).repeat(32, 0).repeat(48, 1)


def save(path, pixels, orientation=None, **options):
    image = Image.fromarray(pixels)
    if orientation:
        exif = image.getexif()
        exif[0x0112] = orientation
        options["exif"] = exif
    image.save(path, **options)
    return path


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["a.jpg", "a.png", "a.webp", "a.tif", "packed.tif"])
def test_every_orientation_comes_out_upright(tmp_path, kind, orientation):
    options = {"a.jpg": {"quality": 95}, "a.webp": {"lossless": True}}.get(kind, {})
    if kind == "packed.tif":
        options = {"compression": "tiff_lzw"}
    path = save(tmp_path / kind, blocks(), orientation, **options)
    shown = images.open_image(path)
    with Image.open(path) as image:
        expected = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    assert shown.shape == ((64, 96, 3) if orientation < 5 else (96, 64, 3))
    assert np.array_equal(shown, expected)
    assert tuple(shown[0, 0] > 128) == {
        1: (True, False, False), 2: (False, True, False), 3: (True, True, True),
        4: (False, False, True), 5: (True, False, False), 6: (False, False, True),
        7: (True, True, True), 8: (False, True, False),
    }[orientation]  # fmt: skip
    header = images.read_header(path)
    assert (header.height, header.width) == shown.shape[:2]
    assert header.orientation == orientation


@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_pixels_can_be_taken_as_they_are_stored(tmp_path, orientation):
    path = save(tmp_path / "a.png", blocks(), orientation)
    assert np.array_equal(images.open_image(path, upright=False), blocks())


@pytest.mark.parametrize("mode", ["P", "L"])
def test_labels_are_numbers_not_colours(tmp_path, mode):
    values = np.array([[0, 1, 7], [20, 200, 255]], np.uint8)
    image = Image.fromarray(values)
    if mode == "P":
        image.putpalette([255 - value // 3 for value in range(768)])
    image.save(tmp_path / "a.png")
    labels = images.open_labels(tmp_path / "a.png")
    assert labels.dtype == np.uint8
    assert np.array_equal(labels, values)
    labels[0, 0] = 9  # it may be written


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "I;16", "1", "LA"])
def test_labels_of_another_kind_are_refused(tmp_path, mode):
    Image.new(mode, (4, 3)).save(tmp_path / "a.png")
    with pytest.raises(ImageUnreadable, match=r"^a\.png cannot be opened: labels are a palette"):
        images.open_labels(tmp_path / "a.png")


def test_labels_cut_short_are_refused(tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (90, 90)).astype(np.uint8)
    whole = save(tmp_path / "a.png", noise).read_bytes()
    for end in (0, 10, 400, len(whole) // 2):
        (tmp_path / "a.png").write_bytes(whole[:end])
        with pytest.raises(ImageUnreadable, match=r"^a\.png cannot be opened: it is"):
            images.open_labels(tmp_path / "a.png")


@pytest.mark.parametrize("value", [0, 9, 77])
def test_impossible_orientations_count_as_upright(tmp_path, value):
    path = save(tmp_path / "a.png", ramp(), value or None)
    if value:
        assert images.read_header(path).orientation == 1
    assert np.array_equal(images.open_image(path), ramp())


def test_damaged_exif_does_not_make_an_image_unreadable(tmp_path):
    path = tmp_path / "a.png"
    Image.fromarray(ramp()).save(path, exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xffgarbage")
    assert np.array_equal(images.open_image(path), ramp())
    assert images.read_header(path).orientation == 1


def test_pixels_are_rgb_bytes_that_may_be_written(tmp_path):
    rgb = images.open_image(str(save(tmp_path / "a.png", ramp())))
    assert rgb.dtype == np.uint8
    assert rgb.flags.c_contiguous
    assert rgb.flags.writeable
    assert np.array_equal(rgb, ramp())


def test_sixteen_bit_grey_keeps_its_full_range(tmp_path):
    deep = np.array([[0, 128, 257, 32768, 65535]], np.uint16)
    for name in ("a.png", "a.tif"):
        Image.fromarray(deep).save(tmp_path / name)
        rgb = images.open_image(tmp_path / name)
        assert rgb[0].tolist() == [[v] * 3 for v in (0, 0, 1, 128, 255)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[0, 0.5, 1]], np.float32), [0, 128, 255]),
        (np.array([[-4, 0, 4]], np.float32), [0, 128, 255]),
        (np.array([[np.nan, 7, 7]], np.float32), [0, 255, 255]),
        (np.array([[0, 65535, 9]], np.int32), [0, 255, 0]),
        (np.array([[0, 100_000, 200_000]], np.int32), [0, 128, 255]),
        (np.full((1, 3), 300_000, np.int32), [0, 0, 0]),
    ],
)
def test_deeper_grey(tmp_path, values, expected):
    Image.fromarray(values).save(tmp_path / "a.tif")
    assert images.open_image(tmp_path / "a.tif")[0, :, 0].tolist() == expected


def test_grey_bilevel_and_palette(tmp_path):
    Image.fromarray(ramp()[:, :, 0]).save(tmp_path / "grey.png")
    assert np.array_equal(images.open_image(tmp_path / "grey.png"), ramp()[:, :, [0, 0, 0]])
    Image.fromarray(np.array([[True, False]])).save(tmp_path / "bits.png")
    assert images.open_image(tmp_path / "bits.png")[0, :, 0].tolist() == [255, 0]
    Image.fromarray(ramp()).quantize(256).save(tmp_path / "palette.png")
    assert np.array_equal(images.open_image(tmp_path / "palette.png"), ramp())


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_lies_on_white(tmp_path, mode):
    rgba = Image.new("RGBA", (3, 1), (0, 0, 0, 255))
    rgba.putpixel((1, 0), (0, 0, 0, 0))
    rgba.putpixel((2, 0), (0, 0, 0, 255 if mode == "P" else 127))
    image = rgba.quantize(4) if mode == "P" else rgba.convert(mode)
    image.save(tmp_path / "a.png")
    shown = images.open_image(tmp_path / "a.png")[0, :, 0].tolist()
    assert shown[:2] == [0, 255]
    assert shown[2] == (0 if mode == "P" else pytest.approx(128, abs=1))


def test_cmyk(tmp_path):
    Image.fromarray(blocks()).convert("CMYK").save(tmp_path / "a.jpg", quality=95)
    shown = images.open_image(tmp_path / "a.jpg").astype(int)
    assert np.abs(shown[10, 10] - blocks()[0, 0]).max() < 12


def test_first_page_is_taken(tmp_path):
    pages = [Image.new("RGB", (4, 3), colour) for colour in ("red", "blue")]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    pages[0].save(tmp_path / "a.gif", save_all=True, append_images=pages[1:])
    for name in ("a.tif", "a.gif"):
        assert images.open_image(tmp_path / name)[0, 0].tolist() == [255, 0, 0]


def test_a_tiff_of_several_pages_is_said(tmp_path):
    pages = [Image.new("RGB", (4, 3), "red"), Image.new("RGB", (9, 9), "blue")]
    pages[0].save(tmp_path / "many.tif", save_all=True, append_images=pages[1:])
    pages[0].save(tmp_path / "one.tif")
    pages[0].save(tmp_path / "one.png")
    header = images.read_header(tmp_path / "many.tif")
    assert header.more_pages
    assert (header.width, header.height) == (4, 3)
    assert not images.read_header(tmp_path / "one.tif").more_pages
    assert not images.read_header(tmp_path / "one.png").more_pages


def test_a_damaged_second_page_does_not_make_the_first_unreadable(tmp_path):
    pages = [Image.new("RGB", (4, 3), "red"), Image.new("RGB", (9, 9), "blue")]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    with Image.open(tmp_path / "a.tif") as image:
        image.seek(1)
        second = image._frame_pos[1]
    for data in (b"\xff" * 40, b""):
        whole = (tmp_path / "a.tif").read_bytes()[:second]
        (tmp_path / "b.tif").write_bytes(whole + data)
        images.read_header(tmp_path / "b.tif")
        assert images.open_image(tmp_path / "b.tif")[0, 0].tolist() == [255, 0, 0]


def test_a_clear_value_of_16_bit_grey_lies_on_white(tmp_path):
    deep = np.array([[0, 257, 65535, 512]], np.uint16)
    Image.fromarray(deep).save(tmp_path / "a.png", transparency=257)
    assert images.open_image(tmp_path / "a.png")[0, :, 0].tolist() == [0, 255, 255, 2]


@pytest.mark.parametrize("ending", ["<u2", ">u2"])
def test_sixteen_bit_grey_of_either_byte_order(tmp_path, ending):
    values = np.array([[0, 257, 65535]], np.uint16)
    Image.fromarray(values.astype(ending)).save(tmp_path / "a.tif")
    (tmp_path / "a.pgm").write_bytes(b"P5 3 1 65535\n" + values.astype(">u2").tobytes())
    for name in ("a.tif", "a.pgm"):
        assert images.open_image(tmp_path / name)[0, :, 0].tolist() == [0, 1, 255]


def png(path, depth, kind, rows, width):
    header = struct.pack(">IIBBBBB", width, len(rows), depth, kind, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + parts)
    return path


def test_png_of_every_depth(tmp_path):
    for depth, row, expected in (
        (1, b"\x40", [0, 255]), (2, b"\x1b", [0, 85]), (4, b"\x0f", [0, 255]),
        (8, b"\x00\x07", [0, 7]), (16, b"\x00\x00\x80\x00", [0, 128]),
    ):  # fmt: skip
        path = png(tmp_path / "a.png", depth, 0, [row], 2)
        assert images.open_image(path)[0, :, 0].tolist() == expected
    path = png(tmp_path / "rgb.png", 16, 2, [struct.pack(">3H", 0, 32768, 65535)], 1)
    assert images.open_image(path)[0, 0].tolist() == [0, 128, 255]
    path = png(tmp_path / "la.png", 16, 4, [struct.pack(">4H", 0, 65535, 0, 0)], 2)
    assert images.open_image(path)[0, :, 0].tolist() == [0, 255]


@pytest.mark.parametrize("kind", ["jpg", "tif"])
def test_cmyk_of_either_kind_of_file(tmp_path, kind):
    Image.new("CMYK", (16, 16), (0, 255, 0, 0)).save(tmp_path / f"a.{kind}")
    red, green, blue = images.open_image(tmp_path / f"a.{kind}")[3, 3].tolist()
    assert red > 245
    assert green < 10
    assert blue > 245


def test_webp_with_transparency_and_of_several_frames(tmp_path):
    Image.new("RGBA", (4, 3), (0, 0, 0, 0)).save(tmp_path / "a.webp", lossless=True)
    assert images.open_image(tmp_path / "a.webp")[0, 0].tolist() == [255] * 3
    frames = [Image.new("RGB", (4, 3), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "b.webp", save_all=True, append_images=frames[1:], lossless=True)
    assert images.open_image(tmp_path / "b.webp")[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize("kind", ["tif", "bmp", "gif", "webp", "jpg"])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_absurd_sizes_in_any_kind_of_header_are_refused(tmp_path, kind, monkeypatch):
    path = save(tmp_path / f"a.{kind}", np.zeros((48, 80, 3), np.uint8))
    data = bytearray(path.read_bytes())
    if kind == "tif":
        at = [data.index(struct.pack("<HHI", tag, 4, 1)) + 8 for tag in (256, 257)]
        fields = [(place, "<I", 60_000) for place in at]
    elif kind == "bmp":
        fields = [(18, "<i", 60_000), (22, "<i", 60_000)]
    elif kind == "gif":
        fields = [(6, "<H", 60_000), (8, "<H", 60_000)]
    elif kind == "webp":
        at = data.index(b"\x9d\x01\x2a") + 3
        fields = [(at, "<H", 16_383), (at + 2, "<H", 16_383)]
    else:
        at = data.index(b"\xff\xc0") + 5
        fields = [(at, ">H", 60_000), (at + 2, ">H", 60_000)]
    for place, form, value in fields:
        struct.pack_into(form, data, place, value)
    path.write_bytes(data)
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    for use in (images.open_image, images.read_header):
        with pytest.raises(ImageUnreadable, match=rf"^a\.{kind} cannot be opened: "):
            use(path)


def test_non_ascii_names(tmp_path):
    path = save(tmp_path / "größe 猫 \u0301.png", ramp())
    assert np.array_equal(images.open_image(path), ramp())
    assert images.read_header(path).width == 9
    assert images.find_images(tmp_path) == (path,)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(path, width, height):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", b"\x00" * 20))
    return path


@pytest.mark.parametrize("size", [(15_000, 15_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_absurd_headers_are_refused_without_decoding(tmp_path, size, monkeypatch):
    path = bomb(tmp_path / "bomb.png", *size)
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    for use in (images.open_image, images.read_header):
        with pytest.raises(ImageUnreadable, match=r"^bomb\.png cannot be opened: .*pixels.*\.$"):
            use(path)


def test_large_images_below_the_limit_raise_no_warning(tmp_path, recwarn):
    path = bomb(tmp_path / "big.png", 13_000, 13_000)
    assert images.read_header(path).width == 13_000
    assert not recwarn.list


@pytest.mark.parametrize("kind", ["jpg", "png", "webp", "tif", "bmp", "gif"])
def test_files_cut_short_are_refused_with_their_name(tmp_path, kind):
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    path = save(tmp_path / f"cut.{kind}", noise)
    whole = path.read_bytes()
    cuts = range(0, len(whole) - 64, max(1, len(whole) // 25))
    assert len(cuts) > 5
    for cut in cuts:
        path.write_bytes(whole[:cut])
        with pytest.raises(ImageUnreadable, match=rf"^cut\.{kind} cannot be opened: "):
            images.open_image(path)


@pytest.mark.parametrize("kind", ["jpg", "png", "webp", "tif", "bmp", "gif"])
def test_damaged_bytes_never_raise_anything_else(tmp_path, kind):
    rng = np.random.default_rng(3)
    path = save(tmp_path / f"a.{kind}", ramp(20, 20), 6)
    whole = np.frombuffer(path.read_bytes(), np.uint8)
    tried = 0
    for _ in range(60):
        damaged = whole.copy()
        damaged[rng.integers(0, len(whole), 6)] = rng.integers(0, 255, 6)
        path.write_bytes(damaged.tobytes())
        for use in (images.open_image, images.read_header):
            with contextlib.suppress(ImageUnreadable):
                use(path)
            tried += 1
    assert tried == 120


def test_reasons(tmp_path):
    (tmp_path / "text.jpg").write_text("hello")
    (tmp_path / "empty.png").touch()
    (tmp_path / "folder.png").mkdir()
    for name, reason in {
        "text.jpg": "it is not an image, or of a kind that is not supported",
        "empty.png": "it is not an image, or of a kind that is not supported",
        "folder.png": "it is a folder",
        "gone.png": "there is no such file",
    }.items():
        with pytest.raises(ImageUnreadable) as caught:
            images.open_image(tmp_path / name)
        assert str(caught.value) == f"{name} cannot be opened: {reason}."
    with pytest.raises(ImageUnreadable, match="no such file"):
        images.digest(tmp_path / "gone.png")


def test_kinds_that_start_programs_are_not_read(tmp_path):
    (tmp_path / "a.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")
    with pytest.raises(ImageUnreadable, match="not supported"):
        images.open_image(tmp_path / "a.png")


def test_digest(tmp_path):
    (tmp_path / "a").write_bytes(b"abc" * 100_000)
    assert images.digest(tmp_path / "a") == hashlib.sha256(b"abc" * 100_000).hexdigest()


def test_find_images_in_natural_order(tmp_path):
    names = ["a10.PNG", "a2.jpg", "B1.webp", "sub/x.tif", "a2.txt", ".hidden.png", ".git/x.png",
             "cache/x.png", "models/x.png"]  # fmt: skip
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = [path.relative_to(tmp_path).as_posix() for path in images.find_images(tmp_path)]
    assert found == ["a2.jpg", "a10.PNG", "B1.webp", "cache/x.png", "models/x.png", "sub/x.tif"]
    (tmp_path / "project.db").touch()
    assert len(images.find_images(tmp_path)) == 4
    with pytest.raises(ImageUnreadable, match="There is no folder"):
        images.find_images(tmp_path / "none")
    assert images.find_images(tmp_path / ".git" / "..") != ()


def test_windows_are_those_of_the_paper():
    assert images.windows(512, 512, 512, 426) == (images.Window(0, 0, 512, 512),)
    assert [w.left for w in images.windows(512, 1024, 512, 426)] == [0, 426, 512]
    assert [w.left for w in images.windows(512, 938, 512, 426)] == [0, 426]
    assert images.windows(100, 600, 512, 426)[1] == images.Window(0, 88, 100, 512)


def test_windows_cover_every_pixel_and_end_inside():
    rng = np.random.default_rng(2)
    tried = 0
    for _ in range(150):
        height, width, size = rng.integers(1, 300, 3).tolist()
        stride = int(rng.integers(1, size + 1))
        seen = np.zeros((height, width), bool)
        cuts = images.windows(height, width, size, stride) if stride > 8 or size < 20 else ()
        for cut in cuts:
            assert cut.top + cut.height <= height
            assert cut.left + cut.width <= width
            seen[cut.top : cut.top + cut.height, cut.left : cut.left + cut.width] = True
        assert seen.all() or not cuts
        assert len(set(cuts)) == len(cuts)
        tried += bool(cuts)
    assert tried > 100


@pytest.mark.parametrize("size", [(300, 400), (400, 300), (333, 777), (512, 512), (20, 4000)])
def test_the_short_side_is_exact(size):
    height, width = size
    out = images.resize_short(np.zeros((height, width, 3), np.uint8), 512)
    factor = 512 / min(size)
    assert out.shape == (int(height * factor + 0.5), int(width * factor + 0.5), 3)
    assert min(out.shape[:2]) == 512


def test_an_absurdly_thin_image_is_refused():
    with pytest.raises(ImageUnreadable, match="too thin"):
        images.resize_short(np.zeros((1, 1_000_000, 3), np.uint8), 512)


def test_normalise():
    rgb = ramp()
    mean, std = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
    out = images.normalise(rgb, mean, std)
    assert out.dtype == np.float32
    assert out.shape == (3, 6, 9)
    assert out.flags.c_contiguous
    expected = (rgb.astype(np.float64) - mean) / std
    np.testing.assert_allclose(out.transpose(1, 2, 0), expected, atol=1e-5)


def test_no_torch():
    text = Path(images.__file__).read_text(encoding="utf-8")
    assert "torch" not in text


def test_shrinking_by_average_keeps_thin_lines() -> None:
    lines = np.zeros((90, 90, 3), np.uint8)
    lines[::3] = 255
    skipped = images.resize_short(lines, 30)
    averaged = images.resize_short(lines, 30, average=True)
    assert set(np.unique(skipped)) == {0}  # every line fell between the pixels looked at
    assert np.abs(averaged.astype(int) - 85).max() <= 1
