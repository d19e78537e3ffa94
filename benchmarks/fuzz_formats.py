"""The readers of annotations that `fuzz_files.py` feeds, and the whole files to begin with.

What is fed is imported inside the functions: imported earlier, atheris could not watch it.
"""

from __future__ import annotations

import base64
import io
import json
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from fuzz_targets import Target
from PIL import Image

if TYPE_CHECKING:
    from cascadeclip.core.project import Project


HEIGHT, WIDTH = 20, 31
RING = [2.0, 2.0, 9.5, 2.0, 9.5, 8.0, 2.0, 8.0]


def ring_mask() -> np.ndarray:
    """Return a mask with a hole."""
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[3:12, 4:20] = True
    mask[5:8, 6:12] = False
    return mask


def rle_seeds() -> list[bytes]:
    """Return run lengths of easy and hard masks."""
    from cascadeclip.core import masks

    noise = np.random.default_rng(0).random((HEIGHT, WIDTH)) > 0.5
    every = (
        ring_mask(),
        noise,
        np.ones_like(noise),
        np.zeros_like(noise),
        np.eye(20, 31, dtype=bool),
    )
    return [masks.encode(mask).counts for mask in every]


def read_rle(file: Path) -> None:
    """Read run lengths in every way; what they hold must agree with itself."""
    from cascadeclip.core import masks
    from cascadeclip.core.values import Rle

    rle = Rle(HEIGHT, WIDTH, file.read_bytes())
    mask = masks.decode(rle)
    same = masks.canonical(rle)
    top, left, part = masks.decode_box(rle)
    if not (
        masks.area(rle) == mask.sum() == part.sum()
        and same == masks.encode(mask)
        and np.array_equal(mask[top : top + part.shape[0], left : left + part.shape[1]], part)
    ):
        raise AssertionError("the ways of reading differ")


def coco_seeds() -> list[bytes]:
    """Return COCO files with every kind of region."""
    from cascadeclip.core import masks

    rle = masks.encode(ring_mask())
    runs = {"size": [HEIGHT, WIDTH], "counts": rle.counts.decode()}
    plain = {"size": [HEIGHT, WIDTH], "counts": [40, 3, 17, 3, HEIGHT * WIDTH - 63]}
    regions = (runs, plain, [RING], [RING, RING[::-1]], [])
    rows = [
        {"id": 1 + at, "image_id": 1, "category_id": 1, "segmentation": region, "iscrowd": at % 2,
         "bbox": [1, 2, 3.5, 4], "area": 9, "attributes": {"occluded": False}}
        for at, region in enumerate(regions)
    ]  # fmt: skip
    image = {"id": 1, "file_name": "images/a.png", "width": WIDTH, "height": HEIGHT}
    words = [{"id": 1, "name": "Kätzchen"}]
    whole = {"info": {}, "images": [image], "categories": words, "annotations": rows}
    turned = dict(reversed(whole.items()))
    return [json.dumps(whole).encode(), json.dumps(turned, ensure_ascii=False, indent=1).encode()]


def labelme_seeds() -> list[bytes]:
    """Return a file of labelme with every shape."""
    picture = io.BytesIO()
    Image.fromarray(ring_mask()[3:12, 4:20].astype(np.uint8) * 255).save(picture, "PNG")
    points = [RING[at : at + 2] for at in range(0, len(RING), 2)]
    shapes: list[dict[str, object]] = [
        {"label": "cat", "points": points, "group_id": 1, "shape_type": "polygon"},
        {"label": "cat", "points": points[::-1], "group_id": 1, "shape_type": "polygon"},
        {"label": "dog", "points": points[:2], "group_id": None, "shape_type": "rectangle"},
        {"label": "dog", "points": points[:2], "group_id": None, "shape_type": "circle"},
        {"label": "cat", "points": [[4, 3], [19, 11]], "shape_type": "mask",
         "mask": base64.b64encode(picture.getvalue()).decode()},
    ]  # fmt: skip
    whole = {"version": "5.5.0", "flags": {}, "shapes": shapes, "imagePath": "../a.png",
             "imageData": None, "imageHeight": HEIGHT, "imageWidth": WIDTH}  # fmt: skip
    return [json.dumps(whole).encode()]


def yolo_seeds() -> list[bytes]:
    """Return outlines and boxes."""
    return [b"0 0.1 0.1 0.5 0.1 0.5 0.6\n1 0.5 0.5 0.2 0.3\n", b"1 0 0 1 0 1 1 0 1\n" * 3]


def yaml_seeds() -> list[bytes]:
    """Return the names of words in the forms they have."""
    return [
        b"path: x\ntrain: images/train\nnames:\n  0: cat\n  1: 'a: dog' # two\n",
        b'names: [cat, "a dog"]\nnc: 2\n',
        b"names: {0: cat, 1: dog}\n",
    ]


def labels_seeds() -> list[bytes]:
    """Return label images."""
    found = []
    for mode in ("L", "P"):
        picture = io.BytesIO()
        Image.fromarray(ring_mask().astype(np.uint8)).convert(mode).save(picture, "PNG")
        found.append(picture.getvalue())
    return found


@cache
def project() -> Project:
    """Return a project of one image, made once; imports are only previewed."""
    from cascadeclip.core.project import Project

    place = Path(tempfile.mkdtemp())
    Image.new("RGB", (WIDTH, HEIGHT)).save(place / "a.png")
    made = Project.create(place / "project")
    made.images.add(place / "a.png")
    return made


def read_format(kind: str, others: dict[str, bytes], file: Path) -> None:
    """Preview the import of a file, of its folder where the format is one."""
    from cascadeclip.core.formats.importing import import_annotations

    for name, data in others.items():
        (file.parent / name).write_bytes(data)
    path = file if file.suffix == ".json" else file.parent
    for policy in ("replace", "add"):
        import_annotations(project(), path, kind, policy=policy, dry_run=True)


def read_outline(file: Path) -> None:
    """Draw an outline of any numbers."""
    from cascadeclip.core import masks
    from cascadeclip.core.outlines import rasterise

    data = file.read_bytes()
    points = np.frombuffer(data[: len(data) // 8 * 8], np.float64)
    rle = rasterise([points], HEIGHT, WIDTH)
    if masks.decode(rle).shape != (HEIGHT, WIDTH):
        raise AssertionError("a mask of another size")


def _format(
    kind: str, name: str, seeds: Callable[[], list[bytes]], others: dict[str, bytes] | None = None
) -> Target:
    module = {"semantic": "labels"}.get(kind, kind)
    return Target(
        seeds,
        name,
        partial(read_format, kind, others or {}),
        (
            f"cascadeclip.core.formats.importing.{module}",
            "cascadeclip.core.formats.importing.foreign",
            "cascadeclip.core.formats.importing.streaming",
            "cascadeclip.core.outlines",
        ),
    )


FORMATS = {
    "rle": Target(rle_seeds, "a", read_rle, ("cascadeclip.core.masks",)),
    "outline": Target(
        lambda: [np.array(RING).tobytes()], "a", read_outline, ("cascadeclip.core.outlines",)
    ),
    "coco": _format("coco", "a.json", coco_seeds),
    "labelme": _format("labelme", "a.json", labelme_seeds),
    "yolo": _format("yolo", "a.txt", yolo_seeds, {"classes.txt": b"cat\ndog\n"}),
    "yolo-names": _format("yolo", "data.yaml", yaml_seeds, {"a.txt": yolo_seeds()[0]}),
    "labels": _format(
        "semantic", "a.png", labels_seeds, {"classes.json": b'[{"value": 1, "name": "cat"}]'}
    ),
}
