"""The image with its masks as the screen shows it, drawn once and kept until something changes.

When the view moves, what is still in sight is moved along and only what comes into sight is drawn.
A stroke draws its own rectangle anew and nothing else.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage, QPainter, QPainterPath, QRegion, QTransform

from cascadeclip.app.canvas import paint, sampling
from cascadeclip.app.canvas.layers import Area, Layer, Numbers, Pixels, area_of
from cascadeclip.app.canvas.look import VEIL, Look, Tint, tint
from cascadeclip.app.canvas.sampling import Frame, Part
from cascadeclip.app.canvas.shapes import Shape

Bools = NDArray[np.bool_]
EMPTY = Frame(1.0, 0, 0)
NO_PART = Part(0, 0, 0, 0)
# So many pixels at a time: what is worked on stays in the processor's cache. By pixels, not rows: a
# moved view shows a narrow strip from top to bottom, and every band costs some calls.
BAND_PIXELS = 100_000
# What a frame may take while somebody zooms, in seconds, and how much coarser it may be for that.
FRAME_SECONDS = 0.009
COARSEST = 4
PACE_PIXELS = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class Live:
    """Hold a stroke that is no part of a layer yet: HxW bool, what of it counts, what it does.

    `number` is the number of the shape it adds to or takes from; None is a new one, or all.
    """

    mask: Bools
    area: Area
    erase: bool
    number: int | None


class Ground:
    """Draw image and masks for a place of the view, in device pixels.

    `drawn` tells, oldest first, which rectangles were drawn since somebody emptied it.
    """

    def __init__(self) -> None:
        self.levels: tuple[Pixels, ...] = ()
        self.settled: Layer | None = None
        self.pending: Layer | None = None
        self.look = Look()
        self.fading: Mapping[int, float] = {}
        self.colour = "#808080"
        self.background = 0xFF202020
        self.ratio = 1.0
        self.drawn: list[QRect] = []
        self._frame = EMPTY
        self._lives: list[Live] = []
        self._image = QImage()
        self._pixels: Pixels = np.zeros((0, 0, 4), np.uint8)
        self._stale = QRegion()
        self._rough = QRegion()
        # Seconds for a device pixel, as the last large pieces took.
        self.pace = 0.0
        self.in_a_hurry = False
        self._tints: tuple[Tint, Tint] | None = None
        self._paths: dict[int, QPainterPath] = {}

    # What is to be seen

    def show_image(self, levels: tuple[Pixels, ...]) -> None:
        """Show an image given as its halves, without masks."""
        self.levels = levels
        self.settled = self.pending = None
        self._paths, self._lives, self.fading = {}, [], {}
        self.changed()

    def show_layers(self, settled: Layer, pending: Layer) -> None:
        """Show these masks; strokes are forgotten, since the layers hold what became of them."""
        areas = _differences((self.settled, self.pending), (settled, pending))
        if areas is None:
            self.changed()
        else:
            for area in (*areas, *(live.area for live in self._lives)):
                self.spoil_area(area)
        known = {id(shape) for shape in pending.shapes}
        self._paths = {key: path for key, path in self._paths.items() if key in known}
        self.settled, self.pending, self._lives, self._tints = settled, pending, [], None

    def show_look(self, look: Look) -> None:
        """Show everything as a person has set it."""
        if look != self.look:
            self.look = look
            self.changed()

    def show_live(self, mask: Bools, area: Area, *, erase: bool, number: int | None) -> None:
        """Show what has become of a stroke: `mask` is known by itself, `area` is what is new."""
        lives = [live for live in self._lives if live.mask is not mask]
        old = next((live.area for live in self._lives if live.mask is mask), area)
        both = Area(
            min(old.top, area.top),
            min(old.left, area.left),
            max(old.bottom, area.bottom),
            max(old.right, area.right),
        )
        self._lives = [*lives, Live(mask, both, erase, number)]
        self.spoil_area(area)

    def fade(self, fading: Mapping[int, float]) -> None:
        """Give settled shapes of these numbers an opacity of their own, and no others."""
        layer = self.settled
        touched = set(fading) | set(self.fading)
        self.fading = dict(fading)
        self._tints = None
        if layer is not None:
            for shape in layer.shapes:
                if layer.number(shape) in touched:
                    self.spoil_area(area_of(shape))

    def paint_in(self, colour: str, background: int) -> None:
        """Paint strokes of no shape yet in a colour, and what is beside the image as 0xFFRRGGBB."""
        if background != self.background:
            self._stale = QRegion(self._image.rect())
        if colour != self.colour:
            self._tints = None
        self.colour, self.background = colour, background

    def changed(self) -> None:
        """Draw everything anew when it is asked for."""
        self._tints = None
        self._stale = QRegion(self._image.rect())

    @property
    def stale(self) -> QRegion:
        """Give what is not up to date, in device pixels."""
        return self._stale

    @property
    def frame(self) -> Frame:
        """Give where the image lies."""
        return self._frame

    def spoil_area(self, area: Area) -> None:
        """Draw an area of the image anew when it is asked for."""
        self._stale += self.screen_of(area).intersected(self._image.rect())

    def screen_of(self, area: Area) -> QRect:
        """Give the device pixels that an area of the image and its outline take."""
        part = sampling.screen_part(self._frame, area, more=self.radius + 1)
        return QRect(part.x, part.y, part.width, part.height)

    @property
    def radius(self) -> int:
        """Give how many device pixels an outline takes on each side of a border."""
        return max(round(self.ratio * paint.OUTLINE_WIDTH / 2), 1)

    # Where it is to be seen

    def place(self, frame: Frame, width: int, height: int, ratio: float) -> None:
        """Show it here, in width x height device pixels; what can be kept is moved."""
        if (width, height) != (self._image.width(), self._image.height()) or ratio != self.ratio:
            self._image, self._pixels = _blank(width, height)
            self._rough = QRegion()
            self.ratio, self._frame = ratio, frame
            self.changed()
        elif frame.scale != self._frame.scale:
            self._frame = frame
            self._stale = QRegion(self._image.rect())
        elif frame != self._frame:
            self._scroll(frame.x - self._frame.x, frame.y - self._frame.y)
            self._frame = frame

    def ready(self) -> QImage:
        """Draw what is not up to date, and give the whole.

        In a hurry what would take too long is drawn coarsely for now, and waits for `sharpen`.
        """
        stale, self._stale = self._stale, QRegion()
        for rectangle in rectangles(stale):
            factor = self._coarseness(rectangle.width() * rectangle.height())
            if factor > 1:
                self._draw_coarsely(factor)
                self._rough = QRegion(self._image.rect())
                break
            self.drawn.append(QRect(rectangle))
            self._draw(rectangle)
            self._rough -= QRegion(rectangle)
        return self._image

    def sharpen(self) -> None:
        """Have everything that was drawn coarsely drawn anew when it is asked for."""
        self.in_a_hurry = False
        self._stale += self._rough
        self._rough = QRegion()

    # Inside

    def _scroll(self, right: int, down: int) -> None:
        whole = self._image.rect()
        kept = whole.translated(right, down).intersected(whole)
        if not kept.isEmpty():
            _move(self._pixels, right, down)
        self._stale = self._stale.translated(right, down).intersected(whole)
        self._stale += QRegion(whole) - QRegion(kept)
        self._rough = self._rough.translated(right, down).intersected(whole)

    def _coarseness(self, pixels: int) -> int:
        factor = 1
        while (
            self.in_a_hurry
            and factor < COARSEST
            and pixels * self.pace > FRAME_SECONDS * factor * factor
        ):
            factor *= 2
        return factor

    def _draw_coarsely(self, factor: int) -> None:
        """Draw all of the view with fewer pixels, as a smaller view would."""
        width, height = self._image.width(), self._image.height()
        image, pixels, frame, ratio = self._image, self._pixels, self._frame, self.ratio
        self._image, self._pixels = _blank(-(-width // factor), -(-height // factor))
        place = Frame(frame.scale / factor, round(frame.x / factor), round(frame.y / factor))
        self._frame, self.ratio = place, 1.0
        self._draw(self._image.rect())
        size = (self._image.width() * factor, self._image.height() * factor)
        larger = cv2.resize(self._pixels, size, interpolation=cv2.INTER_NEAREST)
        self._image, self._pixels, self._frame, self.ratio = image, pixels, frame, ratio
        self._pixels[:] = larger[:height, :width]

    def _draw(self, rectangle: QRect) -> None:
        begun = time.perf_counter()
        self._draw_bands(rectangle)
        pixels = rectangle.width() * rectangle.height()
        if pixels >= PACE_PIXELS:
            latest = (time.perf_counter() - begun) / pixels
            self.pace = (self.pace + latest) / 2 if self.pace else latest

    def _draw_bands(self, rectangle: QRect) -> None:
        wanted = Part(rectangle.x(), rectangle.y(), rectangle.width(), rectangle.height())
        size = self.levels[0].shape[:2] if self.levels else (0, 0)
        part = wanted.within(sampling.extent(self._frame, *size)) if self.levels else NO_PART
        if part != wanted:
            self._pixels.view(np.uint32)[_slices(rectangle)] = self.background
        if not part.width or not part.height:
            return
        masks = not self.look.bare and self.settled is not None and self.pending is not None
        painter = QPainter(self._image)
        rows = max(1, BAND_PIXELS // part.width)
        for top in range(part.y, part.y + part.height, rows):
            band = Part(part.x, top, part.width, min(rows, part.y + part.height - top))
            self._draw_picture(band)
            if masks:
                self._draw_fills(painter, band)
        if masks and self.look.outlines:
            self._draw_dashes(painter, part)
        painter.end()

    def _draw_picture(self, part: Part) -> None:
        rgb = sampling.picture(self.levels, self._frame, part)
        curve = self.look.curve()
        if curve is not None:
            rgb = np.asarray(cv2.LUT(rgb, curve), np.uint8)
        target = self._pixels[part.y : part.y + part.height, part.x : part.x + part.width]
        target[:] = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGRA)

    def _draw_fills(self, painter: QPainter, part: Part) -> None:
        settled, pending = self.settled, self.pending
        if settled is None or pending is None:
            return
        of_settled, of_pending = self._tinted(settled, pending)
        radius = self.radius if self.look.outlines else 0
        numbers = self._settled_numbers(settled, part.grown(radius))
        if self.look.veiled or numbers.any():
            colours = of_settled.outlined(numbers, radius) if radius else of_settled.inside(numbers)
            _blend(painter, part, colours)
        if pending.shapes:
            numbers = sampling.numbers_of(pending, self._frame, part)
            if numbers.any():
                _blend(painter, part, of_pending.inside(numbers))

    def _tinted(self, settled: Layer, pending: Layer) -> tuple[Tint, Tint]:
        if self._tints is None:
            look = self.look
            nothing = VEIL if look.veiled else 0
            self._tints = (
                tint(settled, look.opacity, nothing=nothing, live=self.colour, fading=self.fading),
                tint(pending, look.pending_opacity),
            )
        return self._tints

    def _settled_numbers(self, layer: Layer, part: Part) -> Numbers:
        numbers = sampling.numbers_of(layer, self._frame, part)
        size = (layer.height, layer.width)
        seen = sampling.image_area(self._frame, part, *size)
        for live in self._lives:
            if not _overlap(live.area, seen):
                continue
            here = sampling.nearest(live.mask.view(np.uint8), self._frame, part) > 0
            if live.erase:
                numbers[here if live.number is None else here & (numbers == live.number)] = 0
            else:
                fresh = max(layer.table.values(), default=0) + 1
                numbers[here] = fresh if live.number is None else live.number
        return numbers

    def _draw_dashes(self, painter: QPainter, part: Part) -> None:
        here = QRect(part.x, part.y, part.width, part.height)
        painter.save()
        painter.setClipRect(here)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = self._frame
        transform = QTransform(place.scale, 0, 0, place.scale, place.x, place.y)
        painter.setTransform(transform)
        for shape in self.pending.shapes if self.pending else ():
            if self.screen_of(area_of(shape)).intersects(here):
                paint.draw_dashes(painter, shape.colour, self.path_of(shape), self.ratio)
        painter.restore()

    def path_of(self, shape: Shape) -> QPainterPath:
        """Give a shape's outline in image pixels."""
        if id(shape) not in self._paths:
            self._paths[id(shape)] = paint.path_of(shape)
        return self._paths[id(shape)]


def rectangles(region: QRegion) -> list[QRect]:
    """Give the rectangles a region is made of."""
    return [QRect(one) for one in region]  # type: ignore[attr-defined]


def _blank(width: int, height: int) -> tuple[QImage, Pixels]:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    return image, np.frombuffer(image.bits(), np.uint8).reshape(height, width, 4)


def _move(pixels: Pixels, right: int, down: int) -> None:
    """Move all pixels in place; what came from beyond the left and right edge is to be drawn."""
    begin, end = pixels.ctypes.data, pixels.nbytes
    shift = pixels.strides[0] * down + pixels.strides[1] * right
    source, target = begin + max(0, -shift), begin + max(0, shift)
    ctypes.memmove(target, source, max(0, end - abs(shift)))


def _slices(rectangle: QRect) -> tuple[slice, slice]:
    rows = slice(rectangle.y(), rectangle.y() + rectangle.height())
    return rows, slice(rectangle.x(), rectangle.x() + rectangle.width())


def _overlap(first: Area, second: Area) -> bool:
    return max(first.top, second.top) < min(first.bottom, second.bottom) and max(
        first.left, second.left
    ) < min(first.right, second.right)


def _blend(painter: QPainter, part: Part, colours: NDArray[np.uint32]) -> None:
    made = np.ascontiguousarray(colours)
    kind = QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(made.data, part.width, part.height, made.strides[0], kind)
    painter.drawImage(QPoint(part.x, part.y), image)


def _differences(
    before: tuple[Layer | None, Layer | None], now: tuple[Layer, Layer]
) -> list[Area] | None:
    """Give where layers differ from those before; None where everything may."""
    areas: list[Area] = []
    for old, new in zip(before, now, strict=True):
        if old is None or (old.height, old.width) != (new.height, new.width):
            return None
        known = {shape.rle: _face(old, shape) for shape in old.shapes}
        faces = {shape.rle: _face(new, shape) for shape in new.shapes}
        areas += [area_of(s) for s in new.shapes if known.get(s.rle) != faces[s.rle]]
        areas += [area_of(s) for s in old.shapes if s.rle not in faces]
    return areas


def _face(layer: Layer, shape: Shape) -> tuple[str, int]:
    return (shape.colour, layer.number(shape))
