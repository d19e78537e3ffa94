"""The options of `simulate`, apart from what is slow to import."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `simulate`."""
    parser.add_argument("--project", type=Path, default=None, help="a project with its truth")
    parser.add_argument(
        "--recipe",
        default="quick",
        help="calibrate, prototypes, pixels, quick, self-training or full",
    )
    parser.add_argument("--steps", type=int, default=None, help="steps instead of the recipe's")
    parser.add_argument("--after", default="5,10,20", help="corrected images at which it learns")
    parser.add_argument("--orders", type=int, default=5, help="orders of the images")
    parser.add_argument("--test", type=int, default=20, help="images that only measure")
    parser.add_argument("--noise", type=float, default=0.0, help="share of mislabelled accepts")
    parser.add_argument("--jitter", type=float, default=0.05, help="error of clicks, of a region")
    parser.add_argument("--enough", type=float, default=0.9, help="IoU every word must reach")
    parser.add_argument("--never", action="append", default=[], help="a word nobody corrects")
    parser.add_argument("--out", type=Path, default=None, help="folder of table, curve and figures")
