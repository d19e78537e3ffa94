from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

WORKER = """
import importlib.util, json, sys
import torch
from pathlib import Path
torch.set_num_threads(1)
spec = importlib.util.spec_from_file_location("fixtures", sys.argv[1])
fixtures = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fixtures)
from cascadeclip.core.model import CascadeCLIP
from cascadeclip.train.fit.config import FitConfig
from cascadeclip.train.fit.loop import Fitter, Lesson, Place
from cascadeclip.train.parallel import joined, pick_device
device = pick_device("cpu")
with joined("cpu") as peers:
    torch.manual_seed(1)
    network = CascadeCLIP(fixtures.NETWORK)
    generator = torch.Generator().manual_seed(3)
    words = torch.nn.functional.normalize(torch.randn(4, 8, generator=generator), dim=-1)
    config = FitConfig.from_json(sys.argv[2])
    lesson = Lesson(fixtures.Squares(), words, fixtures.CROPS)
    run = Fitter(network, lesson, config, Place(device, peers))
    run.run(lambda event: None, lambda: False)
    if peers.leads:
        Path(sys.argv[3]).write_text(json.dumps(run.losses))
"""


@pytest.mark.timeout(120)
def test_two_processes_give_the_losses_of_one(tmp_path: Path, config, fitter, network) -> None:
    (tmp_path / "worker.py").write_text(WORKER)
    out = tmp_path / "losses.json"
    command = [
        sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2",
        str(tmp_path / "worker.py"), str(Path(__file__).with_name("conftest.py")),
        config.to_json(), str(out),
    ]  # fmt: skip
    environment = os.environ | {"OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    alone = fitter(network, config)
    alone.run(lambda event: None, lambda: False)
    assert len(alone.losses) == 6
    assert json.loads(out.read_text()) == pytest.approx(alone.losses, rel=1e-4)
