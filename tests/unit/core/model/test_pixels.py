"""A classifier of pixels: what it says, and how it is kept."""

import math

import numpy as np
import pytest
import torch

from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model import load_model, save_model
from cascadeclip.core.model.checkpoint import DESCRIPTION, WEIGHTS
from cascadeclip.core.model.config import ModelInfo
from cascadeclip.core.model.pixels import AXES, LARGEST, PIXELS, Familiar, PixelClassifier, to_bytes
from cascadeclip.core.texture import CHANNELS

WIDE = CHANNELS + AXES


def make(patch=6, **changes):
    """Two words, three layers of random weights."""
    torch.manual_seed(0)
    sizes = (WIDE, 5, 4, 2)
    layers = tuple(
        (torch.randn(after, before) / 4, torch.randn(after))
        for before, after in zip(sizes[:-1], sizes[1:], strict=True)
    )
    values = {
        "words": (("cat", "kitten"), ("dog",)),
        "mean": torch.randn(patch),
        "axes": torch.randn(patch, AXES),
        "layers": layers,
        "familiar": Familiar(torch.eye(patch)[:2], 0.25, 0.75),
        "share": 0.75,
    }
    return PixelClassifier(**(values | changes))


def test_each_pixel_is_asked_with_the_patch_it_lies_in():
    pixels = make()
    texture, patches = torch.randn(4, 6, CHANNELS), torch.randn(1, 1, 6)
    axes = ((patches[0, 0] - pixels.mean) @ pixels.axes).numpy()
    found = pixels.logits(texture, patches)
    assert found.shape == (4, 6, 2)
    row = np.concatenate((texture[2, 3].numpy(), axes))
    for at, (weight, bias) in enumerate(pixels.layers):
        row = weight.numpy() @ (np.maximum(row, 0) if at else row) + bias.numpy()
    assert found[2, 3].numpy() == pytest.approx(np.clip(row, -LARGEST, LARGEST), abs=1e-4)


def test_patches_lie_where_the_tower_saw_them():
    pixels = make(axes=torch.eye(6, AXES), mean=torch.zeros(6))
    patches = torch.zeros(2, 3, 6)
    patches[1, 2, 4] = 1.0
    rows = pixels.rows(torch.zeros(20, 30, CHANNELS), patches).unflatten(0, (20, 30))
    seen = rows[..., CHANNELS + 4]
    assert float(seen[14, 24]) == pytest.approx(1.0, abs=0.1)  # the middle of the last patch
    assert float(seen[4, 4].abs()) < 0.1
    assert not rows[..., : CHANNELS + 4].any()


def test_a_patch_is_as_familiar_as_its_nearest_known_one():
    patches = torch.tensor([[[1.0, 0, 0], [0.5, 0, 0], [0, 0, 1.0], [0, 0.3, 0.2]]])
    share = Familiar(torch.eye(3)[:2], 0.25, 0.75).share(patches)
    assert share[0].tolist() == pytest.approx([1.0, 0.5, 0.0, 0.1])


def test_nothing_is_surer_than_the_largest_logit():
    loud = tuple((100 * weight, bias) for weight, bias in make().layers)
    found = make(layers=loud).logits(torch.randn(8, 8, CHANNELS), torch.randn(2, 2, 6))
    assert float(found.abs().max()) == LARGEST


def test_a_word_is_found_by_each_of_its_phrases_whatever_the_case():
    assert [make().word(name) for name in ("Kitten", "cat", "dog", "bird")] == [0, 0, 1, None]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"share": 0.0}, "share"),
        ({"share": 1.5}, "share"),
        ({"share": math.nan}, "share"),
        ({"mean": torch.zeros(5)}, "axes"),
        ({"axes": torch.zeros(6, AXES + 1)}, "axes"),
        ({"words": (("cat",),)}, "a logit"),
        ({"layers": ()}, "a logit"),
        ({"familiar": Familiar(torch.eye(5), 0.25, 0.75)}, "as long"),
        ({"layers": ((torch.zeros(2, WIDE - 1), torch.zeros(2)),)}, "take"),
        ({"layers": ((torch.zeros(2, WIDE), torch.zeros(3)),)}, "take"),
    ],
)
def test_what_does_not_fit_together_is_refused(changes, said):
    with pytest.raises(ValueError, match=said):
        make(**changes)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((torch.zeros(0, 4), 0.2, 0.8), "one patch"),
        ((torch.eye(4), 0.8, 0.8), "strange"),
        ((torch.eye(4), math.nan, 0.8), "strange"),
    ],
)
def test_something_must_be_familiar(values, said):
    with pytest.raises(ValueError, match=said):
        Familiar(*values)


@pytest.fixture
def taught(network, tmp_path):
    """A network, its card, a classifier for its patches, and a folder."""
    patch = len(network.config.stages) * network.config.embed
    return network, ModelInfo(name="tiny", version="t"), make(patch), tmp_path / "model"


def test_it_comes_back_as_it_was_and_the_weights_are_those_without_it(taught):
    network, info, pixels, folder = taught
    save_model(folder, network, None, info)
    bare = {name: (folder / name).read_bytes() for name in (WEIGHTS, DESCRIPTION)}
    assert load_model(folder).pixels is None
    save_model(folder, network, None, info, pixels=pixels)
    assert (folder / WEIGHTS).read_bytes() == bare[WEIGHTS]
    back = load_model(folder).pixels
    assert to_bytes(back) == to_bytes(pixels)
    assert (back.words, back.share) == (pixels.words, 0.75)
    assert (back.familiar.strange, back.familiar.usual) == (0.25, 0.75)
    save_model(folder, network, None, info)  # as older programs wrote and read it
    assert (folder / DESCRIPTION).read_bytes() == bare[DESCRIPTION]
    assert load_model(folder).pixels is None


@pytest.mark.parametrize("damage", ["gone", "torn", "changed"])
def test_a_damaged_file_is_one_sentence(taught, damage):
    network, info, pixels, folder = taught
    save_model(folder, network, None, info, pixels=pixels)
    file = folder / PIXELS
    whole = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(whole[:-9] if damage == "torn" else whole[:-1] + b"\x01")
    with pytest.raises(CheckpointError, match="is missing, damaged or belongs to another model"):
        load_model(folder)


@pytest.mark.parametrize("made", ["other network", "not a number"])
def test_what_cannot_be_asked_is_refused(taught, made):
    network, info, pixels, folder = taught
    strange = {"other network": make(6), "not a number": make(len(pixels.mean), layers=_nan())}
    save_model(folder, network, None, info, pixels=strange[made])
    with pytest.raises(CheckpointError, match="belongs to another model"):
        load_model(folder)


def _nan():
    *inner, (weight, bias) = make().layers
    return (*inner, (weight * math.nan, bias))
