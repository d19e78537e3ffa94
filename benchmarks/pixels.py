"""What a classifier of pixels is made of: with and without each of its parts, in one run.

    python benchmarks/pixels.py [--orders 3] [--images 20] [--known 20] [--json]

The scenes are those of `cascadeclip simulate`, without its twelve that measure: in every order
some of the pool are corrected (all masks of five things and three grounds, partly marked images),
and the others measure, with the bundled model's weights. Percent: mIoU of all eleven words by the
classifier's share, and at the first share that of words known before on scenes that show them.
Seconds are those of the processor for teaching one classifier, one thread.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import cv2  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402

from cascadeclip.core.engine import Engine, perceiving  # noqa: E402
from cascadeclip.core.engine.models import bundled_model  # noqa: E402
from cascadeclip.core.model import LoadedModel, load_model  # noqa: E402
from cascadeclip.core.model.pixels import PixelClassifier  # noqa: E402
from cascadeclip.core.project import Project  # noqa: E402
from cascadeclip.core.regions import label_map  # noqa: E402
from cascadeclip.core.texture import texture  # noqa: E402
from cascadeclip.core.values import Word  # noqa: E402
from cascadeclip.train import perceptron, pixels  # noqa: E402
from cascadeclip.train.data.corrections import REVIEWED_SETTING  # noqa: E402
from cascadeclip.train.material import Material, gather  # noqa: E402
from cascadeclip.train.measuring import Examiner  # noqa: E402
from cascadeclip.train.memory import Memory, remembering  # noqa: E402
from cascadeclip.train.metrics import ConfusionMatrix  # noqa: E402
from cascadeclip.train.simulate.cases import Case, World, new_world  # noqa: E402

POOL, APART = 40, 12
SHARES = (0.75, 0.5, 1.0)

Taught = Callable[[PixelClassifier], PixelClassifier]


@dataclass(frozen=True, slots=True)
class Way:
    """Hold what is otherwise: attributes of modules while it is taught and asked, then itself."""

    name: str
    changes: tuple[tuple[object, str, object], ...] = ()
    taught: Taught = lambda made: made

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Let the changes hold."""
        with ExitStack() as stack:
            for module, attribute, value in self.changes:
                stack.enter_context(patch.object(module, attribute, value))
            yield


def _blind(image: np.ndarray) -> np.ndarray:
    return np.zeros_like(texture(image))


def _without_axes(rows: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mean, axes = perceptron.discriminants(rows, labels)
    return mean, np.zeros_like(axes)


def _trusting(made: PixelClassifier) -> PixelClassifier:
    return replace(made, familiar=replace(made.familiar, strange=-3.0, usual=-2.0))


WAYS = (
    Way("filters and patches, as it is"),
    Way("patches alone", ((pixels, "texture", _blind), (perceiving, "texture", _blind))),
    Way("filters alone", ((pixels, "discriminants", _without_axes),)),
    Way("everything taken for familiar", taught=_trusting),
    Way("no room for other words", ((perceiving, "UNSURE", 1.5), (perceiving, "SURE", 2.0))),
    Way("two layers of 192 units", ((perceptron, "HIDDEN", 192),)),
    Way("1200 steps", ((perceptron, "STEPS", 1200),)),
    Way("15,000 pixels of an image", ((pixels, "PER_IMAGE", 15_000),)),
    Way("a ridge of .3", ((perceptron, "RIDGE", 0.3),)),
)


def corrected(world: World, cases: Sequence[Case], folder: Path) -> Material:
    """Return what a project teaches in which all that may be marked in these scenes is."""
    with Project.create(folder) as project:
        project.classes.set_vocabulary(world.words)
        project.settings.set(REVIEWED_SETTING, "partial")
        ids = [row.id for row in project.classes.all()]
        for number, case in enumerate(cases):
            path = folder / f"{number:04}.png"
            cv2.imwrite(str(path), case.image[..., ::-1])
            row = project.images.add(path)
            for at, word in enumerate(world.words):
                mask = case.labels == at
                if word.name not in world.never and mask.any():
                    project.annotations.add(row.id, ids[at], mask)
            project.images.set_status(row.id, "reviewed")
        return gather(project, lambda event: None)


def quality(model: LoadedModel, words: Sequence[Word], cases: Sequence[Case]) -> float:
    """Return the mIoU over words, 0..100, at the threshold of the window."""
    engine, matrix = Engine(model, device="cpu"), ConfusionMatrix(len(words) + 1)
    for case in cases:
        maps = engine.scores(engine.encode(case.image, case.name), words)
        found = label_map(maps, threshold=0.5, image=case.image)
        truth = np.where(case.labels < 0, 255, case.labels)
        matrix.add(truth, np.where(found < 0, len(words), found))
    return 100 * float(np.nanmean(matrix.iou()[: len(words)]))


def measure(options: argparse.Namespace) -> list[dict[str, object]]:
    """Return one row per way."""
    world = new_world(POOL, APART, guard=options.known)
    model, memory = load_model(bundled_model()), Memory()
    told: dict[str, list[list[float]]] = {way.name: [] for way in WAYS}
    with remembering(model.network, memory):
        for order in range(options.orders):
            places = np.random.default_rng(order).permutation(POOL)
            first, rest = (
                [world.pool[at] for at in some] for some in np.split(places, [options.images])
            )
            with tempfile.TemporaryDirectory() as place:
                material = corrected(world, first, Path(place) / "project")
                for way in WAYS:
                    row = _of(way, model, material, world, rest)
                    told[way.name].append(row)
                    sys.stderr.write(f"order {order}, {way.name}: {np.round(row, 1).tolist()}\n")
    known = quality(model, world.guard_words, world.guard)
    rows = [
        {"way": name, "measured": np.mean(some, axis=0).tolist()} for name, some in told.items()
    ]
    return [
        *rows,
        {"way": "no classifier", "measured": [*[float("nan")] * len(SHARES), known, 0.0]},
    ]


def _of(
    way: Way, model: LoadedModel, material: Material, world: World, cases: Sequence[Case]
) -> list[float]:
    examiner = Examiner(material, "cpu", lambda: False)
    with way.taken():
        spent = time.process_time()
        made = pixels.Teacher(model, material, examiner, 0).taught(
            (*material.fit, *material.choose)
        )
        spent = time.process_time() - spent
        if made is None:
            raise SystemExit("nothing was taught")
        models = [replace(model, pixels=replace(way.taught(made), share=one)) for one in SHARES]
        found = [quality(one, world.words, cases) for one in models]
        return [*found, quality(models[0], world.guard_words, world.guard), spent]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--orders", type=int, default=3)
    parser.add_argument("--images", type=int, default=20, help="corrected scenes, fewer than 40")
    parser.add_argument("--known", type=int, default=20, help="scenes of words known before")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    rows = measure(options)
    if options.json:
        print(json.dumps(rows))
        return 0
    shares = " | ".join(f"share {share}" for share in SHARES)
    print(f"| way | {shares} | known before | CPU s |\n|---|---|---|---|---|---|")
    for row in rows:
        values: list[float] = row["measured"]  # type: ignore[assignment]
        print(f"| {row['way']} | " + " | ".join(f"{value:.1f}" for value in values) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
