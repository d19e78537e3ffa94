"""What a simulation found: a Markdown table with bootstrap intervals, and a curve."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cascadeclip.train.simulate.course import Measured

DRAWS = 2000
POLYGONS = "blank, polygons"
WIDE, HIGH, EDGE = 640, 400, 60
TITLE = "actions per image until every word has an IoU of"

Courses = Sequence[Sequence[Mapping[str, Any]]]


def to_json(one: Measured) -> dict[str, Any]:
    """Return an entry as JSON has it."""
    return {
        "name": one.name, "works": one.works, "taught": one.taught, "boxed": one.boxed,
        "iou": one.iou, "miou": one.miou, "guard": one.guard, "seconds": one.seconds,
        "activated": one.activated, "reason": one.reason,
    }  # fmt: skip


def interval(values: Sequence[Sequence[float]]) -> tuple[float, float, float]:
    """Return the mean and a 95 % interval: courses are drawn again, then their images."""
    rng = np.random.default_rng(0)
    table = [np.asarray(one, dtype=np.float64) for one in values]
    means = []
    for _ in range(DRAWS):
        some = (table[int(at)] for at in rng.integers(len(table), size=len(table)))
        means.append(np.mean([one[rng.integers(len(one), size=len(one))].mean() for one in some]))
    low, high = np.percentile(means, [2.5, 97.5])
    return float(np.mean([one.mean() for one in table])), float(low), float(high)


def rows(
    baselines: Sequence[Mapping[str, Any]], courses: Courses, never: Sequence[str]
) -> list[str]:
    """Return the lines of the table; percent and actions per image."""
    head = (
        "| state | actions | median | corrected words alone | with boxes | seconds | untouched "
        "| mIoU | never corrected | known before | CPU s | activated |"
    )
    lines = [head, "|" + "---|" * 12]
    lines += [_row([one], never) for one in baselines]
    for at in range(len(courses[0]) if courses else 0):
        lines.append(_row([course[at] for course in courses], never))
    return lines


def _row(entries: Sequence[Mapping[str, Any]], never: Sequence[str]) -> str:
    first = entries[0]
    learnt = bool(first["seconds"])
    works = {
        key: [[work[key] for work in one["works"]] for one in entries]
        for key in ("actions", "seconds", "untouched")
    }
    told = [one["iou"] for one in entries if one["iou"] and never]
    never_iou = [float(np.mean([iou.get(word, 0.0) for word in never])) for iou in told]
    guards = [one["guard"] for one in entries if one["guard"] is not None]
    cells = [
        first["name"],
        _with_interval(works["actions"]),
        f"{np.median(np.concatenate(works['actions'])):.1f}",
        _with_interval([one["taught"] for one in entries]),
        _with_interval([one["boxed"] for one in entries]) if first["boxed"] else "-",
        _with_interval(works["seconds"]),
        f"{100 * np.mean([np.mean(one) for one in works['untouched']]):.0f} %",
        _spread([one["miou"] for one in entries]) if first["iou"] else "-",
        _spread(never_iou) if never_iou else "-",
        _spread(guards) if guards else "-",
        f"{max(one['seconds'] for one in entries):.0f}" if learnt else "-",
        f"{sum(one['activated'] for one in entries)} of {len(entries)}" if learnt else "-",
    ]
    return "| " + " | ".join(cells) + " |"


def _with_interval(values: Sequence[Sequence[float]]) -> str:
    mean, low, high = interval(values)
    return f"{mean:.1f} [{low:.1f}, {high:.1f}]"


def _spread(values: Sequence[float]) -> str:
    mean = 100 * float(np.mean(values))
    if len(values) == 1:
        return f"{mean:.1f}"
    return f"{mean:.1f} ({100 * min(values):.1f} to {100 * max(values):.1f})"


def draw_curve(
    baselines: Sequence[Mapping[str, Any]],
    courses: Courses,
    after: Sequence[int],
    path: Path,
    *,
    enough: float,
) -> None:
    """Draw actions per image over corrected images as a PNG, with the 95 % interval.

    `enough` is the IoU every word had to reach. Drawing by polygons lies far above all else.
    """
    from PIL import Image, ImageDraw

    from cascadeclip.train.analysis.plots import BARS, INK, PALE, PAPER, font

    image = Image.new("RGB", (WIDE, HIGH), PAPER)
    draw = ImageDraw.Draw(image)
    entries = [[course[at] for course in courses] for at in range(len(after))]
    told = [
        interval([[work["actions"] for work in one["works"]] for one in some]) for some in entries
    ]
    levels = {one["name"]: interval([[w["actions"] for w in one["works"]]])[0] for one in baselines}
    at = _scale(levels, max(one[2] for one in told), max(after))
    for number, (name, value) in enumerate(levels.items()):
        draw.line([at(0, value), at(max(after), value)], fill=BARS[number + 1])
        x = EDGE + 6 + 130 * number  # levels may lie on each other
        beyond = " (beyond the scale)" if at(0, value)[1] == EDGE else ""
        draw.text((x, at(0, value)[1] - 14), f"{name}: {value:.0f}{beyond}", INK, font(11))
    start = levels.get("zero-shot", told[0][0])
    line = [(0.0, start), *((float(c), one[0]) for c, one in zip(after, told, strict=True))]
    draw.line([at(*point) for point in line], fill=BARS[0], width=3)
    for count, (_, low, upper) in zip(after, told, strict=True):
        draw.line([at(count, low), at(count, upper)], fill=BARS[0])
        draw.text((at(count, 0)[0] - 6, HIGH - EDGE + 6), str(count), PALE, font(11))
    draw.line([at(0, 0), at(max(after), 0)], fill=PALE)
    draw.text((EDGE, HIGH - 30), "corrected images", PALE, font(12))
    draw.text((EDGE, 12), f"{TITLE} {enough:g}", INK, font(14))
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)


def _scale(
    levels: Mapping[str, float], highest: float, most: int
) -> Callable[[float, float], tuple[float, float]]:
    """Return what places a number of images and of actions on the picture."""
    top = 1.1 * max([highest, *(value for name, value in levels.items() if name != POLYGONS)])

    def at(count: float, value: float) -> tuple[float, float]:
        x = EDGE + (WIDE - 2 * EDGE) * count / most
        return x, HIGH - EDGE - (HIGH - 2 * EDGE) * min(value / top, 1.0)

    return at
