"""The arguments of `benchmark` for published data sets; light, so that nothing waits for torch."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import TextIO

Run = Callable[[argparse.Namespace, TextIO], int]
SETTINGS = ("inductive", "transductive", "full", "cross")
SPLITS = ("released", "paper")
DATA_SETS = {"voc": "voc20", "coco-stuff": "coco-stuff", "context": "context59"}


def add_published(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], guarded: Callable[[Run], Run]
) -> None:
    """Add a subcommand for each published data set; `guarded` wraps what runs it."""
    for name, data_set in DATA_SETS.items():
        parser = commands.add_parser(name, help=f"measure a model on {data_set} as the paper does")
        _add_arguments(parser)
        if name == "context":
            parser.add_argument(
                "--split", choices=SPLITS, default="released", help="which words are unseen"
            )
        parser.set_defaults(run=guarded(run_published), data_set=data_set)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--root", type=Path, required=True, help="folder that holds the data set")
    parser.add_argument("--setting", choices=SETTINGS, default="inductive")
    parser.add_argument("--model", type=Path, default=None, help="model folder or checkpoint")
    parser.add_argument("--heads", type=int, default=None, help="heads of a checkpoint's tower")
    parser.add_argument("--limit", type=int, default=None, help="only the first images")
    parser.add_argument("--batch", type=int, default=1, help="windows at a time")
    parser.add_argument("--classes", type=Path, default=None, help="class list that must match")
    parser.add_argument("--check", action="store_true", help="only look whether all is there")
    parser.add_argument("--per-word", action="store_true", help="IoU of every word")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")


def run_published(options: argparse.Namespace, out: TextIO) -> int:
    """Print how good a model is on a published data set, or whether the set is complete."""
    import sys

    from cascadeclip.train.published_benchmark import PublishedJob, check_published, measure

    split = getattr(options, "split", None)
    chosen = {one.name: getattr(options, one.name) for one in fields(PublishedJob)}
    job = PublishedJob(**chosen)
    if split:
        job = replace(job, data_set=f"{job.data_set}-{split}")
    if options.check:
        check_published(job, out=out)
    else:
        measure(job, out=out, progress=sys.stderr)
    return 0
