"""`python -m cascadeclip.train fit`: train on a labelled set; one JSON object per line."""

from __future__ import annotations

import argparse
import dataclasses
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.train.events import Emit, Fitted, Phase, Stopped, StoppedByRequest

if TYPE_CHECKING:
    from cascadeclip.train.fit.loop import Fitter
    from cascadeclip.train.fit.world import Sources, World

MODEL, HALF = "model", "half"
_CHANGES = (
    "steps", "batch", "accumulate", "rate", "side", "amp", "seed", "workers", "save_every",
    "start", "focal_weight", "shape_weight",
)  # fmt: skip
_KINDS: dict[str, type] = {"int": int, "float": float}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of a run; whatever is not given is the recipe's."""
    from cascadeclip.train.fit.config import FitConfig

    parser.add_argument("--data", required=True, help="voc20, coco-stuff, context59-..., or mini")
    parser.add_argument("--root", type=Path, help="folder of the data set")
    parser.add_argument("--setting", default="inductive", help="inductive, transductive or full")
    parser.add_argument("--preset", default="cascade", help="variant; see the command presets")
    parser.add_argument("--clip", help="CLIP to grow from: a file, or NAME:TAG kept here")
    parser.add_argument("--model", type=Path, help="model to go on from (transductive runs)")
    parser.add_argument("--heads", type=int, help="attention heads of a released checkpoint")
    parser.add_argument("--classes", type=Path, help="list of words that must be the set's")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--resume", action="store_true", help="go on with the run in --out")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--stop-file", type=Path, help="stop when this file appears")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the recipe's steps")
    kinds = {field.name: str(field.type) for field in dataclasses.fields(FitConfig)}
    for name in _CHANGES:
        flag = "--" + name.replace("_", "-")
        parser.add_argument(flag, type=_KINDS.get(kinds[name], str), help="instead of the recipe's")


def run(options: argparse.Namespace, emit: Emit, stopped: Stopped) -> None:
    """Train as the options say; raise StoppedByRequest after a stop, the state being kept."""
    from cascadeclip.train.fit.config import FitConfig
    from cascadeclip.train.fit.world import Sources, base_config, build_world
    from cascadeclip.train.parallel import joined, pick_device
    from cascadeclip.train.presets import find_preset

    preset = find_preset(options.preset)
    changes: dict[str, Any] = {
        name: getattr(options, name) for name in _CHANGES if getattr(options, name) is not None
    }
    config = preset.fit_config(base_config(options.data, options.setting, options.scale))
    config = FitConfig.changed(config, changes)
    sources = Sources(options.root, options.clip, options.model, options.heads, options.classes)
    _check_request(config, sources, options)
    with joined(options.device) as peers:
        device = pick_device(options.device)
        emit(Phase("loading"))
        world = build_world(config, preset, sources)
        from cascadeclip.train.fit.loop import Fitter, Lesson, Place

        lesson = Lesson(world.examples, world.words, world.crops)
        place = Place(device, peers, options.out)
        fitter = Fitter(world.network, lesson, config, place)
        if not options.resume:
            _refuse_started(options.out)
        if not (options.resume and fitter.resume()) and sources.model is None:
            fitter.begin()
        _train(fitter, world, options.out, emit, stopped)


def _train(fitter: Fitter, world: World, out: Path, emit: Emit, stopped: Stopped) -> None:
    """Run to the end and write the model; on the way the one that self-training starts from."""
    config, leads = fitter.config, fitter.place.peers.leads
    emit(Phase("training"))
    began = time.monotonic()

    def at(step: int) -> None:
        if leads and config.setting == "inductive" and step == config.steps // 2:
            _write(fitter, world, out / HALF)

    if not fitter.run(emit, stopped, at):
        raise StoppedByRequest(
            f"Stopped after step {fitter.step}; the same command with --resume goes on."
        )
    if leads:
        _write(fitter, world, out / MODEL)
        loss = fitter.losses[-1] if fitter.losses else math.nan
        seconds = round(time.monotonic() - began, 1)
        emit(Fitted(str(out / MODEL), config.steps, loss, seconds))


def _write(fitter: Fitter, world: World, folder: Path) -> None:
    import torch

    from cascadeclip.core.model import save_model

    # Whole precision: a run that goes on from here goes on from these very numbers.
    save_model(folder, fitter.learner.network, world.text(), world.info, dtype=torch.float32)
    settings = folder / "fit.json"
    settings.write_text(fitter.config.to_json() + "\n", encoding="utf-8")


def _check_request(config: Any, sources: Sources, options: argparse.Namespace) -> None:  # noqa: ANN401
    if config.setting == "transductive" and sources.model is None:
        raise TrainingFailed(
            "Self-training goes on from half of an inductive run: say --model RUN/half."
        )
    if options.out.exists() and not options.out.is_dir():
        raise TrainingFailed(f"{options.out.name} is a file; choose a folder for --out.")


def _refuse_started(out: Path) -> None:
    from cascadeclip.train.fit.state import STATE

    if (out / STATE).exists() or (out / MODEL).exists():
        raise TrainingFailed(
            f"There is a run in {out.name} already: add --resume to go on, or choose another --out."
        )


def add_preset_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command that prints presets."""
    parser.add_argument("name", nargs="?", help="one preset, with its full configuration")
    parser.add_argument("--data", default="coco-stuff", help="whose recipe it stands on")
    parser.add_argument("--setting", default="inductive")


def describe_presets(options: argparse.Namespace) -> list[str]:
    """List the presets, or everything one of them sets."""
    from cascadeclip.train.fit.world import base_config, base_network
    from cascadeclip.train.presets import PRESETS, find_preset, full_configuration

    if options.name is None:
        wide = max(len(name) for name in PRESETS)
        return [f"{preset.name:<{wide}}  {preset.about}" for preset in PRESETS.values()]
    base = base_config(options.data, options.setting)
    return full_configuration(find_preset(options.name), base_network(options.data), base)
