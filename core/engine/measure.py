"""Measure what runs a model fastest here, in a process of its own, and say so line by line.

`python -m cascadeclip.core.engine.measure FOLDER --device auto` prints JSON objects, one a line:
{"say": sentence} while it tries, and at the end {"chosen": candidate, "reason": why}, where
`chosen` is null when there was nothing to measure, or {"failed": sentence}, with exit code 2.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cascadeclip.core.errors import CascadeClipError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

BAD_INPUT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the model of the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m cascadeclip.core.engine.measure")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"))
    options = parser.parse_args(arguments)
    # What the libraries print on the way must not stand among the lines somebody parses.
    out, sys.stdout = sys.stdout, sys.stderr
    try:
        return _measure(options.folder, options.device, out)
    finally:
        sys.stdout = out


def _measure(folder: Path, device: str, out: TextIO) -> int:
    def tell(**said: str | None) -> None:
        out.write(f"{json.dumps(said)}\n")
        out.flush()

    try:
        # here, since it brings torch, whose failure shall be told as well
        from cascadeclip.core.engine.models import measure_model

        found = measure_model(folder, device, lambda sentence: tell(say=sentence))
    except BrokenPipeError:
        raise  # nobody listens any more
    except (CascadeClipError, OSError, ImportError, RuntimeError) as error:
        tell(failed=str(error) or type(error).__name__)
        return BAD_INPUT
    tell(chosen=found.backend if found else None, reason=found.reason if found else "")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
