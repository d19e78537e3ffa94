"""The benchmark of memory sees what is held, what grows, and what is over."""

import json
import subprocess
import sys

import numpy as np
import pytest

from cascadeclip.core.images import read_header

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")


@pytest.fixture
def bench(root, monkeypatch):
    monkeypatch.syspath_prepend(root / "benchmarks")
    import memory

    return memory


def test_what_is_held_and_what_was_held_for_a_moment_are_told_apart(bench):
    # In a process of its own: who else allocates here would be counted too.
    code = (
        "import json, memory, numpy as np; before = memory.resident(); held = np.ones(4 << 20);"
        "more = np.ones(8 << 20); del more; print(json.dumps([before, memory.resident()]))"
    )
    folder = bench.__file__.rpartition("/")[0]
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
    )
    before, after = json.loads(run.stdout)
    assert 30 <= after["resident_mib"] - before["resident_mib"] <= 40
    assert 90 <= after["peak_mib"] - before["resident_mib"] <= 110


def test_an_image_has_about_the_megapixels_asked_for(bench, tmp_path):
    bench.make_image(tmp_path / "one.jpg", 0.3)
    header = read_header(tmp_path / "one.jpg")
    assert header.width * header.height == pytest.approx(0.3e6, rel=0.02)


def test_switching_counts_and_never_holds_more_than_stated(bench, monkeypatch):
    monkeypatch.setattr(bench, "resident", lambda: {"resident_mib": 1.0, "peak_mib": 1.0})
    found = bench.switches(14, 0.02, 2)
    assert (found["switches"], found["images"]) == (14, 12)
    assert found["encodes"] >= 13  # 2 MiB hold few images: some are encoded again
    assert 0 < found["most_cached_mib"] <= found["limit_mib"] == 2


def test_what_is_over_is_said(bench):
    window = {"phases": {"after rest": {"resident_mib": 900.0}}}
    steady = {"early_mib": 100.0, "late_mib": 104.0, "limit_mib": 32.0, "most_cached_mib": 31.0}
    good = {"window": window, "switches": steady}
    assert bench.failures(good, 1000.0) == []
    assert "900" in bench.failures(good, 800.0)[0]
    growing = {"switches": steady | {"late_mib": 120.0}}
    assert "grows" in bench.failures(growing, 1000.0)[0]
    full = {"switches": steady | {"most_cached_mib": 33.0}}
    assert "caches" in bench.failures(full, 1000.0)[0]


def test_the_window_goes_through_all_phases(root):
    options = ["--part", "window", "--model", "mini", "--tower", "torch-cpu", "--json"]
    options += ["--megapixels", "0.05", "--rest-seconds", "0.2", "--limit", "1"]
    command = [sys.executable, str(root / "benchmarks" / "memory.py"), *options]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 1, run.stderr
    said = json.loads(run.stdout)
    assert "at most 1" in said["failures"][0]
    found = said["parts"]["window"]
    phases = ["imports", "model loaded", "image open", "encoded", "words decoded", "after rest"]
    assert list(found["phases"]) == phases
    assert all(one["peak_mib"] >= one["resident_mib"] > 50 for one in found["phases"].values())
    assert found["decodes"] == 4
    assert np.isclose(found["megapixels"], 0.05, rtol=0.05)
