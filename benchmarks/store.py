"""What a project's size costs: a small and a large one side by side in one run.

    python benchmarks/store.py [--images 100000] [--annotations 1000000] [--cpu] [--json]

Prints the median milliseconds of opening, of a page of every view, of adding an annotation and of
exporting one, for a project of a hundredth of the size and for the whole, how many times dearer the
large one is, and what is allowed at 100,000 images and 1,000,000 annotations. With --cpu it is
the processor's time of this process: what other programs take does not count, nor does the disk.
"""

from __future__ import annotations

import argparse
import itertools
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
from cascadeclip.core.project.listing import Wanted
from cascadeclip.core.values import Suggestion

REPEATS = 15
# What a person waits for: opening, a page of a view, one step; a step of twenty.
OPEN_MS, PAGE_MS, ADD_MS, MANY_MS = 1000.0, 20.0, 10.0, 100.0
VIEWS = (
    "page of 200, first",
    "page of 200, middle",
    "page of 200, last",
    "page of 200, reviewed",
    "page of 200, searched",
    "page of 200, one found",
    "page of 200, none found",
    "search the list, one found",
    "search the list, none found",
    "count of images",
    "count of images, reviewed",
    "count of images, searched",
    "files of 500 images, last",
    "annotations of an image",
    "count of annotations",
    "words in use",
    "suggestions of an image",
    "count of suggestions, pending",
    "marks of 500 images, last",
    "acceptance",
    "what can be undone",
    "imports",
)
CHANGES = (
    "add an annotation",
    "edit an annotation",
    "accept a suggestion",
    "accept 20 at once",
    "replace 20 suggestions",
    "undo",
    "redo",
)
LIMITS = {
    "open": OPEN_MS,
    **dict.fromkeys(VIEWS, PAGE_MS),
    **{name: MANY_MS if "20" in name else ADD_MS for name in CHANGES},
}
_clock: list[Callable[[], float]] = [time.perf_counter]
MASK = np.zeros((480, 640), np.bool_)
MASK[100:300, 200:420] = True


def main(arguments: list[str] | None = None) -> int:
    """Build both projects in a temporary folder, measure and print; 1 when a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--annotations", type=int, default=1_000_000)
    parser.add_argument("--export", action="store_true", help="also export everything once")
    parser.add_argument("--cpu", action="store_true", help="count the processor's time alone")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options = parser.parse_args(arguments)
    if options.cpu:
        _clock[0] = time.process_time
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
    """Add rows of images without files, and share the first mask out to all of them.

    Each annotation was a suggestion once and has a step to undo; a tenth is edited since, and as
    many suggestions again were rejected or are pending.
    """
    store, many = project._store, "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n"
    store.run(
        f"""{many} WHERE i < {images})
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
        f"""{many} WHERE i < {annotations})
        INSERT INTO annotations (image_id, suggestion_id, edited_pixels, {columns})
        SELECT 1 + i % {images}, i, i % 10 = 0, {columns}
        FROM n, (SELECT * FROM annotations WHERE id = 1)"""
    )
    store.run(
        """INSERT INTO suggestions (id, image_id, class_id, height, width, counts, score,
            threshold, phrases, templates, model_version, status, created)
        SELECT id, image_id, class_id, height, width, counts, 0.5, 0.5, '["cat"]', '["a {}."]',
            'v' || (id % 5), 'accepted', created FROM annotations
        UNION ALL SELECT NULL, image_id, class_id, height, width, counts, 0.5, 0.5, '["cat"]',
            '["a {}."]', 'v' || (id % 5), iif(id % 20, 'rejected', 'pending'), created
            FROM annotations WHERE id % 10 = 0"""
    )
    store.run(
        """INSERT INTO journal (image_id, name, changes, created)
        SELECT image_id, 'add mask', json_array(json_object('table', 'annotations', 'id', id,
            'before', NULL, 'after', json_object('image_id', image_id, 'class_id', class_id,
            'height', height, 'width', width, 'counts', counts, 'area', area, 'bbox_x', bbox_x,
            'bbox_y', bbox_y, 'bbox_width', bbox_width, 'bbox_height', bbox_height,
            'created', created, 'updated', updated))), created FROM annotations WHERE id > 1"""
    )


def _views(project: Project, images: int) -> dict[str, float]:
    page, middle, last = project.images.page, images // 2, max(0, images - 200)
    count, row, ids = project.images.count, project._store.rows, project.listing.ids
    figures = {
        "page of 200, first": lambda: page(offset=0),
        "page of 200, middle": lambda: page(offset=middle),
        "page of 200, last": lambda: page(offset=last),
        "page of 200, reviewed": lambda: page(offset=images // 6, status="reviewed"),
        "page of 200, searched": lambda: page(offset=images // 80, search="folder 3"),
        "page of 200, one found": lambda: page(search=f"image {images}."),
        "page of 200, none found": lambda: page(search="nowhere"),
        "search the list, one found": lambda: ids(Wanted(search=f"IMAGE {images}.")),
        "search the list, none found": lambda: ids(Wanted(search="nowhere")),
        "count of images": count,
        "count of images, reviewed": lambda: count(status="reviewed"),
        "count of images, searched": lambda: count(search="folder 3"),
        "files of 500 images, last": lambda: project.images.file_facts(offset=last, limit=500),
        "annotations of an image": lambda: project.annotations.of_image(middle),
        "count of annotations": project.annotations.count,
        "words in use": project.annotations.used_classes,
        "suggestions of an image": lambda: project.suggestions.of_image(middle, status=None),
        "count of suggestions, pending": lambda: project.suggestions.count(status="pending"),
        "marks of 500 images, last": lambda: project.suggestions.marked_page(
            "m", after=last, limit=500
        ),
        "acceptance": lambda: row("SELECT * FROM acceptance"),
        "what can be undone": lambda: (project.can_undo(middle), project.can_redo(middle)),
        "imports": project.batches,
    }
    return {name: _median(work) for name, work in figures.items()}


def _changes(project: Project, images: int) -> dict[str, float]:
    at = itertools.cycle((1 + np.random.default_rng(0).permutation(images)).tolist())
    some = [Suggestion(1, masks.encode(MASK), 0.5, 0.5)] * 20

    def propose(count: int) -> list[int]:
        rows = project.suggestions.replace(next(at), some[:count], "v1")
        return [row.id for row in rows]

    proposed = iter([propose(1)[0] for _ in range(REPEATS)])
    together = iter([propose(20) for _ in range(REPEATS)])
    added = [project.annotations.add(next(at), 1, MASK) for _ in range(REPEATS)]
    edited = iter([row.id for row in added])
    undone, again = iter(added), iter(added)
    return {
        "add an annotation": _median(lambda: project.annotations.add(next(at), 1, MASK)),
        "edit an annotation": _median(lambda: project.annotations.edit(next(edited), ~MASK)),
        "accept a suggestion": _median(lambda: project.suggestions.accept(next(proposed))),
        "accept 20 at once": _median(lambda: project.suggestions.accept_many(next(together))),
        "replace 20 suggestions": _median(lambda: propose(20)),
        "undo": _median(lambda: project.undo(next(undone).image_id)),
        "redo": _median(lambda: project.redo(next(again).image_id)),
    }


def _median(work: Callable[[], object], repeats: int = 0) -> float:
    times = []
    for _ in range(repeats or REPEATS):
        began = _clock[0]()
        work()
        times.append(1000 * (_clock[0]() - began))
    return statistics.median(times)


if __name__ == "__main__":
    raise SystemExit(main())
