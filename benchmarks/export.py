"""How long each format takes to write, and COCO to read, and how much memory that needs.

    python benchmarks/export.py [--annotations 100000] [--images N] [--format NAME]... [--json]

Makes a project of so many masks (parts, holes and noise among them; ten an image unless said), then
exports it in every format, each in a process of its own, and imports the COCO files again. Prints
seconds, seconds per 100,000 masks and the most memory; 1 when a format passes what is allowed.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from cascadeclip.core import masks
from cascadeclip.core.formats import PROFILES, ExportOptions, export
from cascadeclip.core.formats.importing import import_annotations
from cascadeclip.core.project import Project
from cascadeclip.core.values import Rle

ALLOWED_SECONDS = 60.0  # for 100,000 masks
SHARE = 100_000
PER_IMAGE = 10
HEIGHT, WIDTH = 480, 640
SHAPES = 400  # more than are remembered in memory: masks of people are all different
FILES = ("coco", "coco-polygon", "coco-stuff")
IMPORTS = {"import coco": "coco", "import coco-polygon": "coco-polygon"}


@dataclass(frozen=True)
class Figure:
    """Hold what one operation took; `seconds_per_100k` is what is compared with what is allowed."""

    seconds: float
    cpu_seconds: float
    seconds_per_100k: float
    megabytes: float
    annotations: int


def main(arguments: list[str] | None = None) -> int:
    """Build, measure and print; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--annotations", type=int, default=SHARE)
    parser.add_argument("--images", type=int, default=0, help="default: one for ten masks")
    parser.add_argument("--format", action="append", choices=[*PROFILES, *IMPORTS], default=None)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options = parser.parse_args(arguments)
    images = options.images or max(1, options.annotations // PER_IMAGE)
    names = options.format or [*PROFILES, *IMPORTS]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        make_project(folder / "project", images, options.annotations)
        for name in set(names) & set(IMPORTS):
            make_project(folder / name, images, 0)
        figures = {name: apart(measure, folder, name, options.annotations) for name in names}
    over = [name for name, one in figures.items() if one.seconds_per_100k > ALLOWED_SECONDS]
    report(figures, over, images, as_json=options.json)
    return int(bool(over))


def report(figures: dict[str, Figure], over: list[str], images: int, *, as_json: bool) -> None:
    """Print a table, or one JSON object."""
    if as_json:
        rows = {name: asdict(one) for name, one in figures.items()}
        print(json.dumps({"images": images, "allowed_seconds": ALLOWED_SECONDS, "over": over,
                          "formats": rows}))  # fmt: skip
        return
    print(f"{'format':<22}{'s':>9}{'cpu s':>9}{'s per 100,000':>15}{'MB':>8}{'masks':>9}")
    for name, one in figures.items():
        print(
            f"{name:<22}{one.seconds:>9.1f}{one.cpu_seconds:>9.1f}{one.seconds_per_100k:>15.1f}"
            f"{one.megabytes:>8.0f}{one.annotations:>9}"
        )
    print(f"over {ALLOWED_SECONDS:.0f} s per 100,000: {', '.join(over) or 'none'}")


def apart(work: Callable[..., Figure], *arguments: object) -> Figure:
    """Call `work` in a process of its own, so that memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def measure(folder: Path, name: str, annotations: int) -> Figure:
    """Export, or import what an export wrote (made first, when it is not there)."""
    kind = IMPORTS.get(name, name)
    out = folder / (f"{kind}.json" if kind in FILES else kind)
    if name in IMPORTS and not out.exists():
        write(folder, out, kind)
    began, cpu = time.monotonic(), time.process_time()
    if name in IMPORTS:
        with Project.open(folder / name) as project:
            project.annotations.merge((), name="")  # open the way that imports take
            began, cpu = time.monotonic(), time.process_time()
            done = import_annotations(project, out, "coco", policy="replace").added
    else:
        done = write(folder, out, kind)
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    unit = 1 if sys.platform == "darwin" else 1024
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20
    return Figure(
        round(seconds, 2), round(cpu, 2), round(seconds / annotations * SHARE, 2), round(memory),
        done,
    )  # fmt: skip


def write(folder: Path, out: Path, kind: str) -> int:
    """Export without images; return how many masks were written."""
    with Project.open(folder / "project", read_only=True) as project:
        return export(project, out, kind, options=ExportOptions(images="none")).annotations


def shapes() -> list[Rle]:
    """Return masks as people make them: blobs with ragged edges, some with holes and parts."""
    rng = np.random.default_rng(0)
    yy, xx = np.mgrid[:HEIGHT, :WIDTH]
    found = []
    for number in range(SHAPES):
        top, left = rng.uniform(0.1, 0.9, 2) * (HEIGHT, WIDTH)
        angle = np.arctan2(yy - top, xx - left)
        waves = rng.uniform(0, 0.12, 6)
        ragged = sum(a * np.sin((k + 2) * angle + k) for k, a in enumerate(waves))
        radius = rng.uniform(12, 110) * (1 + ragged)
        distance = np.hypot(yy - top, xx - left)
        mask = distance < radius
        if number % 4 == 0:
            mask &= distance > radius * 0.4
        if number % 8 == 0:
            mask &= rng.random(mask.shape) > 0.003  # specks, as models leave them
        found.append(masks.encode(mask))
    return found


def make_project(folder: Path, images: int, annotations: int) -> None:
    """Make rows of images without files, and deal the shapes out to them."""
    folder.mkdir()
    Image.new("RGB", (WIDTH, HEIGHT)).save(folder / "first.png")
    with Project.create(folder) as project:
        first = project.images.add(folder / "first.png")
        words = [project.classes.add(word).id for word in ("cat", "dog", "grass", "road")]
        for number, rle in enumerate(shapes()):
            project.annotations.add(first.id, words[number % 4], masks.decode(rle))
        _multiply(project, images, annotations)


def _multiply(project: Project, images: int, annotations: int) -> None:
    store = project._store
    with store.transaction():
        store.run(
            f"""WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {images})
            INSERT INTO images (path, width, height, orientation, digest, status, added)
            SELECT 'folder ' || (i % 40) || '/image ' || i || '.jpg', {WIDTH}, {HEIGHT}, 1,
                hex(randomblob(32)), 'reviewed', '' FROM n WHERE i <= {images}"""
        )
        columns = (
            "class_id, height, width, counts, area, bbox_x, bbox_y, bbox_width, bbox_height,"
            " created, updated, origin"
        )
        store.run(
            f"""WITH RECURSIVE n(i) AS (
                SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {annotations - 1})
            INSERT INTO annotations (image_id, {columns})
            SELECT 1 + i % {images}, {columns}
            FROM n JOIN annotations ON annotations.id = 1 + (i * 7 + i / {images}) % {SHAPES}
            WHERE {annotations} > 0"""
        )
        store.run(f"DELETE FROM annotations WHERE id <= {SHAPES}")
        store.run("DELETE FROM journal")


if __name__ == "__main__":
    raise SystemExit(main())
