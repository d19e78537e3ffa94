"""`cascadeclip models use-clip`: from weights alone to suggestions, and what cannot be."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch

from cascadeclip.app import cli
from cascadeclip.core.engine import open_engine
from cascadeclip.core.model import CascadeCLIP, DenseCLIP
from cascadeclip.core.model.clip import build_clip
from cascadeclip.core.model.clip_store import ClipStore
from cascadeclip.core.model.cold_start import BACKGROUND
from cascadeclip.core.project import Project
from cascadeclip.core.project.paging import every_image

CONFIG = {
    "embed_dim": 16,
    "quick_gelu": True,
    "vision_cfg": {"layers": 3, "width": 64, "patch_size": 4, "image_size": 16},
    "text_cfg": {"context_length": 12, "vocab_size": 49408, "width": 64, "heads": 1, "layers": 1},
}


@pytest.fixture
def run(capsys):
    def call(*arguments):
        code = cli.run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CASCADECLIP_HOME", str(tmp_path / "home"))
    torch.set_num_threads(1)
    torch.manual_seed(2)
    torch.save(build_clip(CONFIG).state_dict(), tmp_path / "clip.pt")
    ClipStore().add(tmp_path / "clip.pt", "mine", licence="MIT", quick_gelu=True)


@pytest.fixture
def project(tmp_path):
    rng = np.random.default_rng(0)
    (tmp_path / "shots").mkdir()
    cv2.imwrite(str(tmp_path / "shots" / "a.png"), rng.integers(0, 255, (30, 44, 3), np.uint8))
    with Project.create(tmp_path / "cats") as opened:
        opened.images.add(tmp_path / "shots" / "a.png")
        opened.classes.add("cat", phrases=("cat", "kitten"))
        opened.classes.add("sky", phrases=("sky",))
    return tmp_path / "cats"


def test_weights_alone_speak_for_a_project(run, project):
    code, out, err = run("models", "use-clip", "mine", "--project", project, "--none", "0.05")
    assert (code, err) == (0, "")
    assert "mine speaks for cats from now on, as the version mine-fast." in out
    assert f"{len(BACKGROUND)} background words" in out
    assert "threshold is 0.05 now" in out
    with Project.open(project) as opened:
        row = opened.versions.active()
        assert (row.name, row.recipe, row.folder) == (
            "mine-fast", "clip", project / "models" / "mine-fast",
        )  # fmt: skip
        engine = open_engine(opened, "cpu")
    assert isinstance(engine._runner.network, DenseCLIP)
    info = engine.info
    assert (info.window, info.stride, info.short) == (16, 8, 24)
    assert (info.readout, info.none, info.licence) == ("softmax", 0.05, "MIT")
    assert info.background == BACKGROUND
    assert len(info.templates) == 80
    assert info.note
    code, out, _ = run("models", "describe", project)
    assert code == 0
    assert "head 0," in out
    assert f"background     {', '.join(BACKGROUND)}\n" in out
    assert "best share is below 0.05\n" in out
    code, out, _ = run("prelabel", project, "--device", "cpu")
    assert code == 0
    assert "for 1 image" in out
    with Project.open(project) as opened:
        (image,) = every_image(opened)
        names = {one.model_version for one in opened.suggestions.of_image(image.id)}
    assert names <= {"mine-fast"}


def test_other_words_are_another_version(run, project):
    with Project.open(project) as opened:
        opened.settings.set("threshold", 0.4)
    asked = ("models", "use-clip", "mine", "--project", project)
    assert run(*asked, "--quality")[0] == 0
    code, out, _ = run(*asked, "--quality", "--background", " road,sea , road,, grass ")
    assert code == 0
    assert "version mine-quality-2" in out
    assert "threshold" not in out
    assert run(*asked, "--background", "")[0] == 0
    with Project.open(project) as opened:
        names = [row.name for row in opened.versions.all()]
        engine = open_engine(opened, "cpu")
        opened.versions.rollback()
        before = open_engine(opened, "cpu")
        assert opened.settings.get("threshold") == 0.4
    assert names == ["mine-quality", "mine-quality-2", "mine-fast"]
    places = [project / "models" / name / "model.safetensors" for name in names]
    assert places[0].samefile(places[1])
    assert places[0].samefile(places[2])
    assert (engine.info.background, engine.info.none) == ((), 0.1)
    assert before.info.background == ("road", "sea", "grass")
    assert before._runner.network.config.variant == "dense-quality"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("yours",), "yours are not on this machine"),
        (("mine:openai",), "mine@openai are not on this machine"),
        (("../mine",), "is no name for weights"),
        (("mine", "--none", "2"), "2"),
        (("mine", "--none", "few"), "few"),
    ],
)
def test_what_cannot_be_is_one_sentence(run, project, arguments, said):
    code, out, err = run("models", "use-clip", *arguments, "--project", project)
    assert (code, out) == (2, "")
    assert said in err
    with Project.open(project) as opened:
        assert opened.versions.all() == []
    assert not (project / "models").exists()


def test_a_project_must_be_named_and_be_there(run, tmp_path):
    assert run("models", "use-clip", "mine")[0] == 2
    code, _, err = run("models", "use-clip", "mine", "--project", tmp_path / "nothing")
    assert code == 2
    assert len(err.strip().splitlines()) == 1


@pytest.mark.timeout(180)
def test_what_weights_alone_say_is_where_training_begins(run, project):
    rng = np.random.default_rng(1)
    with Project.open(project) as opened:
        cat = opened.classes.all()[0]
        for number in range(6):
            mask = np.zeros((24, 24), bool)
            mask[4 : 12 + number, 6:18] = True
            rgb = np.where(mask[..., None], (200, 40, 40), rng.integers(0, 60, (24, 24, 3)))
            path = project / f"{number}.png"
            cv2.imwrite(str(path), rgb.astype(np.uint8))
            image = opened.images.add(path)
            opened.annotations.add(image.id, cat.id, mask)
            opened.images.set_status(image.id, "reviewed")
    assert run("models", "use-clip", "mine", "--project", project)[0] == 0
    code, out, err = run("train", project, "--device", "cpu", "--activate", "always")
    assert code == 0, err
    assert "Model version v1: in use from now on." in out
    with Project.open(project) as opened:
        row, engine = opened.versions.active(), open_engine(opened, "cpu")
    assert (row.name, row.parent, row.recipe) == ("v1", "mine-fast", "quick")
    assert isinstance(engine._runner.network, CascadeCLIP)
    assert (engine.info.readout, engine.info.background) == ("softmax", BACKGROUND)
    code, out, _ = run("prelabel", project, "--device", "cpu")
    assert code == 0
    assert "for 1 image, 6 skipped" in out
