"""The losses of pre-training say what they should, and the towers are open_clip's."""

from __future__ import annotations

import pytest
import torch

from cascadeclip.core.model.clip import text_from_clip
from cascadeclip.core.scenes import WORDS
from cascadeclip.train.mini.pretrain import _patch_loss, _word_loss
from cascadeclip.train.mini.towers import (
    PATCH,
    SIDE,
    TEMPLATES,
    Tokens,
    build_clip,
    read,
    see,
)


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    return Tokens()


def test_towers_agree_with_open_clip(tokens: Tokens) -> None:
    torch.manual_seed(0)
    clip = build_clip(tokens).eval()
    images = torch.randn(2, 3, SIDE, SIDE)
    with torch.no_grad():
        towers, middle = see(clip, images)
        ours = read(clip, tokens(["a cat", "a photo of a potted plant."]))
        theirs = text_from_clip(clip, tokens.ids.tolist()).encode(
            ["cat", "potted plant"], ["a {}", "a photo of a {}."]
        )
        expected = clip.encode_image(images, normalize=True)
    assert torch.allclose(towers.cls, expected, atol=1e-5)
    assert len(middle) == 6
    assert towers.patches.shape == (2, (SIDE // PATCH) ** 2, 128)
    assert theirs.shape == ours.shape
    single = text_from_clip(clip, tokens.ids.tolist()).encode(["cat"], ["a {}"])
    assert torch.allclose(single[0], ours[0], atol=1e-5)


def test_a_crop_takes_the_positions_of_its_corner(tokens: Tokens) -> None:
    torch.manual_seed(0)
    clip = build_clip(tokens).eval()
    images = torch.randn(1, 3, 48, 48)
    with torch.no_grad():
        first, _ = see(clip, images, (0, 0))
        again, _ = see(clip, images, (0, 0))
        moved, _ = see(clip, images, (6, 3))
    assert torch.equal(first.cls, again.cls)
    assert not torch.allclose(first.cls, moved.cls, atol=1e-4)


def test_every_spelling_in_every_template_has_its_tokens(tokens: Tokens) -> None:
    checked = 0
    for word in WORDS:
        for template in TEMPLATES:
            compact = tokens([template.format(phrase) for phrase in word.phrases])
            ends = compact.argmax(1)
            assert (tokens.ids[compact[torch.arange(len(compact)), ends]] == 49407).all()
            assert (compact[:, 1] > 0).all()
            checked += len(compact)
    assert checked > 4 * len(WORDS)


def test_word_loss_asks_every_present_word_to_beat_the_absent() -> None:
    present = torch.tensor([[True, True, False, False]])
    good = _word_loss(torch.tensor([[9.0, 9.0, -9.0, -9.0]]), present)
    one_missing = _word_loss(torch.tensor([[9.0, -9.0, -9.0, -9.0]]), present)
    assert good < 1e-3
    assert one_missing > 0.3


def test_patch_loss_wants_each_patch_explained_and_each_word_found() -> None:
    present = torch.tensor([[True, True, False]])
    both = torch.full((1, 32, 3), -9.0)
    both[0, :16, 0] = both[0, 16:, 1] = 9
    only_one = torch.full((1, 32, 3), -9.0)
    only_one[0, :, 0] = 9
    foreign = both.clone()
    foreign[0, :8] = torch.tensor([-9.0, -9.0, 9.0])
    found, missed, wrong = (_patch_loss(x, present, 16) for x in (both, only_one, foreign))
    assert found < 1e-3
    assert missed > 5
    assert wrong > 1
