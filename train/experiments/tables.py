"""The paper's tables of ablations: their rows as presets, settings and seeds."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.train.fit.config import Setting


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one row: what the paper calls it, our preset, the setting; `paper` is its "S / U".

    `training` are further changes of the training; more than the table's seeds are run where
    `seeds` says so.
    """

    label: str
    preset: str
    setting: Setting = "inductive"
    paper: str = ""
    training: dict[str, Any] = field(default_factory=dict)
    seeds: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Hold one table: its number, title and rows, and the preset that the paper settles on."""

    number: int
    title: str
    rows: tuple[Row, ...]
    choice: str = "cascade"


_OURS = Row("{6-8} {9-11} {12}, NGA (ours)", "cascade")
_BASE = Row("baseline {12}", "zegclip")
_MORE = 5  # seeds where the paper's main claim is at stake
_RANDOM: dict[str, Any] = {"start": "random", "rate": 1e-3}
_ALL = (
    Table(
        4,
        "Components",
        (
            dataclasses.replace(_BASE, seeds=_MORE),
            Row("+ cascaded decoders {8} {11} {12}", "no-nga"),
            dataclasses.replace(_OURS, label="+ NGA {6-8} {9-11} {12}", seeds=_MORE),
            Row("baseline, started at random", "zegclip", training=_RANDOM, seeds=_MORE),
            Row("ours, started at random", "cascade", training=_RANDOM, seeds=_MORE),
        ),
    ),
    Table(
        5,
        "How the layers are split into stages",
        (
            Row("{8-9} {10-11} {12}", "stages-8-9+10-11+12"),
            Row("{4-7} {8-11} {12}", "stages-4-7+8-11+12"),
            Row("{7-8} {9-10} {11-12}", "stages-7-8+9-10+11-12"),
            _OURS,
        ),
    ),
    Table(
        6,
        "How many decoders",
        (
            Row("1: {12}", "zegclip"),
            Row("2: {9-11} {12}", "stages-9-11+12"),
            dataclasses.replace(_OURS, label="3: {6-8} {9-11} {12}"),
            Row("4: {3-5} {6-8} {9-11} {12}", "stages-3-5+6-8+9-11+12"),
        ),
    ),
    Table(
        7,
        "Is it the decoders or the layers",
        (
            _BASE,
            Row("three decoders on {12}", "last-x3"),
            Row("one decoder on {6-12} fused", "fused"),
            Row("three decoders on {6-12} fused", "fused-x3"),
            _OURS,
        ),
    ),
    Table(
        8,
        "Aggregation inside a stage",
        (
            Row("concatenation", "concat"),
            Row("self-attention", "self-attention"),
            Row("sum", "sum"),
            Row("trainable sum", "trainable-sum"),
            Row("NGA, fixed weights", "fixed-nga"),
            dataclasses.replace(_OURS, label="NGA, trainable weights (ours)"),
        ),
    ),
    Table(
        9,
        "Projection of the words",
        (
            Row("shared by the decoders", "shared-text"),
            dataclasses.replace(_OURS, label="independent (ours)"),
        ),
    ),
    Table(
        10,
        "With other methods and settings (the paper's figures are COCO-Stuff's)",
        (
            Row("Frozen CLIP", "frozen", paper="32.3 / 32.5"),
            Row("Frozen CLIP + cascade", "frozen+cascade", paper="36.3 / 35.3"),
            Row("SPT-SEG", "spt", paper="38.0 / 40.7"),
            Row("SPT-SEG + cascade", "spt+cascade", paper="40.2 / 43.6"),
            Row("SPT-SEG, transductive", "spt", "transductive", "40.4 / 57.5"),
            Row("SPT-SEG + cascade, transductive", "spt+cascade", "transductive", "41.7 / 62.1"),
            Row("fully supervised", "zegclip", "full", "40.7 / 63.2"),
            Row("fully supervised + cascade", "cascade", "full", "41.5 / 64.0"),
            Row("ours, inductive", "cascade", paper="41.2 / 43.4"),
            Row("ours, transductive", "cascade", "transductive", "41.7 / 62.5"),
        ),
    ),
    Table(
        14,
        "Number of prompts (8 here stand for the paper's 50)",
        (
            Row("2", "prompts-2"),
            Row("4", "prompts-4"),
            dataclasses.replace(_OURS, label="8 (ours)"),
            Row("16", "prompts-16"),
        ),
    ),
    Table(
        15,
        "Further splits",
        (
            Row("{6-9} {10-12}", "stages-6-9+10-12"),
            Row("{1-2} {3-5} {6-8} {9-11} {12}", "stages-1-2+3-5+6-8+9-11+12"),
            Row("{8} {11} {12}", "no-nga"),
            _OURS,
        ),
    ),
    Table(
        16,
        "Width of the Gaussian (sigma)",
        (
            Row("0.5", "sigma-0.5"),
            dataclasses.replace(_OURS, label="1 (ours)"),
            Row("2", "sigma-2"),
            Row("4", "sigma-4"),
        ),
    ),
    Table(
        17,
        "Weights NGA starts from",
        (
            Row("1, 1, 1", "trainable-sum"),
            Row(".011, .135, .607 (Eq. 4 as printed)", "nga-as-printed"),
            dataclasses.replace(_OURS, label=".135, .607, 1 (as released)"),
        ),
    ),
    Table(
        18,
        "Weights of the loss, focal : dice",
        (
            Row("20 : 1", "loss-20-1"),
            Row("100 : 0", "loss-100-0"),
            Row("100 : 5", "loss-100-5"),
            dataclasses.replace(_OURS, label="100 : 1 (ours)"),
        ),
    ),
)
TABLES: dict[int, Table] = {table.number: table for table in _ALL}


def find_tables(wanted: str) -> tuple[Table, ...]:
    """Return the table of a number, or all for "all"; raise TrainingFailed for others."""
    if wanted == "all":
        return tuple(TABLES.values())
    if not wanted.isdecimal() or int(wanted) not in TABLES:
        numbers = ", ".join(str(number) for number in TABLES)
        raise TrainingFailed(f"There is no table {wanted!r} to run; choose all, {numbers}.")
    return (TABLES[int(wanted)],)
