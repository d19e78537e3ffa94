"""The benchmark of the window's lateness sees a stall, and does in the window what it says."""

import json
import subprocess
import sys
import time

import pytest
from PySide6.QtCore import QTimer


@pytest.fixture
def bench(root, monkeypatch):
    monkeypatch.syspath_prepend(root / "benchmarks")
    import ui_latency

    return ui_latency


@pytest.fixture
def beats(bench, qapp):
    beats = bench.Beats()
    bench.spin(lambda: len(beats.late) > 5, 20)
    beats.late.clear()
    yield beats
    beats.close()


def test_a_stall_makes_as_many_late_beats_as_it_is_long(bench, beats):
    QTimer.singleShot(1, lambda: time.sleep(0.3))
    bench.spin(lambda: len(beats.late) > 50, 20)
    found = bench.figures(beats.late)
    assert found["max"] > 200
    assert sum(late > 0.1 for late in beats.late) >= 10
    assert found["beats"] == len(beats.late)


def test_where_a_late_beat_waited_is_told(bench, beats):
    watcher = bench.Where(beats)
    watcher.on = True
    watcher.start()

    def a_slow_answer():
        time.sleep(0.3)

    QTimer.singleShot(1, a_slow_answer)
    bench.spin(lambda: len(beats.late) > 50, 20)
    watcher.on = False
    assert "a_slow_answer" in watcher.seen.most_common(1)[0][0]


def test_percentiles_are_beats_that_happened(bench):
    late = [0.001] * 998 + [0.060, 0.5]
    found = bench.figures(late)
    assert (found["p50"], found["p99"]) == (1.0, 1.0)
    assert found["p99.9"] == pytest.approx(60)
    assert found["max"] == 500
    assert bench.figures([]) == {"beats": 0}


def test_a_phase_over_the_limit_is_said(bench, root):
    # In a process of its own: the benchmark has a style and a home that no other test shall get.
    phase = bench.PHASES[0]
    options = ["--seconds", "3", "--images", "3", "--size", "96", "--phase", phase, "--json"]
    command = [sys.executable, str(root / "benchmarks" / "ui_latency.py"), *options, "--limit", "0"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 1, run.stderr
    said = json.loads(run.stdout)
    assert said["over"] == [phase]
    found = said["phases"][phase]
    assert found["done"]["keys"] > 5
    assert found["done"]["images opened"] >= 1
    assert found["beats"] > 50
    assert found["p50"] <= found["p90"] <= found["p99"] <= found["p99.9"] <= found["max"]
