"""Measuring on a published data set, from the arguments to the last line."""

import dataclasses
import io
import json

import numpy as np
import pytest
import torch
from PIL import Image

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.model import load_model, save_model
from cascadeclip.core.model.official import Dialect, official_name
from cascadeclip.train import published_benchmark as module
from cascadeclip.train.__main__ import main
from cascadeclip.train.assess import Sliding, assess, embed_words
from cascadeclip.train.data.layouts import class_names
from cascadeclip.train.data.published import open_set
from cascadeclip.train.published_benchmark import SETTINGS, PublishedJob

VOC = "VOCdevkit/VOC2012"
CONTEXT = "VOCdevkit/VOC2010"


def scene(base, labels, number, listing):
    """Write one 40 x 50 image with labels of four words and an unlabelled frame."""
    rng = np.random.default_rng(number)
    values = np.repeat(np.repeat(rng.integers(1, 21, (2, 2)), 20, 0), 25, 1).astype(np.uint8)
    values[0], values[:, 0] = 0, 255
    for folder in ("JPEGImages", labels):
        (base / folder).mkdir(parents=True, exist_ok=True)
    pixels = rng.integers(0, 256, (40, 50, 3)).astype(np.uint8)
    Image.fromarray(pixels).save(base / "JPEGImages" / f"{number}.jpg")
    Image.fromarray(values).save(base / labels / f"{number}.png")
    path = base / "ImageSets" / listing
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{number}\n")


@pytest.fixture
def root(tmp_path):
    scene(tmp_path / VOC, "SegmentationClass", 1, "Segmentation/train.txt")
    scene(tmp_path / VOC, "SegmentationClassAug", 2, "Segmentation/aug.txt")
    for number in (3, 4):
        scene(tmp_path / VOC, "SegmentationClass", number, "Segmentation/val.txt")
    for part in ("train", "val"):
        scene(tmp_path / CONTEXT, "SegmentationClassContext", 5, f"SegmentationContext/{part}.txt")
    return tmp_path


@pytest.fixture
def folder(model, tmp_path):
    path = tmp_path / "model"
    save_model(path, model.network, model.text, model.info, dtype=torch.float32)
    return path


@pytest.fixture
def ask(capsys):
    """Run one command line in this process; return exit code, output and standard error."""

    def call(*arguments):
        out = io.StringIO()
        code = main(["benchmark", *map(str, arguments), "--device", "cpu"], out)
        return code, out.getvalue(), capsys.readouterr().err

    return call


def refused(answer):
    code, out, error = answer
    assert (code, out) == (2, "")
    lines = error.strip().splitlines()
    assert len(lines) == 1, error
    assert lines[0].endswith(".")
    return lines[0]


def expected(folder, root, *, calibration=0.1, split=True, name="voc20"):
    loaded, examples = load_model(folder), open_set(name, root, "val")
    view = Sliding(window=32, stride=32, short=32, calibration=calibration, split=split)
    text = loaded.text.encode(examples.phrases, examples.templates)
    return assess(loaded.network, text, examples, view).to_json()


@pytest.mark.parametrize(
    ("setting", "calibration", "split"),
    [
        ("inductive", 0.1, True),
        ("transductive", 0.0, True),
        ("full", 0.0, True),
        ("cross", 0.0, False),
    ],
)
def test_each_setting_counts_in_its_own_way(ask, folder, root, setting, calibration, split):
    code, out, error = ask("voc", "--root", root, "--model", folder, "--setting", setting)
    assert code == 0
    *table, last = out.splitlines()
    row = json.loads(last)
    figures = expected(folder, root, calibration=calibration, split=split)
    assert {key: row[key] for key in figures} == figures
    assert row["setting"] == setting
    assert (row["name"], row["part"], row["version"]) == ("voc20", "val", "tiny-0")
    assert table[0] == "tiny tiny-0 on voc20 val, images: 2"
    assert SETTINGS[setting].title in table[1]
    assert table[-1].startswith("pixel accuracy")
    assert any(line.startswith("mIoU, unseen") for line in table) == split
    assert error.splitlines()[-1] == "2/2 images"


def test_the_calibration_changes_the_figures(folder, root):
    assert expected(folder, root) != expected(folder, root, calibration=0.0)


def test_the_model_s_own_windows_are_used_in_groups(ask, folder, root, monkeypatch):
    views = []

    def assessed(network, text, examples, view, **options):
        views.append(view)
        return assess(network, text, examples, view, **options)

    monkeypatch.setattr(module, "assess", assessed)
    for batch in (1, 4):
        assert ask("voc", "--root", root, "--model", folder, "--batch", batch)[0] == 0
    plain = Sliding(window=32, stride=32, short=32, calibration=0.1)
    assert views == [plain, dataclasses.replace(plain, batch=4)]


def test_some_images_and_every_word(ask, folder, root):
    line = ("voc", "--root", root, "--model", folder, "--limit", 1, "--per-word", "--batch", 4)
    code, out, _ = ask(*line)
    assert code == 0
    assert "tiny tiny-0 on voc20 val, images: 1" in out
    assert [row.split()[0] for row in out.splitlines()[-21:-1]] == list(class_names("voc20"))
    assert json.loads(out.splitlines()[-1])["images"] == 1


@pytest.mark.parametrize("split", [None, "released", "paper"])
def test_both_splits_of_context(ask, folder, root, split):
    line = ["context", "--root", root, "--model", folder]
    code, out, _ = ask(*line, *(["--split", split] if split else []))
    assert code == 0
    row = json.loads(out.splitlines()[-1])
    name = f"context59-{split or 'released'}"
    assert row["name"] == name
    figures = expected(folder, root, name=name)
    assert {key: row[key] for key in figures} == figures


@pytest.fixture
def checkpoint(tmp_path, make_tiny):
    """Store a network under the names of the released code."""
    plain = {"input_scale": 1.0, "logit_scale": None, "logit_bias": None}
    model = make_tiny(decoder_layers=3, decoder_heads=8, **plain)
    state = {official_name(key, Dialect()): one for key, one in model.network.state_dict().items()}
    for key, one in model.text.state_dict().items():
        state["text_encoder." + key.replace("blocks.", "transformer.resblocks.")] = one
    torch.save({"state_dict": state}, tmp_path / "a.pth")
    return tmp_path / "a.pth"


def test_a_released_checkpoint_uses_embeddings_in_half_precision(
    ask, root, folder, checkpoint, monkeypatch
):
    halves = []

    def embedded(*arguments, half):
        halves.append(half)
        return embed_words(*arguments, half=half)

    monkeypatch.setattr(module, "embed_words", embedded)
    line = ("voc", "--root", root, "--model", checkpoint, "--heads", 2)
    code, out, error = ask(*line)
    assert code == 0, error
    row = json.loads(out.splitlines()[-1])
    assert (row["model"], row["window"], row["stride"]) == ("a", 32, 27)
    assert ask("voc", "--root", root, "--model", folder)[0] == 0
    assert halves == [True, False]
    assert "make no network" in refused(ask(*line[:-1], 3))


def test_checking_alone_needs_no_model(ask, root, tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("\n".join(class_names("voc20")))
    code, out, error = ask("voc", "--root", root, "--check", "--classes", names)
    assert (code, error) == (0, "")
    *lines, last = out.splitlines()
    assert lines == [
        f"Every file that voc20 lists is in {root}.",
        "train: 2 images, 10582 are published; 2 opened.",
        "val: 2 images, 1449 are published; 2 opened.",
    ]
    assert json.loads(last) == {"event": "checked", "name": "voc20", "notes": lines[1:]}


# --- What cannot be done: one sentence, exit code 2, nothing printed --------------------------


def test_a_wrong_folder(ask, folder, tmp_path):
    for rest in ((), ("--check",)):
        line = ("coco-stuff", "--root", tmp_path / "away", "--model", folder, *rest)
        assert "There is no folder coco_stuff164k in" in refused(ask(*line))


def test_missing_labels(ask, folder, root):
    (root / VOC / "SegmentationClassAug/2.png").unlink()
    assert ask("voc", "--root", root, "--model", folder)[0] == 0  # training's alone
    sentence = refused(ask("voc", "--root", root, "--check"))
    assert "train: SegmentationClassAug/2.png is missing in" in sentence


def test_a_class_list_that_does_not_match(ask, folder, root, tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("cat\ndog\n")
    for rest in (("--model", folder), ("--check",)):
        line = ("voc", "--root", root, "--classes", names, *rest)
        assert "names.txt has 'cat' in line 1" in refused(ask(*line))


@pytest.mark.parametrize("place", ["JPEGImages/4.jpg", "SegmentationClass/4.png"])
def test_a_truncated_file(ask, folder, root, place):
    path = root / VOC / place
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    code, out, error = ask("voc", "--root", root, "--model", folder)
    assert (code, out) == (2, "")
    assert error.splitlines()[0] == "1/2 images"
    assert error.splitlines()[1:] == [f"{path.name} cannot be opened: it is damaged or cut short."]


def test_labels_out_of_range(ask, folder, root):
    Image.fromarray(np.full((40, 50), 77, np.uint8)).save(root / VOC / "SegmentationClass/3.png")
    sentence = refused(ask("voc", "--root", root, "--model", folder))
    assert sentence.startswith("3.png holds the value 77, which is no label of voc20: ")


def test_no_model(ask, root, tmp_path):
    assert "--model" in refused(ask("voc", "--root", root))
    assert "away" in refused(ask("voc", "--root", root, "--model", tmp_path / "away"))
    (tmp_path / "a.pth").write_bytes(b"nothing")
    assert "a.pth" in refused(ask("voc", "--root", root, "--model", tmp_path / "a.pth"))


def test_a_model_that_knows_no_words(ask, model, root, tmp_path):
    save_model(tmp_path / "mute", model.network, None, model.info)
    sentence = refused(ask("voc", "--root", root, "--model", tmp_path / "mute"))
    assert sentence.startswith("mute holds no text encoder")


def test_a_model_that_cannot_read_the_words(ask, model, root, tmp_path):
    model.text.token_embedding.weight[1000:49000] = 0
    save_model(tmp_path / "half", model.network, model.text, model.info)
    sentence = refused(ask("voc", "--root", root, "--model", tmp_path / "half"))
    assert "tiny cannot read" in sentence
    assert "of the 20 words (aeroplane" in sentence


@pytest.mark.parametrize("name", ["heads", "limit", "batch"])
def test_numbers_below_one(ask, folder, root, name):
    line = ("voc", "--root", root, "--model", folder, f"--{name}", "0")
    assert refused(ask(*line)) == f"--{name} must be at least 1, not 0."


def test_a_setting_that_does_not_exist(root):
    with pytest.raises(TrainingFailed, match="--setting must be one of inductive, transductive"):
        PublishedJob(data_set="voc20", root=root, setting="zero")
