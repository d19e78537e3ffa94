from pathlib import Path
from types import SimpleNamespace

import pytest

from cascadeclip.app.presenters.ladder import LADDER, proposed
from cascadeclip.core.project import VersionRow

HERE = Path("here")


def project_with(reviewed, *rows):
    active = next((row for row in rows if row.active), None)
    return SimpleNamespace(
        folder=HERE,
        versions=SimpleNamespace(all=lambda: list(rows), active=lambda: active),
        images=SimpleNamespace(count=lambda status: reviewed),
    )


def tried(recipe, *, reviewed, parent=None, active=False):
    metrics = {"reviewed": reviewed}
    return VersionRow(1, "v1", Path("v1"), parent, recipe, metrics, "now", active=active)


@pytest.mark.parametrize(
    ("project", "recipe"),
    [
        (project_with(5), "calibrate"),
        (project_with(12), "pixels"),  # prototypes are no quicker, and gain less
        (project_with(12, tried("pixels", reviewed=12)), "prototypes"),
        (project_with(5, tried("calibrate", reviewed=5)), "prototypes"),
        (project_with(6, tried("calibrate", reviewed=5)), "calibrate"),
        (project_with(12, tried("prototypes", reviewed=12)), "pixels"),
        (project_with(12, *(tried(one, reviewed=12) for one in LADDER[:3])), "quick"),
        (project_with(12, tried("quick", reviewed=12)), "pixels"),
        (project_with(12, tried("pixels", reviewed=12, parent="v7")), "pixels"),
        # what made the model in use is behind it, and so is what is cheaper
        (project_with(5, tried("calibrate", reviewed=5, active=True)), "prototypes"),
        (project_with(5, tried("prototypes", reviewed=5, active=True)), "pixels"),
        (project_with(12, tried("prototypes", reviewed=12, active=True)), "pixels"),
        (project_with(12, tried("pixels", reviewed=12, active=True)), "quick"),
        (project_with(12, tried("quick", reviewed=12, active=True)), "self-training"),
        (project_with(12, tried("full", reviewed=12, active=True)), "quick"),
        (project_with(13, tried("quick", reviewed=12, active=True)), "pixels"),
        (project_with(12, tried("use-clip", reviewed=12, active=True)), "pixels"),
    ],
)
def test_the_cheapest_way_that_was_not_tried_yet_is_proposed(project, recipe):
    assert proposed(project).recipe == recipe


def test_what_was_refused_is_not_proposed_again_as_long_as_nothing_has_changed():
    refused = {(HERE, None, 5, one) for one in ("calibrate", "prototypes")}
    assert proposed(project_with(5), refused).recipe == "pixels"
    assert proposed(project_with(6), refused).recipe == "calibrate"
    other = {(Path("elsewhere"), None, 5, "calibrate")}
    assert proposed(project_with(5), other).recipe == "calibrate"
    everything = {(HERE, None, 5, one) for one in LADDER}
    assert proposed(project_with(5), everything).recipe == "quick"


def test_a_proposal_says_why():
    assert proposed(project_with(7)).reason.startswith("7 images are reviewed: enough to set")
    assert proposed(project_with(12)).reason.startswith("12 images are reviewed: how the marked")
    rows = [tried("pixels", reviewed=12)]
    told = proposed(project_with(12, *rows)).reason
    assert told.startswith("12 images are reviewed: what you have")
    rows = [tried(one, reviewed=12) for one in LADDER[:4]]
    assert "this takes longer" in proposed(project_with(12, *rows)).reason
