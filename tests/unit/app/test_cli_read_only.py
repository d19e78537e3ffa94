"""While another program has a project, what reads it works and what writes is refused."""

import pytest
from PIL import Image

from cascadeclip.app import cli
from cascadeclip.core.project import Project, lock

HOLDER = lock.Holder(7, "elsewhere", "2026-01-02T03:04:05+00:00")


@pytest.fixture
def project(tmp_path, monkeypatch):
    Image.new("RGB", (9, 6)).save(tmp_path / "a.png")
    with Project.create(tmp_path / "cats") as made:
        made.images.add(tmp_path / "a.png")
        made.classes.add("cat")
    monkeypatch.setattr(lock, "take", lambda path: HOLDER)
    return tmp_path / "cats"


@pytest.mark.parametrize(
    "arguments",
    [
        ("prelabel", "{}"),
        ("train", "{}"),
        ("models", "activate", "{}", "v1"),
        ("models", "rollback", "{}"),
    ],
)
def test_what_writes_is_refused_in_one_sentence(project, capsys, arguments):
    assert cli.run([part.format(project) for part in arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == HOLDER.sentence(project) + "\n"


def test_what_reads_works(project, capsys, tmp_path):
    assert cli.run(["models", "list", str(project)]) == 0
    out = tmp_path / "out.json"
    assert cli.run(["export", str(project), "--format", "coco", "--out", str(out)]) == 0
    assert out.exists()
    assert capsys.readouterr().err == ""
