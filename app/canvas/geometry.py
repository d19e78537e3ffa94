"""Where image pixels land on the screen: a scale and an offset, nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from cascadeclip.core.images import Window

# An image of 100,000 pixels a side fits into a view; 6400 % is enough to see one pixel as a tile.
SMALLEST, LARGEST = 0.002, 64.0
MARGIN = 16.0
SAME_SCALE = 1e-4


@dataclass(frozen=True, slots=True)
class Placement:
    """Hold screen pixels per image pixel and the widget position of the image's corner."""

    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0

    def to_image(self, x: float, y: float) -> tuple[float, float]:
        """Turn a widget position into image pixels (fractions count)."""
        return (x - self.x) / self.scale, (y - self.y) / self.scale

    def zoomed(self, factor: float, x: float, y: float) -> Placement:
        """Scale by `factor` and leave the image point under widget position x, y where it is."""
        scale = min(max(self.scale * factor, SMALLEST), LARGEST)
        ratio = scale / self.scale
        return Placement(scale, x - (x - self.x) * ratio, y - (y - self.y) * ratio)

    def moved(self, dx: float, dy: float) -> Placement:
        """Shift by so many widget pixels."""
        return Placement(self.scale, self.x + dx, self.y + dy)


def fit(width: int, height: int, view_width: int, view_height: int) -> Placement:
    """Place an image of width x height whole and centred in the view, with a small margin."""
    room_x, room_y = max(view_width - 2 * MARGIN, 1.0), max(view_height - 2 * MARGIN, 1.0)
    scale = min(max(min(room_x / width, room_y / height), SMALLEST), LARGEST)
    return centred(width, height, view_width, view_height, scale=scale)


def fit_width(width: int, height: int, view_width: int, view_height: int) -> Placement:
    """Place an image of width x height as wide as the view; a tall one begins at its top."""
    room = max(view_width - 2 * MARGIN, 1.0)
    scale = min(max(room / width, SMALLEST), LARGEST)
    placed = centred(width, height, view_width, view_height, scale=scale)
    return Placement(scale, placed.x, max(placed.y, MARGIN)) if placed.y < MARGIN else placed


def carried(
    placement: Placement, before: tuple[int, int], now: tuple[int, int], view: tuple[int, int]
) -> Placement:
    """Show another image at the same scale, and in the middle of the view the same part of it.

    `before` and `now` are height and width of the images, `view` those of the view.
    """
    x, y = placement.to_image(view[1] / 2, view[0] / 2)
    x, y = x * now[1] / before[1], y * now[0] / before[0]
    return Placement(
        placement.scale, view[1] / 2 - x * placement.scale, view[0] / 2 - y * placement.scale
    )


def centred(
    width: int, height: int, view_width: int, view_height: int, *, scale: float
) -> Placement:
    """Place an image of width x height in the middle of the view at the given scale."""
    return Placement(scale, (view_width - width * scale) / 2, (view_height - height * scale) / 2)


def around(
    box: Window, view_width: int, view_height: int, *, fill: float = 0.6, most: float = 8.0
) -> Placement:
    """Place the image so that `box` takes up the part `fill` of the view, at most `most` fold."""
    scale = fill * min(view_width / max(box.width, 1), view_height / max(box.height, 1))
    scale = min(max(scale, SMALLEST), LARGEST, most)
    x, y = box.left + box.width / 2, box.top + box.height / 2
    return Placement(scale, view_width / 2 - x * scale, view_height / 2 - y * scale)


def pivot(here: Placement, there: Placement) -> tuple[float, float, float]:
    """Return the factor and the widget position to zoom `here` at, so that it becomes `there`."""
    factor = there.scale / here.scale
    if abs(factor - 1) < SAME_SCALE:
        factor = 1 + SAME_SCALE
    return (
        factor,
        (there.x - here.x * factor) / (1 - factor),
        (there.y - here.y * factor) / (1 - factor),
    )


def in_sight(
    placement: Placement, size: tuple[int, int] | None, view_height: int, view_width: int
) -> Window | None:
    """Return the part of an image of `size` (height, width) that a view shows, in image pixels.

    None where there is no image or nothing of it is to be seen.
    """
    if size is None:
        return None
    left, top = placement.to_image(0, 0)
    right, bottom = placement.to_image(view_width, view_height)
    top, left = int(max(top, 0)), int(max(left, 0))
    height, width = int(min(bottom, size[0])) - top, int(min(right, size[1])) - left
    return Window(top, left, height, width) if height > 0 and width > 0 else None
