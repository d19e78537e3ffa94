import io
import json

import numpy as np
import pytest
import torch
from PIL import Image

from cascadeclip.core.model import save_model
from cascadeclip.train.__main__ import main


@pytest.fixture
def folder(tmp_path, model):
    save_model(tmp_path / "model", model.network, model.text, model.info, dtype=torch.float32)
    rng = np.random.default_rng(0)
    (tmp_path / "shots").mkdir()
    for name in "abc":
        pixels = rng.integers(0, 256, (40, 60, 3)).astype(np.uint8)
        Image.fromarray(pixels).save(tmp_path / "shots" / f"{name}.png")
    (tmp_path / "empty").mkdir()
    return tmp_path


@pytest.fixture
def analyse(folder, capsys):
    """Run one analysis in this process; return exit code, what it printed and its error."""

    def run(kind, *words):
        out = io.StringIO()
        arguments = [str(word).replace("@", str(folder) + "/") for word in words]
        code = main(["analyse", kind, *arguments, "--out", str(folder / "out")], out)
        return code, out.getvalue(), capsys.readouterr().err

    return run


def written(folder, name):
    with Image.open(folder / "out" / f"{name}.png") as picture:
        size = picture.size
    assert sorted(path.name for path in (folder / "out").iterdir()) == [
        f"{name}.json",
        f"{name}.png",
    ]
    return json.loads((folder / "out" / f"{name}.json").read_text("utf-8")), size


@pytest.mark.parametrize("before", ["tower", "fresh", "@model"])
def test_cka_writes_both_sides(analyse, folder, before):
    code, out, _ = analyse("cka", "@model", "--images", "@shots", "--before", before)
    assert code == 0
    assert "neighbours" in out
    numbers, size = written(folder, "cka")
    assert np.array(numbers["matrices"]["before"]).shape == (3, 3)
    same = numbers["matrices"]["before"] == numbers["matrices"]["after"]
    assert same == (before == "@model")
    assert numbers["images"] == 3
    assert "unbiased" in numbers["estimator"]
    assert min(size) > 200


def test_cka_looks_at_no_more_than_the_limit(analyse, folder):
    assert analyse("cka", "@model", "--images", "@shots", "--limit", 2)[0] == 0
    assert written(folder, "cka")[0]["images"] == 2


def test_similarity_writes_every_map(analyse, folder):
    code, out, _ = analyse("similarity", "@model", "@shots/a.png", "--point", "31,7")
    assert code == 0
    assert "layer 3" in out
    numbers, _ = written(folder, "similarity")
    assert list(numbers["maps"]) == ["layer 1", "layer 2", "layer 3", "stage 1", "stage 2, final"]
    assert numbers["cell"] == [0, 3]
    assert numbers["maps"]["stage 1"][0][3] == pytest.approx(1, abs=1e-3)


def test_cost_stands_beside_table_12(analyse, folder):
    code, out, _ = analyse("cost", "@model", "--words", 5, "--device", "cpu", "--repeats", 1)
    assert code == 0
    assert "123800.00" in out  # millions, as the tiny network is counted
    assert "RTX 3090" in out
    numbers, _ = written(folder, "cost")
    assert numbers["ours"]["macs_total"] < numbers["released"]["macs_total"]
    assert numbers["paper"]["parameters"] == 193.1e6
    assert numbers["images_per_second"] > 0
    assert numbers["ours"]["parameters_total"] == sum(numbers["ours"]["parameters"].values())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("cka", "@model"), "--images FOLDER or --scenes COUNT"),
        (("cka", "@model", "--images", "@empty"), "no image"),
        (("cka", "@model", "--images", "@nowhere"), "no folder"),
        (("cka", "@model", "--images", "@shots", "--limit", "0"), "not 0"),
        (("cka", "@shots", "--images", "@shots"), "model"),
        (("cka", "@model", "--images", "@shots", "--before", "@shots"), "model"),
        (("similarity", "@model", "@shots/a.png", "--point", "60,1"), "outside"),
        (("similarity", "@model", "@shots/a.png", "--point", "here"), "two numbers"),
        (("similarity", "@model", "@shots/none.png", "--point", "1,1"), "none.png"),
        (("cost", "@shots"), "model"),
        (("cost", "@model", "--words", "0"), "at least one word"),
        (("cost", "@model", "--repeats", "0"), "--repeats"),
    ],
)
def test_bad_requests_are_one_sentence_and_write_nothing(analyse, folder, words, said):
    code, out, error = analyse(*words)
    assert (code, out) == (2, "")
    assert len(error.strip().splitlines()) == 1
    assert said in error
    assert not (folder / "out").exists()


def test_a_place_that_cannot_be_written_is_said(analyse, folder):
    (folder / "out").write_text("a file")
    code, _, error = analyse("similarity", "@model", "@shots/a.png", "--point", "1,1")
    assert code == 2
    assert "could not be written" in error
