import numpy as np
import pytest
from PIL import Image, ImageColor

from cascadeclip.train.analysis.plots import BARS
from cascadeclip.train.simulate.report import draw_curve, interval, rows


def entry(name, actions, *, seconds=0.0, activated=True):
    works = [{"actions": one, "seconds": 2.0 * one, "untouched": 0.0} for one in actions]
    return {
        "name": name, "works": works, "taught": actions, "boxed": [1, 2],
        "iou": {"cat": 0.5, "dog": 0.25},
        "miou": 0.375, "guard": 0.75, "seconds": seconds, "activated": activated,
    }  # fmt: skip


BASELINES = [entry("blank", [40, 60]), entry("zero-shot", [20, 40])]
COURSES = [[entry("after 5", [10, 30], seconds=12.0)], [entry("after 5", [8, 16], seconds=9.0)]]


def test_the_interval_holds_the_mean_and_shrinks_with_equal_values():
    mean, low, high = interval([[10, 30], [8, 16]])
    assert mean == 16
    assert low < mean < high
    assert interval([[5, 5], [5, 5]]) == (5, 5, 5)


def test_the_table_has_a_row_per_state_and_counts_what_was_activated():
    lines = rows(BASELINES, COURSES, ["dog"])
    assert len(lines) == 5
    last = [cell.strip() for cell in lines[-1].split("|")[1:-1]]
    assert last[0] == "after 5"
    assert last[1].startswith("16.0 [")
    assert last[2] == "13.0"
    assert last[4].startswith("1.5 [")
    assert last[8].startswith("25.0")
    assert last[10:] == ["12", "2 of 2"]
    bare = rows([{**BASELINES[0], "boxed": []}], [], [])[-1].split("|")
    assert bare[5].strip() == "-"
    assert len({line.count("|") for line in lines}) == 1


def test_the_curve_is_a_picture_with_something_on_it(tmp_path):
    draw_curve(BASELINES, COURSES, (5,), tmp_path / "deep" / "curve.png", enough=0.9)
    picture = np.asarray(Image.open(tmp_path / "deep" / "curve.png"))
    assert picture.shape == (400, 640, 3)
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 10


def test_what_lies_far_above_does_not_flatten_the_curve(tmp_path):
    def highest(baselines):
        path = tmp_path / "curve.png"
        draw_curve(baselines, COURSES, (5,), path, enough=0.9)
        picture = np.asarray(Image.open(path))[60:]
        rows_, _ = np.nonzero((picture == ImageColor.getrgb(BARS[0])).all(axis=2))
        return rows_.min()

    far = {**BASELINES[0], "name": "blank, polygons", "works": [{"actions": 900.0}] * 2}
    assert highest([*BASELINES, far]) == highest(BASELINES)
    assert highest([*BASELINES, {**far, "name": "blank"}]) > highest(BASELINES) + 50


@pytest.mark.parametrize("never", [[], ["dog"]])
def test_without_courses_only_baselines_are_told(never):
    assert len(rows(BASELINES, [], never)) == 4
