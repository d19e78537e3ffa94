from __future__ import annotations

import dataclasses

import pytest
import torch
from torch.nn import functional

from cascadeclip.core.model import CascadeCLIP, NetworkConfig
from cascadeclip.core.model.network import Projected

CLOSE = {"rtol": 0, "atol": 1e-6}


@torch.inference_mode()
def test_a_word_alone_has_the_map_it_has_among_others(
    network: CascadeCLIP, images: torch.Tensor, words: torch.Tensor
) -> None:
    features = network.encode(images)
    together = network.decode(features, words)
    alone = [network.decode(features, words[index : index + 1]) for index in range(len(words))]
    torch.testing.assert_close(torch.cat(alone, dim=1), together, **CLOSE)
    assert together.std(dim=1).min() > 0


@torch.inference_mode()
def test_an_image_alone_has_the_map_it_has_in_a_batch(
    network: CascadeCLIP, images: torch.Tensor, words: torch.Tensor
) -> None:
    alone = torch.cat([network(image[None], words) for image in images])
    torch.testing.assert_close(alone, network(images, words), **CLOSE)


@torch.inference_mode()
def test_prepared_features_decode_to_the_same(
    network: CascadeCLIP, images: torch.Tensor, words: torch.Tensor
) -> None:
    features = network.encode(images)
    ready = network.prepare(features)
    torch.testing.assert_close(
        network.decode(ready, words), network.decode(features, words), **CLOSE
    )


@pytest.mark.parametrize(
    ("size", "grid"), [((12, 12), (3, 3)), ((20, 8), (5, 2)), ((4, 28), (1, 7)), ((13, 6), (4, 2))]
)
@torch.inference_mode()
def test_any_size_of_image(
    network: CascadeCLIP, words: torch.Tensor, size: tuple[int, int], grid: tuple[int, int]
) -> None:
    images = torch.randn(2, 3, *size)
    features = network.encode(images)
    assert features.grid == grid
    assert features.stages.shape == (2, 3, grid[0] * grid[1], 8)
    assert features.cls.shape == (2, 8)
    logits = network.decode(features, words)
    assert logits.shape == (2, 5, *grid)
    masks = network(images, words)
    assert masks.shape == (2, 5, *size)
    whole = functional.interpolate(
        logits, (grid[0] * 4, grid[1] * 4), mode="bilinear", align_corners=False
    )
    torch.testing.assert_close(masks, whole[..., : size[0], : size[1]])


@torch.inference_mode()
def test_odd_sides_are_padded_on_the_right_and_below(
    network: CascadeCLIP, words: torch.Tensor
) -> None:
    images = torch.randn(1, 3, 10, 11)
    padded = torch.zeros(1, 3, 12, 12)
    padded[..., :10, :11] = images
    torch.testing.assert_close(network(images, words), network(padded, words)[..., :10, :11])


@torch.inference_mode()
def test_half_precision_text_is_promoted(
    network: CascadeCLIP, images: torch.Tensor, words: torch.Tensor
) -> None:
    half = words.half()
    assert torch.equal(network(images, half), network(images, half.float()))


@torch.inference_mode()
def test_options_are_off_and_do_what_they_say(
    network: CascadeCLIP, images: torch.Tensor, words: torch.Tensor
) -> None:
    assert network.logit_scale is None
    assert network.logit_bias is None
    plain = network(images, words)
    config = dataclasses.replace(network.config, logit_scale=2.0, logit_bias=-3.0)
    affine = CascadeCLIP(config).eval()
    affine.load_state_dict(network.state_dict(), strict=False)
    torch.testing.assert_close(affine(images, words), 2 * plain - 3)
    scaled = CascadeCLIP(dataclasses.replace(network.config, input_scale=3.0)).eval()
    scaled.load_state_dict(network.state_dict())
    features = network.encode(images)
    larger = dataclasses.replace(features, stages=features.stages * 3, cls=features.cls * 3)
    torch.testing.assert_close(
        scaled.decode(features, words), network.decode(larger, words * 3), rtol=1e-5, atol=1e-5
    )


def test_other_splits_are_networks_too(images: torch.Tensor, words: torch.Tensor) -> None:
    built = 0
    for stages in (((6,),), ((1, 3), (6,)), ((0, 1, 2, 3, 4, 5, 6),), ((5,), (6,))):
        config = NetworkConfig(
            patch=4, width=16, layers=7, heads=2, embed=8, grid=3, prompts=2, stages=stages,
            decoder_heads=2, decoder_ff=12, decoder_layers=1 + built % 3,
        )  # fmt: skip
        network = CascadeCLIP(config).eval()
        assert network.encode(images).stages.shape[1] == len(stages)
        assert network(images, words).isfinite().all()
        built += 1
    assert built == 4


def test_construction_names_no_device() -> None:
    with torch.device("meta"):
        network = CascadeCLIP(NetworkConfig())
    assert {value.device.type for value in network.state_dict().values()} == {"meta"}


def test_training_drops_and_evaluation_does_not(
    network: CascadeCLIP, images: torch.Tensor, words: torch.Tensor
) -> None:
    assert torch.equal(network(images, words), network(images, words))
    network.train()
    assert not torch.equal(network(images, words), network(images, words))


@pytest.mark.parametrize(
    "change",
    [
        {"prompts": 0},
        {"shared_text": True},
        {"aggregation": "concat"},
        {"aggregation": "attention"},
        {"stages": ((6,), (6,), (6,))},
        {"stages": ((1, 3, 6), (1, 3, 6))},
        {"decoder": "spectral", "spectral_blocks": (0, 1)},
    ],
    ids=str,
)
@torch.inference_mode()
def test_variants_keep_words_and_images_apart(
    network: CascadeCLIP, images: torch.Tensor, words: torch.Tensor, change: dict[str, object]
) -> None:
    torch.manual_seed(0)
    variant = CascadeCLIP(dataclasses.replace(network.config, **change)).eval()
    together = variant(images, words)
    alone = torch.cat([variant(images, words[index : index + 1]) for index in range(5)], dim=1)
    torch.testing.assert_close(alone, together, rtol=0, atol=1e-5)
    single = torch.cat([variant(image[None], words) for image in images])
    torch.testing.assert_close(single, together, rtol=0, atol=1e-5)


def test_a_tower_without_prompts_is_plain_and_nothing_in_it_learns(network: CascadeCLIP) -> None:
    frozen = CascadeCLIP(dataclasses.replace(network.config, prompts=0))
    assert not [name for name, _ in frozen.named_parameters() if "prompt" in name]
    assert not any(value.requires_grad for value in frozen.encoder.parameters())


def test_shared_text_is_one_projection(network: CascadeCLIP) -> None:
    shared = CascadeCLIP(dataclasses.replace(network.config, shared_text=True))
    names = [name for name in shared.state_dict() if ".query." in name]
    assert names == ["decoders.0.query.weight", "decoders.0.query.bias"]


@torch.inference_mode()
def test_words_projected_once_score_as_words_do(
    network: CascadeCLIP, images: torch.Tensor, words: torch.Tensor
) -> None:
    features = network.encode(images)
    whole = network.decode(features, words)
    projected = network.project(words)
    regrouped = Projected.together([projected.row(index) for index in (4, 1)])
    torch.testing.assert_close(network.decode(features, projected), whole, **CLOSE)
    torch.testing.assert_close(network.decode(features, regrouped), whole[:, [4, 1]], **CLOSE)
    assert regrouped.nbytes == 2 * 4 * 8 * (1 + len(network.decoders))


@pytest.mark.parametrize("prepared", [False, True])
def test_the_maps_of_the_stages_sum_to_what_is_decoded(
    network: CascadeCLIP, images: torch.Tensor, words: torch.Tensor, prepared: bool
) -> None:
    features = network.encode(images)
    source = network.prepare(features) if prepared else features
    maps = network.stage_maps(source, words)
    assert maps.shape[0] == len(network.config.stages) > 1
    torch.testing.assert_close(maps.sum(dim=0), network.decode(features, words))
    assert not torch.allclose(maps[0], maps[-1])
