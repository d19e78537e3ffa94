"""What a new word costs beside a new image: every figure from one run, side by side.

    python benchmarks/engine.py [--network mini|small|base] [--words 171] [--json]

`mini` is the bundled model where it is installed; otherwise the weights are random, which costs
the same. The image is random too. Times are medians in milliseconds, ratios say how many times
cheaper something is than encoding.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import torch

from cascadeclip.core.engine import Engine, bundled_model
from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model import LoadedModel, load_model
from cascadeclip.core.model.config import ModelInfo, NetworkConfig
from cascadeclip.core.model.network import CascadeCLIP
from cascadeclip.core.model.text import TextEncoder
from cascadeclip.core.regions import suggest
from cascadeclip.core.values import Word

SIZES = {
    "mini": NetworkConfig(
        patch=8, width=128, layers=12, heads=4, embed=128, grid=12, prompts=8,
        decoder_heads=4, decoder_ff=512,
    ),
    "small": NetworkConfig(
        patch=16, width=384, layers=12, heads=6, embed=384, grid=14, prompts=10,
        decoder_heads=6, decoder_ff=1536,
    ),
    "base": NetworkConfig(),
}  # fmt: skip


class RandomText(TextEncoder):
    """Give each phrase a random direction, so that no text tower's time is measured."""

    def __init__(self, embed: int) -> None:
        torch.nn.Module.__init__(self)
        self.embed = embed
        self.rows: dict[str, torch.Tensor] = {}

    def encode(self, phrases: Sequence[str], templates: Sequence[str]) -> torch.Tensor:
        """Return unit vectors CxE; `templates` change nothing."""
        del templates
        rows = [self.rows.setdefault(phrase, torch.randn(self.embed)) for phrase in phrases]
        return torch.nn.functional.normalize(torch.stack(rows), dim=-1)


def model_for(name: str) -> LoadedModel:
    """Return the bundled model for "mini" where it is installed, else random weights."""
    if name == "mini":
        try:
            loaded = load_model(bundled_model())
            return replace(loaded, text=RandomText(loaded.network.config.embed))
        except CheckpointError:
            pass
    config = SIZES[name]
    side = config.grid * config.patch
    info = ModelInfo(name=name, version="random", window=side, stride=max(1, side * 5 // 6))
    return LoadedModel(CascadeCLIP(config).eval(), RandomText(config.embed), info)


def timed(action: Callable[[int], object], repeats: int) -> float:
    """Return the median milliseconds of `action(turn)` over `repeats` turns, after one to warm."""
    action(repeats)
    times = []
    for turn in range(repeats):
        started = time.perf_counter()
        action(turn)
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def measure(engine: Engine, count: int, repeats: int) -> dict[str, float]:
    """Return the milliseconds of each step, and how many times cheaper than encoding it is."""
    side = engine.info.window
    image = np.random.default_rng(0).integers(0, 255, (side, side, 3), dtype=np.uint8)
    words = [Word(f"word {k}", (f"word {k}",), "#000000") for k in range(count)]
    ids = range(count)

    def first_look(turn: int) -> None:
        engine.scores(engine.encode(image, f"fresh {turn}"), words)

    # the same image under another name is another image to the caches
    figures = {"encode_ms": timed(lambda turn: engine.encode(image, f"bare {turn}"), repeats)}
    figures["encode_and_vocabulary_ms"] = timed(first_look, repeats)
    encoded = engine.encode(image, "kept")
    engine.scores(encoded, words)
    counts = (engine.encodes, engine.decodes)

    def add(turn: int) -> None:
        new = Word(f"new {turn}", (f"new {turn}",), "#000000")
        engine.scores(encoded, [*words, new])

    def decode(turn: int) -> None:
        fresh = [replace(word, phrases=(f"{word.name} {turn}",)) for word in words]
        engine.scores(encoded, fresh)

    figures["add_word_ms"] = timed(add, repeats)
    assert (engine.encodes, engine.decodes) == (counts[0], counts[1] + repeats + 1)
    figures["add_word_decode_only_ms"] = engine.last_decode_ms
    figures["vocabulary_ms"] = timed(decode, repeats)
    counts = (engine.encodes, engine.decodes)
    figures["remove_word_ms"] = timed(lambda _: engine.scores(encoded, words[1:]), repeats)
    maps = engine.scores(encoded, words)
    figures["threshold_ms"] = timed(
        lambda turn: suggest(maps, ids, threshold=0.4 + 0.01 * turn), repeats
    )
    assert (engine.encodes, engine.decodes) == counts
    encode = figures["encode_ms"]
    return figures | {
        f"{name.removesuffix('_ms')}_times_cheaper": encode / value
        for name, value in figures.items()
        if name != "encode_ms"
    }


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", choices=SIZES, default="mini")
    parser.add_argument("--words", type=int, default=171)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    torch.manual_seed(0)
    engine = Engine(model_for(options.network), device=options.device)
    figures = measure(engine, options.words, options.repeats)
    if options.json:
        about = {"network": options.network, "words": options.words, "device": engine.device}
        print(json.dumps(about | figures))
        return
    print(f"{options.network} ({engine.version}), {options.words} words, {engine.device}")
    for name, value in figures.items():
        print(f"  {name:42} {value:10.2f}")


if __name__ == "__main__":
    main()
