"""What a new word costs beside a new image: every figure from one run, side by side.

    python benchmarks/redecode.py --model ViT-B-16 --random-weights [--repeats 5] [--json]

An image of one window is encoded afresh, a vocabulary of 171 words is decoded for it, a phrase is
added to 20 words and one is removed, again and again; times are medians in milliseconds and hold
all that the engine does until score maps lie there. Encoding and decoding run in float32 on the
same backend; `encode_int8_ms` beside them is the tower in int8, where that is offered. Ratios say
how many times cheaper something is than encoding. The mini model comes without --random-weights.
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
from random_models import SIZES, medians, model_for, timed  # noqa: E402

from cascadeclip.core.engine import Engine  # noqa: E402
from cascadeclip.core.engine.backends.choice import build, measure  # noqa: E402
from cascadeclip.core.model import LoadedModel  # noqa: E402
from cascadeclip.core.values import Word  # noqa: E402

WORDS = 171
FEW = 20


def _words(prefix: str, count: int) -> list[Word]:
    names = [f"{prefix} {number}" for number in range(count)]
    return [Word(name, (name,), "#000000") for name in names]


def redecode(engine: Engine, repeats: int) -> dict[str, float]:
    """Return the median milliseconds of every step; the tower runs once per encoding."""
    side = engine.info.window
    random = np.random.default_rng(0)
    image = random.integers(0, 255, (side, side, 3), dtype=np.uint8)
    words = _words("word", WORDS)
    times: dict[str, list[float]] = defaultdict(list)
    engine.scores(engine.encode(image, "warm"), words)
    for turn in range(repeats):
        before = (engine.encodes, engine.decodes)
        times["encode_ms"].append(timed(partial(engine.encode, image, f"fresh {turn}")))
        fresh = engine.encode(image, f"fresh {turn}")
        (new,) = _words(f"new {turn}", 1)
        times["vocabulary_171_ms"].append(timed(partial(engine.scores, fresh, words)))
        times["add_phrase_ms"].append(timed(partial(engine.scores, fresh, [*words[:FEW], new])))
        times["remove_phrase_ms"].append(timed(partial(engine.scores, fresh, words[1:FEW])))
        assert (engine.encodes, engine.decodes) == (before[0] + 1, before[1] + 1 + WORDS)
    return medians(times)


def int8_ms(model: LoadedModel, repeats: int) -> dict[str, float]:
    """Return the milliseconds of a window in int8, and how well its maps agree with float32."""
    side = model.info.window
    images = np.random.default_rng(0).normal(size=(1, 3, side, side)).astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        found = measure(model, "cpu", Path(folder)).measured["onnx-cpu-int8"]
        if found.ms is None:
            return {}
        backend = build("onnx-cpu-int8", model, Path(folder))
        times = [timed(lambda: backend.encode(images)) for _ in range(repeats)]
    return {
        "encode_int8_ms": medians({"ms": times})["ms"],
        "int8_agreement": found.agreement or 0.0,
    }


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=SIZES, default="mini")
    parser.add_argument("--random-weights", action="store_true")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--no-int8", action="store_true", help="leave the int8 figures out")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    if options.model != "mini" and not options.random_weights:
        parser.error(f"only random weights of {options.model} are at hand: add --random-weights")
    model = model_for(options.model, random=options.random_weights)
    engine = Engine(model, device=options.device)
    figures = redecode(engine, options.repeats)
    steps = [name for name in figures if name != "encode_ms"]
    ratios = {f"{name[:-3]}_times_cheaper": figures["encode_ms"] / figures[name] for name in steps}
    about = {"model": options.model, "backend": engine.backend}
    eight = {} if options.no_int8 else int8_ms(model, options.repeats)
    result = about | figures | ratios | eight
    if options.json:
        print(json.dumps(result))
        return
    for name, value in result.items():
        print(f"{name:36} {value if isinstance(value, str) else f'{value:12.3f}'}")


if __name__ == "__main__":
    main()
