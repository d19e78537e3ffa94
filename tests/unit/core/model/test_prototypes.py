"""Corrected regions as a cache beside the text: what they add, and how they are kept."""

import math

import pytest
import torch

from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model import load_model, save_model
from cascadeclip.core.model.checkpoint import DESCRIPTION, WEIGHTS
from cascadeclip.core.model.config import ModelInfo
from cascadeclip.core.model.prototypes import PROTOTYPES, Prototypes, patch_vectors, to_bytes

AXES = torch.eye(4)


def make(**changes):
    """Word 0 was shown at axis 0 and refused at axis 2, word 1 was shown at axis 1."""
    values = {
        "words": (("cat", "kitten"), ("dog",)),
        "keys": AXES[:3],
        "owner": torch.tensor([0, 1, 0]),
        "positive": torch.tensor([True, True, False]),
        "alpha": 8.0,
        "beta": 5.0,
    }
    return Prototypes(**(values | changes))


def at(*vectors):
    """One image, one stage, these patches."""
    return torch.stack(vectors)[None, None]


def test_a_patch_gets_more_of_what_was_shown_there_and_less_of_what_was_not():
    far = math.exp(-5.0)
    cat, dog = make().scores(at(*AXES), [0, 1])[0]
    assert cat.tolist() == pytest.approx([8 * (1 - far), -8 * (1 - far), -8 * (1 - far), 0])
    assert dog.tolist() == pytest.approx([-8 * (1 - far), 8 * (1 - far), 0, 0])


def test_refusing_lowers_the_score_there_and_nowhere_else():
    positive_only = make(
        keys=AXES[:2], owner=torch.tensor([0, 1]), positive=torch.tensor([True, True])
    )
    without, refused = (one.scores(at(*AXES), [0])[0, 0] for one in (positive_only, make()))
    assert refused[2] < without[2] - 7
    assert torch.equal(refused[[0, 1, 3]], without[[0, 1, 3]])


def test_many_regions_are_not_louder_than_one():
    keys = torch.cat([AXES[:1]] * 5 + [AXES[1:2]])
    many = make(keys=keys, owner=torch.tensor([0] * 5 + [1]), positive=torch.ones(6, dtype=bool))
    one = make(keys=AXES[:2], owner=torch.tensor([0, 1]), positive=torch.ones(2, dtype=bool))
    assert torch.equal(many.scores(at(*AXES), [0, 1]), one.scores(at(*AXES), [0, 1]))


def test_nothing_is_added_at_alpha_nought():
    assert not make(alpha=0.0).scores(at(*AXES), [0, 1]).any()


def test_a_product_of_patches_is_the_mean_cosine_of_their_stages():
    torch.manual_seed(0)
    stages = torch.randn(2, 3, 5, 4) * 7
    rows = patch_vectors(stages)
    assert rows.shape == (2, 5, 12)
    cosines = torch.cosine_similarity(stages[0, :, 0], stages[0, :, 1], dim=-1)
    assert float(rows[0, 0] @ rows[0, 1]) == pytest.approx(float(cosines.mean()), abs=1e-6)


def test_a_word_is_found_by_each_of_its_phrases_whatever_the_case():
    assert [make().word(name) for name in ("Kitten", "cat", "dog", "bird")] == [0, 0, 1, None]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"alpha": -1.0}, "alpha"),
        ({"alpha": math.nan}, "alpha"),
        ({"beta": 0.0}, "beta"),
        ({"owner": torch.tensor([0, 1])}, "an owner"),
        ({"owner": torch.tensor([0, 1, 5])}, "belongs to no word"),
        ({"positive": torch.tensor([True, False, False])}, "a region that is it"),
    ],
)
def test_what_does_not_fit_together_is_refused(changes, said):
    with pytest.raises(ValueError, match=said):
        make(**changes)


@pytest.fixture
def shown(network, tmp_path):
    """A network, its card, prototypes of its width, and a folder."""
    torch.manual_seed(0)
    width = len(network.config.stages) * network.config.embed
    keys = torch.nn.functional.normalize(torch.randn(3, width), dim=-1).half().float()
    return network, ModelInfo(name="tiny", version="t"), make(keys=keys), tmp_path / "model"


def test_they_come_back_as_they_were_and_the_weights_are_those_without_them(shown):
    network, info, prototypes, folder = shown
    save_model(folder, network, None, info)
    bare = {name: (folder / name).read_bytes() for name in (WEIGHTS, DESCRIPTION)}
    assert load_model(folder).prototypes is None
    save_model(folder, network, None, info, prototypes=prototypes)
    assert (folder / WEIGHTS).read_bytes() == bare[WEIGHTS]
    back = load_model(folder).prototypes
    assert to_bytes(back) == to_bytes(prototypes)
    assert (back.words, back.alpha, back.beta) == (prototypes.words, 8.0, 5.0)
    assert torch.equal(back.keys, prototypes.keys)
    save_model(folder, network, None, info)  # as older programs wrote and read it
    assert (folder / DESCRIPTION).read_bytes() == bare[DESCRIPTION]
    assert load_model(folder).prototypes is None


@pytest.mark.parametrize("damage", ["gone", "torn", "changed"])
def test_a_damaged_file_is_one_sentence(shown, damage):
    network, info, prototypes, folder = shown
    save_model(folder, network, None, info, prototypes=prototypes)
    file = folder / PROTOTYPES
    whole = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(whole[:-9] if damage == "torn" else whole[:-1] + b"\x01")
    with pytest.raises(CheckpointError, match="is missing, damaged or belongs to another model"):
        load_model(folder)


def test_prototypes_of_another_network_are_refused(shown):
    network, info, _, folder = shown
    save_model(folder, network, None, info, prototypes=make())
    with pytest.raises(CheckpointError, match="belongs to another model"):
        load_model(folder)
