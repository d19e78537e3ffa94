"""A full disk, a folder that cannot be written: one sentence, nothing half-written, life goes on.

The disk is full in two ways: no file may grow beyond some bytes (a quota, tried everywhere), and a
small file system in memory without room (where this user may mount one).
"""

from __future__ import annotations

import gzip
import importlib.util
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import torch

from cascadeclip.app import cli
from cascadeclip.core import masks
from cascadeclip.core.engine.store import FeatureStore
from cascadeclip.core.errors import CascadeClipError
from cascadeclip.core.formats import PROFILES, ExportOptions, export
from cascadeclip.core.formats.importing import import_annotations
from cascadeclip.core.model.network import Features
from cascadeclip.core.project import Project
from cascadeclip.core.project.copies import back_up
from cascadeclip.core.values import Suggestion

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="quotas and mounts are Linux's")

TESTS = Path(__file__).parents[1]
_SPEC = importlib.util.spec_from_file_location("real", TESTS / "unit/core/formats/real.py")
real = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(real)

SMALL = 4 << 20


class Quota:
    """No file of this process may grow beyond so many bytes."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()

    @contextmanager
    def full(self, left=0):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (left, hard))  # Python ignores the signal
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    def close(self):
        """Nothing is left of it."""


class SmallDisk:
    """A file system of few megabytes, all taken."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", str(folder)],
            capture_output=True,
            check=False,
        )
        if done.returncode:
            folder.rmdir()
            pytest.skip("nothing can be mounted here")

    @contextmanager
    def full(self, left=0):
        filler = self.folder / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(1 << 14)) == 1 << 14:
                    pass
            except OSError:
                pass
            file.truncate(max(0, file.tell() - left))
        try:
            yield
        finally:
            filler.unlink()

    def close(self):
        subprocess.run(["umount", "-l", str(self.folder)], check=True)


@pytest.fixture(params=[Quota, SmallDisk], ids=["quota", "small disk"])
def disk(request, tmp_path):
    made = request.param(tmp_path / "disk")
    yield made
    made.close()


@pytest.fixture
def images(tmp_path):
    real.make_images(tmp_path / "images")
    return tmp_path / "images"


@pytest.fixture
def project(disk, images):
    with real.make_project(disk.folder / "project", images) as made:
        real.annotate(made)
        yield made


def everything(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "filler"
    }


def sentence(work):
    """The one sentence that `work` is refused with."""
    with pytest.raises(CascadeClipError) as caught:
        work()
    text = str(caught.value)
    assert text.strip() == text != ""
    assert "\n" not in text
    return text


@pytest.mark.parametrize("left", [0, 300])
@pytest.mark.parametrize("kind", PROFILES)
def test_an_export_leaves_what_was_there(disk, images, tmp_path, kind, left):
    file = PROFILES[kind].suggestions
    out = disk.folder / ("out.json" if file else "out")
    options = ExportOptions(suggestions=file, shares=())
    with real.make_project(tmp_path / "project", images) as project:
        real.annotate(project, apart=kind == "voc")
        for _ in range(2):  # nothing there yet, then an older export
            before = everything(disk.folder)
            with disk.full(left):
                text = sentence(lambda: export(project, out, kind, options=options))
            assert "could not be written" in text
            assert everything(disk.folder) == before
            assert export(project, out, kind, options=options).annotations > 0
        assert everything(disk.folder).keys() == before.keys()


def test_a_change_is_whole_or_not_there(disk, project):
    image, word = project.images.page()[3], project.classes.all()[0]
    mask = np.zeros((20, 31), bool)
    mask[4:9, 3:20] = True
    suggested = Suggestion(word.id, masks.encode(mask), 0.5, 0.5)
    (pending,) = project.suggestions.replace(image.id, [suggested], "v1")
    there = project.annotations.of_image(project.images.page()[0].id)[0]
    changes = [
        lambda: project.annotations.add(image.id, word.id, mask),
        lambda: project.annotations.edit(there.id, mask),
        lambda: project.annotations.delete(there.id),
        lambda: project.suggestions.accept_many([pending.id]),
        lambda: project.suggestions.replace(image.id, [suggested] * 30, "v2"),
        lambda: project.images.set_status(image.id, "reviewed"),
        lambda: project.settings.set("a", "b" * 5000),
        lambda: project.undo(there.image_id),
    ]
    before = real.state(project)
    for change in changes:
        with disk.full():
            text = sentence(change)
        assert "disk" in text
        assert real.state(project) == before
        assert project.suggestions.of_image(image.id) == [pending]
        assert project.images.get(image.id).status == "unreviewed"
        assert project.settings.get("a") is None
    assert project.integrity() == ""
    for change in changes:
        change()
    with Project.open(project.folder, read_only=True) as again:
        assert real.state(again) == real.state(project) != before


def test_an_import_is_whole_or_not_there(disk, project, images, tmp_path):
    out = tmp_path / "out.json"
    export(project, out, "coco")
    with real.make_project(disk.folder / "other", images, words=()) as other:
        with disk.full():
            assert "disk" in sentence(lambda: import_annotations(other, out, "coco"))
        assert (real.state(other), other.classes.all(), other.batches()) == ([], [], [])
        import_annotations(other, out, "coco")
        assert real.state(other) == real.state(project)


def test_no_new_project_is_half_made(disk):
    with disk.full():
        sentence(lambda: Project.create(disk.folder / "new"))
    assert everything(disk.folder) == {}
    Project.create(disk.folder / "new").close()


@pytest.mark.parametrize("left", [0, 20_000])
def test_an_older_project_stays_older(disk, left):
    folder = disk.folder / "old"
    folder.mkdir()
    data = gzip.decompress((TESTS / "unit/core/project/old/v1.db.gz").read_bytes())
    (folder / "project.db").write_bytes(data)
    with disk.full(left):
        sentence(lambda: Project.open(folder))
    left_over = everything(folder)
    assert left_over.pop("project.db") == data
    assert not any(left_over.values())
    with Project.open(folder) as project:
        assert project.integrity() == ""


def test_a_backup_is_whole_or_not_there(disk, project):
    target = disk.folder / "copies" / "copy.db"
    for _ in range(2):
        before = everything(target.parent)
        with disk.full(8192):
            sentence(lambda: back_up(project.folder, out=target))
        assert everything(target.parent) == before
        assert back_up(project.folder, out=target) == target


def test_features_that_cannot_be_kept_are_worked_out_again(disk):
    store = FeatureStore(disk.folder / "features")
    features = Features(torch.ones(3, 16, 8), torch.ones(8), (4, 4))
    with disk.full():
        store.put("a", features)
    assert store.get("a") is None
    assert everything(disk.folder) == {}
    store.put("a", features)
    assert store.get("a") is not None


def test_the_command_says_it_and_ends_with_2(disk, images, tmp_path, capsys):
    real.make_project(tmp_path / "project", images).close()
    for command in (
        ["export", str(tmp_path / "project"), "--format", "coco", "--out",
         str(disk.folder / "a.json")],
        ["backup", str(tmp_path / "project"), "--out", str(disk.folder / "a.db")],
        ["init", str(disk.folder / "new"), "--images", str(images), "--vocabulary", "cat"],
    ):  # fmt: skip
        with disk.full():
            assert cli.run(command) == 2
        told = capsys.readouterr()
        assert len(told.err.strip().splitlines()) == 1
        assert "Traceback" not in told.err + told.out
    assert everything(disk.folder) == {}


@pytest.fixture
def read_only(project, disk):
    """The project where nothing can be written, whoever asks."""
    if not isinstance(disk, SmallDisk):
        pytest.skip("needs a file system of its own")
    project.close()
    subprocess.run(["mount", "-o", "remount,ro", str(disk.folder)], check=True)
    yield project.folder
    subprocess.run(["mount", "-o", "remount,rw", str(disk.folder)], check=True)


def test_a_folder_that_cannot_be_written_can_be_read(read_only, images, tmp_path):
    before = everything(read_only)
    place = "Nothing can be written in"
    assert place in sentence(lambda: Project.open(read_only))
    assert place in sentence(lambda: Project.create(read_only / "new"))
    assert place in sentence(lambda: back_up(read_only))
    with Project.open(read_only, read_only=True) as project:
        assert export(project, tmp_path / "out.json", "coco").annotations == 6
        for kind in PROFILES:
            assert "could not be written" in sentence(
                lambda kind=kind: export(project, read_only / "out.json", kind)
            )
        sentence(lambda: project.classes.add("dog"))
    assert cli.run(["check", str(read_only)]) in (0, 2)
    assert everything(read_only) == before
    assert shutil.disk_usage(read_only).total == SMALL
    assert not os.access(read_only, os.W_OK)
