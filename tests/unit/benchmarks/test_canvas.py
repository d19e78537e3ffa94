"""What the benchmark of the canvas says of its figures; the parts themselves take minutes."""

import numpy as np
import pytest


@pytest.fixture
def bench(root, monkeypatch):
    monkeypatch.syspath_prepend(root / "benchmarks")
    import canvas

    return canvas


def frames(milliseconds):
    return {"frames": {"pan": {"p50": milliseconds, "p95": milliseconds}, "zoom": {"p95": 1.0}}}


def test_what_is_over_a_limit_is_named_and_ends_with_1(bench, capsys):
    assert bench.report(frames(10.0), {}, {"frames": 0.5}, as_json=False) == 0
    assert "over the limit: nothing" in capsys.readouterr().out
    assert bench.report(frames(17.0), {}, {"frames": 0.5}, as_json=False) == 1
    assert "over the limit: frames/pan/p95" in capsys.readouterr().out


def test_labelme_is_set_beside_what_both_were_asked(bench):
    peer = {"frames": {"pan": {"p50": 50.0}, "shapes": {"count": 5}}}
    assert bench.ratios(frames(10.0), peer) == {"frames/pan": 5.0}
    assert bench.ratios(frames(10.0), {}) == {}


def test_masks_are_the_same_every_time_and_lie_on_the_image(bench):
    import canvas_input

    lines = canvas_input.outlines(50)
    assert len(lines) == 50
    assert np.array_equal(lines[7], canvas_input.outlines(50)[7])
    corners = np.concatenate(lines)
    assert corners.min() > 0
    assert corners.max() < canvas_input.SIDE - 1


def test_a_figure_is_milliseconds(bench):
    import canvas_hand

    found = canvas_hand.figures([0.01] * 99 + [0.05], 2.5)
    assert (found["p50"], found["max"], found["count"]) == pytest.approx((10, 50, 100))
    assert found["cpu"] == 2.5
