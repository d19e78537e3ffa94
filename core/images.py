"""Image files: found, measured and opened upright; the only place where pixels are decoded."""

from __future__ import annotations

import hashlib
import os
import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from cascadeclip.core.errors import ImageUnreadable
from cascadeclip.core.values import MAX_PIXELS

EXTENSIONS: frozenset[str] = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif"}
    | {".ppm", ".pgm", ".pbm"}
)

# Only kinds that are decoded in this process: some of Pillow's other readers start programs.
_KINDS = ("JPEG", "PNG", "WEBP", "BMP", "DIB", "TIFF", "GIF", "PPM")
_ORIENTATION_TAG = 0x0112
_ROWS = 512
# What decoders raise on damaged files, as seen by feeding them such files; the warning is an
# exception only where warnings are made errors.
_DECODER_FAULTS = (
    OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, AttributeError,
    ArithmeticError, MemoryError, RuntimeError, struct.error, zlib.error, UserWarning,
)  # fmt: skip
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)

# Pillow warns on stderr at half of this; here the limit is checked by `_checked_size` instead.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """Hold what the header says: upright `width` x `height` in pixels, EXIF orientation 1..8.

    `more_pages` is true of a TIFF of several pages, of which only the first is ever opened.
    """

    width: int
    height: int
    orientation: int
    format: str
    more_pages: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """Hold a crop in pixels of the image it is cut from."""

    top: int
    left: int
    height: int
    width: int


def open_image(
    path: Path | str, *, upright: bool = True, least: int | None = None
) -> NDArray[np.uint8]:
    """Decode a file to HxWx3 uint8 RGB, upright by its EXIF orientation or else as stored.

    With `least` a JPEG comes at an eighth, a quarter or half of its size, which is quick, if both
    its sides keep that many pixels.

    16-bit and deeper grey is scaled to 8 bits, transparent pixels are laid on white, of several
    pages the first is taken. Beyond `MAX_PIXELS` the header alone is enough to refuse.

    Raises ImageUnreadable, naming the file and the reason.
    """
    path = Path(path)
    with _opened(path) as image:
        turned = upright and image.format != "TIFF"  # TIFF: Pillow turns it
        orientation = _orientation(image) if turned else 1
        if least is not None:
            image.draft(None, (least, least))
        image.load()
        return np.require(_upright(_rgb(image), orientation), requirements=["C", "W"])


def open_labels(path: Path | str) -> NDArray[np.uint8]:
    """Decode a label image to HxW uint8: its palette indices or grey values, as they are stored.

    Raises ImageUnreadable, also for an image of any other kind: its colours are no numbers.
    """
    path = Path(path)
    with _opened(path) as image:
        if image.mode not in ("P", "L"):
            raise ImageUnreadable(_sentence(path, "labels are a palette or an 8-bit grey image"))
        image.load()
        return np.array(image, dtype=np.uint8, order="C")


def read_header(path: Path | str) -> ImageHeader:
    """Read size, orientation and kind without decoding the pixels.

    Raises ImageUnreadable, naming the file and the reason.
    """
    path = Path(path)
    with _opened(path) as image:
        orientation = _orientation(image)
        width, height = image.size
        if orientation >= 5 and image.format != "TIFF":  # Pillow gives the upright size of TIFF
            width, height = height, width
        return ImageHeader(width, height, orientation, image.format or "", _more_pages(image))


def digest(path: Path | str) -> str:
    """Return the SHA-256 of the file as 64 hexadecimal digits. Raises ImageUnreadable."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ImageUnreadable(_sentence(path, _reason(error))) from error


def find_images(folder: Path | str) -> tuple[Path, ...]:
    """List the image files below a folder in natural order ("a2" before "a10").

    Hidden files and folders are left out, and so are the `cache` and `models` of a project.
    Raises ImageUnreadable when there is no such folder; a folder without images gives ().
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ImageUnreadable(f"There is no folder {folder}; choose one that holds images.")
    found = [path for paths in walk_images(folder) for path in paths]
    return tuple(sorted(found, key=lambda path: _natural(path.relative_to(folder))))


def walk_images(folder: Path) -> Iterator[list[Path]]:
    """Yield the image files of a folder and of each one below, folder by folder, in no order.

    Leaves out what `find_images` leaves out; who has seen enough can stop.
    """
    for place, folders, files in os.walk(folder):
        own = {"cache", "models"} if "project.db" in files else set()
        folders[:] = [name for name in folders if not name.startswith(".") and name not in own]
        yield [
            Path(place, name)
            for name in files
            if not name.startswith(".") and Path(name).suffix.lower() in EXTENSIONS
        ]


def windows(height: int, width: int, size: int, stride: int) -> tuple[Window, ...]:
    """Cover a height x width image with windows of at most `size`, `stride` pixels apart.

    The last window of a row or column is shifted back so that it ends inside, as the paper's
    sliding test does. All arguments are pixels and at least 1.
    """
    return tuple(
        Window(top, left, min(size, height), min(size, width))
        for top in _starts(height, size, stride)
        for left in _starts(width, size, stride)
    )


def fitted(height: int, width: int, side: int) -> tuple[int, int]:
    """Return height and width scaled down so that the longer is at most `side`, at least 1 each."""
    factor = min(1.0, side / max(height, width))
    return max(1, round(height * factor)), max(1, round(width * factor))


def resize_short(rgb: NDArray[np.uint8], short: int, *, average: bool = False) -> NDArray[np.uint8]:
    """Scale HxWx3 uint8 so that its shorter side has `short` pixels, ratio kept.

    Bilinear as in the paper's evaluation, which skips pixels when it shrinks by more than half;
    with `average` a smaller image averages all of them, so that thin lines survive. Raises
    ImageUnreadable for an image so thin that the result would pass `MAX_PIXELS`.
    """
    height, width = rgb.shape[:2]
    factor = short / min(height, width)
    new = (int(width * factor + 0.5), int(height * factor + 0.5))
    if new == (width, height):
        return rgb
    if new[0] * new[1] > MAX_PIXELS:
        raise ImageUnreadable(
            f"An image of {width} x {height} pixels is too thin to be looked at; crop it first."
        )
    how = cv2.INTER_AREA if average and factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(rgb, new, interpolation=how), dtype=np.uint8)


def normalise(
    rgb: NDArray[np.uint8], mean: Sequence[float], std: Sequence[float]
) -> NDArray[np.float32]:
    """Turn HxWx3 uint8 into 3xHxW float32, (value - mean) / std per channel, both in 0..255."""
    scale = 1.0 / np.asarray(std, np.float32)
    shift = np.asarray(mean, np.float32) * scale
    return np.ascontiguousarray((rgb.astype(np.float32) * scale - shift).transpose(2, 0, 1))


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    try:
        with Image.open(path, formats=_KINDS) as image:
            _check_size(path, image.size)
            yield image
    except _BOMBS as error:
        raise ImageUnreadable(_sentence(path, "it claims more pixels than any camera")) from error
    except _DECODER_FAULTS as error:
        raise ImageUnreadable(_sentence(path, _reason(error))) from error


def _check_size(path: Path, size: tuple[int, int]) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise ImageUnreadable(_sentence(path, "it has no pixels"))
    if width * height > MAX_PIXELS:
        limit = MAX_PIXELS // 1_000_000
        raise ImageUnreadable(
            _sentence(path, f"its {width} x {height} pixels are beyond {limit} million")
        )


def _sentence(path: Path, reason: str) -> str:
    # A name that is no text (it can be any bytes on Linux) could not even be printed.
    name = path.name.encode("utf-8", "backslashreplace").decode("utf-8")
    return f"{name} cannot be opened: {reason}."


def _reason(error: BaseException) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, PermissionError):
        return "you may not read it"
    if isinstance(error, IsADirectoryError):
        return "it is a folder"
    if isinstance(error, UnidentifiedImageError):
        return "it is not an image, or of a kind that is not supported"
    if isinstance(error, MemoryError):
        return "there is not enough memory for it"
    return "it is damaged or cut short"


def _orientation(image: Image.Image) -> int:
    try:
        value = image.getexif().get(_ORIENTATION_TAG, 1)
    except _DECODER_FAULTS:  # damaged notes about an image do not make the image unreadable
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _more_pages(image: Image.Image) -> bool:
    if image.format != "TIFF":
        return False
    try:
        image.seek(1)
    except _DECODER_FAULTS:  # the usual one says that there is no second page
        return False
    return True


def _rgb(image: Image.Image) -> NDArray[np.uint8]:
    if image.mode in ("I", "F") or image.mode.startswith("I;"):
        grey = _grey8(np.asarray(image))
        clear = image.info.get("transparency")
        if isinstance(clear, int):  # one value of 16-bit grey counts as transparent
            grey[np.asarray(image) == clear] = 255
        return np.repeat(grey[:, :, None], 3, axis=2)
    if image.has_transparency_data:
        over = image.convert("RGBA")
        white = Image.new("RGBA", over.size, "white")
        return np.asarray(Image.alpha_composite(white, over))[:, :, :3]
    # In strips: Pillow copies the whole to convert it, and twice more to give its bytes away.
    width, height = image.size
    rgb = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, _ROWS):
        strip = image.crop((0, top, width, min(top + _ROWS, height)))
        rgb[top : top + _ROWS] = np.asarray(strip.convert("RGB"))
    return rgb


def _grey8(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Scale deep grey to 8 bits: 16-bit and 0..1 by their full range, others by their own."""
    if values.dtype.kind in "iu" and values.min() >= 0 and values.max() <= 65535:
        return ((values.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8)
    depth = np.nan_to_num(values.astype(np.float64))
    low, high = float(depth.min()), float(depth.max())
    if low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    span = max(high - low, float(np.finfo(np.float64).tiny))
    return ((depth - low) / span * 255 + 0.5).astype(np.uint8)


def _upright(rgb: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Undo the eight EXIF orientations: 5 to 8 swap the axes, the rest mirror."""
    if orientation >= 5:
        rgb = rgb.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        rgb = rgb[::-1]
    if orientation in (2, 3, 6, 7):
        rgb = rgb[:, ::-1]
    return rgb


def _natural(path: Path) -> tuple[tuple[tuple[tuple[str, int], ...], ...], str]:
    """Order by folder, then by name, digits as numbers; the path itself settles ties."""
    return (
        tuple(
            tuple(
                (text, int(digits or -1))
                for text, digits in re.findall(r"(\D*)(\d*)", name.casefold())
            )
            for name in path.parts
        ),
        path.as_posix(),
    )


def _starts(length: int, size: int, stride: int) -> tuple[int, ...]:
    count = max(length - size + stride - 1, 0) // stride + 1
    return tuple(max(min(index * stride + size, length) - size, 0) for index in range(count))
