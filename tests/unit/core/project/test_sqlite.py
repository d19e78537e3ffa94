"""The SQLite library is imported without what it does not need."""

import subprocess
import sys

CODE = """
import sys
import cascadeclip.core.project
print("pandas" in sys.modules)
try:
    import pandas
    print("there")
except ModuleNotFoundError:
    print("not installed")
"""


def test_no_data_frames_are_imported_and_they_can_be_afterwards():
    found = subprocess.run(
        [sys.executable, "-c", CODE], check=True, capture_output=True, text=True
    ).stdout.split("\n")
    assert found[0] == "False"
    assert found[1] in ("there", "not installed")
