from __future__ import annotations

from pathlib import Path

import open_clip
import pytest
import torch

from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model.clip_files import ClipWeights, Kind
from cascadeclip.core.model.clip_store import ClipCard, ClipStore
from cascadeclip.core.model.cold_start import (
    BACKGROUND,
    QUALITY,
    Start,
    cold_start,
    find_card,
    free_name,
)


def card(name: str = "ViT-B-16", tag: str = "openai") -> ClipCard:
    return ClipCard(
        name=name, tag=tag, licence="MIT", restricted=False, source="", source_digest="",
        checked="", digest="", size=0, date="", config={}, mean=(1.0, 2.0, 3.0),
        std=(4.0, 5.0, 6.0),
    )  # fmt: skip


class Shelf(ClipStore):
    """Hold cards alone."""

    def __init__(self, *cards: ClipCard) -> None:
        super().__init__(Path("nowhere"))
        self.cards = cards

    def installed(self) -> tuple[ClipCard, ...]:
        return self.cards

    def card(self, name: str, tag: str = "") -> ClipCard:
        for one in self.cards:
            if (one.name, one.tag) == (name, tag):
                return one
        return super().card(name, tag)


def test_a_name_finds_its_weights() -> None:
    one, other, own = card(), card(tag="laion400m_e31"), card("mine", "")
    store = Shelf(one, other, own, card("ViT-L-14"))
    assert find_card(store, "ViT-B-16:laion400m_e31") is other
    assert find_card(store, "mine") is own
    assert find_card(store, "ViT-L-14").tag == "openai"
    assert find_card(Shelf(one, card(tag="")), "ViT-B-16").tag == ""
    with pytest.raises(CheckpointError, match="ViT-B-16:openai, ViT-B-16:laion400m_e31"):
        find_card(store, "ViT-B-16")
    with pytest.raises(CheckpointError, match="not on this machine"):
        find_card(store, "ViT-H-14")


def test_versions_get_names_that_are_free() -> None:
    assert free_name(card(), QUALITY, []) == "ViT-B-16-openai-quality"
    taken = ["mine-fast", "mine-fast-2"]
    assert free_name(card("mine", ""), "dense-fast", taken) == "mine-fast-3"


def test_both_towers_and_the_published_recipe(clip: open_clip.CLIP, images: torch.Tensor) -> None:
    weights = ClipWeights(clip, {}, "abc", Kind.PICKLE)
    start = Start(variant=QUALITY, background=("sky",), none=0.2)
    model = cold_start(weights, card(), start, "v")
    info = model.info
    assert (info.version, info.clip_name, info.clip_digest) == ("v", "ViT-B-16 openai", "abc")
    assert (info.window, info.stride, info.short) == (12, 6, 18)
    assert (info.mean, info.std) == ((1.0, 2.0, 3.0), (4.0, 5.0, 6.0))
    assert (info.readout, info.background, info.none) == ("softmax", ("sky",), 0.2)
    assert (len(info.templates), info.templates[0]) == (80, "a bad photo of a {}.")
    assert model.network.config.variant == QUALITY
    assert model.text is not None
    assert torch.equal(model.text.text_projection, clip.text_projection)
    assert not model.network.training
    assert len(BACKGROUND) == len(set(BACKGROUND)) == 26
