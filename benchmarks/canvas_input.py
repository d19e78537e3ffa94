"""What `benchmarks/canvas.py` shows: images, outlines, projects of many masks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

SIDE, MASKS, SEED = 6000, 2000, 5


def outlines(count: int = MASKS) -> list[np.ndarray]:
    """Make the outlines of so many masks: rough rounds of 24 corners, anywhere on the image."""
    rng = np.random.default_rng(SEED)
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    made = []
    for _ in range(count):
        radius = rng.uniform(25, 70)
        reach = radius * rng.uniform(0.6, 1.0, len(turn))
        middle = rng.uniform(radius + 1, SIDE - radius - 2, 2)
        made.append(middle + np.stack((reach * np.cos(turn), reach * np.sin(turn)), axis=1))
    return made


def write_image(path: Path, height: int, width: int, seed: int = 0) -> None:
    """Write a JPEG with soft colours and some grain."""
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (24, 24, 3), dtype=np.uint8)
    pixels = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    grain = rng.integers(0, 24, (256, 256, 1), dtype=np.uint8)
    tiled = np.tile(grain, (-(-height // 256), -(-width // 256), 1))[:height, :width]
    cv2.imwrite(str(path), cv2.add(pixels, np.repeat(tiled, 3, axis=2)))


def make_masks(folder: Path, height: int, width: int, lines: Sequence[np.ndarray]) -> None:
    """Make a project of one image with a mask for each outline."""
    from cascadeclip.core import masks
    from cascadeclip.core.project import Project
    from cascadeclip.core.project.annotations import Merge

    folder.mkdir()
    write_image(folder / "image.jpg", height, width)
    with Project.create(folder) as project:
        image = project.images.add(folder / "image.jpg")
        words = [project.classes.add(f"word {at}").id for at in range(10)]
        added = []
        for at, line in enumerate(lines):
            corners = np.rint(line).astype(np.int32)
            left, top = corners.min(axis=0)
            right, bottom = corners.max(axis=0)
            part = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
            cv2.fillPoly(part, [corners - (left, top)], 1)
            rle = masks.encode_part(
                part.astype(bool), top=int(top), left=int(left), height=height, width=width
            )
            added.append((words[at % len(words)], rle))
        project.annotations.merge([Merge(image.id, (), tuple(added))], name="masks")
