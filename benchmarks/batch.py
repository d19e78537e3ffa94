"""What pre-labelling costs beside the bare encoder, in memory, and in a large project.

    python benchmarks/batch.py [--network mini|ViT-S-16|ViT-B-16] [--images 24] [--rounds 3]
                               [--flat 1000] [--rows 100000] [--device cpu] [--child] [--json]

Both sides of every ratio are measured in one run, taking turns: images per second of `prelabel`
(reading, encoding, scoring, finding regions, writing) against `engine.encode` alone on the same
pixels; per-image time of a project of 100 rows against one of `--rows`, the same images to do in
both; resident memory over `--flat` small images. `--child` also measures the child process of the
window. `mini` needs the extra `demo`; other networks have random weights, and few words win.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from PIL import Image
from random_models import SIZES, model_for

from cascadeclip.core.engine import Engine, open_engine
from cascadeclip.core.engine.prelabel import prelabel
from cascadeclip.core.engine.prelabel.desk import recipe_for
from cascadeclip.core.engine.prelabel.process import prelabel_in_child
from cascadeclip.core.images import open_image
from cascadeclip.core.project import Project
from cascadeclip.core.scenes.demo import write_demo

LEAST_SHARE = 0.6
MOST_GROWTH = 0.05
MOST_SLOWER = 1.1
SMALL_SIDE, FEW_ROWS, TO_DO, THRESHOLD = 96, 100, 100, 0.3
WARM = 100
"""Images after which memory must stay what it is: the caches of the engine are full by then."""


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 1 when a limit is passed."""
    options = read_options(arguments)
    figures: dict[str, float | str | None] = {"network": options.network, "device": options.device}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        figures |= throughput(folder / "images", options)
        if options.flat:
            figures |= memory(folder / "flat", options)
        if options.rows:
            figures |= rows(folder / "rows", options)
    over = limits_passed(figures)
    if options.json:
        print(json.dumps(figures | {"over": over}))
        return int(bool(over))
    for name, value in figures.items():
        print(
            f"  {name:32}{value:>12.3f}"
            if isinstance(value, float)
            else f"  {name:32}{value!s:>12}"
        )
    print(f"over: {', '.join(over) or 'none'}")
    return int(bool(over))


def read_options(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", choices=tuple(SIZES), default="mini")
    parser.add_argument("--images", type=int, default=24, help="images of the comparison")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--side", type=int, default=320, help="pixels of an image")
    parser.add_argument("--flat", type=int, default=1000, help="images for memory; 0: none")
    parser.add_argument("--rows", type=int, default=100_000, help="of the large project; 0: none")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--no-edges", action="store_true")
    parser.add_argument("--child", action="store_true", help="also the window's child process")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args(arguments)


def limits_passed(figures: dict[str, float | str | None]) -> list[str]:
    """Name the figures that are worse than promised."""
    checks = {
        "share_of_encoder": lambda value: value >= LEAST_SHARE,
        "memory_growth": lambda value: value <= MOST_GROWTH,
        "large_project_ratio": lambda value: value <= MOST_SLOWER,
    }
    return [name for name, holds in checks.items() if name in figures and not holds(figures[name])]


def throughput(folder: Path, options: argparse.Namespace) -> dict[str, float | str | None]:
    """Return images per second of the bare encoder, of prelabel, and their ratio.

    Processor time is told too: beside other programs on the machine the ratio of wall times says
    less about this one than about them.
    """
    write_demo(folder, seed=1, count=options.images, size=options.side)
    with Project.open(folder) as project:
        engine = engine_for(project, options)
        pixels = [open_image(project.images.absolute(row.id)) for row in project.images.page()]
        edges = not options.no_edges
        bare, whole, child = [], [], []
        prelabel(project, engine, threshold=0.9, refine_edges=edges)
        for turn in range(options.rounds):
            # another threshold and empty caches: everything is to be done again
            threshold = 0.5 + 0.01 * turn
            engine.clear()
            bare.append(clocked(lambda: encoder_loop(engine, pixels)))
            engine.clear()
            whole.append(
                clocked(partial(prelabel, project, engine, threshold=threshold, refine_edges=edges))
            )
            if options.child:
                child.append(child_loop(project, 0.7 + threshold / 10, options))
        found = project.suggestions.count() / options.images
    count = options.images
    bare_s, bare_cpu = (median(some) for some in zip(*bare, strict=True))
    whole_s, whole_cpu = (median(some) for some in zip(*whole, strict=True))
    figures: dict[str, float | str | None] = {
        "images": float(count),
        "suggestions_per_image": found,
        "encoder_images_per_s": count / bare_s,
        "prelabel_images_per_s": count / whole_s,
        "share_of_encoder": median([one[0] / two[0] for one, two in zip(bare, whole, strict=True)]),
        "encoder_cpu_ms": 1000 * bare_cpu / count,
        "prelabel_cpu_ms": 1000 * whole_cpu / count,
        "load_average": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }
    if child:
        figures["child_images_per_s"] = count / median(child)
    return figures


def clocked(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of wall and of processor time that `work` takes."""
    began = (time.perf_counter(), time.process_time())
    work()
    return time.perf_counter() - began[0], time.process_time() - began[1]


def engine_for(project: Project, options: argparse.Namespace) -> Engine:
    """Return the bundled model's engine for "mini", else one of random weights."""
    if options.network == "mini":
        return open_engine(project, options.device)
    return Engine(model_for(options.network, random=True), device=options.device)


def encoder_loop(engine: Engine, pixels: list[np.ndarray]) -> None:
    """Run the encoder alone over all images."""
    for image in pixels:
        # another name is another image to the caches
        engine.encode(image, os.urandom(8).hex())


def child_loop(project: Project, threshold: float, options: argparse.Namespace) -> float:
    """Return the seconds from the first to the last image of a run in a child process."""
    times: list[float] = []
    prelabel_in_child(
        project,
        threshold=threshold,
        refine_edges=not options.no_edges,
        device=options.device,
        progress=lambda *_: times.append(time.perf_counter()),
    )
    return (times[-1] - times[0]) * len(times) / max(1, len(times) - 1)


def memory(folder: Path, options: argparse.Namespace) -> dict[str, float | str | None]:
    """Return resident MiB after the first images and at the end, and the growth in between."""
    rng = np.random.default_rng(0)
    with small_project(folder, rng, options.flat) as project:
        engine = engine_for(project, replaced(options, network="mini"))
        resident: list[float] = []
        prelabel(
            project, engine, threshold=0.3, progress=lambda *_: resident.append(resident_mib())
        )
    warm = min(WARM, len(resident) // 2)
    early, late = median(resident[warm : warm + 50]), median(resident[-50:])
    return {
        "resident_early_mib": early,
        "resident_late_mib": late,
        "memory_growth": late / early - 1,
        "flat_images": float(len(resident)),
    }


def rows(folder: Path, options: argparse.Namespace) -> dict[str, float | str | None]:
    """Return the per-image milliseconds in a small and in a large project, and their ratio."""
    rng = np.random.default_rng(1)
    times: dict[int, list[float]] = {FEW_ROWS: [], options.rows: []}
    projects = {count: small_project(folder / str(count), rng, TO_DO) for count in times}
    engine = engine_for(projects[FEW_ROWS], replaced(options, network="mini"))
    for count, project in projects.items():
        recipe = recipe_for(project, engine, threshold=THRESHOLD, refine_edges=True)
        fill(project, count, recipe.mark)
    for turn in range(-1, options.rounds):  # the first turn warms up
        for count in list(times)[:: 1 if turn % 2 else -1]:
            project = projects[count]
            for number in range(1, TO_DO + 1):
                project.suggestions.replace(number, [], "v0")
            engine.clear()
            began = time.perf_counter()
            result = prelabel(project, engine, threshold=THRESHOLD)
            seconds = time.perf_counter() - began
            assert (result.images, result.skipped) == (TO_DO, count - TO_DO)
            if turn >= 0:
                times[count].append(1000 * seconds / TO_DO)
    for project in projects.values():
        project.close()
    few, many = times.values()
    return {
        "rows_small": float(FEW_ROWS),
        "rows_large": float(options.rows),
        "small_project_ms": median(few),
        "large_project_ms": median(many),
        "large_project_ratio": median(b / a for a, b in zip(few, many, strict=True)),
    }


def small_project(folder: Path, rng: np.random.Generator, count: int) -> Project:
    """Make a project of small images: boxes of colour under noise."""
    project = Project.create(folder)
    for k in range(count):
        rgb = np.full((SMALL_SIDE, SMALL_SIDE, 3), rng.integers(0, 256, 3), np.uint8)
        top, left = rng.integers(0, SMALL_SIDE // 2, 2)
        rgb[top : top + 40, left : left + 40] = rng.integers(0, 256, 3)
        rgb ^= rng.integers(0, 16, rgb.shape, dtype=np.uint8)
        Image.fromarray(rgb).save(folder / f"{k}.png", compress_level=1)
    project.images.add_many(sorted(folder.glob("*.png")))
    for word in ("cat", "grass", "road", "tree"):
        project.classes.add(word)
    return project


def fill(project: Project, count: int, mark: str) -> None:
    """Add rows of images without files until there are `count`; a third is reviewed, all done."""
    if count <= TO_DO:
        return
    project._store.run(
        f"""WITH RECURSIVE n(i) AS
            (SELECT {TO_DO + 1} UNION ALL SELECT i + 1 FROM n WHERE i < {count})
        INSERT INTO images (path, width, height, orientation, digest, status, added)
        SELECT 'folder ' || (i % 40) || '/image ' || i || '.jpg', 640, 480, 1,
            lower(hex(randomblob(32))), CASE i % 3 WHEN 0 THEN 'reviewed' ELSE 'unreviewed' END, ''
        FROM n"""
    )
    project._store.run(
        "UPDATE images SET suggested_with = ? || '/' || substr(digest, 1, 16) WHERE id > ?",
        (mark, TO_DO),
    )


def replaced(options: argparse.Namespace, **changes: object) -> argparse.Namespace:
    """Return the options with some of them changed."""
    return argparse.Namespace(**vars(options) | changes)


def resident_mib() -> float:
    """Return the resident memory of this process; its peak where the system tells no more."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


if __name__ == "__main__":
    raise SystemExit(main())
