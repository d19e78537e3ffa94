"""Pictures of numbers with Pillow alone: heat maps, panels, bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Picture = NDArray[np.uint8]
Values = NDArray[np.floating]

# Dark to light in even steps of brightness, so that it reads in grey too.
_ANCHORS = (
    (30, 17, 66),
    (52, 62, 140),
    (30, 116, 150),
    (48, 168, 130),
    (150, 208, 76),
    (252, 235, 92),
)
BARS = ("#34508c", "#2f9e8f", "#8fbf4d", "#e0b23c", "#c8683c", "#8a5aa0", "#5c6b73", "#b0b8bc")
INK, PALE, PAPER = "#1c2126", "#6b747c", "#ffffff"
MARGIN = 18
NARROWEST = 150  # room for a title and its note


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Hold a title, a line below it, and a picture SxSx3 or of any other size to be fitted."""

    title: str
    note: str
    picture: Picture


def font(size: int) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    """Return the font that comes with Pillow."""
    return ImageFont.load_default(size=size)


def colours(values: Values, low: float, high: float) -> Picture:
    """Turn an array into colours, uint8 with a last axis of 3; `low` is dark, `high` light."""
    span = high - low if high > low else 1.0
    share = np.clip((np.asarray(values, np.float64) - low) / span, 0, 1)
    steps = np.linspace(0, 1, len(_ANCHORS))
    channels = [np.interp(share, steps, column) for column in np.array(_ANCHORS, float).T]
    return np.stack(channels, axis=-1).round().astype(np.uint8)


def enlarged(picture: Picture, width: int, height: int) -> Picture:
    """Scale HxWx3 uint8 to the given size, each value a square of its own."""
    image = Image.fromarray(picture).resize((width, height), Image.Resampling.NEAREST)
    return np.asarray(image)


def _sheet(width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (width, height), PAPER)
    return image, ImageDraw.Draw(image)


def _bar(image: Image.Image, box: tuple[int, int, int, int], ticks: Mapping[float, str]) -> None:
    """Draw the scale of colours upright in `box`, with its ticks (share of the height: text)."""
    left, top, right, bottom = box
    ramp = np.linspace(1, 0, bottom - top)[:, None].repeat(right - left, axis=1)
    image.paste(Image.fromarray(colours(ramp, 0, 1)), (left, top))
    pen = ImageDraw.Draw(image)
    for share, text in ticks.items():
        y = round(bottom - 1 - share * (bottom - top - 1))
        pen.line((right, y, right + 5, y), fill=INK)
        pen.text((right + 9, y), text, INK, font(13), anchor="lm")


def matrices(
    title: str, note: str, tables: Mapping[str, Values], *, axis: str, cell: int = 30
) -> Picture:
    """Draw square tables of values 0..1 side by side; rows and columns are counted from 1.

    The first row is at the bottom, so that both axes grow away from the corner.
    """
    count = len(next(iter(tables.values())))
    side, left, top = count * cell, 58, 104
    step = left + side + 22
    width, height = len(tables) * step + 84, top + side + 58
    image, pen = _sheet(width, height)
    pen.text((MARGIN, 24), title, INK, font(19), anchor="lm")
    pen.text((MARGIN, 50), note, PALE, font(14), anchor="lm")
    for place, (name, table) in enumerate(tables.items()):
        x = place * step + left
        picture = enlarged(colours(table[::-1], 0, 1), side, side)
        image.paste(Image.fromarray(picture), (x, top))
        pen.text((x + side / 2, top - 16), name, INK, font(15), anchor="mm")
        for index in range(count):
            middle = (index + 0.5) * cell
            pen.text((x + middle, top + side + 14), str(index + 1), INK, font(12), anchor="mm")
            pen.text((x - 8, top + side - middle), str(index + 1), INK, font(12), anchor="rm")
        pen.text((x + side / 2, top + side + 38), axis, PALE, font(13), anchor="mm")
        _upright(image, axis, (x - 44, top + side // 2))
    edge = len(tables) * step + 8
    _bar(image, (edge, top, edge + 16, top + side), {0.0: "0", 0.5: "0.5", 1.0: "1"})
    return np.asarray(image)


def _upright(image: Image.Image, text: str, middle: tuple[int, int]) -> None:
    """Write `text` from bottom to top around a point."""
    style = font(13)
    width = round(style.getlength(text))
    label = Image.new("RGB", (width + 4, 18), PAPER)
    ImageDraw.Draw(label).text((2, 9), text, PALE, style, anchor="lm")
    turned = label.rotate(90, expand=True)
    image.paste(turned, (middle[0] - turned.width // 2, middle[1] - turned.height // 2))


def panels(title: str, note: str, shown: Sequence[Panel], *, columns: int, side: int) -> Picture:
    """Draw pictures in rows of `columns`, each fitted into `side` pixels, under a title."""
    high, wide = shown[0].picture.shape[:2]
    factor = side / max(high, wide)
    width, height = max(1, round(wide * factor)), max(1, round(high * factor))
    rows = -(-len(shown) // columns)
    room = max(width, NARROWEST)
    step_x, step_y = room + MARGIN, height + 54
    image, pen = _sheet(MARGIN + columns * step_x, 74 + rows * step_y)
    pen.text((MARGIN, 24), title, INK, font(19), anchor="lm")
    pen.text((MARGIN, 50), note, PALE, font(14), anchor="lm")
    for place, panel in enumerate(shown):
        x, y = MARGIN + place % columns * step_x, 74 + place // columns * step_y
        pen.text((x, y + 10), panel.title, INK, font(15), anchor="lm")
        pen.text((x + room, y + 10), panel.note, PALE, font(13), anchor="rm")
        image.paste(Image.fromarray(panel.picture).resize((width, height)), (x, y + 24))
    return np.asarray(image)


def bars(title: str, note: str, rows: Mapping[str, Mapping[str, float]], *, unit: str) -> Picture:
    """Draw one stacked bar a row, parts in the order given, with a key and totals."""
    parts = list(dict.fromkeys(name for row in rows.values() for name in row))
    longest = max(sum(row.values()) for row in rows.values()) or 1.0
    left, span, top = 210, 620, 84
    image, pen = _sheet(left + span + 110, top + 46 * len(rows) + 34 * -(-len(parts) // 3) + 20)
    pen.text((MARGIN, 24), title, INK, font(19), anchor="lm")
    pen.text((MARGIN, 50), note, PALE, font(14), anchor="lm")
    for place, (name, row) in enumerate(rows.items()):
        y, x = top + 46 * place, float(left)
        pen.text((left - 12, y + 15), name, INK, font(15), anchor="rm")
        for part, value in row.items():
            end = x + value / longest * span
            pen.rectangle((x, y, end, y + 30), fill=BARS[parts.index(part) % len(BARS)])
            x = end
        pen.text((x + 10, y + 15), f"{sum(row.values()):.2f} {unit}", INK, font(15), anchor="lm")
    for place, part in enumerate(parts):
        x, y = MARGIN + place % 3 * 300, top + 46 * len(rows) + 14 + 34 * (place // 3)
        pen.rectangle((x, y, x + 16, y + 16), fill=BARS[place % len(BARS)])
        pen.text((x + 24, y + 8), part, INK, font(14), anchor="lm")
    return np.asarray(image)
