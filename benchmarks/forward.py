"""The whole forward pass of 171 words on a 512-pixel window: the engine against the plain method.

    python benchmarks/forward.py [--model ViT-B-16] [--words 171] [--repeats 3] [--json]

`plain_ms` is the method as it is written down, eager float32: every layer of every decoder whole,
a product each for queries, keys and values, prompts with outputs of their own; masks at the size of
the window on both sides. `engine_ms` is what
`auto` picks on this machine, `exact_ms` the engine on torch in float32. They take turns, and times
are medians in milliseconds; random weights. `agreement` is the least correlation of a word's
logits over all pixels with the plain ones, `difference` the mean difference of probabilities.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np  # noqa: E402
import torch  # noqa: E402
from numpy.typing import NDArray  # noqa: E402
from plain_cascade import PlainCascade, copy_weights  # noqa: E402
from random_models import SIZES, medians, model_for, timed  # noqa: E402
from torch import Tensor  # noqa: E402
from torch.nn import functional  # noqa: E402

from cascadeclip.core.engine.backends.base import Backend  # noqa: E402
from cascadeclip.core.engine.backends.choice import build, measure  # noqa: E402
from cascadeclip.core.engine.backends.torch_tower import TorchTower  # noqa: E402
from cascadeclip.core.model import LoadedModel  # noqa: E402
from cascadeclip.core.model.config import TextConfig  # noqa: E402
from cascadeclip.core.model.text import TextEncoder  # noqa: E402


def plain_of(model: LoadedModel) -> PlainCascade:
    """Return the plain network with the weights of `model`."""
    config = model.network.config
    words = TextConfig(width=64, heads=1, layers=1, context=8, embed=config.embed)
    plain = PlainCascade(config, words)
    copy_weights(plain, model.cascade, TextEncoder(words))
    return plain.eval()


@torch.inference_mode()
def ours(model: LoadedModel, backend: Backend, images: NDArray[np.float32], text: Tensor) -> Tensor:
    """Return logits 1xCxHxW as the engine finds them: the tower, then the decoders."""
    network = model.network
    logits = network.decode(backend.encode(images), network.project(text))
    return functional.interpolate(logits, images.shape[-2:], mode="bilinear", align_corners=False)


def agreement(got: Tensor, expected: Tensor) -> dict[str, float]:
    """Compare logits 1xCxHxW: correlation over pixels, worst word; mean difference of p."""
    rows = [logits[0].flatten(1) for logits in (got, expected)]
    centred = [row - row.mean(dim=1, keepdim=True) for row in rows]
    likeness = torch.cosine_similarity(*centred, dim=1).min()
    difference = (rows[0].sigmoid() - rows[1].sigmoid()).abs().mean()
    return {"agreement": float(likeness), "difference": float(difference)}


def compare(model: LoadedModel, count: int, repeats: int) -> dict[str, object]:
    """Return times, their ratios and how well the answers agree."""
    side = model.info.window
    images = np.random.default_rng(0).normal(size=(1, 3, side, side)).astype(np.float32)
    text = torch.nn.functional.normalize(torch.randn(count, model.network.config.embed), dim=-1)
    plain = plain_of(model)
    with tempfile.TemporaryDirectory() as folder:
        choice = measure(model, "auto", Path(folder))
        picked = build(choice.backend, model, Path(folder))
        exact = TorchTower(model.network, picked.device, exact=True)
        runs = {
            "plain_ms": torch.inference_mode()(partial(plain, torch.from_numpy(images), text)),
            "engine_ms": partial(ours, model, picked, images, text.to(picked.device)),
            "exact_ms": partial(ours, model, exact, images, text.to(picked.device)),
        }
        answers = {name: run().cpu() for name, run in runs.items()}
        times: dict[str, list[float]] = defaultdict(list)
        for _ in range(repeats):
            for name, run in runs.items():
                times[name].append(timed(run))
    found = medians(times)
    return {
        "backend": picked.name,
        "reason": choice.reason,
        **found,
        "engine_over_plain": found["engine_ms"] / found["plain_ms"],
        "exact_over_plain": found["exact_ms"] / found["plain_ms"],
        **agreement(answers["engine_ms"], answers["plain_ms"]),
        "exact_agreement": agreement(answers["exact_ms"], answers["plain_ms"])["agreement"],
    }


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=SIZES, default="ViT-B-16")
    parser.add_argument("--words", type=int, default=171)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    model = model_for(options.model, random=True)
    result = {"model": options.model, "words": options.words}
    result |= compare(model, options.words, options.repeats)
    if options.json:
        print(json.dumps(result))
        return
    for name, value in result.items():
        print(f"{name:20} {f'{value:12.4f}' if isinstance(value, float) else value}")


if __name__ == "__main__":
    main()
