"""How fast the image is: frames, strokes, switches, a long list, the start, memory.

    python benchmarks/canvas.py [--part NAME ...] [--masks N] [--labelme PATH_TO_PYTHON] [--json]

Every part is a process of its own that drives the real window with real mouse and wheel events, in
a home of its own (`canvas_parts.py`). A frame is the time from sending an event until the event
loop has nothing left to paint. `cpu` is what the GUI thread itself computed, which other work on
the machine changes little. Parts:

- frames: N masks, 2,000 if not said, on an image of 6,000 x 6,000; the view is dragged about and
  the wheel turned.
- stroke: a long brush stroke there, from edge to edge.
- switch: 30 images of 12 megapixels, one after the other, with a pause to look at each.
- list: a project of 100,000 images, from opening it to its list.
- start: the program, from the start of Python to the first paint, and until all menus and panels
  are there; whether torch was imported; the CPU time of the process up to then.
- memory: 2,000 switches between small images in the window with the bundled model, then 50 between
  images of 12 megapixels; resident on the way.
- large: an image of 100 megapixels with 40 masks as wide as a third of it; resident, without model.

With `--labelme` the same is asked of labelme in a Python where it is installed, as far as it can
do it; it gets the same image, the same outlines and the same events (`canvas_peer.py`). The load
of the machine when a part began is printed with it: above the number of cores, clocks tell of
others.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import canvas_peer  # noqa: E402
from canvas_input import MASKS  # noqa: E402
from canvas_parts import PARTS, Figures  # noqa: E402

LIMITS = {
    ("frames", "pan", "p95"): 1000 / 60,
    ("frames", "zoom", "p95"): 1000 / 60,
    ("stroke", "move", "p99"): 16.0,
    ("switch", "switch", "p95"): 100.0,
    ("list", "list", "ms"): 1000.0,
    ("start", "start", "p50"): 1500.0,
    ("start", "start, project", "p50"): 1500.0,
    ("memory", "memory", "growth"): 1.05,
    ("memory", "memory, large", "growth"): 1.1,
    ("large", "large", "resident_mib"): 1536.0,
}
RATIOS = {
    ("frames", "pan"): "p50",
    ("frames", "zoom"): "p50",
    ("frames", "hover"): "p50",
    ("switch", "switch"): "p50",
    ("list", "list"): "ms",
    ("start", "start"): "p50",
}
"""What is set beside the same of labelme."""


def in_a_child(command: Sequence[str]) -> Figures:
    """Run a part in a process and a home of its own, and read the figures it prints."""
    with tempfile.TemporaryDirectory() as home:
        places = {name: home for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
        child = subprocess.run(
            [*command, home], env=os.environ | places, capture_output=True, text=True, check=False
        )
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{child.stderr[-4000:]}")
    found: Figures = json.loads(child.stdout.strip().splitlines()[-1])
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the options, measure, print; exit code 1 where a limit was passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", action="append", choices=PARTS, help="only this one")
    parser.add_argument("--masks", type=int, default=MASKS, help="how many masks are drawn over")
    parser.add_argument("--labelme", metavar="PYTHON", help="a Python that has labelme")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("home", nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if options.child:
        print(json.dumps(PARTS[options.child](Path(options.home), options.masks)))
        return 0
    ours, peer, loads = {}, {}, {}
    for part in options.part or PARTS:
        loads[part] = os.getloadavg()[0] if hasattr(os, "getloadavg") else -1.0
        child = [sys.executable, __file__, "--child", part, "--masks", str(options.masks)]
        ours[part] = in_a_child(child)
        if options.labelme and part in canvas_peer.PARTS:
            command = [options.labelme, str(HERE / "canvas_peer.py"), part]
            peer[part] = canvas_peer.measured(command, options.masks)
    return report(ours, peer, loads, as_json=options.json)


def ratios(ours: dict[str, Figures], peer: dict[str, Figures]) -> dict[str, float]:
    """Return how many times as long labelme took, of what both were asked."""
    return {
        "/".join(place): peer[place[0]][place[1]][key] / ours[place[0]][place[1]][key]
        for place, key in RATIOS.items()
        if place[0] in peer and place[1] in peer[place[0]]
    }


def report(
    ours: dict[str, Figures],
    peer: dict[str, Figures],
    loads: dict[str, float],
    *,
    as_json: bool,
) -> int:
    """Print the figures, and give the exit code."""
    over = [
        "/".join(place)
        for place, limit in LIMITS.items()
        if place[0] in ours and ours[place[0]][place[1]][place[2]] > limit
    ]
    compared = ratios(ours, peer)
    if as_json:
        found = {"cascadeclip": ours, "labelme": peer, "load": loads, "labelme took": compared}
        print(json.dumps(found | {"over": over}))
        return int(bool(over))
    for who, parts in (("cascadeclip", ours), ("labelme", peer)):
        for part, found in parts.items():
            for name, values in found.items():
                print(who, part, name, {key: round(value, 2) for key, value in values.items()})
    for name, times in compared.items():
        print(f"labelme took {times:.1f} times as long: {name}")
    print("load when each part began:", {part: round(load, 1) for part, load in loads.items()})
    print("over the limit:", ", ".join(over) or "nothing")
    return int(bool(over))


if __name__ == "__main__":
    sys.exit(main())
