import pytest

from cascadeclip.core.engine import models
from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.project import Project


@pytest.fixture
def bundle(tmp_path, monkeypatch):
    folder = tmp_path / "resources" / "mini"
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"")
    monkeypatch.setattr(models, "files", lambda _package: folder.parent)
    models.bundled_model.cache_clear()
    yield folder
    models.bundled_model.cache_clear()


def test_the_bundled_model_speaks_where_no_version_is_active(bundle, tmp_path):
    assert models.bundled_model() == bundle
    assert models.active_model(None) == bundle
    with Project.create(tmp_path / "p") as project:
        assert models.active_model(project) == bundle


def test_a_missing_bundle_is_said_in_a_sentence(bundle):
    (bundle / "model.safetensors").unlink()
    with pytest.raises(CheckpointError, match="install"):
        models.bundled_model()


def test_the_active_version_speaks(bundle, tmp_path):
    with Project.create(tmp_path / "p") as project:
        folder = project.folder / "models" / "v1"
        row = project.versions.add("v1", folder=folder, recipe="quick", metrics={})
        project.versions.activate(row.id)
        with pytest.raises(CheckpointError, match="v1 is missing"):
            models.active_model(project)
        folder.mkdir(parents=True)
        assert models.active_model(project) == folder
        project.versions.rollback()
        assert models.active_model(project) == bundle


def test_open_engine_loads_what_speaks(bundle, colour_model, monkeypatch):
    asked = []
    monkeypatch.setattr(models, "load_model", lambda path: asked.append(path) or colour_model())
    engine = models.open_engine(None, "cpu")
    assert (engine.version, engine.device, asked) == ("v1", "cpu", [bundle])


@pytest.mark.parametrize(("width", "expected"), [(128, [1]), (768, [])])
def test_a_small_tower_runs_on_one_thread(bundle, colour_model, monkeypatch, width, expected):
    asked = []
    model = colour_model()
    model.network.config.width = width
    monkeypatch.setattr(models, "load_model", lambda _: model)
    monkeypatch.setattr(models.torch, "set_num_threads", asked.append)
    models.open_engine(None, "cpu")
    assert asked == expected
