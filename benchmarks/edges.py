"""How well outlines follow the edges of images, and what that costs: all ways in one run.

    python benchmarks/edges.py [--data ../shared/data] [--patches 16,8] [--sweep] [--json]

True masks are averaged over patches, blurred and disturbed (`soft`, like a network's maps) or not
(`clean`), and refined again in several ways. The highest word gets a pixel, and with a threshold
only if it reaches that. Figures come from every second image; --sweep tries
settings on the others, which is how the defaults were chosen. `IoU` is the mean over words;
`F` the boundary measure of `Boundary`; `ms` the median time of an image, and of one word in it,
with the ways taking turns on each image.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from cascadeclip.core.colours import ColourSettings, listen
from cascadeclip.core.edges import EdgeSettings, follow, without_grain
from cascadeclip.core.errors import CascadeClipError
from cascadeclip.core.images import find_images, open_image, open_labels
from cascadeclip.core.regions import ScoreMaps, label_map
from cascadeclip.core.scenes import WORDS, draw_scene, load_art
from cascadeclip.core.values import Word
from cascadeclip.train.metrics import ConfusionMatrix

TOLERANCE = 2
UNKNOWN = -1
ANY_SCORE = -1.0
THRESHOLDS = (ANY_SCORE, 0.5)
FIRST_SEED = 2**34
DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"
UNLABELLED = {"camvid": 11, "pets": 255}

Labels = NDArray[np.int32]
Maps = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Hold an image and the number of the word at each pixel, HxW, UNKNOWN where nobody knows.

    `outlined` is what boundaries are measured on, `whole` has a word at every pixel.
    """

    name: str
    image: NDArray[np.uint8]
    labels: Labels
    outlined: Labels
    whole: Labels


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Hold an image with its score maps; map k is that of the word `numbers[k]`."""

    truth: Truth
    maps: ScoreMaps
    numbers: Labels


class Boundary:
    """Count boundary pixels: F, the harmonic mean of precision and recall, 0..1.

    A boundary pixel of a word has a 4-neighbour on the other side of the word's outline. Precision
    is the share of the answer's boundary pixels with one of the truth, of the same word, within
    TOLERANCE pixels; recall the reverse. Pixels that are unknown, or that near to unknown ones,
    do not count. Counts are added over words and images before anything is divided.
    """

    def __init__(self) -> None:
        self.answered = self.right = self.true = self.found = 0

    def add(self, truth: Labels, answer: Labels) -> None:
        """Count one image: two HxW maps of word numbers, `truth` UNKNOWN where nobody knows."""
        known = cv2.erode((truth != UNKNOWN).astype(np.uint8), _disc(), borderValue=1) > 0
        for number in np.union1d(truth[known], answer[known]):
            here, there = (_outline(one == number) & known for one in (truth, answer))
            self.true += int(here.sum())
            self.answered += int(there.sum())
            self.found += int((here & _near(there)).sum())
            self.right += int((there & _near(here)).sum())

    def f(self) -> float:
        """Return F; nan where neither truth nor answer has a boundary."""
        both = self.answered + self.true
        if not both or not self.answered or not self.true:
            return 0.0 if both else float("nan")
        precision, recall = self.right / self.answered, self.found / self.true
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _outline(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    line = np.zeros_like(mask)
    for axis in (0, 1):
        first, second = np.swapaxes(mask, 0, axis), np.swapaxes(line, 0, axis)
        differ = first[1:] != first[:-1]
        second[1:] |= differ
        second[:-1] |= differ
    return line


def _near(line: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(cv2.dilate(line.astype(np.uint8), _disc()) > 0)


def _disc() -> NDArray[np.uint8]:
    at = np.arange(-TOLERANCE, TOLERANCE + 1)
    return (at[:, None] ** 2 + at**2 <= TOLERANCE**2).astype(np.uint8)


def folder_truths(folder: Path, name: str, limit: int) -> Iterator[Truth]:
    """Yield the images of a data set with their labels.

    The outlines of the pets are drawn as a broad unknown band: theirs is taken in its middle.
    """
    for path in find_images(folder / name / "images")[:limit]:
        found = open_labels(folder / name / "masks" / f"{path.stem}.png").astype(np.int32)
        labels = np.where(found == UNLABELLED[name], UNKNOWN, found)
        whole = nearest(labels)
        outlined = whole if name == "pets" else labels
        yield Truth(name, open_image(path), labels, outlined, whole)


def nearest(labels: Labels) -> Labels:
    """Return the labels with every UNKNOWN pixel given to the word nearest to it."""
    known = labels != UNKNOWN
    _, source = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    words = np.full(int(source.max()) + 1, UNKNOWN, dtype=np.int32)
    words[source[known]] = labels[known]
    return np.asarray(words[source], dtype=np.int32)


def scene_truths(limit: int, size: int = 320) -> Iterator[Truth]:
    """Yield generated scenes no model was trained on."""
    art = load_art()
    for seed in range(FIRST_SEED, FIRST_SEED + limit):
        scene = draw_scene(art, seed, size=size)
        labels = scene.labels.astype(np.int32)
        yield Truth("scenes", scene.image, labels, labels, labels)


def degraded(truth: Truth, patch: int, *, soft: bool, rng: np.random.Generator) -> Case:
    """Return maps of one value per patch: the share of each word in it, or like a network's.

    Soft maps are blurred by 0.6 patches, and normal noise of 0.7 is added to their logits.
    """
    numbers = np.unique(truth.whole).astype(np.int32)
    height, width = truth.whole.shape
    grid = (max(1, round(width / patch)), max(1, round(height / patch)))
    shares = [
        cv2.resize((truth.whole == one).astype(np.float32), grid, interpolation=cv2.INTER_AREA)
        for one in numbers
    ]
    maps = np.stack(shares)
    if soft:
        maps = np.stack([cv2.GaussianBlur(one, (0, 0), 0.6) for one in shares])
        logits = np.log((maps + 0.03) / (1.03 - maps)) + rng.normal(0, 0.7, maps.shape)
        maps = (1 / (1 + np.exp(-logits))).astype(np.float32)
    words = tuple(Word(str(one), (str(one),), "#808080") for one in numbers)
    return Case(truth, ScoreMaps(words, maps, height, width), numbers)


def mini_cases(truths: Sequence[Truth]) -> Iterator[Case]:
    """Yield scenes with the bundled model's own maps of the words that are in them."""
    from cascadeclip.core.engine import Engine, bundled_model
    from cascadeclip.core.model import load_model

    engine = Engine(load_model(bundled_model()), device="cpu")
    for place, truth in enumerate(truths):
        numbers = np.unique(truth.whole).astype(np.int32)
        words = [Word(WORDS[one].name, (WORDS[one].name,), "#808080") for one in numbers]
        maps = engine.scores(engine.encode(truth.image, f"edges {place}"), words)
        yield Case(truth, maps, numbers)


Way = Callable[[Case, float], Labels]


def highest(maps: Maps, threshold: float) -> Labels:
    """Return the index of the highest of KxHxW maps, -1 where it does not reach the threshold."""
    return np.where(maps.max(axis=0) >= threshold, maps.argmax(axis=0), -1).astype(np.int32)


def followed(settings: EdgeSettings) -> Way:
    """Return the contest of all maps, refined with `settings` and without colours."""

    def way(case: Case, threshold: float) -> Labels:
        smooth = without_grain(case.truth.image)
        maps = follow(case.maps.probabilities, smooth, grain=case.maps.grain, settings=settings)
        return highest(np.stack([*maps]), threshold)

    return way


def coloured(settings: ColourSettings) -> Way:
    """Return the contest of all maps, refined by edges, and by colours with `settings`."""

    def way(case: Case, threshold: float) -> Labels:
        smooth = without_grain(case.truth.image)
        maps, grain = case.maps.probabilities, case.maps.grain
        least = np.full(len(maps), threshold, dtype=np.float32)
        said = listen(maps, least, smooth, grain=grain, settings=settings)
        shown = follow(maps, smooth, grain=grain)
        if said is not None:
            shown = (said.add(word, one) for word, one in enumerate(shown))
        return highest(np.stack([*shown]), threshold)

    return way


def adaptive(case: Case, threshold: float) -> Labels:
    """Return the contest after pixel-adaptive refinement (PAMR, Araslanov and Roth, CVPR 2020).

    Ten times every pixel becomes the mean of its neighbours, weighted by the softmax of how near
    their colours are in local standard deviations (Equations 2 and 3 there). Neighbours lie an
    eighth, a quarter and half a patch away, so that the reach is that of the other ways.
    """
    height, width = case.truth.image.shape[:2]
    patch = case.maps.grain * width / case.maps.probabilities.shape[2]
    reaches = sorted({max(1, round(patch * part)) for part in (0.125, 0.25, 0.5)})
    image = case.truth.image.astype(np.float32) / 255
    around = np.stack([*_neighbours(image, reaches)])
    spread = np.concatenate((around, image[None])).std(axis=0)
    far = (np.abs(around - image) / (0.1 * spread + 1e-8)).mean(axis=3)
    near = np.exp(far.min(axis=0) - far)
    near /= near.sum(axis=0)
    refined = []
    for one in case.maps.probabilities:
        values = cv2.resize(one, (width, height), interpolation=cv2.INTER_LINEAR)
        for _ in range(10):
            moved = zip(_neighbours(values, reaches), near, strict=True)
            values = sum(other * weight for other, weight in moved)
        refined.append(values)
    return highest(np.stack(refined), threshold)


def _neighbours(values: Maps, reaches: Sequence[int]) -> Iterator[Maps]:
    height, width = values.shape[:2]
    for reach in reaches:
        wide = cv2.copyMakeBorder(values, *(reach,) * 4, cv2.BORDER_REPLICATE)
        for y, x in product((0, reach, 2 * reach), repeat=2):
            if (y, x) != (reach, reach):
                yield wide[y : y + height, x : x + width]


WAYS: dict[str, Way] = {
    "off": lambda case, least: label_map(case.maps, threshold=least),
    "on": lambda case, least: label_map(case.maps, threshold=least, image=case.truth.image),
    "edges": followed(EdgeSettings()),
    "fitted per pixel": followed(EdgeSettings(cells=10_000, radius=5_000)),
    "pixel-adaptive": adaptive,
}


def sweep_ways() -> dict[str, Way]:
    """Return a way for each combination of settings of edges, and each other one of colours."""
    choices = product((2, 3, 4), (1, 2, 3, 4), (1e-5, 3e-5, 1e-4))
    ways = {
        f"cells {cells}, radius {radius}, epsilon {epsilon:g}": followed(
            EdgeSettings(cells, radius, epsilon)
        )
        for cells, radius, epsilon in choices
    }
    others: tuple[tuple[str, dict[str, float]], ...] = (
        ("colours", {}),
        ("weight 3", {"weight": 3.0}),
        ("weight 6", {"weight": 6.0}),
        ("weight 10", {"weight": 10.0}),
        ("reach 0.06", {"reach": 0.06}),
        ("reach 0.2", {"reach": 0.2}),
        ("cells 40", {"cells": 40}),
        ("colours 64", {"colours": 64}),
        ("even 1", {"even": 1}),
        ("even 5", {"even": 5}),
        ("rounds 2", {"rounds": 2}),
        ("rounds 8", {"rounds": 8}),
        ("gate 0.3 to 0.4", {"vague": 0.3, "clear": 0.4}),
        ("gate 0.5 to 0.6", {"vague": 0.5, "clear": 0.6}),
        ("no gate", {"vague": -2.0, "clear": -1.0}),
    )
    return ways | {name: coloured(replace(ColourSettings(), **one)) for name, one in others}


def measure(
    cases: Sequence[Case], ways: dict[str, Way], threshold: float = ANY_SCORE
) -> dict[str, dict[str, float]]:
    """Return IoU and F in percent and ms per image and word, by way."""
    words = 1 + max(int(case.numbers.max()) for case in cases)
    tables = {name: ConfusionMatrix(words) for name in ways}
    lines = {name: Boundary() for name in ways}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for case in cases:
        for name, way in ways.items():
            began = time.perf_counter()
            won = way(case, threshold)
            spent = 1000 * (time.perf_counter() - began)
            answer = np.where(won < 0, UNKNOWN, case.numbers[won])
            tables[name].add(case.truth.labels, answer)
            lines[name].add(case.truth.outlined, answer)
            times[name].append((spent, spent / len(case.numbers)))
    return {
        name: {
            "iou": 100 * tables[name].mean_iou(),
            "f": 100 * lines[name].f(),
            "image_ms": statistics.median(whole for whole, _ in times[name]),
            "word_ms": statistics.median(each for _, each in times[name]),
        }
        for name in ways
    }


def sources(options: argparse.Namespace) -> tuple[dict[str, list[Truth]], list[str]]:
    """Return the chosen half of the images by source, and a sentence for each that is missing."""
    found: dict[str, list[Truth]] = {}
    missing = []
    first = 0 if options.sweep else 1
    for name in UNLABELLED:
        if (options.data / name / "images").is_dir():
            found[name] = [*folder_truths(options.data, name, options.limit)][first::2]
        else:
            missing.append(f"{name}: left out, its folder is not under --data.")
    try:
        found["scenes"] = [*scene_truths(options.limit)][first::2]
    except CascadeClipError as error:
        missing.append(f"scenes: left out. {error}")
    return found, missing


def rows(options: argparse.Namespace, found: dict[str, list[Truth]]) -> Iterator[dict[str, object]]:
    """Yield a row of figures by way for each source, patch size and kind of map."""
    ways = sweep_ways() if options.sweep else WAYS
    for name, truths in found.items():
        for patch, soft in product(options.patches, (False, True)):
            rng = np.random.default_rng(patch)
            cases = [degraded(one, patch, soft=soft, rng=rng) for one in truths]
            about = {"source": name, "patch": patch, "maps": "soft" if soft else "clean"}
            yield from by_threshold(about, cases, ways)
    if "scenes" in found:
        cases = [*mini_cases(found["scenes"])]
        about = {"source": "scenes", "patch": None, "maps": "mini model"}
        yield from by_threshold(about, cases, ways)


def by_threshold(
    about: dict[str, object], cases: Sequence[Case], ways: dict[str, Way]
) -> Iterator[dict[str, object]]:
    """Yield a row for each threshold; maps of true shares have but the one."""
    for threshold in THRESHOLDS if about["maps"] != "clean" else (ANY_SCORE,):
        figures = measure(cases, ways, threshold)
        yield about | {"threshold": threshold, "images": len(cases), "ways": figures}


def main(arguments: list[str] | None = None) -> int:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA, help="folder of camvid and pets")
    parser.add_argument("--patches", default="16,8", help="pixels a side, with commas between")
    parser.add_argument("--limit", type=int, default=60, help="images of a source, both halves")
    parser.add_argument("--sweep", action="store_true", help="try settings on the other half")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    options = parser.parse_args(arguments)
    options.patches = [int(one) for one in options.patches.split(",")]
    found, missing = sources(options)
    done = []
    for row in rows(options, found):
        done.append(row)
        if not options.json:
            print_row(row)
    if options.json:
        print(json.dumps({"rows": done, "missing": missing}))
    else:
        print("\n".join(missing))
    return 0


def print_row(row: dict[str, object]) -> None:
    """Print the figures of one source as a table."""
    patch = f", patch {row['patch']}" if row["patch"] else ""
    least = "" if row["threshold"] == ANY_SCORE else f", threshold {row['threshold']}"
    print(f"{row['source']}{patch}, {row['maps']} maps{least}, {row['images']} images", flush=True)
    for name, one in row["ways"].items():
        cells = f"{one['iou']:8.1f}{one['f']:8.1f}{one['image_ms']:9.1f}{one['word_ms']:8.2f}"
        print(f"  {name:<36}{cells}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
