from __future__ import annotations

import torch

from cascadeclip.core.model import CascadeCLIP
from cascadeclip.core.model.encoder import resize_positions


def test_positions_keep_the_first_row_and_blend_the_others() -> None:
    positions = torch.tensor([[9.0], [0.0], [1.0], [2.0], [3.0]])
    found = resize_positions(positions, 2, 4)
    assert found.shape == (9, 1)
    assert found[0] == 9
    torch.testing.assert_close(found[1:5, 0], torch.tensor([0.0, 0.25, 0.75, 1.0]))
    assert resize_positions(positions, 2, 2) is positions


def test_maps_and_global_vector_are_unit(network: CascadeCLIP, images: torch.Tensor) -> None:
    found = network.encoder(images)
    assert len(found.maps) == 7
    for rows in (*found.maps, found.cls):
        torch.testing.assert_close(rows.norm(dim=-1), torch.ones(rows.shape[:-1]))


def test_only_prompts_learn_in_the_tower(network: CascadeCLIP) -> None:
    learning = {name for name, p in network.encoder.named_parameters() if p.requires_grad}
    assert learning == {
        "prompt_embeddings",
        "deep_prompt_embeddings",
        "prompt_proj.weight",
        "prompt_proj.bias",
        "prompt_norm.weight",
        "prompt_norm.bias",
    }


def test_every_block_has_prompts_of_its_own(network: CascadeCLIP, images: torch.Tensor) -> None:
    before = network.encoder(images).cls
    changed = 0
    for index in range(6):
        kept = network.encoder.deep_prompt_embeddings.detach().clone()
        with torch.no_grad():
            network.encoder.deep_prompt_embeddings[index] += 1
        assert not torch.allclose(network.encoder(images).cls, before)
        with torch.no_grad():
            network.encoder.deep_prompt_embeddings.copy_(kept)
        changed += 1
    assert changed == 6


def test_dropout_differs_between_images_of_a_batch(network: CascadeCLIP) -> None:
    images = torch.randn(1, 3, 12, 12).expand(2, -1, -1, -1)
    network.train()
    torch.manual_seed(0)
    first, second = network.encoder(images).cls
    assert not torch.allclose(first, second)
    first, second = network.eval().encoder(images).cls
    torch.testing.assert_close(first, second)


@torch.no_grad()
def test_the_tower_step_by_step(network: CascadeCLIP) -> None:
    """The paper's forward pass written out, prompt outputs computed and thrown away."""
    tower, images = network.encoder, torch.randn(2, 3, 12, 20)
    patches = tower.conv1(images).flatten(2).mT
    positions = resize_positions(tower.positional_embedding, 3, 5)
    first = (tower.class_embedding + positions[0] + tower.class_embedding).expand(2, 1, -1)
    x = tower.ln_pre(torch.cat((first, patches + positions[1:]), dim=1))
    prompts = (tower.prompt_embeddings[0], *tower.deep_prompt_embeddings)
    expected = []
    for index, block in enumerate(tower.blocks):
        fresh = tower.prompt_proj(prompts[index]).expand(2, -1, -1)
        x = torch.cat((x[:, :1], fresh, x[:, 1 if index == 0 else 3 :]), dim=1)
        x = block(x)
        if index < 6:
            rows = tower.stage_norms[index](tower.prompt_norm(x)) @ tower.stage_projections[index]
        else:
            rows = tower.ln_post(tower.prompt_norm(x)) @ tower.proj
        expected.append(rows / rows.norm(dim=-1, keepdim=True))
    found = tower(images)
    assert found.grid == (3, 5)
    torch.testing.assert_close(found.cls, expected[-1][:, 0], rtol=0, atol=1e-5)
    for ours, theirs in zip(found.maps, expected, strict=True):
        torch.testing.assert_close(ours, theirs[:, 3:], rtol=0, atol=1e-5)
