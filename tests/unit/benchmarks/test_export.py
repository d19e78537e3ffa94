"""The benchmark of formats writes and reads what it says."""

import json
import subprocess
import sys


def test_every_format_is_measured(root):
    done = subprocess.run(
        [sys.executable, root / "benchmarks/export.py", "--annotations", "12", "--images", "2",
         "--format", "coco", "--format", "semantic", "--format", "import coco", "--json"],
        capture_output=True, text=True, check=False, timeout=110,
    )  # fmt: skip
    assert done.stderr == ""
    found = json.loads(done.stdout)
    assert {name: one["annotations"] for name, one in found["formats"].items()} == {
        "coco": 12, "semantic": 12, "import coco": 12,
    }  # fmt: skip
    assert found["images"] == 2
    assert done.returncode == int(bool(found["over"]))
