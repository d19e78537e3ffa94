"""Paths that climb out of the folder that was named are refused, in every format and both ways."""

from __future__ import annotations

import importlib.util
import io
import json
import shutil
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from cascadeclip.core.errors import CascadeClipError
from cascadeclip.core.formats import PROFILES, ExportOptions, export
from cascadeclip.core.formats.importing import import_annotations
from cascadeclip.core.formats.importing.foreign import LEAVES
from cascadeclip.core.formats.plan import stems

_SPEC = importlib.util.spec_from_file_location("real", Path(__file__).with_name("real.py"))
real = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(real)

CLIMBING = (
    "../a.png",
    "x/../../a.png",
    "/a.png",
    "//server/a.png",
    "C:/a.png",
    "c:a.png",
    "..\\a.png",
    "\\a.png",
    "x\\..\\..\\a.png",
)
# What may be a link, and what each format keeps there.
LINKS = {
    "coco": ("annotations", "annotations/instances.json"),
    "voc": ("SegmentationClass", "SegmentationClass/a.png", "SegmentationObject", "classes.json"),
    "semantic": ("labels", "labels/a.png", "classes.json"),
    "yolo": ("labels", "labels/train", "labels/train/a.txt", "data.yaml"),
    "labelme": ("a.json", "deeper"),
}


@pytest.fixture
def project(tmp_path):
    real.make_images(tmp_path / "images")
    with real.make_project(tmp_path / "project", tmp_path / "images") as made:
        real.annotate(made, apart=True)
        yield made


@pytest.fixture
def bare(tmp_path, project):
    with real.make_project(tmp_path / "bare", tmp_path / "images", words=()) as made:
        yield made


def exported(project, out, kind):
    options = ExportOptions(images="copy") if kind == "coco" else None
    export(project, out, kind, options=options)
    return out


def opened_outside(folder):
    """Collect every file of `folder` that is opened from now on."""
    seen = []

    def hook(event, details):
        if event == "open" and hook.on and isinstance(details[0], str | Path):
            path = Path(details[0]).resolve()
            if folder.resolve() in path.parents:
                seen.append(path)

    hook.on = True
    sys.addaudithook(hook)
    return seen, hook


@pytest.mark.parametrize("name", CLIMBING)
def test_coco_names_that_climb_are_told(bare, tmp_path, name):
    image = {"id": 1, "file_name": name, "width": 31, "height": 20}
    row = {"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[1, 1, 9, 1, 9, 9]]}
    words = [{"id": 1, "name": "cat"}]
    file = tmp_path / "o.json"
    file.write_text(json.dumps({"images": [image], "categories": words, "annotations": [row]}))
    preview = import_annotations(bare, file, "coco")
    assert preview.unmatched == ((name, "the name leaves the image folder"),)
    assert preview.added == 0


@pytest.mark.parametrize("name", CLIMBING)
def test_labelme_names_are_never_opened(bare, tmp_path, name):
    secret = tmp_path / "secret"
    secret.mkdir()
    shutil.copy(tmp_path / "images/a.png", secret / "a.png")
    own = tmp_path / "in"
    own.mkdir()
    shape = {"label": "cat", "points": [[1, 1], [9, 1], [9, 9]], "shape_type": "polygon"}
    name = name.replace("a.png", "secret/a.png")
    data = {"shapes": [shape], "imagePath": name, "imageWidth": 31, "imageHeight": 20}
    (own / "other.json").write_text(json.dumps(data))
    seen, hook = opened_outside(secret)
    import_annotations(bare, own, "labelme")
    hook.on = False
    assert seen == []


@pytest.mark.parametrize(("kind", "link"), [(kind, one) for kind in LINKS for one in LINKS[kind]])
def test_links_that_lead_out_are_not_followed(project, bare, tmp_path, kind, link):
    out = exported(project, tmp_path / "out", kind)
    outside = tmp_path / "outside" / Path(link).name
    outside.parent.mkdir()
    (out / link).rename(outside)
    try:
        (out / link).symlink_to(outside)
    except OSError:
        pytest.skip("no links here")
    seen, hook = opened_outside(outside.parent)
    with suppress(CascadeClipError):
        preview = import_annotations(bare, out, kind)
        told = dict(preview.dropped).get(LEAVES, 0)
        # A folder below that is a link is not walked into at all.
        assert told > 0 or link in ("labels/train", "deeper")
    # Without the objects of VOC, a word in an image is one mask.
    assert len(real.state(bare)) < 3 or link == "SegmentationObject"
    hook.on = False
    assert seen == []


@pytest.mark.parametrize(("kind", "link"), [(kind, LINKS[kind][0]) for kind in LINKS])
def test_the_folder_that_is_named_may_be_a_link(project, bare, tmp_path, kind, link):
    exported(project, tmp_path / "out", kind)
    try:
        (tmp_path / "link").symlink_to(tmp_path / "out")
    except OSError:
        pytest.skip("no links here")
    preview = import_annotations(bare, tmp_path / "link", kind)
    assert preview.added == 3
    assert LEAVES not in dict(preview.dropped)


@pytest.mark.parametrize("place", ["/etc", "../..", "C:\\", "~"])
def test_places_that_yolo_files_name_are_never_looked_at(project, bare, tmp_path, place):
    out = exported(project, tmp_path / "out", "yolo")
    text = (out / "data.yaml").read_text()
    (out / "data.yaml").write_text(f"path: {place}\nval: {place}\n{text}")
    preview = import_annotations(bare, out, "yolo")
    assert preview.added == 3


def test_names_of_what_is_written_stay_inside():
    names = ["../../x.png", "/x.png", "C:/x.png", "..\\..\\x.png", "x.png", "a/../x.png", ".."]
    found = stems(list(enumerate(names)))
    assert len(set(found.values())) == len(names)
    for stem in found.values():
        assert not stem.startswith("/")
        assert not {":", "\\"} & set(stem)
        assert ".." not in Path(stem).parts


@pytest.mark.parametrize("kind", PROFILES)
def test_an_export_of_images_from_elsewhere_stays_in_its_folder(project, tmp_path, kind):
    with project._store.transaction():
        for number, name in enumerate(("../images/deeper/../a.png", "../images/a.jpg"), 1):
            project._store.run("UPDATE images SET path = ? WHERE id = ?", (name, number))
    place = tmp_path / "alone"
    place.mkdir()
    before = {path for path in tmp_path.rglob("*") if place not in path.parents}
    export(project, place / "out", kind, options=ExportOptions(images="copy"))
    assert {path for path in tmp_path.rglob("*") if place not in path.parents} == before
    assert [path.name for path in place.iterdir()] == ["out"]


def test_an_archive_of_weights_is_never_unpacked(tmp_path):
    from cascadeclip.core.model.torchscript import read_torchscript

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("a/../../evil", "/evil", "C:\\evil", "a/data.pkl", "a/constants.pkl"):
            archive.writestr(name, np.zeros(3).tobytes())
    place = tmp_path / "in"
    place.mkdir()
    (place / "a.pt").write_bytes(buffer.getvalue())
    with pytest.raises(CascadeClipError):
        read_torchscript(place / "a.pt")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.pt"]
