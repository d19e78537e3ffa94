"""What a project's size costs: a small and a large one side by side in one run.

    python benchmarks/store.py [--images 100000] [--annotations 1000000] [--json]

Prints the median milliseconds of opening, of a page of every view, of adding an annotation and of
exporting one, for a project of a hundredth of the size and for the whole, how many times dearer the
large one is, and what is allowed at 100,000 images and 1,000,000 annotations.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from cascadeclip.core import masks
from cascadeclip.core.formats.coco import export_coco
from cascadeclip.core.project import Project
from cascadeclip.core.values import Suggestion

REPEATS = 15
OPEN_MS, PAGE_MS, ADD_MS = 1000.0, 20.0, 10.0
LIMITS = {
    "open": OPEN_MS,
    "page of 200, first": PAGE_MS,
    "page of 200, middle": PAGE_MS,
    "page of 200, last": PAGE_MS,
    "page of 200, reviewed": PAGE_MS,
    "page of 200, searched": PAGE_MS,
    "annotations of an image": PAGE_MS,
    "suggestions of an image": PAGE_MS,
    "count of images, reviewed": PAGE_MS,
    "add an annotation": ADD_MS,
    "accept a suggestion": ADD_MS,
}
MASK = np.zeros((480, 640), np.bool_)
MASK[100:300, 200:420] = True


def main(arguments: list[str] | None = None) -> int:
    """Build both projects in a temporary folder, measure and print; 1 when a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--annotations", type=int, default=1_000_000)
    parser.add_argument("--export", action="store_true", help="also export everything once")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options = parser.parse_args(arguments)
    whole = (options.images, options.annotations)
    sizes = (tuple(max(10, number // 100) for number in whole), whole)
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            measure(Path(folder) / str(index), *size, export=options.export)
            for index, size in enumerate(sizes)
        ]
    over = [name for name, limit in LIMITS.items() if rows[1][name] > limit]
    if options.json:
        figures = {
            name: {"small_ms": small, "large_ms": rows[1][name], "limit_ms": LIMITS.get(name)}
            for name, small in rows[0].items()
        }
        print(json.dumps({"images": whole[0], "annotations": whole[1], "over": over} | figures))
        return int(bool(over))
    print(f"images, annotations: {sizes[0]} and {sizes[1]}")
    print(f"{'operation':<28}{'small':>12}{'large':>12}{'ratio':>8}{'allowed':>12}")
    for name, small in rows[0].items():
        large = rows[1][name]
        limit = f"{LIMITS[name]:>9.0f} ms" if name in LIMITS else ""
        print(f"{name:<28}{small:>9.2f} ms{large:>9.2f} ms{large / small:>8.1f}{limit}")
    print(f"over: {', '.join(over) or 'none'}")
    return int(bool(over))


def measure(folder: Path, images: int, annotations: int, *, export: bool) -> dict[str, float]:
    """Return median milliseconds by operation for a project of so many images and annotations."""
    folder.mkdir()
    Image.new("RGB", (640, 480)).save(folder / "first.png")
    with Project.create(folder) as project:
        first, word = project.images.add(folder / "first.png"), project.classes.add("cat")
        project.annotations.add(first.id, word.id, MASK)
        fill(project, images, annotations)
    opening = _median(lambda: Project.open(folder).close())
    with Project.open(folder) as project:
        figures = {"open": opening, **_views(project, images), **_changes(project, images)}
        if export:
            count = project.annotations.count()
            once = _median(lambda: export_coco(project, folder / "out.json"), repeats=1)
            figures["export, per row"] = once / (count + images)
    return figures


def fill(project: Project, images: int, annotations: int) -> None:
    """Add rows of images without files, and share the first mask out to all of them."""
    store = project._store
    store.run(
        f"""WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {images})
        INSERT INTO images (path, width, height, orientation, digest, status, added)
        SELECT 'folder ' || (i % 40) || '/image ' || i || '.jpg', 640, 480, 1,
            hex(randomblob(32)), CASE i % 3 WHEN 0 THEN 'reviewed' ELSE 'unreviewed' END, ''
        FROM n"""
    )
    columns = (
        "class_id, height, width, counts, area, bbox_x, bbox_y, bbox_width, bbox_height, created,"
        " updated, origin"
    )
    store.run(
        f"""WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {annotations})
        INSERT INTO annotations (image_id, {columns})
        SELECT 1 + i % {images}, {columns} FROM n, (SELECT * FROM annotations WHERE id = 1)"""
    )


def _views(project: Project, images: int) -> dict[str, float]:
    page, middle = project.images.page, images // 2
    proposal = Suggestion(1, masks.encode(MASK), 0.5, 0.5)
    project.suggestions.replace(middle, [proposal] * 20, "v1")
    return {
        "page of 200, first": _median(lambda: page(offset=0)),
        "page of 200, middle": _median(lambda: page(offset=middle)),
        "page of 200, last": _median(lambda: page(offset=max(0, images - 200))),
        "page of 200, reviewed": _median(lambda: page(offset=images // 6, status="reviewed")),
        "page of 200, searched": _median(lambda: page(offset=images // 80, search="folder 3")),
        "annotations of an image": _median(lambda: project.annotations.of_image(middle)),
        "suggestions of an image": _median(lambda: project.suggestions.of_image(middle)),
        "count of images, reviewed": _median(lambda: project.images.count(status="reviewed")),
    }


def _changes(project: Project, images: int) -> dict[str, float]:
    places = iter(np.random.default_rng(0).integers(1, images + 1, 10 * REPEATS).tolist())
    proposal = Suggestion(1, masks.encode(MASK), 0.5, 0.5)
    proposed = iter(project.suggestions.replace(1, [proposal] * REPEATS, "v1"))
    return {
        "add an annotation": _median(lambda: project.annotations.add(next(places), 1, MASK)),
        "accept a suggestion": _median(lambda: project.suggestions.accept(next(proposed).id)),
    }


def _median(work: Callable[[], object], repeats: int = 0) -> float:
    times = []
    for _ in range(repeats or REPEATS):
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


if __name__ == "__main__":
    raise SystemExit(main())
