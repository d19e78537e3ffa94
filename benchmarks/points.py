"""What a click costs and what it is worth: points and boxes on generated scenes.

    python benchmarks/points.py [--scenes 6] [--clicks 5] [--large 2000x1500] [--json]

In the real window, offscreen, points are clicked one after the other, on a scene of the demo and on
one enlarged to 2000 x 1500; `click_ms` is the median time from the click until the new draft is on
the screen (on a machine that does nothing else), `answer_cpu_ms` the work of one core for it,
`encodes` and `decodes` are the runs of the model meanwhile (they must be 0). Then
somebody who knows the truth clicks into the middle of the largest error, again and again: `overlap`
is the mean intersection over union after 1, 2, ... clicks, with and without the word's own map,
and of a box drawn around the thing, beside that of the box itself.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import mean, median

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2  # noqa: E402
import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402
from PIL import Image  # noqa: E402
from PySide6.QtCore import QPoint, Qt  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from cascadeclip.app.canvas.tools.operations import drafted  # noqa: E402
from cascadeclip.app.window import place as place_module  # noqa: E402
from cascadeclip.app.window.assembly import Assembly  # noqa: E402
from cascadeclip.core import masks  # noqa: E402
from cascadeclip.core.engine import Engine  # noqa: E402
from cascadeclip.core.engine.models import bundled_model  # noqa: E402
from cascadeclip.core.images import open_image  # noqa: E402
from cascadeclip.core.model import load_model  # noqa: E402
from cascadeclip.core.project import Project  # noqa: E402
from cascadeclip.core.scenes.demo import write_demo  # noqa: E402
from cascadeclip.core.shaping.boxing import in_box, rectangle  # noqa: E402
from cascadeclip.core.shaping.evidence import Click  # noqa: E402
from cascadeclip.core.shaping.part import Part  # noqa: E402
from cascadeclip.core.shaping.pointing import refine  # noqa: E402
from cascadeclip.core.shaping.sight import Map, Sight, look  # noqa: E402
from cascadeclip.core.values import Rle, Word  # noqa: E402

Mask = NDArray[np.bool_]
SMALLEST = 0.003  # of the image: less is a speck nobody clicks
PATIENCE = 60.0
SEED = 0


def clicks_in_window(folder: Path, clicks: int) -> dict[str, float]:
    """Click points in a window on the project `folder`; return times and runs of the model."""
    application = QApplication.instance() or QApplication([])
    assembly = Assembly(version="0")
    canvas = assembly.window.canvas
    assembly.window.resize(1600, 1000)
    assembly.window.show()

    def until(ready: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not ready():
            if time.monotonic() > end:
                raise TimeoutError("The window did not come to rest.")
            application.processEvents()
            time.sleep(0.001)  # waiting must not take the time of what is waited for

    assembly.library.open(folder)
    until(lambda: assembly.state.best is not None and assembly.jobs.idle())
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Q)
    until(assembly.jobs.idle)
    engine, random = assembly.state.engine, np.random.default_rng(SEED)
    assert engine is not None
    before, times = (engine.encodes, engine.decodes), []
    height, width = canvas.size_of_image or (0, 0)
    tool, here = canvas.tool, canvas.placement
    for number in range(clicks):
        at = QPoint(
            round(here.x + random.random() * width * here.scale),
            round(here.y + random.random() * height * here.scale),
        )
        held = Qt.KeyboardModifier.ControlModifier if number % 3 == 2 else Qt.KeyboardModifier(0)
        shown = tool.draft
        started = time.perf_counter()
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, held, at)
        clicked = tool.draft  # the click is shown at once, what is made of it afterwards
        until(lambda old=(shown, clicked): tool.draft not in old)  # type: ignore[misc]
        canvas.repaint()
        times.append(1000 * (time.perf_counter() - started))
    runs = engine.encodes - before[0], engine.decodes - before[1]
    assembly.window.close()
    return {
        "click_ms": round(median(times), 1),
        "slowest_ms": round(max(times), 1),
        "encodes": runs[0],
        "decodes": runs[1],
    }


def answer_cpu_ms(path: Path, clicks: int) -> float:
    """Return the median CPU time that answering a click takes on one core, whoever else works."""
    engine = Engine(load_model(bundled_model()), device="cpu")
    pixels = open_image(path)
    sight = look(engine.patches(engine.encode(pixels, str(path))), pixels)
    random, threads = np.random.default_rng(SEED), cv2.getNumThreads()
    height, width = pixels.shape[:2]
    made: list[Click] = []
    mask, times = None, []
    cv2.setNumThreads(1)
    try:
        for number in range(clicks):
            x, y = random.random() * width, random.random() * height
            made.append(Click(x, y, number % 3 != 2))
            started = time.thread_time()
            mask = refine(sight, made, mask=mask)
            drafted(mask, tuple(made), "#ff0000")
            times.append(1000 * (time.thread_time() - started))
    finally:
        cv2.setNumThreads(threads)
    return round(median(times), 1)


def things(folder: Path, engine: Engine) -> Iterator[tuple[Sight, Mask, Map]]:
    """Yield every thing of a demo: what is seen of its image, its truth, its word's map."""
    truth = json.loads((folder / "truth" / "instances.json").read_text("utf-8"))
    names = {one["id"]: one["name"] for one in truth["categories"]}
    for image in truth["images"]:
        (path,) = folder.rglob(image["file_name"])
        pixels = open_image(path)
        encoded = engine.encode(pixels, str(path))
        sight = look(engine.patches(encoded), pixels)
        for one in truth["annotations"]:
            height, width = one["segmentation"]["size"]
            if one["image_id"] != image["id"] or one["area"] < SMALLEST * height * width:
                continue
            rle = Rle(height, width, one["segmentation"]["counts"].encode("ascii"))
            name = names[one["category_id"]]
            maps = engine.scores(encoded, [Word(name, (name,), "#000000")])
            yield sight, masks.decode(rle), maps.probabilities[0]


def overlap(part: Part, truth: Mask) -> float:
    """Return the intersection over union of a mask and the truth."""
    got = part.on((0, 0, *truth.shape))
    return float((got & truth).sum() / max(1, (got | truth).sum()))


def next_click(truth: Mask, got: Mask) -> Click | None:
    """Click into the middle of the largest part that is missing or too much."""
    best: tuple[int, Click] | None = None
    for positive, wrong in ((True, truth & ~got), (False, got & ~truth)):
        count, labels, stats, _ = cv2.connectedComponentsWithStats(wrong.astype(np.uint8))
        if count < 2:
            continue
        number = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
        only = np.pad(labels == number, 1).astype(np.uint8)
        inner = cv2.distanceTransform(only, cv2.DIST_L2, 5)[1:-1, 1:-1]
        row, column = np.unravel_index(int(np.asarray(inner).argmax()), truth.shape)
        area = int(stats[number, cv2.CC_STAT_AREA])
        if best is None or area > best[0]:
            best = area, Click(float(column) + 0.5, float(row) + 0.5, positive)
    return best[1] if best else None


def worth_of_clicks(sight: Sight, truth: Mask, word: Map | None, clicks: int) -> list[float]:
    """Return the overlap after every click of somebody who knows the truth."""
    made: list[Click] = []
    mask: Part | None = None
    reached: list[float] = []
    for _ in range(clicks):
        got = mask.on((0, 0, *truth.shape)) if mask else np.zeros_like(truth)
        click = next_click(truth, got)
        if click is not None:
            made.append(click)
            mask = refine(sight, made, mask=mask, word=word)
        reached.append(overlap(mask, truth) if mask else 0.0)
    return reached


def worth_of_box(sight: Sight, truth: Mask, word: Map) -> tuple[float, float]:
    """Return the overlap of what is found in a box around the truth, and of the box."""
    rows, columns = np.flatnonzero(truth.any(axis=1)), np.flatnonzero(truth.any(axis=0))
    box = (columns[0] - 2.0, rows[0] - 2.0, columns[-1] + 3.0, rows[-1] + 3.0)
    plain = rectangle(box, *truth.shape)
    return overlap(in_box(sight, box, word=word), truth), overlap(plain, truth)


def worth(folder: Path, clicks: int) -> dict[str, object]:
    """Return how well masks fit the truth by clicks and by boxes, over all things of a demo."""
    engine = Engine(load_model(bundled_model()), device="cpu")
    told, untold, boxed, plain = [], [], [], []
    for sight, truth, word in things(folder, engine):
        told.append(worth_of_clicks(sight, truth, word, clicks))
        untold.append(worth_of_clicks(sight, truth, None, clicks))
        found, box = worth_of_box(sight, truth, word)
        boxed.append(found)
        plain.append(box)
    by_click = [round(mean(one), 3) for one in zip(*told, strict=True)]
    without = [round(mean(one), 3) for one in zip(*untold, strict=True)]
    return {
        "things": len(told),
        "overlap": by_click,
        "overlap_without_word": without,
        "overlap_in_box": round(mean(boxed), 3),
        "overlap_of_box": round(mean(plain), 3),
    }


def run(scenes: int, clicks: int, large: tuple[int, int]) -> dict[str, object]:
    """Measure everything in a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place_module.data_folder = lambda: place / "data"  # nobody's own settings
        demo = write_demo(place / "demo", seed=SEED, count=scenes, truth=True)
        enlarged = write_demo(place / "large", seed=SEED, count=1)
        (path,) = enlarged.rglob("scene-0001.png")
        plain = place / "plain"
        plain.mkdir()
        with Image.open(path) as image:
            image.resize(large, Image.Resampling.BICUBIC).save(plain / "large.png")
        found: dict[str, object] = {"demo": clicks_in_window(demo, clicks)}
        with Project.create(plain) as project:
            project.images.add(plain / "large.png")
            for word in ("cat", "car", "sand", "sky"):
                project.classes.add(word)
        found["large"] = clicks_in_window(plain, clicks)
        found["answer_cpu_ms"] = answer_cpu_ms(path, clicks)
        found["answer_cpu_ms_large"] = answer_cpu_ms(plain / "large.png", clicks)
        return found | worth(demo, clicks)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--scenes", type=int, default=6)
    parser.add_argument("--clicks", type=int, default=5)
    parser.add_argument("--large", default="2000x1500")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    width, height = (int(side) for side in chosen.large.split("x"))
    found = run(chosen.scenes, chosen.clicks, (width, height))
    if chosen.json:
        json.dump(found, sys.stdout, indent=2)
        print()
        return
    for name, value in found.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
