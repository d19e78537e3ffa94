"""Which backend runs a model on this machine: measured once, remembered, explained.

A candidate is offered when it ran and its maps agree with torch in float32 on the processor: the
correlation of the logits of probe words over all patches of probe images is at least AGREEMENT.
Correlation, since what a person sees is which patches stand out; a threshold makes up for a shift.
"""

from __future__ import annotations

import json
import logging
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from cascadeclip.core.engine.backends.onnx_files import tower_file
from cascadeclip.core.engine.backends.onnx_tower import OnnxTower
from cascadeclip.core.engine.backends.torch_tower import TorchTower
from cascadeclip.core.engine.devices import cuda_works
from cascadeclip.core.replacing import replacing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cascadeclip.core.engine.backends.base import Backend
    from cascadeclip.core.model.checkpoint import LoadedModel
    from cascadeclip.core.model.network import Features

AGREEMENT = 0.99
_PROBE_WORDS = 8
_RUNS = 3
_VERSION = 1

_log = logging.getLogger(__name__)
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Measured:
    """Hold what trying a candidate gave: `ms` per window, `agreement`, or why it is not offered."""

    ms: float | None = None
    agreement: float | None = None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Hold the candidate that runs a model here, one sentence that says why, and all figures."""

    backend: str
    reason: str
    measured: Mapping[str, Measured]


@dataclass(frozen=True, slots=True)
class _Trial:
    model: LoadedModel
    folder: Path

    @property
    def side(self) -> int:
        return self.model.info.window


def _torch(trial: _Trial, device: str, *, compiled: bool = False) -> Backend:
    network = trial.model.network
    return TorchTower(network, next(network.parameters()).device, compiled=compiled)


def _onnx(trial: _Trial, device: str, *, precision: str) -> Backend:
    network = trial.model.network
    # A tower on the card cannot be exported from there as it lies: the file is made from a copy.
    file = tower_file(network.cpu(), trial.side, precision, trial.folder)
    network.to(device)
    return OnnxTower(file, network.config.patch, torch.device(device), precision)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Hold the device a way to run the tower needs, and how it is built."""

    device: str
    build: Callable[[_Trial, str], Backend]


CANDIDATES: Mapping[str, Candidate] = {
    "torch-cpu": Candidate("cpu", _torch),
    "onnx-cpu": Candidate("cpu", partial(_onnx, precision="fp32")),
    "onnx-cpu-int8": Candidate("cpu", partial(_onnx, precision="int8")),
    "torch-cuda": Candidate("cuda", _torch),
    "torch-cuda-compiled": Candidate("cuda", partial(_torch, compiled=True)),
    "onnx-cuda": Candidate("cuda", partial(_onnx, precision="fp16")),
}


def build(name: str, model: LoadedModel, folder: Path) -> Backend:
    """Build the candidate `name` of a model; files that it needs are made below `folder`.

    The model's network moves to the candidate's device. Whatever its libraries raise goes through.
    """
    candidate = CANDIDATES[name]
    model.network.to(candidate.device)
    return candidate.build(_Trial(model, folder), candidate.device)


def place(model: LoadedModel, cache: Path) -> Path:
    """Return the folder of what was prepared for a model."""
    about = f"{model.digest[:16]}-{model.info.window}"
    return cache / "towers" / about


def remembered(model: LoadedModel, device: str, cache: Path) -> Choice | None:
    """Return what was chosen for the model on this machine as it is now, or None."""
    return _read(_note(model, device, cache))


def _read(note: Path) -> Choice | None:
    try:
        data = json.loads(note.read_text(encoding="utf-8"))
        if data["machine"] != machine() or data["choice"]["backend"] not in CANDIDATES:
            return None
        found = data["choice"]
        measured = {name: Measured(**one) for name, one in found["measured"].items()}
        return Choice(str(found["backend"]), str(found["reason"]), measured)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # never measured, or a note of another version: it is measured again


def choices(cache: Path) -> list[tuple[str, Choice]]:
    """Return what was chosen on this machine as it is now: the model and device, and the choice.

    Nothing is loaded: models are named by the beginning of their digest.
    """
    found = []
    for note in sorted((cache / "towers").glob("*/choice-*.json")):
        choice = _read(note)
        if choice is not None:
            device = note.stem.removeprefix("choice-")
            found.append((f"{note.parent.name[:8]} on {device}", choice))
    return found


def measure(model: LoadedModel, device: str, cache: Path, say: Say | None = None) -> Choice:
    """Try every candidate that `device` ("auto", "cpu", "cuda") allows; choose and remember.

    Candidates take turns, so that a busy machine is unfair to none; the fastest that agrees wins.
    `say` gets a line about each. The model's network ends on the processor.
    """
    tell = say or _log.info
    wanted = [name for name, one in CANDIDATES.items() if device in ("auto", one.device)]
    if device != "cpu" and not cuda_works():
        wanted = [name for name in wanted if CANDIDATES[name].device != "cuda"]
    model.network.cpu()
    images, words = _probes(model)
    logits = _logits(
        model, TorchTower(model.network, torch.device("cpu"), exact=True), images, words
    )
    measured: dict[str, Measured] = {}
    for name in wanted:
        tell(f"Trying {name} ...")
        measured[name] = _try(name, model, place(model, cache), images, words, logits)
        tell(f"{name}: {_outcome(measured[name])}")
    model.network.cpu()
    choice = _choose(measured)
    _remember(_note(model, device, cache), choice)
    return choice


def machine() -> str:
    """Name what the figures depend on: processor, cores, cards, versions of the runtimes."""
    import onnxruntime

    card = torch.cuda.get_device_name() if torch.cuda.is_available() else "no card"
    return (
        f"{_processor()}, {os.cpu_count()} cores, {card}, torch {torch.__version__}, "
        f"onnxruntime {onnxruntime.__version__}, {_VERSION}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _probes(model: LoadedModel) -> tuple[NDArray[np.float32], torch.Tensor]:
    """Return a window of soft and hard forms, normalised 1x3xSxS, and unit vectors CxE."""
    side = model.info.window
    random = np.random.default_rng(0)
    image = np.zeros((3, side, side), np.float32)
    for cells in (2, 4, 8, 16, 32):
        grid = torch.from_numpy(random.normal(size=(1, 3, cells, cells)).astype(np.float32))
        how = "nearest" if cells % 3 == 1 else "bilinear"
        image += functional.interpolate(grid, (side, side), mode=how)[0].numpy() / cells**0.5
    words = torch.from_numpy(random.normal(size=(_PROBE_WORDS, model.network.config.embed)))
    return image[None], functional.normalize(words.float(), dim=-1)


@torch.inference_mode()
def _logits(
    model: LoadedModel, backend: Backend, images: NDArray[np.float32], words: torch.Tensor
) -> NDArray[np.float32]:
    features: Features = backend.encode(images)
    logits = model.network.decode(features, words.to(features.cls.device))
    return np.asarray(logits.float().cpu().numpy())


def _try(
    name: str,
    model: LoadedModel,
    folder: Path,
    images: NDArray[np.float32],
    words: torch.Tensor,
    expected: NDArray[np.float32],
) -> Measured:
    try:
        backend = build(name, model, folder)
        agreement = _correlation(_logits(model, backend, images, words), expected)
        if not agreement >= AGREEMENT:
            return Measured(None, agreement, f"its maps agree only {agreement:.3f}")
        return Measured(_milliseconds(backend, images), agreement)
    except Exception as error:  # noqa: BLE001 - a driver, a compiler, a runtime: any may fail
        _log.info("%s does not work here", name, exc_info=True)
        return Measured(refused=str(error).strip().partition("\n")[0] or type(error).__name__)


def _milliseconds(backend: Backend, images: NDArray[np.float32]) -> float:
    times = []
    for _ in range(_RUNS):
        started = time.perf_counter()
        backend.encode(images)
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def _correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Return the least correlation over words, each over all patches."""
    first, second = (
        grid.reshape(-1, *grid.shape[-2:]).reshape(grid.shape[0] * grid.shape[1], -1)
        for grid in (one, other)
    )
    first = first - first.mean(axis=1, keepdims=True)
    second = second - second.mean(axis=1, keepdims=True)
    length = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    return float(((first * second).sum(axis=1) / length).min())


def _choose(measured: Mapping[str, Measured]) -> Choice:
    fit = {name: one.ms for name, one in measured.items() if one.ms is not None}
    best = min(fit, key=fit.__getitem__) if fit else "torch-cpu"
    others = ", ".join(f"{name} {ms:.0f}" for name, ms in fit.items() if name != best)
    reason = f"{fit[best]:.0f} ms a window; {others or 'nothing else works'}" if fit else ""
    return Choice(best, reason, measured)


def _outcome(one: Measured) -> str:
    return one.refused or f"{one.ms:.0f} ms a window, agreement {one.agreement:.4f}"


def _note(model: LoadedModel, device: str, cache: Path) -> Path:
    return place(model, cache) / f"choice-{device}.json"


def _remember(note: Path, choice: Choice) -> None:
    measured = {name: asdict(one) for name, one in choice.measured.items()}
    data = {
        "machine": machine(),
        "choice": {"backend": choice.backend, "reason": choice.reason, "measured": measured},
    }
    with replacing(note) as draft:
        draft.write_text(json.dumps(data, indent=1), encoding="utf-8")
