"""Two real Ray workers on this machine find what one process finds."""

import pytest

from cascadeclip.core.engine import open_engine
from cascadeclip.core.engine.prelabel import cluster, prelabel
from cascadeclip.core.engine.prelabel.choice import choice_of
from cascadeclip.core.engine.prelabel.cluster import Actors, prelabel_on_cluster
from cascadeclip.core.engine.prelabel.desk import Desk, recipe_for
from cascadeclip.core.engine.prelabel.parts import write_part
from cascadeclip.core.engine.prelabel.values import Outcome
from cascadeclip.core.errors import CheckpointError, PrelabelFailed


@pytest.fixture
def desk(noisy_project):
    def make(project=noisy_project, **changes):
        engine = open_engine(project, "cpu")
        recipe = recipe_for(project, engine, threshold=0.3, refine_edges=True)
        return Desk(project, recipe, **changes)

    return make


@pytest.fixture
def parts_folder(noisy_project, desk):
    return noisy_project.folder / "cache" / "prelabel" / desk().recipe.mark


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(cluster, "PART_IMAGES", 1)


@pytest.fixture
def two_cpus(monkeypatch):
    """A Ray of two CPUs on this machine, whatever else it has."""
    ray = pytest.importorskip("ray", reason="the extra `cluster` is not installed")
    real = ray.init
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setattr(ray, "init", lambda **some: real(address="local", num_cpus=2, **some))
    # or the first worker has found everything before the second one has its model
    context = pytest.importorskip("ray.data").DataContext.get_current()
    monkeypatch.setattr(context, "wait_for_min_actors_s", 120)


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("two_cpus", "small_parts")
def test_two_workers_find_what_is_found_here(noisy_project, found, desk, monkeypatch, parts_folder):
    (noisy_project.folder / "7.png").write_bytes(b"no image at all")
    first, merged, seen = noisy_project.images.page()[0], [], []
    # left by a run that was killed, in this case with nothing found
    parts_folder.mkdir(parents=True)
    write_part(parts_folder, "before", [Outcome(first.id, first.path)])
    stale = parts_folder.with_name("0123456789abcdef")
    stale.mkdir()
    real = cluster._merge
    monkeypatch.setattr(
        cluster,
        "_merge",
        lambda desk, part, **some: merged.append(part.name) or real(desk, part, **some),
    )
    result = prelabel_on_cluster(
        desk(),
        choice_of(noisy_project),
        workers=2,
        progress=lambda *at: seen.append(at),
    )
    assert (result.images, result.skipped, result.cancelled) == (7, 0, False)
    assert [path for path, _ in result.failed] == ["7.png"]
    assert seen[-1] == (8, 8)
    workers = {name.rpartition("-")[0] for name in merged}
    assert len(workers - {"before"}) == 2
    assert not (noisy_project.folder / "cache" / "prelabel").exists()

    there = found(noisy_project)
    assert there.pop(first.path) == []
    for row in noisy_project.images.page():
        noisy_project.suggestions.replace(row.id, [], "v0")
    prelabel(noisy_project, open_engine(noisy_project, "cpu"), threshold=0.3)
    here = found(noisy_project)
    assert here.pop(first.path) != []
    assert here == there
    assert sum(map(len, here.values())) > 0


def test_a_part_that_was_written_already_changes_nothing(noisy_project, found, desk, parts_folder):
    engine = open_engine(noisy_project, "cpu")
    prelabel(noisy_project, engine, threshold=0.3, accept_above=0.0)
    before, count = found(noisy_project), noisy_project.annotations.count()
    parts_folder.mkdir(parents=True)
    outcomes = [Outcome(row.id, row.path) for row in noisy_project.images.page()]
    part = write_part(parts_folder, "again", outcomes)
    cluster._merge(desk(accept_above=0.0), part)
    assert found(noisy_project) == before
    assert noisy_project.annotations.count() == count > 0
    assert not part.exists()


def test_failures_of_an_earlier_run_are_tried_again(noisy_project, desk, parts_folder):
    parts_folder.mkdir(parents=True)
    failed = [Outcome(1, "0.png", failure="it was away")]
    for leftover, listed in ((True, 0), (False, 1)):
        at = desk()
        cluster._merge(at, write_part(parts_folder, "w", failed), leftover=leftover)
        assert len(at.tally.failed) == listed


@pytest.mark.parametrize(
    ("resources", "device", "workers", "share"),
    [
        ({"CPU": 64.0, "GPU": 8.0}, "auto", None, (8, {"num_gpus": 1})),
        ({"CPU": 64.0, "GPU": 8.0}, "auto", 2, (2, {"num_gpus": 1})),
        ({"CPU": 64.0, "GPU": 8.0}, "cpu", None, (16, {"num_cpus": 4})),
        ({"CPU": 2.0}, "auto", None, (1, {"num_cpus": 2})),
        ({"CPU": 2.0}, "auto", 2, (2, {"num_cpus": 1})),
        ({"CPU": 2.0}, "auto", 5, (5, {"num_cpus": 1})),
    ],
)
def test_every_worker_gets_a_card_or_some_cores(resources, device, workers, share):
    assert Actors(None, None, None, device=device, workers=workers)._share(resources) == share


def test_without_ray_it_says_what_to_install(noisy_project, desk, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(PrelabelFailed, match=r"pip install 'cascadeclip\[cluster\]'"):
        prelabel_on_cluster(desk(), choice_of(noisy_project))


def test_our_own_errors_come_through_and_others_in_one_sentence():
    own = CheckpointError("The model is gone.")
    outer = RuntimeError("Ray says much")
    outer.cause = own
    assert cluster._reason(outer) is own
    said = str(cluster._reason(ConnectionError("first\n  no node answers.\n")))
    assert "(no node answers)" in said
    assert said.count("\n") == 0


def test_a_worker_with_another_model_refuses(noisy_project, desk, tmp_path):
    from dataclasses import replace

    other = replace(desk().recipe, version="v9")
    with pytest.raises(CheckpointError, match="tiny-0 where v9"):
        cluster._Actor(choice_of(noisy_project), other, tmp_path, "cpu")
