"""What a project's size costs: a small and a large one side by side in one run.

    python benchmarks/store.py [--images 100000] [--export 2000]

Prints the median milliseconds of opening, of a page from the middle, of adding an annotation and
of exporting one, for a project of a hundredth of the images and for the whole number, and how many
times dearer the large one is.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from cascadeclip.core.formats.coco import export_coco
from cascadeclip.core.project import Project

REPEATS = 15


def main() -> None:
    """Build both projects in a temporary folder, measure them and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--export", type=int, default=2_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sizes = (max(10, options.images // 100), options.images)
        rows = [measure(Path(folder) / str(size), size, options.export) for size in sizes]
    print(f"{'operation':<28}{sizes[0]:>12,}{sizes[1]:>12,}{'ratio':>8}")
    for name, small in rows[0].items():
        large = rows[1][name]
        print(f"{name:<28}{small:>9.2f} ms{large:>9.2f} ms{large / small:>8.1f}")


def measure(folder: Path, images: int, annotations: int) -> dict[str, float]:
    """Return median milliseconds by operation for a project of so many images."""
    folder.mkdir()
    Image.new("RGB", (640, 480)).save(folder / "first.png")
    mask = np.zeros((480, 640), np.bool_)
    mask[100:300, 200:420] = True
    with Project.create(folder) as project:
        first, word = project.images.add(folder / "first.png"), project.classes.add("cat")
        fill(project, images)
        adding = _median(lambda: project.annotations.add(first.id, word.id, mask))
        page = _median(lambda: project.images.page(offset=images // 2))
        for _ in range(annotations):
            project.annotations.add(first.id, word.id, mask)
        count = project.annotations.count()
        whole = _median(lambda: export_coco(project, folder / "out.json"), repeats=1)
    return {
        "open": _median(lambda: Project.open(folder).close()),
        "page of 200 in the middle": page,
        "add an annotation": adding,
        "export, per row": whole / (count + images),
    }


def fill(project: Project, images: int) -> None:
    """Add rows of images without files: only their number matters here."""
    store = project._store
    with store.transaction():
        store.run(
            f"""WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {images})
            INSERT INTO images (path, width, height, orientation, digest, status, added)
            SELECT 'folder/image ' || i || '.jpg', 640, 480, 1, hex(randomblob(32)),
                CASE i % 3 WHEN 0 THEN 'reviewed' ELSE 'unreviewed' END, '' FROM n"""
        )


def _median(work: Callable[[], object], repeats: int = REPEATS) -> float:
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


if __name__ == "__main__":
    main()
