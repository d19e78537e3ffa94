"""What was returned is on the disk, whatever happens next."""

import os
import signal
import subprocess
import sys
import time

import pytest

from cascadeclip.core.project import Project

CHILD = """
import sys
import numpy as np
from cascadeclip.core import masks
from cascadeclip.core.project import Project
from cascadeclip.core.values import Suggestion

project = Project.open(sys.argv[1])
mask = np.zeros((20, 30), bool)
mask[2:9, 3:20] = True
while True:
    print("add", project.annotations.add(1, 1, mask).id, flush=True)
    rows = project.suggestions.replace(2, [Suggestion(1, masks.encode(mask), 0.5, 0.5)] * 3, "v1")
    made = project.suggestions.accept_many([row.id for row in rows])
    print("accept", *[row.id for row in made], flush=True)
    project.settings.set("last", made[-1].id)
    print("set", made[-1].id, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
@pytest.mark.parametrize("lines", [1, 8, 47])
def test_nothing_returned_is_lost_by_a_kill(world, lines):
    world.project.close()
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(world.project.folder)], stdout=subprocess.PIPE, text=True
    )
    said = [child.stdout.readline() for _ in range(lines)]
    time.sleep(0.003 * lines / 7)  # into the middle of the next operation
    os.kill(child.pid, signal.SIGKILL)
    said += child.stdout.read().splitlines()
    child.stdout.close()
    assert child.wait(30) == -signal.SIGKILL
    promised = {int(word) for line in said if line[0] in "a" for word in line.split()[1:]}
    settings = [int(line.split()[1]) for line in said if line.startswith("set")]
    with Project.open(world.project.folder) as project:
        kept = {row.id for image in (1, 2) for row in project.annotations.of_image(image)}
        assert promised <= kept
        assert len(promised) >= lines // 2
        assert len(kept - promised) <= 3  # at most the one operation that was not yet reported
        assert len(project.annotations.of_image(2)) % 3 == 0
        assert project.settings.get("last", 0) >= max(settings, default=0)
        while project.undo(1):
            pass
        assert project.annotations.of_image(1) == []


def test_the_store_starts_without_torch():
    code = (
        "import sys, cascadeclip.core.project, cascadeclip.core.vocabulary;"
        "print(sorted({'torch', 'open_clip', 'PySide6', 'onnxruntime'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
