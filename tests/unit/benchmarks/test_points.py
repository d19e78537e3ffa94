import importlib.util
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture(scope="module")
def points():
    path = Path(__file__).parents[3] / "benchmarks" / "points.py"
    spec = importlib.util.spec_from_file_location("points", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_next_click_is_in_the_middle_of_the_largest_error(points):
    truth, got = np.zeros((40, 60), bool), np.zeros((40, 60), bool)
    truth[10:30, 10:31] = True
    first = points.next_click(truth, got)
    assert (first.positive, round(first.x), round(first.y)) == (True, 20, 20)
    got[:] = truth
    got[5:9, 40:50] = True
    got[10:12, 10:12] = False
    second = points.next_click(truth, got)
    assert not second.positive
    assert 40 < second.x < 50
    assert points.next_click(truth, truth) is None


def test_overlap_is_intersection_over_union(points):
    truth = np.zeros((10, 10), bool)
    truth[:, :4] = True
    assert points.overlap(points.Part(0, 2, np.ones((10, 4), bool)), truth) == pytest.approx(2 / 6)


def test_clicks_in_the_real_window_run_nothing_of_the_model(points, tmp_path, monkeypatch, qapp):
    monkeypatch.setattr(points.place_module, "data_folder", lambda: tmp_path / "data")
    demo = points.write_demo(tmp_path / "demo", count=1, size=96)
    found = points.clicks_in_window(demo, 2)
    assert (found["encodes"], found["decodes"]) == (0, 0)
    assert 0 < found["click_ms"] <= found["slowest_ms"]


def test_things_of_a_demo_are_found_by_clicks(points, tmp_path):
    demo = points.write_demo(tmp_path / "demo", count=1, truth=True)
    found = points.worth(demo, 2)
    assert found["things"] >= 2
    assert found["overlap"][1] > 0.5
    assert found["overlap_in_box"] > found["overlap_of_box"]
