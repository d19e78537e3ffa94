from __future__ import annotations

import open_clip
import pytest
import torch

from cascadeclip.core.errors import CheckpointError
from cascadeclip.core.model import clip as source
from cascadeclip.core.model.encoder import resize_positions


def test_sizes_are_read_from_the_tower(clip: open_clip.CLIP) -> None:
    config = source.network_config(clip, prompts=3, decoder_heads=2, decoder_ff=12)
    assert (config.patch, config.width, config.layers, config.heads) == (4, 16, 7, 2)
    assert (config.embed, config.grid, config.prompts) == (8, 3, 3)
    assert config.activation == "quick_gelu"
    assert config.stages == ((0, 1, 2), (3, 4, 5), (6,))


def test_stages_count_back_from_the_last_block() -> None:
    assert source.default_stages(12) == ((5, 6, 7), (8, 9, 10), (11,))
    assert source.default_stages(3) == ((2,),)


@pytest.mark.parametrize("once", [True, False])
def test_first_tokens_are_those_of_clip(clip: open_clip.CLIP, *, once: bool) -> None:
    config = source.network_config(clip, decoder_heads=2)
    network = source.network_from_clip(clip, config, class_embedding_once=once)
    images = torch.randn(2, 3, 12, 12)
    with torch.no_grad():
        visual = clip.visual
        if not once:
            visual.class_embedding *= 2
        patches = visual.conv1(images).flatten(2).mT
        first = visual.class_embedding.expand(2, 1, -1)
        expected = visual.ln_pre(torch.cat((first, patches), dim=1) + visual.positional_embedding)
        found, _ = network.encoder._tokens(images)
    torch.testing.assert_close(found, expected)


def test_positions_are_resized_to_the_grid(clip: open_clip.CLIP) -> None:
    config = source.network_config(clip, decoder_heads=2, grid=5)
    network = source.network_from_clip(clip, config)
    expected = resize_positions(clip.visual.positional_embedding, 5, 5)
    assert torch.equal(network.encoder.positional_embedding, expected)
    assert not network.encoder.positional_embedding.requires_grad


def test_projections_start_from_the_tower_when_they_train(clip: open_clip.CLIP) -> None:
    with torch.no_grad():
        clip.visual.ln_post.weight += 1
    config = source.network_config(clip, decoder_heads=2, train_stage_projections=True)
    encoder = source.network_from_clip(clip, config).encoder
    assert encoder.stage_projections.requires_grad
    assert encoder.stage_norms[5].weight.requires_grad
    for index in range(6):
        assert torch.equal(encoder.stage_projections[index], clip.visual.proj)
        assert torch.equal(encoder.stage_norms[index].weight, clip.visual.ln_post.weight)
    assert not encoder.proj.requires_grad


def test_the_network_keeps_nothing_of_the_source(clip: open_clip.CLIP) -> None:
    network = source.network_from_clip(clip, source.network_config(clip, decoder_heads=2))
    before = network.encoder.proj.clone()
    with torch.no_grad():
        clip.visual.proj += 1
    assert torch.equal(network.encoder.proj, before)


def test_sizes_that_differ_are_named(clip: open_clip.CLIP) -> None:
    config = source.network_config(clip, decoder_heads=2, width=32)
    with pytest.raises(CheckpointError, match="class_embedding"):
        source.network_from_clip(clip, config)


def test_unknown_names_and_foreign_towers_are_refused() -> None:
    with pytest.raises(CheckpointError, match="ViT-Z-1"):
        source.build_clip("ViT-Z-1")
    with pytest.raises(CheckpointError, match="ViT"):
        source.build_clip("RN50")


def test_text_tower_says_what_clip_says(clip: open_clip.CLIP) -> None:
    text = source.text_from_clip(clip)
    tokens = open_clip.tokenizer.tokenize(["a cat", "a very red sailboat"], 12)
    with torch.no_grad():
        torch.testing.assert_close(text(tokens), clip.encode_text(tokens), rtol=0, atol=1e-6)
