import numpy as np
import pytest
import torch

from cascadeclip.core.engine import models
from cascadeclip.core.engine.backends.choice import Choice
from cascadeclip.core.errors import CheckpointError, DeviceUnavailable
from cascadeclip.core.model import CascadeCLIP, ModelInfo, NetworkConfig, save_model
from cascadeclip.core.model.config import TextConfig
from cascadeclip.core.model.text import TextEncoder
from cascadeclip.core.project import Project
from cascadeclip.core.values import Word


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


@pytest.fixture
def large(tmp_path, monkeypatch):
    """Save a model that counts as large, and give an empty home for what is prepared of it."""
    monkeypatch.setenv("CASCADECLIP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(models, "is_small", lambda _model: False)
    torch.manual_seed(1)
    network = CascadeCLIP(
        NetworkConfig(
            patch=8, width=16, layers=3, heads=2, embed=16, grid=4, prompts=2,
            stages=((0,), (1,), (2,)), decoder_heads=2, decoder_ff=32,
        )
    ).eval()  # fmt: skip
    text = TextEncoder(TextConfig(width=16, layers=1, heads=2, context=8, embed=16))
    info = ModelInfo(name="tiny", version="1", window=32, stride=24)
    save_model(tmp_path / "model", network, text, info, dtype=torch.float32)
    monkeypatch.setattr(models, "active_model", lambda _project: tmp_path / "model")
    return tmp_path / "model"


def scored(engine):
    image = np.random.default_rng(0).integers(0, 255, (32, 32, 3), np.uint8)
    encoded = engine.encode(image, "digest")
    return engine.scores(encoded, [Word("cat", ("cat",), "#000000")]).probabilities


def test_what_was_measured_runs_the_tower(large, monkeypatch):
    first = models.open_engine(None, "cpu")
    assert (first.backend, first.reason) == ("torch cpu", "not measured on this machine yet")
    expected = scored(first)
    tried = []

    def measured(model, device, cache, say):
        tried.append((model.info.name, device, cache))
        return Choice("onnx-cpu", "9 ms a window", {})

    monkeypatch.setattr(models, "measure", measured)
    second = models.open_engine(None, "cpu", say=tried.append)
    assert (second.backend, second.reason) == ("onnxruntime cpu fp32", "9 ms a window")
    assert tried == [("tiny", "cpu", large.parent / "home" / "cache")]
    np.testing.assert_allclose(scored(second), expected, atol=1e-3)
    assert second.encodes == 0  # the disk had the features


def test_what_stopped_working_is_replaced_by_torch(large, monkeypatch):
    def gone(*_):
        raise OSError("no such library")

    found = Choice("onnx-cpu", "fast", {})
    monkeypatch.setattr(models, "remembered", lambda *_: found)
    monkeypatch.setattr(models, "build", gone)
    engine = models.open_engine(None, "cpu")
    assert engine.backend == "torch cpu"
    assert engine.reason == "onnx-cpu does not work any more"


def test_features_wait_on_disk_as_long_as_a_person_wants_them(large, monkeypatch):
    first = models.open_engine(None, "cpu")
    maps = scored(first)
    later = models.open_engine(None, "cpu")
    np.testing.assert_array_equal(scored(later), maps)
    assert (first.encodes, later.encodes) == (1, 0)
    monkeypatch.setenv(models.CACHE_GIB, "0")
    without = models.open_engine(None, "cpu")
    scored(without)
    assert without.encodes == 1


def test_the_text_tower_sleeps_until_a_new_word_comes(large):
    engine = models.open_engine(None, "cpu")
    before = scored(engine)
    engine.rest()
    np.testing.assert_array_equal(scored(engine), before)
    assert engine.embed(["dog"]).shape == (1, 16)


def test_a_device_that_does_not_work_is_not_measured(large, monkeypatch):
    monkeypatch.setattr("cascadeclip.core.engine.devices.cuda_works", lambda: False)
    with pytest.raises(DeviceUnavailable):
        models.measure_model(large, "cuda")
    assert not (large.parent / "home").exists()


def test_measuring_is_done_once(large, monkeypatch):
    found = []
    fast = Choice("x", "why", {})
    monkeypatch.setattr(models, "measure", lambda *_: found.append(1) or fast)
    assert models.measure_model(large) == fast
    monkeypatch.setattr(models, "remembered", lambda *_: Choice("x", "why", {}))
    assert models.measure_model(large) is None
    assert found == [1]
