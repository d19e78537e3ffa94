"""Both starts learn from the same scenes; that of CLIP's own answer knows something at once."""

import json
import subprocess
import sys


def test_the_two_starts_are_measured_on_the_same_scenes(root):
    options = ["--images", "1", "--seeds", "1", "--steps", "1", "--test", "1", "--json"]
    script = root / "benchmarks" / "start.py"
    done = subprocess.run(
        [sys.executable, str(script), *options], capture_output=True, text=True, check=True
    )
    found = {(row["start"], row["images"]): row["mIoU"] for row in json.loads(done.stdout)}
    assert set(found) == {(kind, size) for kind in ("random", "zero-shot") for size in (0, 1)}
    assert found["zero-shot", 0][0] > 20 > found["random", 0][0]
