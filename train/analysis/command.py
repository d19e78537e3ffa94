"""`analyse`: CKA between layers, patch similarity, cost; each writes a picture and numbers."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from cascadeclip.core.errors import AnalysisFailed

if TYPE_CHECKING:
    from cascadeclip.core.model import CascadeCLIP, LoadedModel
    from cascadeclip.train.analysis.reports import Report

Run = Callable[[argparse.Namespace, TextIO], int]
MODEL = 'a model folder, a released checkpoint, or "mini" for the bundled model'
MOST_IMAGES = 512


def add_arguments(parser: argparse.ArgumentParser, guarded: Callable[[Run], Run]) -> None:
    """Give `parser` one subcommand an analysis, each set to run through `guarded`."""
    kinds = parser.add_subparsers(required=True, metavar="ANALYSIS")
    _add_cka(kinds.add_parser("cka", help="how alike the layers are, before and after training"))
    _add_similarity(kinds.add_parser("similarity", help="which patches resemble one, by layer"))
    _add_cost(kinds.add_parser("cost", help="parameters, multiplications, images a second"))
    runs = {"cka": run_cka, "similarity": run_similarity, "cost": run_cost}
    for name, kind in kinds.choices.items():
        kind.add_argument("--out", type=Path, required=True, help="folder for picture and numbers")
        kind.set_defaults(run=guarded(runs[name]))


def _add_cka(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", help=MODEL)
    parser.add_argument("--images", type=Path, default=None, help="folder of images")
    parser.add_argument("--scenes", type=int, default=None, help="or so many generated scenes")
    parser.add_argument("--limit", type=int, default=32, help="at most so many images")
    parser.add_argument("--before", default="tower", help="tower, fresh, or another model")


def _add_similarity(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", help=MODEL)
    parser.add_argument("image", type=Path, help="an image file")
    parser.add_argument("--point", required=True, help="X,Y in pixels of the image")


def _add_cost(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", nargs="?", default=None, help=f"{MODEL}; else ViT-B/16")
    parser.add_argument("--words", type=int, default=171, help="how many words")
    parser.add_argument("--side", type=int, default=None, help="side of the image in pixels")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--repeats", type=int, default=10, help="passes that are timed")


def run_cka(options: argparse.Namespace, out: TextIO) -> int:
    """Compare all layers of a model's tower before and after training.

    Raise AnalysisFailed, ImageUnreadable or CheckpointError, before anything is written.
    """
    from cascadeclip.train.analysis import files, reports

    if (options.images is None) == (options.scenes is None):
        raise AnalysisFailed("Say which images to look at: --images FOLDER or --scenes COUNT.")
    count = options.limit if options.scenes is None else options.scenes
    if not 1 <= count <= MOST_IMAGES:
        raise AnalysisFailed(f"From 1 to {MOST_IMAGES} images can be looked at, not {count}.")
    model = files.open_model(options.model)
    before = _before(options.before, model)
    if options.images is None:
        pictures = files.draw_scenes(count)
    else:
        pictures = files.read_folder(options.images, count)
    report = reports.cka_report(model, before, options.before, files.squares(pictures, model.info))
    return _finish(report, options.out, out)


def _before(name: str, model: LoadedModel) -> CascadeCLIP:
    import copy

    import torch

    from cascadeclip.train.analysis import files

    if name not in ("tower", "fresh"):
        other = files.open_model(name).cascade
        if (other.config.layers, other.config.patch) != (
            model.cascade.config.layers,
            model.cascade.config.patch,
        ):
            raise AnalysisFailed(
                "Both models need the same number of layers and size of patches; "
                "choose the model this one was trained from."
            )
        return other
    if name == "tower" or not model.cascade.config.prompts:
        return files.without_prompts(model.cascade)
    fresh = copy.deepcopy(model.cascade)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        fresh.encoder.prompt_proj.reset_parameters()
        fresh.encoder.reset_prompts()
    return fresh


def run_similarity(options: argparse.Namespace, out: TextIO) -> int:
    """Compare the patch under a point with all patches of an image, layer by layer.

    Raise AnalysisFailed, ImageUnreadable or CheckpointError, before anything is written.
    """
    from cascadeclip.core import images
    from cascadeclip.train.analysis import files, reports
    from cascadeclip.train.analysis.similarity import read_point, resemblance

    point = read_point(options.point)
    rgb = images.open_image(options.image)
    model = files.open_model(options.model)
    found = resemblance(model, rgb, point)
    report = reports.similarity_report(model, options.image.name, rgb, point, found)
    return _finish(report, options.out, out)


def run_cost(options: argparse.Namespace, out: TextIO) -> int:
    """Count parameters and multiplications, and measure images a second, beside Table 12.

    Without a model the paper's own sizes on COCO-Stuff are taken, with random weights. Raise
    AnalysisFailed, DeviceUnavailable or CheckpointError, before anything is written.
    """
    from cascadeclip.core.engine.devices import choose_device
    from cascadeclip.core.model import CascadeCLIP, NetworkConfig
    from cascadeclip.core.model.config import TextConfig
    from cascadeclip.train.analysis import files
    from cascadeclip.train.analysis.cost import check
    from cascadeclip.train.analysis.cost_report import CostTask, cost_report
    from cascadeclip.train.analysis.speed import measure_speed

    device = choose_device(options.device)
    if options.repeats < 1:
        raise AnalysisFailed("At least one pass must be timed; raise --repeats.")
    if options.model is None:
        title, side = "ViT-B/16", options.side or 512
        check(NetworkConfig(), options.words, side)
        network, text = CascadeCLIP(NetworkConfig()), TextConfig()
    else:
        model = files.open_model(options.model)
        title, side, network = model.info.name, options.side or model.info.window, model.cascade
        check(network.config, options.words, side)
        text = TextConfig() if model.text is None else model.text.config
    speed = measure_speed(
        network, words=options.words, side=side, device=device, repeats=options.repeats
    )
    task = CostTask(title, network, text, options.words, side)
    return _finish(cost_report(task, speed), options.out, out)


def _finish(report: Report, folder: Path, out: TextIO) -> int:
    from cascadeclip.train.analysis import files

    paths = files.write_result(folder, report.name, report.picture, report.numbers)
    for line in report.lines:
        out.write(line + "\n")
    out.write(f"Wrote {paths[0]} and {paths[1].name}.\n")
    return 0
