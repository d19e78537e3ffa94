"""How the cascade should begin: at random as in the paper, or as CLIP's own answer, in one run.

    python benchmarks/start.py [--images 5,20] [--seeds 3] [--steps 100] [--test 12] [--json]

The tower with its prompts and the words are the bundled model's, its decoders are forgotten and
begin anew. Both
starts learn from the same corrected scenes of the demo's words (complete truth), by the recipe
quick without anything that holds a parent's answers, for there is none worth keeping. The other
scenes measure: every pixel goes to the word with the highest score, so that no threshold favours
a start. Step 0 stands beside it. Percent; mean over seeds, which
change the scenes and the order. Seconds are those of the processor, one thread.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np  # noqa: E402
import torch  # noqa: E402

from cascadeclip.core import masks  # noqa: E402
from cascadeclip.core.engine import Engine  # noqa: E402
from cascadeclip.core.engine.models import bundled_model  # noqa: E402
from cascadeclip.core.model import CascadeCLIP, LoadedModel, load_model  # noqa: E402
from cascadeclip.core.regions import label_map  # noqa: E402
from cascadeclip.train.data.corrections import Correction, Piece  # noqa: E402
from cascadeclip.train.data.views import View, cut_views, plan_cuts  # noqa: E402
from cascadeclip.train.fit.start import STARTS  # noqa: E402
from cascadeclip.train.lesson import Lesson  # noqa: E402
from cascadeclip.train.loop import Trainer  # noqa: E402
from cascadeclip.train.memory import Memory, remembering  # noqa: E402
from cascadeclip.train.metrics import ConfusionMatrix  # noqa: E402
from cascadeclip.train.recipes import Recipe, find_recipe  # noqa: E402
from cascadeclip.train.simulate.cases import Case, World, new_world  # noqa: E402

KINDS = ("random", "zero-shot")
COSINE = 10.0
"""What a cosine is multiplied with before the sigmoid; the random start has the paper's 1."""
SHIFT = -4.0


def begun(model: LoadedModel, kind: str, seed: int) -> LoadedModel:
    """Return the model with new decoders that begin as `kind` says."""
    torch.manual_seed(seed)
    old = model.cascade
    fresh = CascadeCLIP(old.config).eval()
    fresh.encoder.load_state_dict(old.encoder.state_dict())
    STARTS[kind](fresh)
    known = kind != "random"
    with torch.no_grad():
        if fresh.logit_scale is not None:
            fresh.logit_scale.fill_(COSINE if known else 1.0)
        if fresh.logit_bias is not None:
            fresh.logit_bias.fill_(SHIFT if known else 0.0)
    return replace(model, network=fresh, info=replace(model.info, adjusted=(), calibration=0.0))


def quality(model: LoadedModel, world: World, cases: Sequence[Case], memory: Memory) -> float:
    """Return the mIoU over words, 0..100, where every pixel goes to some word."""
    matrix = ConfusionMatrix(len(world.guard_words))
    with remembering(model.network, memory):
        engine = Engine(model, device="cpu")
        for case in cases:
            maps = engine.scores(engine.encode(case.image, case.name), world.guard_words)
            matrix.add(case.labels, label_map(maps, threshold=-1.0, image=case.image))
    return 100 * float(np.nanmean(matrix.iou()))


def learnt(
    model: LoadedModel, world: World, cases: Sequence[Case], recipe: Recipe, seed: int
) -> LoadedModel:
    """Train on scenes with their whole truth."""
    words = world.guard_words
    lesson = Lesson(tuple(word.phrases for word in words), frozenset(), ())
    trainer = Trainer(model, lesson, recipe, device="cpu", seed=seed)
    rng = np.random.default_rng(seed)

    def views() -> Sequence[View]:
        found: list[View] = []
        for case in cases:
            high, wide = case.labels.shape
            marked = tuple(
                Piece(int(word), masks.encode(case.labels == word))
                for word in np.unique(case.labels)
                if word >= 0
            )
            truth = Correction(0, Path(), "", high, wide, True, marked, ()).truth()  # noqa: FBT003
            cuts = plan_cuts(high, wide, trainer.size, count=recipe.views, rng=rng)
            found += cut_views(case.image, truth, trainer.size, cuts)
        return found

    trainer.cache(views(), lambda: False)
    trainer.run(lambda step, total, loss: None, lambda: False)
    trainer.blend(1.0)
    return replace(model, network=trainer.network)


def measure(options: argparse.Namespace) -> list[dict[str, object]]:
    """Return one row per start and number of images."""
    sizes = [int(part) for part in options.images.split(",")]
    world = new_world(0, 0, guard=options.test + options.seeds * max(sizes))
    model, memory = load_model(bundled_model()), Memory()
    test, rest = world.guard[: options.test], world.guard[options.test :]
    recipe = replace(find_recipe("quick", options.steps), agreement=0.0, strangers=0)
    told: dict[tuple[str, int], list[float]] = {}
    for seed in range(options.seeds):
        for kind in KINDS:
            first = begun(model, kind, seed)
            told.setdefault((kind, 0), []).append(quality(first, world, test, memory))
            for size in sizes:
                spent = time.process_time()
                some = rest[seed * max(sizes) :][:size]
                found = quality(learnt(first, world, some, recipe, seed), world, test, memory)
                told.setdefault((kind, size), []).append(found)
                sys.stderr.write(
                    f"seed {seed}, {kind}, {size} images: {found:.1f}, "
                    f"{time.process_time() - spent:.0f} s of CPU\n"
                )
    return [{"start": k, "images": n, "mIoU": v} for (k, n), v in told.items()]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--images", default="5,20", help="corrected images, by commas")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--test", type=int, default=12, help="other scenes that measure")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    rows = measure(options)
    if options.json:
        print(json.dumps(rows))
        return 0
    print("| start | corrected images | mIoU | by seed |\n|---|---|---|---|")
    for row in rows:
        values: list[float] = row["mIoU"]  # type: ignore[assignment]
        spread = statistics.stdev(values) if len(values) > 1 else 0.0
        each = ", ".join(f"{value:.1f}" for value in values)
        print(
            f"| {row['start']} | {row['images']} | {np.mean(values):.1f} ± {spread:.1f} | {each} |"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
