from __future__ import annotations

import pytest

from cascadeclip.train.assess import Assessment
from cascadeclip.train.experiments import runs
from cascadeclip.train.experiments.scale import Outcome


@pytest.fixture
def outcome():
    """Make what a run would have reached, by its mIoU of seen words."""

    def make(seen):
        told = Assessment(("cat",), (seen,), seen, 0.5, 0.55, 0.5, 0.9, 1)
        return Outcome(told, 12.0, 3, 0.1)

    return make


@pytest.fixture
def trained(monkeypatch, outcome):
    """Replace the training by a note of what would have been trained."""
    asked = []

    def run(preset, training, scale, *, emit, stopped):
        if stopped():
            return None
        asked.append((preset.name, training.seed, training.steps))
        return outcome(0.6 + training.seed / 100)

    monkeypatch.setattr(runs, "run_variant", run)
    return asked
