"""python -m cascadeclip.train simulate: the run over all orders, the files."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.replacing import replacing
from cascadeclip.train.recipes import find_recipe
from cascadeclip.train.simulate.cases import World, new_world, project_world
from cascadeclip.train.simulate.course import Course, Plan, observe, scrambled
from cascadeclip.train.simulate.hand import Hand
from cascadeclip.train.simulate.report import POLYGONS, draw_curve, rows, to_json

if TYPE_CHECKING:
    from cascadeclip.core.engine import Engine


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold the options, checked."""

    plan: Plan
    orders: int
    out: Path | None
    enough: float = 0.9


def run(options: argparse.Namespace, out: TextIO, progress: TextIO) -> None:
    """Simulate every order and print the table; raises TrainingFailed in one sentence."""
    asked = _asked(options)
    world = replace(_world(options, max(asked.plan.after)), enough=asked.enough)
    if len(world.pool) < max(asked.plan.after):
        raise TrainingFailed(
            f"There are {len(world.pool)} images to correct, fewer than {max(asked.plan.after)}; "
            "ask for fewer with --after, or make a larger demo with --count."
        )

    def log(line: str) -> None:
        progress.write(line + "\n")
        progress.flush()

    hand = {"hand": asdict(asked.plan.hand)}
    baselines = _once(world, asked, "baselines", hand, lambda: _baselines(world, asked.plan, log))
    courses = [_course(world, asked, order, log) for order in range(asked.orders)]
    table = rows(baselines, courses, world.never)
    for line in table:
        out.write(line + "\n")
    if asked.out is not None:
        _keep(asked, table, baselines, courses)


def _asked(options: argparse.Namespace) -> Asked:
    try:
        after = tuple(sorted({int(part) for part in options.after.split(",")}))
    except ValueError as error:
        raise TrainingFailed(
            f"--after takes numbers of images such as 5,10,20, not {options.after!r}."
        ) from error
    if not after or after[0] < 5 or options.orders < 0 or options.test < 1:
        raise TrainingFailed(
            "A simulation needs at least 5 corrected images, 1 order, 1 test image."
        )
    if not 0 <= options.noise < 1 or not 0 < options.enough < 1:
        raise TrainingFailed("--noise and --enough are shares, from 0 to below 1.")
    if options.jitter < 0:
        raise TrainingFailed("--jitter is a share of a region's size, 0 or more.")
    hand = Hand(jitter=options.jitter)
    plan = Plan(after, find_recipe(options.recipe, options.steps), options.noise, hand)
    return Asked(plan, options.orders, options.out, options.enough)


def _world(options: argparse.Namespace, largest: int) -> World:
    if options.project is None:
        return new_world(pool=largest + 20, test=options.test)
    return project_world(options.project, options.test, options.never)


def _engine(model: Any) -> Engine:  # noqa: ANN401
    from cascadeclip.core.engine import Engine

    return Engine(model, device="cpu")


def _baselines(world: World, plan: Plan, log: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Measure drawing from nothing, random weights, and the bundled model untrained.

    From nothing twice: with polygons alone, and with the tools that all the others have.
    """
    import torch

    from cascadeclip.core.engine.models import bundled_model
    from cascadeclip.core.model import load_model

    torch.set_num_threads(1)
    model = load_model(bundled_model())
    bare = replace(plan.hand, bare=True)
    zero = _engine(model)
    states: list[tuple[str, Engine | None, Hand]] = [
        (POLYGONS, None, bare),
        ("blank, all tools", None, plan.hand),
        ("random weights", _engine(scrambled(model, 0)), plan.hand),
        ("zero-shot", zero, plan.hand),
    ]
    found = []
    for name, engine, hand in states:
        one = observe(world, name, engine, hand=hand, tools=zero, guard=name == "zero-shot")
        actions = np.mean([work["actions"] for work in one.works])
        log(f"{one.name}: mIoU {100 * one.miou:.1f}, {actions:.1f} actions")
        found.append(to_json(one))
    return found


def _course(world: World, asked: Asked, order: int, log: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Run one order, or take up what an earlier command with the same options found."""

    def run() -> list[dict[str, Any]]:
        with tempfile.TemporaryDirectory(prefix="cascadeclip-simulate-") as folder:
            course = Course(world, asked.plan, order, Path(folder) / "project", log)
            return [to_json(one) for one in course.run()]

    return _once(world, asked, f"order-{order}", asdict(asked.plan), run)


def _once(
    world: World,
    asked: Asked,
    name: str,
    plan: dict[str, Any],
    work: Callable[[], list[dict[str, Any]]],
) -> list[dict[str, Any]]:
    """Return what is kept under a name for the same question, or work it out and keep it."""
    key = {**plan, "words": [word.name for word in world.words],
           "test": len(world.test), "pool": len(world.pool), "guard": len(world.guard),
           "enough": world.enough}  # fmt: skip
    kept = None if asked.out is None else asked.out / f"{name}.json"
    if kept is not None and kept.is_file():
        held = json.loads(kept.read_text(encoding="utf-8"))
        if held["key"] == json.loads(json.dumps(key)):
            known: list[dict[str, Any]] = held["found"]
            return known
    found = work()
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with replacing(kept) as draft:
            draft.write_text(json.dumps({"key": key, "found": found}), encoding="utf-8")
    return found


def _keep(
    asked: Asked,
    table: Sequence[str],
    baselines: Sequence[dict[str, Any]],
    courses: Sequence[Sequence[dict[str, Any]]],
) -> None:
    folder = asked.out
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(folder / "simulate.md") as draft:
            draft.write_text("\n".join(table) + "\n", encoding="utf-8")
        with replacing(folder / "simulate.json") as draft:
            draft.write_text(json.dumps({"baselines": baselines, "courses": courses}), "utf-8")
        if courses:
            path = folder / "simulate.png"
            draw_curve(baselines, courses, asked.plan.after, path, enough=asked.enough)
    except OSError as error:
        raise TrainingFailed(
            f"The results could not be written to {folder} ({error.strerror or error})."
        ) from error
