"""The commands in this process: what they print, what they leave, how they refuse."""

from __future__ import annotations

import json
import sqlite3
import sys

import click
import numpy as np
import pytest
from PIL import Image
from pycocotools.coco import COCO

from cascadeclip.app import cli, training
from cascadeclip.core.project import Project

COMMANDS = sorted(cli.cli.commands)


@pytest.fixture
def run(capsys):
    """Run one command line; return exit code, standard output and standard error."""

    def call(*arguments):
        code = cli.run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "shots"
    (folder / "deeper").mkdir(parents=True)
    rng = np.random.default_rng(0)
    for name in ("a2.png", "a10.png", "deeper/Zürich 東京.jpg"):
        Image.fromarray(rng.integers(0, 256, (24, 32, 3)).astype(np.uint8)).save(folder / name)
    return folder


@pytest.fixture
def project(tmp_path, images, run):
    folder = tmp_path / "project"
    assert run("init", folder, "--images", images, "--vocabulary", "cat | kitten, grass")[0] == 0
    return folder


def _refused(answer, *parts):
    code, out, error = answer
    assert code == 2
    assert out == ""
    assert "Traceback" not in error
    lines = error.strip().splitlines()
    assert len(lines) == 1, error
    for part in parts:
        assert part in lines[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_a_person_reads(run, command):
    code, out, _ = run(command, "--help")
    assert code == 0
    assert "Usage: cascadeclip" in out
    for option in cli.cli.commands[command].params:
        if isinstance(option, click.Option):
            assert option.help, f"{command} {option.name} has no help"


def test_summaries_are_whole_sentences(run):
    code, out, _ = run("--help")
    assert code == 0
    listed = out.split("Commands:")[1].split("Example:")[0].strip().splitlines()
    assert len(listed) == len(COMMANDS)
    assert all(line.rstrip().endswith(".") and "..." not in line for line in listed)


def test_the_version_is_told(run):
    code, out, _ = run("--version")
    assert code == 0
    assert out.startswith("cascadeclip ")


def test_a_wrong_option_is_a_refusal(run):
    code, _, error = run("export", "somewhere", "--format", "coffee", "--out", "x")
    assert code == 2
    assert "coffee" in error


def test_init_makes_a_project_and_leaves_the_images(run, project, images):
    with Project.open(project) as opened:
        rows = opened.images.page()
        assert [row.path for row in rows] == [
            "../shots/a2.png",
            "../shots/a10.png",
            "../shots/deeper/Zürich 東京.jpg",
        ]
        assert [row.phrases for row in opened.classes.all()] == [("cat", "kitten"), ("grass",)]
    assert len(list(images.rglob("*.*"))) == 3


def test_init_refuses_before_it_makes_anything(run, tmp_path, images):
    empty = tmp_path / "empty"
    empty.mkdir()
    target = tmp_path / "new"
    words = ("--vocabulary", "cat")
    _refused(run("init", target, "--images", empty, *words), "no images")
    _refused(run("init", target, "--images", tmp_path / "nowhere", *words), "nowhere")
    _refused(run("init", target, "--images", images, "--vocabulary", " , "), "empty")
    assert not target.exists()


def test_init_refuses_a_project_that_is_there(run, project, images):
    before = (project / "project.db").read_bytes()
    _refused(run("init", project, "--images", images, "--vocabulary", "dog"), "already")
    assert (project / "project.db").read_bytes() == before


def test_init_leaves_out_broken_images_and_says_so(run, tmp_path, images):
    (images / "broken.png").write_bytes(b"no picture at all")
    code, out, error = run("init", tmp_path / "p", "--images", images, "--vocabulary", "cat")
    assert code == 0
    assert "3 images" in out
    assert "broken.png" in error


def test_export_writes_what_was_drawn(run, project, tmp_path):
    mask = np.zeros((24, 32), bool)
    mask[3:9, 4:20] = True
    with Project.open(project) as opened:
        image = opened.images.page(search="Zürich")[0]
        opened.annotations.add(image.id, opened.classes.all()[1].id, mask)
    code, out, _ = run("export", project, "--format", "coco", "--out", tmp_path / "o.json")
    assert code == 0
    assert "3 images, 1 annotation." in out
    coco = COCO(str(tmp_path / "o.json"))
    assert np.array_equal(coco.annToMask(coco.anns[1]), mask)
    assert coco.imgs[coco.anns[1]["image_id"]]["file_name"] == "deeper/Zürich 東京.jpg"


@pytest.mark.parametrize(
    "arguments",
    [
        ("prelabel",),
        ("export", "--format", "coco", "--out", "out.json"),
        ("render", "first", "--out", "out.png"),
        ("models", "list"),
        ("models", "rollback"),
        ("evaluate",),
        ("train",),
    ],
)
def test_a_missing_project_is_one_sentence(run, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    place = 2 if arguments[0] == "models" else 1
    line = [*arguments[:place], tmp_path / "nothing", *arguments[place:]]
    _refused(run(*line), "nothing")
    assert list(tmp_path.iterdir()) == []


def test_a_newer_project_is_left_alone(run, project, tmp_path):
    database = sqlite3.connect(project / "project.db")
    database.execute("PRAGMA user_version = 9999")
    database.close()
    before = (project / "project.db").read_bytes()
    _refused(run("export", project, "--format", "coco", "--out", tmp_path / "o.json"), "newer")
    _refused(run("prelabel", project), "newer")
    assert (project / "project.db").read_bytes() == before
    assert not (tmp_path / "o.json").exists()


def test_a_place_that_cannot_be_written_is_one_sentence(run, project, tmp_path):
    (tmp_path / "file").write_text("x")
    out = tmp_path / "file" / "o.json"
    _refused(run("export", project, "--format", "coco", "--out", out), "could not be written")
    _refused(run("render", project, "first", "--out", out), "could not be written")
    _refused(run("demo", tmp_path / "file" / "demo", "--count", 1), "file")


def test_render_finds_images_by_name(run, project, tmp_path):
    out = tmp_path / "o.png"
    for name in ("first", "a10.png", "deeper/Zürich 東京.jpg", "../shots/a2.png"):
        code, _, error = run("render", project, name, "--out", out)
        assert code == 0, error
        with Image.open(out) as picture:
            assert picture.width >= 640
    _refused(run("render", project, "b.png", "--out", out), "b.png")


def test_models_switch_and_go_back(run, project):
    with Project.open(project) as opened:
        for name in ("v1", "v2"):
            metrics = {"before": {"miou": 0.25}, "after": {"miou": 0.5}}
            folder = project / "models" / name
            opened.versions.add(name, folder=folder, recipe="quick", metrics=metrics)
    assert run("models", "list", project)[1].startswith("* mini")
    assert run("models", "activate", project, "v1")[0] == 0
    assert run("models", "activate", project, "v2")[0] == 0
    listed = run("models", "list", project)[1].splitlines()
    assert [line[0] for line in listed] == [" ", " ", "*"]
    assert "25.0 -> 50.0" in listed[2]
    assert "v1" in run("models", "rollback", project)[1]
    assert "mini" in run("models", "rollback", project)[1]
    _refused(run("models", "rollback", project))
    _refused(run("models", "activate", project, "v9"), "v9")
    _refused(run("models", "describe", project, "--model", "v9"), "v9")


@pytest.mark.parametrize(("better", "state"), [(True, "in use"), (False, "kept, not in use")])
def test_a_version_that_torchrun_left_is_registered(run, project, better, state):
    folder = project / "models" / "v1"
    folder.mkdir(parents=True)
    _refused(run("models", "register", project, folder), "no finished model version")
    told = {"parent": None, "recipe": "quick", "split": {}, "metrics": {}}
    (folder / "run.json").write_text(json.dumps(told))
    _refused(run("models", "register", project, folder), "not written by a retraining")
    told["metrics"] = {"before": {"miou": 0.25}, "after": {"miou": 0.5}}
    told |= {"activate": better, "reason": "So it is."}
    (folder / "run.json").write_text(json.dumps(told))
    code, out, _ = run("models", "register", project, folder)
    assert (code, out.splitlines()[0]) == (0, "So it is.")
    assert f"Model version v1: {state}" in out
    assert "25.0 -> 50.0" in run("models", "list", project)[1]


class _Run:
    """Stands for a training process."""

    events_to_say = ()
    cancelled = False

    def __init__(self, project_folder, *, recipe, device, processes):
        type(self).asked = (recipe, device, processes)

    def start(self):
        pass

    def events(self):
        yield from self.events_to_say

    def cancel(self):
        type(self).cancelled = True


@pytest.fixture
def process(monkeypatch):
    fresh = type("Run", (_Run,), {})
    monkeypatch.setattr(training, "TrainingRun", fresh)
    return fresh


def test_train_tells_before_and_after(run, project, process, monkeypatch):
    folder = project / "models" / "v1"
    process.events_to_say = (
        training.Phase("collecting"),
        training.Measured("before", 0.25, {"cat": 0.25}),
        training.Step(1, 1, 0.5),
        training.Measured("after", 0.5, {"cat": 0.75, "grass": 0.25}),
        training.Finished(str(folder), True, "It became better.", 0.25, 0.5),
    )

    def finish(opened, finished, *, activate):
        row = opened.versions.add("v1", folder=finished.folder, recipe="quick", metrics={})
        return opened.versions.activate(row.id) if activate == "always" else row

    monkeypatch.setattr(training, "finish", finish)
    code, out, error = run(
        "train", project, "--activate", "always", "--device", "cpu", "--processes", "2"
    )
    assert code == 0
    assert process.asked == ("quick", "cpu", 2)
    assert "collecting" in error
    rows = {line.split()[0]: line.split()[1:] for line in out.splitlines()}
    assert rows["cat"] == ["25.0", "75.0"]
    assert rows["grass"] == ["-", "25.0"]
    assert rows["mean"] == ["25.0", "50.0"]
    assert "It became better." in out
    assert "in use from now on" in out


def test_a_failed_training_is_one_sentence(run, project, process):
    process.events_to_say = (training.Failed("Correct at least two images first."),)
    _refused(run("train", project), "Correct at least two images")


def test_lines_of_measuring_runs_are_passed_on(run, project, monkeypatch):
    asked = []

    def lines(arguments):
        asked.append(list(arguments))
        yield from ("a table", json.dumps({"hiou": 40.0}))

    monkeypatch.setattr(training, "run_lines", lines)
    assert run("evaluate", project, "--model", "mini")[1].splitlines()[0] == "a table"
    assert run("benchmark", "mini", "--count", 3, "--art", "styles")[0] == 0
    assert asked[0] == [
        "evaluate",
        "--project",
        str(project),
        "--device",
        "auto",
        "--model",
        "mini",
    ]
    assert asked[1][:2] == ["benchmark", "mini"]
    assert asked[1][-2:] == ["--art", "styles"]


def test_heavy_modules_stay_out_of_help():
    import subprocess

    program = (
        "import sys, cascadeclip.app.cli as c; c.run(['prelabel', '--help'])\n"
        "bad = {'torch', 'PySide6', 'cv2', 'onnxruntime', 'numpy'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {bad}' if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
