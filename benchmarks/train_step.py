"""What a training step costs beside a plain eager implementation of the same model, in one run.

    python benchmarks/train_step.py [--words 20] [--side 512] [--batch 1] [--device cpu] [--json]

`ours` is what this program trains with: text embeddings that were computed once, no output for
prompt tokens, fused attention, decoders without what cannot reach their maps, losses with their
gradient found on the way. `plain` is benchmarks/plain_cascade.py. Both hold the same random
weights and must find the same loss before a second is measured. A step is forward, loss,
backward and AdamW over what learns (prompts and decoders), with dropout; the two take turns, and
the first turn of each is not counted. Beside seconds on the clock stand those of the processor,
all cores together, which another program on the same cores changes much less.

Memory is measured in a process of its own for each. `peak` is the largest resident set (on CUDA:
the largest allocation) of a process that makes two steps, less its size after the imports, so it
holds weights, gradients, the optimiser's state and everything a step keeps. `saved` is what the
backward pass of one step holds on to: the bytes of all saved tensors but the weights, each
storage once.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Read when torch is loaded: as in a retraining, and threads that spin would count as work.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch  # noqa: E402
from plain_cascade import PlainCascade, copy_weights, plain_loss  # noqa: E402
from torch import Tensor, nn  # noqa: E402

from cascadeclip.core.model.config import NetworkConfig, TextConfig  # noqa: E402
from cascadeclip.core.model.network import CascadeCLIP  # noqa: E402
from cascadeclip.core.model.text import TextEncoder  # noqa: E402
from cascadeclip.train.learning import trainable  # noqa: E402
from cascadeclip.train.losses import cascade_loss  # noqa: E402

AGREE = 1e-4
START, END = 49406, 49407
KINDS = ("clock_min", "clock_median", "cpu_min", "cpu_median")
Step = Callable[[], dict[str, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Hold one batch: images Bx3xHxW, labels BxHxW, token ids CxL, text embeddings CxE."""

    images: Tensor
    labels: Tensor
    tokens: Tensor
    text: Tensor


@dataclass(frozen=True, slots=True)
class Sizes:
    """Hold what is built and fed; the defaults are ViT-B/16 at 512 with 20 words."""

    network: NetworkConfig
    text: TextConfig
    side: int = 512
    batch: int = 1
    words: int = 20
    device: str = "cpu"


def build_ours(sizes: Sizes) -> tuple[CascadeCLIP, TextEncoder]:
    """Build the program's network, learning as in training, and the text tower it was fed by."""
    network = CascadeCLIP(sizes.network).requires_grad_(False)
    for parameter in trainable(network, prompts=True).values():
        parameter.requires_grad_(True)
    return network.to(sizes.device), TextEncoder(sizes.text).to(sizes.device)


def build_plain(sizes: Sizes) -> PlainCascade:
    """Build the plain model with weights of its own."""
    return PlainCascade(sizes.network, sizes.text).to(sizes.device)


def make_task(sizes: Sizes, text: TextEncoder | None) -> Task:
    """Draw a batch: noise, a chessboard of words under an ignored strip, five-token phrases."""
    side, count, context = sizes.side, sizes.words, sizes.text.context
    coarse = torch.randint(0, count, (sizes.batch, 16, 16))
    places = torch.arange(side) * 16 // side
    labels = coarse[:, places][:, :, places]
    labels[:, : side // 16] = 255
    tokens = torch.zeros(count, context, dtype=torch.long)
    tokens[:, 0], tokens[:, 6] = START, END
    tokens[:, 1:6] = torch.randint(1, START, (count, 5))
    embeddings = torch.randn(count, sizes.network.embed)
    if text is not None:
        with torch.no_grad():
            embeddings = text(tokens.to(sizes.device)).cpu()
    return Task(
        images=torch.randn(sizes.batch, 3, side, side).to(sizes.device),
        labels=labels.to(sizes.device),
        tokens=tokens.to(sizes.device),
        text=nn.functional.normalize(embeddings, dim=-1).to(sizes.device),
    )


def ours_loss(network: CascadeCLIP, task: Task) -> Tensor:
    """Return the program's loss of a batch."""
    return torch.stack(
        list(cascade_loss(network(task.images, task.text), task.labels).values())
    ).sum()


def full_loss(plain: PlainCascade, task: Task) -> Tensor:
    """Return the plain model's loss of a batch, words encoded anew."""
    return plain_loss(plain(task.images, plain.words(task.tokens)), task.labels)


def _now(device: str) -> tuple[float, float]:
    """Return the clock's seconds and the processor's."""
    if device.startswith("cuda"):
        torch.cuda.synchronize()
    return time.perf_counter(), time.process_time()


def _spent(device: str, since: tuple[float, float], name: str = "") -> dict[str, float]:
    clock, processor = _now(device)
    return {f"{name}_clock": clock - since[0], f"{name}_cpu": processor - since[1]}


def _optimiser(model: nn.Module, *, fused: bool) -> torch.optim.Optimizer:
    learning = [one for one in model.parameters() if one.requires_grad]
    return torch.optim.AdamW(learning, lr=2e-4, weight_decay=0.01, fused=fused)


def ours_step(network: CascadeCLIP, task: Task, device: str) -> Step:
    """Return a function that makes one step of the program's and tells its seconds."""
    optimiser = _optimiser(network.train(), fused=True)

    def step() -> dict[str, float]:
        started = _now(device)
        optimiser.zero_grad(set_to_none=True)
        ours_loss(network, task).backward()
        optimiser.step()
        return _spent(device, started)

    return step


def plain_step(plain: PlainCascade, task: Task, device: str) -> Step:
    """Return a function that makes one plain step and tells its seconds, with and without text."""
    optimiser = _optimiser(plain.train(), fused=False)

    def step() -> dict[str, float]:
        started = _now(device)
        text = plain.words(task.tokens)
        encoded = _now(device)
        optimiser.zero_grad(set_to_none=True)
        plain_loss(plain(task.images, text), task.labels).backward()
        optimiser.step()
        return _spent(device, started) | _spent(device, encoded, "_without_text")

    return step


def agreement(network: CascadeCLIP, plain: PlainCascade, task: Task) -> dict[str, float]:
    """Return both losses without dropout; raise ValueError where they are not the same."""
    network.eval()
    plain.eval()
    with torch.no_grad():
        ours, theirs = float(ours_loss(network, task)), float(full_loss(plain, task))
    if not abs(ours - theirs) <= AGREE * max(1.0, abs(theirs)):
        raise ValueError(f"the losses differ: {ours} and {theirs}; mend plain_cascade.py first")
    return {"loss_ours": ours, "loss_plain": theirs}


def measure_seconds(sizes: Sizes, repeats: int) -> dict[str, float]:
    """Time both in turns; return minima, medians and ratios, and the losses they agreed on."""
    torch.manual_seed(0)
    network, text = build_ours(sizes)
    plain = build_plain(sizes)
    copy_weights(plain, network, text)
    task = make_task(sizes, text)
    figures = agreement(network, plain, task)
    steps = {
        "ours": ours_step(network, task, sizes.device),
        "plain": plain_step(plain, task, sizes.device),
    }
    seconds: dict[str, list[float]] = defaultdict(list)
    for turn in range(repeats + 1):
        for name, step in steps.items():
            spent = step()
            for kind, value in spent.items() if turn else ():
                seconds[name + kind].append(value)
    return figures | summed_up(seconds)


def summed_up(seconds: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Return minimum and median of every list, and how many times more plain takes than ours."""
    figures: dict[str, float] = {}
    for name, values in seconds.items():
        figures[f"{name}_min_s"] = min(values)
        figures[f"{name}_median_s"] = statistics.median(values)
    for text in ("", "_without_text"):
        for kind in KINDS:
            ours, plain = figures[f"ours_{kind}_s"], figures[f"plain{text}_{kind}_s"]
            figures[f"times_faster{text}_{kind}"] = plain / ours
    return figures


def saved_bytes(loss: Callable[[], Tensor], model: nn.Module) -> int:
    """Count the bytes the backward pass of `loss` keeps, each storage once, weights left out."""
    weights = {one.untyped_storage().data_ptr() for one in model.parameters()}
    kept: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        value = loss()
    total = sum(kept.values())
    del value
    return total


def _load() -> float:
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")


def _resident() -> tuple[int, int]:
    """Return the resident set now and at its largest, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage would count what the parent held when it started this process
        rows = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return tuple(1024 * int(rows[key].split()[0]) for key in ("VmRSS", "VmHWM"))
    import resource  # not on every system

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak *= 1 if sys.platform == "darwin" else 1024
    return peak, peak


def measure_memory(name: str, sizes: Sizes) -> dict[str, int]:
    """Return the peak and the saved bytes of one implementation; call it in a fresh process."""
    before, _ = _resident()
    torch.manual_seed(0)
    task = make_task(sizes, None)
    if name == "ours":
        model: nn.Module = build_ours(sizes)[0]
        step = ours_step(model, task, sizes.device)
        saved = saved_bytes(lambda: ours_loss(model, task), model)
    else:
        model = build_plain(sizes)
        step = plain_step(model, task, sizes.device)
        saved = saved_bytes(lambda: full_loss(model, task), model)
    gc.collect()
    step()
    step()
    if sizes.device.startswith("cuda"):
        return {"peak": torch.cuda.max_memory_allocated(), "saved": saved}
    return {"peak": _resident()[1] - before, "saved": saved}


def compare_memory(arguments: list[str]) -> dict[str, float]:
    """Run this script once for each implementation and return bytes and ratios."""
    found = {}
    for name in ("ours", "plain"):
        command = [sys.executable, __file__, *arguments, "--memory-of", name]
        answer = subprocess.run(command, capture_output=True, text=True, check=True)
        found[name] = json.loads(answer.stdout.splitlines()[-1])
    figures: dict[str, float] = {}
    for kind in ("peak", "saved"):
        ours, plain = found["ours"][kind], found["plain"][kind]
        figures |= {f"ours_{kind}_bytes": ours, f"plain_{kind}_bytes": plain}
        figures[f"times_less_{kind}"] = plain / ours
    return figures


def read_options(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, value in (
        ("side", 512), ("batch", 1), ("words", 20), ("repeats", 5), ("patch", 16),
        ("width", 768), ("layers", 12), ("heads", 12), ("embed", 512), ("prompts", 50),
        ("text-width", 512), ("text-layers", 12), ("decoder-ff", 2048),
    ):  # fmt: skip
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--memory-of", choices=["ours", "plain"], help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def sizes_of(options: argparse.Namespace) -> Sizes:
    """Turn options into sizes: the paper's stages are counted back from the last block."""
    last = options.layers - 1
    network = NetworkConfig(
        patch=options.patch,
        width=options.width,
        layers=options.layers,
        heads=options.heads,
        embed=options.embed,
        grid=options.side // options.patch,
        prompts=options.prompts,
        decoder_ff=options.decoder_ff,
        stages=(tuple(range(last - 6, last - 3)), tuple(range(last - 3, last)), (last,)),
    )
    text = TextConfig(width=options.text_width, layers=options.text_layers, embed=options.embed)
    return Sizes(network, text, options.side, options.batch, options.words, options.device)


def print_table(figures: dict[str, float], options: argparse.Namespace) -> None:
    """Print both beside each other."""
    print(
        f"width {options.width}, {options.side} x {options.side}, patch {options.patch}, batch "
        f"{options.batch}, {options.words} words, {options.device}, {torch.get_num_threads()} "
        f"threads, load {figures['load_before']:.2f} before and {figures['load_after']:.2f} after"
    )
    print(f"losses {figures['loss_ours']:.6f} and {figures['loss_plain']:.6f}")
    print(f"{'':42}{'ours':>10}{'plain':>10}{'ratio':>8}")
    for kind in KINDS:
        ours = figures[f"ours_{kind}_s"]
        for name, title in (("", "seconds a step"), ("_without_text", "  words encoded before")):
            theirs, ratio = figures[f"plain{name}_{kind}_s"], f"times_faster{name}_{kind}"
            label = f"{title}, {kind.replace('_', ', ')}"
            print(f"{label:42}{ours:10.3f}{theirs:10.3f}{figures[ratio]:8.2f}")
    for kind in ("peak", "saved"):
        ours, theirs = (figures[f"{name}_{kind}_bytes"] / 2**20 for name in ("ours", "plain"))
        ratio = figures[f"times_less_{kind}"]
        print(f"{'memory in MiB, ' + kind:42}{ours:10.0f}{theirs:10.0f}{ratio:8.2f}")


def main() -> None:
    """Read the options, measure, print."""
    options = read_options()
    sizes = sizes_of(options)
    if options.memory_of:
        print(json.dumps(measure_memory(options.memory_of, sizes)))
        return
    figures: dict[str, float] = {"load_before": _load()}
    figures |= compare_memory(sys.argv[1:])
    figures |= measure_seconds(sizes, options.repeats)
    figures["load_after"] = _load()
    if options.json:
        about = {"options": vars(options), "threads": torch.get_num_threads()}
        print(json.dumps(about | figures))
        return
    print_table(figures, options)


if __name__ == "__main__":
    main()
