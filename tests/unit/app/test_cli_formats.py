"""Export and import in this process: options, what is told, refusals."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from cascadeclip.app import cli
from cascadeclip.app.commands import export as export_command
from cascadeclip.app.commands import import_annotations as import_command
from cascadeclip.core.formats import PROFILES
from cascadeclip.core.formats.importing import CROWDS, POLICIES, READERS
from cascadeclip.core.project import Project


@pytest.fixture
def run(capsys):
    """Run one command line; return exit code, standard output and standard error."""

    def call(*arguments):
        code = cli.run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def project(tmp_path, run):
    rng = np.random.default_rng(0)
    (tmp_path / "shots").mkdir()
    for name in ("a.png", "b.png"):
        pixels = rng.integers(0, 256, (12, 16, 3)).astype(np.uint8)
        Image.fromarray(pixels).save(tmp_path / "shots" / name)
    words = ("--vocabulary", "cat, grass")
    assert run("init", tmp_path / "project", "--images", tmp_path / "shots", *words)[0] == 0
    with Project.open(tmp_path / "project") as opened:
        image = opened.images.page()[0]
        mask = np.zeros((12, 16), bool)
        mask[2:5, 3:9] = True
        opened.annotations.add(image.id, opened.classes.all()[0].id, mask)
    return tmp_path / "project"


def test_the_command_knows_every_format():
    assert tuple(PROFILES) == export_command.FORMATS
    assert tuple(READERS) == import_command.FORMATS
    assert POLICIES == import_command.POLICIES
    assert CROWDS == import_command.CROWDS


@pytest.mark.parametrize("kind", export_command.FORMATS)
def test_every_format_is_written_and_told(run, project, tmp_path, kind):
    code, out, error = run("export", project, "--format", kind, "--out", tmp_path / "out")
    assert (code, error) == (0, "")
    assert out.startswith(f"Wrote {tmp_path / 'out'}: 2 images, 1 annotation.")
    assert (tmp_path / "out").exists()


def test_options_reach_the_export(run, project, tmp_path):
    code, out, error = run(
        "export", project, "--format", "coco", "--out", tmp_path / "out", "--words", "grass",
        "--min-area", 100, "--images", "link", "--suggestions", "--split", "train=0.5,val=0.5",
    )  # fmt: skip
    assert (code, error) == (0, "")
    assert "Masks left out as too small: 1." in out
    rows = json.loads((tmp_path / "out/annotations/instances_val.json").read_text())["categories"]
    assert [row["name"] for row in rows] == ["grass", "cat"]
    assert (tmp_path / "out/annotations/suggestions_val.json").is_file()


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (("--split", "train"), "is no split"),
        (("--split", "train=0.5"), "add up to 1"),
        (("--words", "horse"), "no word"),
        (("--min-area", "-1"), "negative"),
        (("--format", "voc", "--suggestions"), "no place in voc"),
    ],
)
def test_wrong_options_are_one_sentence(run, project, tmp_path, options, part):
    code, out, error = run(
        "export", project, "--format", "coco", "--out", tmp_path / "out", *options
    )
    assert (code, out) == (2, "")
    assert part in error
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", import_command.FORMATS)
def test_what_was_exported_is_there_already(run, project, tmp_path, kind):
    assert run("export", project, "--format", kind, "--out", tmp_path / "out")[0] == 0
    for options in (("--dry-run",), ()):
        code, out, error = run("import", project, "--format", kind, tmp_path / "out", *options)
        assert (code, error) == (0, "")
        first = "Would import" if options else "Imported"
        images = "1 image" if kind == "yolo" else "2 images"
        assert out == (
            f"{first} 0 annotations into {images}; 0 taken out, 1 left alone or there already.\n"
        )


def test_an_import_tells_what_it_does_and_what_it_drops(run, project, tmp_path):
    rows = [{"id": at, "file_name": f"{at}.png"} for at in range(7)]
    data = {
        "images": [{"id": 7, "file_name": "b.png", "width": 16, "height": 12}, *rows],
        "categories": [{"id": 1, "name": "tree"}],
        "annotations": [
            {"image_id": 7, "category_id": 1, "segmentation": [[1, 1, 9, 1, 9, 9]]},
            {"image_id": 7, "category_id": 1, "segmentation": [], "bbox": [1, 1, 2, 2]},
            {"image_id": 7, "category_id": 1, "segmentation": [[1, 1]]},
        ],
    }
    (tmp_path / "o.json").write_text(json.dumps(data))
    line = ("import", project, "--format", "coco", tmp_path / "o.json")
    code, out, _ = run(*line, "--policy", "replace")
    assert code == 0
    assert out.splitlines() == [
        "Imported 1 annotation into 1 image; 0 taken out, 0 left alone or there already.",
        "New words: tree.",
        "Boxes as suggestions, to be accepted or drawn anew: 1; 0 earlier ones taken out.",
        "Not imported: Damaged masks: 1 (b.png, annotation None).",
        "Names without an image: 7.",
        *(f"  {at}.png: no image has this name" for at in range(5)),
        "  and 2 more",
    ]
    with Project.open(project) as opened:
        assert opened.annotations.count() == 2
    listed = run("import", project, "--list")[1].splitlines()
    assert len(listed) == 1
    number, _, told = listed[0].strip().partition("  ")
    assert told.endswith(" UTC, o.json, 1 image, 1 added, 0 taken out, 1 boxes")
    assert run("import", project, "--number", number)[0] == 2
    assert run("import", project, "--undo", "--number", 99)[0] == 2
    code, out, error = run("import", project, "--undo", "--number", number)
    assert (code, error) == (0, "")
    assert out.startswith("Took back the import of ")
    assert out.endswith(" UTC on 1 image. Words that came with it stay.\n")
    with Project.open(project) as opened:
        assert (opened.annotations.count(), opened.suggestions.count(status="pending")) == (1, 0)
    assert run("import", project, "--undo")[1] == "There is no import to take back.\n"
    assert run("import", project, "--list")[1].endswith("1 boxes, taken back\n")
    for wrong in (("--undo", tmp_path / "o.json"), (tmp_path / "o.json",), ("--format", "coco")):
        assert run("import", project, *wrong)[0] == 2
    (tmp_path / "o.json").write_text("[")
    code, out, error = run(*line)
    assert (code, out, error.count("\n")) == (2, "", 1)
