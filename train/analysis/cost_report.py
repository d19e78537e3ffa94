"""What a network costs, in lines, numbers and bars beside Table 12 of the paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cascadeclip.train.analysis import cost, plots
from cascadeclip.train.analysis.reports import Report

if TYPE_CHECKING:
    from cascadeclip.core.model import CascadeCLIP
    from cascadeclip.core.model.config import TextConfig
    from cascadeclip.train.analysis.speed import Speed

CONVENTION = (
    "1 MAC = 1 FLOP (fvcore); matrix products and the patch convolution; words embedded before"
)


@dataclass(frozen=True, slots=True, eq=False)
class CostTask:
    """Hold what is counted: a name, a network and its text tower's sizes, words and side."""

    title: str
    network: CascadeCLIP
    text: TextConfig
    words: int
    side: int


@dataclass(frozen=True, slots=True)
class Column:
    """Hold one way to count: MACs and parameters by part, and how many parameters learn."""

    macs: cost.Counts
    parameters: cost.Counts
    trainable: int

    def to_json(self) -> dict[str, object]:
        """Return the counts and their sums."""
        return {
            "macs": self.macs,
            "macs_total": sum(self.macs.values()),
            "parameters": self.parameters,
            "parameters_total": sum(self.parameters.values()),
            "trainable": self.trainable,
        }


def cost_report(task: CostTask, speed: Speed) -> Report:
    """Put counts and speed beside Table 12 of the paper."""
    columns = {"released": _released(task), "ours": _ours(task)}
    extra = cost.fvcore_extra(task.network.config, task.words, task.side)
    numbers: dict[str, object] = {
        "analysis": "cost",
        "network": task.title,
        "words": task.words,
        "side": task.side,
        "convention": CONVENTION,
        "paper": cost.PAPER | {"device": cost.PAPER_DEVICE},
        "fvcore_extra": extra,
        "seconds_median": speed.median,
        "seconds_fastest": speed.fastest,
        "images_per_second": speed.images_per_second,
        "device": speed.device,
        "threads": speed.threads,
    } | {name: column.to_json() for name, column in columns.items()}
    title = f"{task.title}, {task.words} words, {task.side} x {task.side}"
    lines = [f"{title}. {CONVENTION}.", *_lines(columns, extra), _speed_line(speed)]
    return Report("cost", _picture(title, columns), numbers, lines)


def _released(task: CostTask) -> Column:
    config = task.network.config
    return Column(
        macs=cost.released_macs(config, task.words, task.side),
        parameters=cost.released_parameters(config, task.text),
        trainable=cost.released_trainable(config),
    )


def _ours(task: CostTask) -> Column:
    from cascadeclip.train.learning import trainable

    found = {"image tower": 0, "prompts": 0, "text tower": 0, "decoders": 0}
    for name, parameter in task.network.named_parameters():
        part = "image tower" if name.startswith("encoder.") else "decoders"
        found["prompts" if "prompt" in name else part] += parameter.numel()
    found["text tower"] = cost.text_parameters(task.text)
    return Column(
        macs=cost.our_macs(task.network.config, task.words, task.side),
        parameters=found,
        trainable=sum(one.numel() for one in trainable(task.network, prompts=True).values()),
    )


def _unit(columns: Mapping[str, Column]) -> tuple[str, float]:
    """Choose millions where a billion would be too much."""
    small = sum(columns["released"].macs.values()) < 1e9
    return ("M", 1e6) if small else ("G", 1e9)


def _picture(title: str, columns: Mapping[str, Column]) -> plots.Picture:
    unit, scale = _unit(columns)
    return plots.bars(
        f"What one image costs: {title}",
        f"{unit} MACs; {CONVENTION}",
        {
            name: {part: count / scale for part, count in column.macs.items() if count}
            for name, column in columns.items()
        },
        unit=unit,
    )


def _lines(columns: Mapping[str, Column], extra: int) -> list[str]:
    released, ours = columns["released"], columns["ours"]
    lines = [_row("", "Table 12", "released", "here")]

    def add(name: str, scale: float, *counts: float | None) -> None:
        lines.append(_row(name, *("" if one is None else f"{one / scale:.2f}" for one in counts)))

    for part, count in released.parameters.items():
        add(f"{part}, M parameters", 1e6, None, count, ours.parameters[part])
    totals = [sum(one.parameters.values()) for one in (released, ours)]
    add("total, M parameters", 1e6, cost.PAPER["parameters"], *totals)
    add("of which learn", 1e6, cost.PAPER["trainable"], released.trainable, ours.trainable)
    unit, scale = _unit(columns)
    for part, count in released.macs.items():
        if count:
            add(f"{part}, {unit} MACs", scale, None, count, ours.macs[part])
    sums = [sum(one.macs.values()) for one in (released, ours)]
    add(f"total, {unit} MACs", scale, cost.PAPER["macs"], *sums)
    add("  with norms and enlarging", scale, None, sums[0] + extra, None)
    return lines


def _row(name: str, *cells: str) -> str:
    return f"{name:34}" + "".join(f"{one:>11}" for one in cells)


def _speed_line(speed: Speed) -> str:
    here = f"{speed.images_per_second:.2f} on {speed.device}"
    threads = f", {speed.threads} threads" if speed.device == "cpu" else ""
    paper = f"{cost.PAPER['images_per_second']} on an {cost.PAPER_DEVICE}"
    return f"images a second: {here}{threads} (median); Table 12: {paper}"
