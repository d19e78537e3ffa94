import dataclasses
import pickle

import cv2
import numpy as np
import pytest
from PIL import Image

from cascadeclip.core.errors import ImageUnreadable, TrainingFailed
from cascadeclip.core.model.text import SINGLE_TEMPLATE, TEMPLATES
from cascadeclip.train.data import layouts
from cascadeclip.train.data.layouts import (
    COCO_GAPS,
    SETS,
    class_names,
    coco_ranks,
    describe,
    reduced_zero,
    same_numbers,
)
from cascadeclip.train.data.published import check_set, match_classes, open_set

VOC = "VOCdevkit/VOC2012"
CONTEXT = "VOCdevkit/VOC2010"
COCO = "coco_stuff164k"


def write(path, values, size=None):
    """Write labels as palette PNG, or an image in which every channel is 50."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if values is None:
        cv2.imwrite(str(path), np.full((*size, 3), 50, np.uint8))
        return
    image = Image.fromarray(np.array(values, np.uint8))
    image.putpalette([(value * 37) % 256 for value in range(768)])
    image.save(path)


def pair(base, images, labels, name, values, ending=".png"):
    write(base / images / f"{name}.jpg", None, np.shape(values))
    write(base / labels / f"{name}{ending}", values)


def listed(base, place, *names):
    path = base / "ImageSets" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(names) + "\n", encoding="utf-8")


@pytest.fixture
def voc(tmp_path):
    base = tmp_path / VOC
    pair(base, "JPEGImages", "SegmentationClass", "2007_b", [[0, 1], [20, 255]])
    pair(base, "JPEGImages", "SegmentationClass", "2007_a", [[2, 2, 0]])
    pair(base, "JPEGImages", "SegmentationClass", "2008_v", [[5]])
    pair(base, "JPEGImages", "SegmentationClassAug", "2009_c", [[3, 4]])
    listed(base, "Segmentation/train.txt", "2007_b", "2007_a")
    listed(base, "Segmentation/aug.txt", "2009_c")
    listed(base, "Segmentation/val.txt", "2008_v")
    return tmp_path


@pytest.fixture
def context(tmp_path):
    base = tmp_path / CONTEXT
    for name, values in (("a", [[0, 1, 59, 255]]), ("b", [[7]])):
        pair(base, "JPEGImages", "SegmentationClassContext", name, values)
    listed(base, "SegmentationContext/train.txt", "a")
    listed(base, "SegmentationContext/val.txt", "b")
    return tmp_path


@pytest.fixture
def coco(tmp_path):
    base = tmp_path / COCO
    for part in ("train2017", "val2017"):
        names = f"images/{part}", f"annotations/{part}"
        pair(base, *names, "000000000009", [[0, 170, 255]], "_labelTrainIds.png")
        pair(base, *names, "000000000002", [[0, 10, 12, 181, 255]])
    return tmp_path


def labels_of(found):
    return {
        found.load(index).name: found.load(index).labels.tolist() for index in range(len(found))
    }


def test_voc_trains_on_both_lists_with_their_own_labels(voc):
    train = open_set("voc20", voc, "train")
    assert labels_of(train) == {
        "2007_b": [[255, 0], [19, 255]], "2007_a": [[1, 1, 255]], "2009_c": [[2, 3]],
    }  # fmt: skip
    assert [train.load(index).name for index in range(3)] == ["2007_b", "2007_a", "2009_c"]
    assert labels_of(open_set("voc20", voc, "val")) == {"2008_v": [[4]]}
    example = train.load(0)
    assert (example.image.shape, example.image.dtype) == ((2, 2, 3), np.uint8)
    assert (example.image == 50).all()
    assert example.labels.dtype == np.uint8


def test_context_reduces_zero(context):
    assert labels_of(open_set("context59", context, "train")) == {"a": [[255, 0, 58, 255]]}
    assert labels_of(open_set("context59-paper", context, "val")) == {"b": [[6]]}


@pytest.mark.parametrize("part", ["train", "val"])
def test_coco_takes_train_ids_and_else_maps_raw_ids_by_rank(coco, part):
    # raw 12 is the rank 11 because 11 is never used; 181 is the last
    assert labels_of(open_set("coco-stuff", coco, part)) == {
        "000000000002": [[0, 10, 11, 170, 255]], "000000000009": [[0, 170, 255]],
    }  # fmt: skip


def test_images_without_a_list_come_in_the_order_of_their_names(coco):
    base, folders = coco / COCO, ("images/val2017", "annotations/val2017")
    for number in range(10, 20):
        pair(base, *folders, f"{number:012}", [[0]])
    found = open_set("coco-stuff", coco, "val")
    names = [found.load(index).name for index in range(len(found))]
    assert len(names) == 12
    assert names == sorted(names)


def test_coco_prefers_train_ids(coco):
    write(coco / COCO / "annotations/val2017/000000000009.png", [[1, 1, 1]])
    assert open_set("coco-stuff", coco, "val").load(1).labels.tolist() == [[0, 170, 255]]


def test_tables_of_label_values():
    assert reduced_zero(20)[[0, 1, 20, 255]].tolist() == [255, 0, 19, 255]
    assert set(reduced_zero(20)[21:255].tolist()) == {-1}
    assert same_numbers(171)[[0, 170, 255]].tolist() == [0, 170, 255]
    assert set(same_numbers(171)[171:255].tolist()) == {-1}
    ranks = coco_ranks(171)
    assert set(ranks[sorted(COCO_GAPS)].tolist()) == {-1}
    # by hand: 11 gaps lie below 91, the first below 12, five below 45
    assert ranks[[10, 12, 24, 26, 45, 64, 91, 92, 181]].tolist() == [
        10, 11, 23, 24, 40, 59, 80, 81, 170,
    ]  # fmt: skip
    # COCO's own numbers start at 1: potted plant 64, dining table 67, toothbrush 90, banner 92
    assert [class_names("coco-stuff")[ranks[raw]] for raw in (63, 66, 89, 91)] == [
        "potted plant", "dining table", "toothbrush", "banner",
    ]  # fmt: skip
    assert set(ranks[182:255].tolist()) == {-1}


def test_word_lists():
    voc, coco, context = (class_names(one) for one in ("voc20", "coco-stuff", "context59"))
    assert (len(voc), len(coco), len(context)) == (20, 171, 59)
    assert (voc[0], voc[10], voc[19]) == ("aeroplane", "diningtable", "tvmonitor")
    assert (coco[0], coco[51], coco[79], coco[80], coco[170]) == (
        "person", "carrot", "toothbrush", "banner", "wood",
    )  # fmt: skip
    assert (context[0], context[31], context[58]) == ("aeroplane", "keyboard", "wood")
    assert list(context) == sorted(context)
    assert all(len(set(one)) == len(one) for one in (voc, coco, context))


UNSEEN = {
    "voc20": "pottedplant, sheep, sofa, train, tvmonitor",
    "coco-stuff": "cow, giraffe, suitcase, frisbee, skateboard, carrot, scissors, cardboard, "
    "clouds, grass, playingfield, river, road, tree, wall-concrete",
    "context59-released": "aeroplane, bed, bedclothes, boat, bottle, car, cloth, cow, keyboard, "
    "plate",
    "context59-paper": "aeroplane, bird, boat, cat, cow, fence, keyboard, motorbike, sofa, "
    "tvmonitor",
}


@pytest.mark.parametrize("name", UNSEEN)
def test_unseen_words_are_those_of_the_paper_and_its_code(name):
    described = describe(name)
    words = class_names(described.classes)
    assert [words[place] for place in described.unseen] == UNSEEN[name].split(", ")


def test_seen_words_are_the_others(coco):
    found = open_set("coco-stuff", coco, "val")
    assert len(found.seen) == 156
    assert sorted({*found.seen, *found.described.unseen}) == list(range(171))
    assert list(found.seen) == sorted(found.seen)


def test_every_set_is_told_apart_and_context_alone_is_the_released_one():
    assert [one.name for one in SETS] == list(UNSEEN)
    assert describe("context59") is describe("context59-released")
    with pytest.raises(TrainingFailed, match="no data set 'ade'; choose one of voc20, coco-stuff"):
        describe("ade")


def test_the_text_of_a_word_is_kept_apart_from_its_name(context, voc):
    found = open_set("context59", context, "val")
    assert (found.words[0], found.phrases[0]) == ("aeroplane", "airplane")
    assert found.words[1:] == found.phrases[1:]
    assert found.templates == TEMPLATES
    assert len(found.templates) == 15
    other = open_set("voc20", voc, "val")
    assert other.phrases == other.words
    assert other.templates == SINGLE_TEMPLATE == ("a photo of a {}",)


def test_pixels_are_taken_as_stored_because_labels_are(voc):
    path = voc / VOC / "JPEGImages" / "2007_a.jpg"
    image = Image.fromarray(np.full((1, 3, 3), 50, np.uint8))
    exif = image.getexif()
    exif[0x0112] = 6
    image.save(path, exif=exif)
    example = open_set("voc20", voc, "train").load(1)
    assert example.image.shape[:2] == example.labels.shape == (1, 3)


def test_a_set_can_be_sent_to_a_worker(coco):
    found = pickle.loads(pickle.dumps(open_set("coco-stuff", coco, "val")))
    assert labels_of(found) == labels_of(open_set("coco-stuff", coco, "val"))


# --- What is missing, and where ---------------------------------------------------------------


def refusal(work, *arguments):
    with pytest.raises((TrainingFailed, ImageUnreadable)) as caught:
        work(*arguments)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def test_a_wrong_folder(tmp_path):
    for work in (check_set, lambda *asked: open_set(*asked, "val")):
        assert refusal(work, "voc20", tmp_path) == (
            f"There is no folder {VOC} in {tmp_path}: name the folder that holds VOCdevkit."
        )


@pytest.mark.parametrize(
    "gone", ["JPEGImages", "SegmentationClass", "SegmentationClassAug", "ImageSets/Segmentation"]
)
def test_a_missing_folder(voc, gone):
    (voc / VOC / gone).rename(voc / "away")
    sentence = refusal(check_set, "voc20", voc)
    listing = "/train.txt" if gone.startswith("ImageSets") else ""
    assert f"train: {gone}{listing} is missing in {voc / VOC}: " in sentence
    assert ("; val: " in sentence) == (gone != "SegmentationClassAug")


def test_missing_files_are_named_and_counted(voc):
    listed(voc / VOC, "Segmentation/val.txt", "2008_v", *(f"2010_{index}" for index in range(4)))
    sentence = refusal(open_set, "voc20", voc, "val")
    first = ", ".join(f"JPEGImages/2010_{index}.jpg" for index in range(3))
    assert sentence.startswith(f"{first} and 5 more are missing in {voc / VOC}")
    (voc / VOC / "SegmentationClass/2007_a.png").unlink()
    sentence = refusal(open_set, "voc20", voc, "train")
    assert sentence.startswith("SegmentationClass/2007_a.png is missing in")


def test_missing_train_ids(coco):
    (coco / COCO / "annotations/val2017/000000000009_labelTrainIds.png").unlink()
    sentence = refusal(open_set, "coco-stuff", coco, "val")
    assert "annotations/val2017/000000000009_labelTrainIds.png is missing" in sentence


def test_a_list_or_a_folder_without_names(voc, coco):
    listed(voc / VOC, "Segmentation/val.txt", " ")
    assert "val.txt in" in refusal(open_set, "voc20", voc, "val")
    for image in (coco / COCO / "images/val2017").iterdir():
        image.unlink()
    sentence = refusal(open_set, "coco-stuff", coco, "val")
    assert sentence.startswith("images/val2017 in")
    assert "names no image" in sentence


def test_a_list_that_is_no_text(voc):
    (voc / VOC / "ImageSets/Segmentation/val.txt").write_bytes(b"\xff\xfe\x00")
    assert "ImageSets/Segmentation/val.txt" in refusal(open_set, "voc20", voc, "val")


@pytest.mark.parametrize("value", [21, 254])
def test_labels_out_of_range(voc, value):
    write(voc / VOC / "SegmentationClass/2008_v.png", [[value]])
    sentence = refusal(open_set("voc20", voc, "val").load, 0)
    assert sentence.startswith(f"2008_v.png holds the value {value}, which is no label of voc20: ")
    assert sentence in refusal(check_set, "voc20", voc)


def test_raw_ids_that_do_not_exist(coco):
    write(coco / COCO / "annotations/val2017/000000000002.png", [[0, 11, 12, 181, 255]])
    assert "holds the value 11" in refusal(open_set("coco-stuff", coco, "val").load, 0)


def test_labels_of_another_size(voc):
    write(voc / VOC / "SegmentationClass/2008_v.png", [[1, 2, 3]])
    sentence = refusal(open_set("voc20", voc, "val").load, 0)
    assert sentence.startswith("2008_v.png has 3 x 1 pixels but 2008_v.jpg has 1 x 1: ")


@pytest.mark.parametrize("place", ["JPEGImages/2008_v.jpg", "SegmentationClass/2008_v.png"])
def test_truncated_files(voc, place):
    path = voc / VOC / place
    path.write_bytes(path.read_bytes()[:-40])
    sentence = refusal(open_set("voc20", voc, "val").load, 0)
    assert sentence.startswith(f"{path.name} cannot be opened: it is damaged or cut short")
    assert f"val: {sentence}" in refusal(check_set, "voc20", voc)


def test_colour_labels(voc):
    write(voc / VOC / "SegmentationClass/2008_v.png", None, (1, 1))
    assert "palette" in refusal(open_set("voc20", voc, "val").load, 0)


def test_a_complete_set_is_counted_against_the_published_numbers(voc, context, coco):
    assert check_set("voc20", voc) == (
        "train: 3 images, 10582 are published; 3 opened.",
        "val: 1 image, 1449 are published; 1 opened.",
    )
    assert "4998 are published" in check_set("context59", context)[0]
    assert "5105 are published" in check_set("context59-paper", context)[1]
    assert "118287 are published" in check_set("coco-stuff", coco)[0]
    assert "5000 are published" in check_set("coco-stuff", coco)[1]


def test_the_published_number_is_said_to_be_there(voc, monkeypatch):
    small = dataclasses.replace(describe("voc20"), published={"train": 9, "val": 1})
    monkeypatch.setattr(layouts, "SETS", (small,))
    assert check_set("voc20", voc)[1] == "val: 1 image, as published; 1 opened."


# --- Class lists ------------------------------------------------------------------------------


def test_a_class_list_that_matches(tmp_path):
    path = tmp_path / "names.txt"
    path.write_bytes("\r\n".join(class_names("voc20")).encode("utf-8-sig") + b"\r\n\r\n")
    assert match_classes("voc20", path) is None


def test_a_class_list_that_does_not_match(tmp_path):
    path = tmp_path / "names.txt"
    words = list(class_names("voc20"))
    path.write_text("\n".join(["background", *words]))
    assert refusal(match_classes, "voc20", path).startswith(
        "names.txt has 'background' in line 1 where voc20 has 'aeroplane': "
    )
    path.write_text("\n".join(words[:-1]))
    assert refusal(match_classes, "voc20", path).startswith(
        "names.txt has 19 classes but voc20 has 20: "
    )
    path.write_text("\n".join([*words, "more"]))
    assert "has 21 classes" in refusal(match_classes, "voc20", path)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00\x01"])
def test_a_class_list_that_cannot_be_read(tmp_path, content):
    path = tmp_path / "names.txt"
    if content:
        path.write_bytes(content)
    assert refusal(match_classes, "voc20", path).startswith("names.txt cannot be read: ")
