"""How much memory the program takes: with the real window, over many images, with huge ones.

    python benchmarks/memory.py [--model ViT-B-16] [--tower onnx-cpu] [--part NAME ...] [--json]

Every part is a process of its own with a home of its own; its model has random weights, since what
takes memory is the size. `resident_mib` is VmRSS, `peak_mib` the most that it was since the phase
before (Linux). Parts:

- window: the real window on one image of 12 megapixels, by phase: imports, model loaded, image
  open, encoded (suggestions of the project's word stand), words decoded (three more are typed),
  after rest (the text tower was let go). Exit code 1 when more than 2 GiB are resident after rest.
- large: the same with an image of 100 megapixels; the limit does not count.
- switches: 2,000 times the next of a few images by the engine with the bundled model: resident
  after a tenth and at the end, and the most that the caches held. Exit code 1 when they held more
  than their stated bytes, or resident memory grew by more than 5 %.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
from ui_latency import spin

LIMIT_MIB = 2048.0
GROWTH = 1.05
WORD, TYPED = "cat", "dog, house, blue car"
PARTS = ("window", "large", "switches")
TOWERS = ("torch-cpu", "onnx-cpu", "onnx-cpu-int8")
MEBI = 1 << 20
PATIENCE = 600.0
SWITCHED = 0.4
"""Megapixels of the images that are switched between."""


def resident() -> dict[str, float]:
    """Return what this process holds now and the most since the last call, in MiB (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = dict(line.split(":", 1) for line in status.splitlines() if line.startswith("Vm"))
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
    names = {"resident_mib": "VmRSS", "peak_mib": "VmHWM"}
    return {name: int(found[key].split()[0]) / 1024 for name, key in names.items()}


def make_image(path: Path, megapixels: float, seed: int = 0) -> None:
    """Write a JPEG of 4 to 3 with soft forms and hard edges."""
    height = max(16, round((megapixels * 1e6 * 3 / 4) ** 0.5))
    width = max(16, round(height * 4 / 3))
    random = np.random.default_rng(seed)
    small = random.integers(0, 256, (12, 16, 3), dtype=np.uint8)
    pixels = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    for colour in random.integers(0, 256, (6, 3)):
        at = (int(random.integers(width)), int(random.integers(height)))
        cv2.circle(pixels, at, height // 6, [int(one) for one in colour], -1)
    cv2.imwrite(str(path), pixels)


def prepare(home: Path, model: str, tower: str, megapixels: float) -> None:
    """Make a project with one image and one word, and a random model that is its active one."""
    import random_models
    import torch

    from cascadeclip.core.engine.backends import choice
    from cascadeclip.core.model import load_model, save_model
    from cascadeclip.core.model.config import TextConfig
    from cascadeclip.core.model.text import TextEncoder
    from cascadeclip.core.places import cache_folder
    from cascadeclip.core.project import Project

    folder = home / "project"
    made = random_models.model_for(model, random=True)
    text = TextEncoder(TextConfig(embed=made.network.config.embed))
    torch.nn.init.normal_(text.token_embedding.weight, std=0.02)
    (folder / "images").mkdir(parents=True)
    make_image(folder / "images" / "one.jpg", megapixels)
    save_model(folder / "models" / "random", made.network, text, made.info)
    with Project.create(folder) as project:
        project.images.add_many([folder / "images" / "one.jpg"])
        project.classes.add(WORD)
        row = project.versions.add("random", folder="models/random", recipe="none", metrics={})
        project.versions.activate(row.id)
    loaded = load_model(folder / "models" / "random")
    choice.build(tower, loaded, choice.place(loaded, cache_folder()))
    note = choice._note(loaded, "auto", cache_folder())
    choice._remember(note, choice.Choice(tower, "asked for", {}))


def window(home: Path, rest_seconds: float | None) -> dict[str, object]:
    """Do with the real window what a person does; return memory by phase."""
    from PySide6.QtWidgets import QApplication

    from cascadeclip.app.presenters import suggesting
    from cascadeclip.app.theme import Theme
    from cascadeclip.app.window import place
    from cascadeclip.app.window.assembly import Assembly

    if rest_seconds is not None:
        suggesting.REST_MILLISECONDS = round(1000 * rest_seconds)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    Theme(application)  # type: ignore[arg-type]
    place.data_folder = lambda: home / "data"
    assembly = Assembly(version="benchmark", device="auto")
    assembly.window.show()
    phases = {"imports": resident()}
    try:
        return _drive(assembly, home / "project", phases)
    finally:
        assembly.window.close()


def _drive(
    assembly: object, project: Path, phases: dict[str, dict[str, float]]
) -> dict[str, object]:
    from cascadeclip.app.window.assembly import Assembly

    assert isinstance(assembly, Assembly)
    state = assembly.state
    steps = _steps(assembly, project)
    for name, (act, stands) in steps.items():
        act()
        if not spin(stands, PATIENCE):
            raise TimeoutError(f"{name}: {state.engine_trouble or state.image_trouble or 'late'}")
        if name != "image open":
            spin(assembly.jobs.idle, PATIENCE)
        phases[name] = resident()
    engine, image = state.engine, state.image
    assert engine is not None
    assert image is not None
    return {
        "phases": phases,
        "backend": engine.backend,
        "encodes": engine.encodes,
        "decodes": engine.decodes,
        "megapixels": image.width * image.height / 1e6,
        "cached_mib": engine.cached_bytes / MEBI,
    }


def _steps(
    assembly: object, project: Path
) -> dict[str, tuple[Callable[[], object], Callable[[], bool]]]:
    """Return what is done in each phase, and what is true when it is over."""
    from cascadeclip.app.window.assembly import Assembly

    assert isinstance(assembly, Assembly)
    state = assembly.state

    def typed() -> None:
        assembly.window.words.field.setText(TYPED)
        assembly.suggesting.type(TYPED)

    def resting() -> bool:
        return state.engine is not None and state.engine.resting

    words = len((WORD, *TYPED.split(",")))
    # The image waits for the model, so that each has a phase of its own.
    load, assembly.library._load_images = assembly.library._load_images, lambda: None
    return {
        "model loaded": (
            lambda: assembly.library.open(project),
            lambda: state.engine is not None and bool(state.words),
        ),
        "image open": (load, lambda: state.pixels is not None),
        "encoded": (lambda: None, lambda: state.best is not None),
        "words decoded": (
            typed,
            lambda: state.engine is not None and state.engine.decodes >= words,
        ),
        "after rest": (lambda: None, resting),
    }


def switches(count: int, megapixels: float, cache_mib: int) -> dict[str, object]:
    """Go through a few images `count` times; return memory early and late, and caches."""
    from cascadeclip.core.engine import Engine, bundled_model
    from cascadeclip.core.images import open_image
    from cascadeclip.core.model import load_model
    from cascadeclip.core.values import Word

    limit = cache_mib * MEBI
    engine = Engine(load_model(bundled_model()), device="cpu", cache_bytes=limit)
    words = [Word(name, (name,), "#808080") for name in ("cat", "moon", "house")]
    most, early = 0, {}
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{number}.jpg") for number in range(12)]
        for number, path in enumerate(paths):
            make_image(path, megapixels, number)
        for turn in range(count):
            path = paths[turn % len(paths)]
            engine.scores(engine.encode(open_image(path), path.name), words)
            most = max(most, engine.cached_bytes)
            if turn + 1 == max(1, count // 10):
                early = resident()
    late = resident()
    return {
        "switches": count,
        "images": len(paths),
        "early_mib": early["resident_mib"],
        "late_mib": late["resident_mib"],
        "limit_mib": limit / MEBI,
        "most_cached_mib": most / MEBI,
        "encodes": engine.encodes,
    }


def part(name: str, options: argparse.Namespace) -> dict[str, object]:
    """Run one part in a process of its own and return what it says."""
    megapixels = options.large if name == "large" else options.megapixels
    with tempfile.TemporaryDirectory() as home:
        own = {"CASCADECLIP_HOME": home, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home}
        environment = os.environ | own | {"QT_QPA_PLATFORM": "offscreen"}
        steps = ["switches"] if name == "switches" else ["prepare", "window"]
        for step in steps:
            command = [sys.executable, __file__, "--step", step, "--home", home]
            command += ["--megapixels", str(megapixels), "--model", options.model]
            command += ["--tower", options.tower, "--switches", str(options.switches)]
            command += ["--cache-mib", str(options.cache_mib)]
            if options.rest_seconds is not None:
                command += ["--rest-seconds", str(options.rest_seconds)]
            run = subprocess.run(
                command, env=environment, stdout=subprocess.PIPE, text=True, check=True
            )
    found: dict[str, object] = json.loads(run.stdout.splitlines()[-1])
    return found


def _step(options: argparse.Namespace) -> None:
    home = Path(options.home)
    if options.step == "prepare":
        prepare(home, options.model, options.tower, options.megapixels)
        return
    if options.step == "switches":
        print(json.dumps(switches(options.switches, SWITCHED, options.cache_mib)))
        return
    print(json.dumps(window(home, options.rest_seconds)))


def failures(results: dict[str, dict[str, object]], limit: float) -> list[str]:
    """Say what is more than it may be."""
    said = []
    if "window" in results:
        phases = results["window"]["phases"]
        assert isinstance(phases, dict)
        held = phases["after rest"]["resident_mib"]
        if held > limit:
            said.append(f"window: {held:.0f} MiB are resident, at most {limit:.0f} may be")
    if "switches" in results:
        found = {key: float(str(value)) for key, value in results["switches"].items()}
        if found["most_cached_mib"] > found["limit_mib"]:
            said.append("switches: the caches hold more than they may")
        if found["late_mib"] > found["early_mib"] * GROWTH:
            said.append("switches: resident memory grows")
    return said


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="ViT-B-16", help="mini, ViT-S-16 or ViT-B-16")
    parser.add_argument("--tower", default=TOWERS[1], choices=TOWERS, help="what runs the tower")
    parser.add_argument("--part", action="append", choices=PARTS, help="only this one")
    parser.add_argument("--megapixels", type=float, default=12.0, help="of the image")
    parser.add_argument("--large", type=float, default=100.0, help="megapixels of the large image")
    parser.add_argument("--switches", type=int, default=2000)
    parser.add_argument("--cache-mib", type=int, default=32, help="for the engine that switches")
    parser.add_argument("--rest-seconds", type=float, help="until the text tower goes")
    parser.add_argument("--limit", type=float, default=LIMIT_MIB, help="in MiB, after rest")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--step", choices=("prepare", "window", "switches"), help=argparse.SUPPRESS)
    parser.add_argument("--home", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.step:
        _step(options)
        return 0
    results = {name: part(name, options) for name in options.part or PARTS}
    said = failures(results, options.limit)
    if options.json:
        print(json.dumps({"limit_mib": options.limit, "parts": results, "failures": said}))
    else:
        for name, found in results.items():
            _tell(name, found)
        print("\n".join(said) or "all as it shall be")
    return 1 if said else 0


def _tell(name: str, found: dict[str, object]) -> None:
    phases = found.get("phases", {})
    assert isinstance(phases, dict)
    for phase, one in phases.items():
        print(f"{name}: {phase}: " + ", ".join(f"{key} {one[key]:.0f}" for key in one))
    rest = {key: value for key, value in found.items() if key != "phases"}
    print(f"{name}: " + ", ".join(f"{key} {_short(value)}" for key, value in rest.items()))


def _short(value: object) -> object:
    return round(value, 1) if isinstance(value, float) else value


if __name__ == "__main__":
    sys.exit(main())
