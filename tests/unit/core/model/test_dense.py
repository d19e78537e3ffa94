"""Every variant against the formulas written out: one image, one head, one patch at a time."""

from __future__ import annotations

import io
import math

import open_clip
import pytest
import torch
from torch.nn import functional

from cascadeclip.core.model.clip import network_config, network_from_clip
from cascadeclip.core.model.config import DENSE, DenseConfig, NetworkConfig
from cascadeclip.core.model.dense import (
    DenseCLIP,
    cascade_from_dense,
    dense_from_cascade,
    dense_from_clip,
    resize_bicubic,
)
from cascadeclip.core.model.last_block import LAST_BLOCKS, neighbourhood
from cascadeclip.core.model.network import CascadeCLIP

SIZES = [(12, 12), (8, 20), (10, 6), (4, 4)]


def shaken(network: torch.nn.Module) -> None:
    """Move every weight, so that no norm is an identity and no bias nothing."""
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter += 0.2 * torch.randn(parameter.shape, generator=generator)


def dense(variant: str = "dense-fast") -> DenseCLIP:
    torch.manual_seed(1)
    network = DenseCLIP(
        DenseConfig(patch=4, width=16, layers=7, heads=2, embed=8, grid=3, variant=variant)
    )
    shaken(network)
    return network.eval()


def pictures(height: int, width: int, count: int = 2) -> torch.Tensor:
    return torch.randn(count, 3, height, width, generator=torch.Generator().manual_seed(4))


def heads_of(block, tokens):
    """Return query, key and value of every head, LxD/H each, by plain products."""
    x = functional.layer_norm(tokens, (16,), block.ln_1.weight, block.ln_1.bias)
    parts = []
    for part in range(3):
        rows = slice(16 * part, 16 * part + 16)
        y = x @ block.attn.in_proj_weight[rows].T + block.attn.in_proj_bias[rows]
        parts.append([y[:, 8 * head : 8 * head + 8] for head in range(2)])
    return list(zip(*parts, strict=True))


def literal(variant: str, block, tokens, grid):
    """Return the patches NxD of one image after the last block."""
    height, width = grid
    count = 1 + height * width
    mixed = torch.zeros(count, 16)
    for head, (query, key, value) in enumerate(heads_of(block, tokens)):
        for i in range(count):
            shares = torch.zeros(count)
            for j in range(count):
                if variant == "dense-plain":
                    shares[j] = query[i] @ key[j] / math.sqrt(8)
                elif variant == "dense-value":
                    shares[j] = 0.0 if i == j else -math.inf
                else:
                    shares[j] = key[i] @ key[j] / math.sqrt(8)
                    if i and j:
                        down = (i - 1) // width - (j - 1) // width
                        across = (i - 1) % width - (j - 1) % width
                        shares[j] += math.exp(-(down**2 + across**2) / (2 * 5.0**2))
            mixed[i, 8 * head : 8 * head + 8] = shares.softmax(dim=0) @ value
    y = mixed @ block.attn.out_proj.weight.T + block.attn.out_proj.bias
    if variant == "dense-plain":
        y = tokens + y
        y = y + block.mlp(functional.layer_norm(y, (16,), block.ln_2.weight, block.ln_2.bias))
    return y[1:]


@torch.no_grad()
@pytest.mark.parametrize(("height", "width"), SIZES)
@pytest.mark.parametrize("variant", ["dense-plain", "dense-value", "dense-fast"])
def test_the_last_block_is_the_formula(variant: str, height: int, width: int) -> None:
    network, images = dense(variant), pictures(height, width)
    features = network.encode(images)
    padded = functional.pad(images, (0, -width % 4, 0, -height % 4))
    passed = network.encoder(padded)
    assert features.grid == passed.grid == (math.ceil(height / 4), math.ceil(width / 4))
    for one in range(2):
        y = literal(variant, network.encoder.last, passed.outputs[-1][one], passed.grid)
        norm = network.encoder.ln_post
        z = functional.layer_norm(y, (16,), norm.weight, norm.bias) @ network.encoder.proj
        z = z / z.norm(dim=1, keepdim=True)
        torch.testing.assert_close(features.stages[one, 0], z, atol=2e-5, rtol=1e-4)


@torch.no_grad()
@pytest.mark.parametrize("variant", DENSE)
def test_a_batch_is_its_images(variant: str) -> None:
    network, images = dense(variant), pictures(20, 12, 3)
    together = network.encode(images)
    for index in range(3):
        alone = network.encode(images[index : index + 1])
        torch.testing.assert_close(together.stages[index], alone.stages[0], atol=1e-5, rtol=1e-4)
        torch.testing.assert_close(together.cls[index], alone.cls[0], atol=1e-5, rtol=1e-4)
    assert together.stages.shape == (3, 1, 15, 8)
    torch.testing.assert_close(together.stages.norm(dim=-1), torch.ones(3, 1, 15))


@torch.no_grad()
def test_the_variants_differ_and_none_is_forgotten() -> None:
    assert tuple(LAST_BLOCKS) == DENSE
    found = [dense(variant).encode(pictures(12, 12)).stages for variant in DENSE]
    for index, one in enumerate(found):
        for other in found[:index]:
            assert (one - other).abs().max() > 0.05


@torch.no_grad()
@pytest.mark.parametrize("variant", DENSE)
def test_a_word_changes_no_other(variant: str, words: torch.Tensor) -> None:
    network = dense(variant)
    features = network.encode(pictures(8, 12))
    together = network.decode(network.prepare(features), words)
    apart = torch.cat([network.decode(features, word[None]) for word in words], dim=1)
    assert together.shape == (2, 5, 2, 3)
    torch.testing.assert_close(together, apart)
    cosine = features.stages[1, 0, 4] @ words[3]
    assert together[1, 3, 1, 1].item() == pytest.approx(40 * cosine.item(), abs=1e-4)


@torch.no_grad()
def test_masks_have_the_size_of_the_images(words: torch.Tensor) -> None:
    network, images = dense(), pictures(10, 7)
    masks = network(images, words)
    assert masks.shape == (2, 5, 10, 7)
    logits = network.decode(network.encode(images), words)
    large = functional.interpolate(logits, (12, 8), mode="bilinear", align_corners=False)
    assert torch.equal(masks, large[..., :10, :7])


def test_the_gaussian_leaves_the_class_token_alone() -> None:
    near = neighbourhood((2, 3))
    assert near.shape == (7, 7)
    assert not near[0].any()
    assert not near[:, 0].any()
    assert torch.equal(near[1:, 1:].diagonal(), torch.ones(6))
    assert near[1, 6].item() == pytest.approx(math.exp(-5 / 50))


def test_positions_are_resized_bicubically() -> None:
    positions = torch.randn(10, 4, generator=torch.Generator().manual_seed(0))
    assert resize_bicubic(positions, 3, 3) is positions
    plane = positions[1:].view(3, 3, 4).permute(2, 0, 1)[None]
    expected = functional.interpolate(plane, (2, 5), mode="bicubic")[0].flatten(1).T
    found = resize_bicubic(positions, 2, 5)
    assert torch.equal(found[0], positions[0])
    torch.testing.assert_close(found[1:], expected)


@torch.no_grad()
def test_plain_is_the_clip_itself(clip: open_clip.CLIP, images: torch.Tensor) -> None:
    shaken(clip.visual)
    network = dense_from_clip(clip, "dense-plain")
    features = network.encode(images)
    expected = functional.normalize(clip.encode_image(images), dim=-1)
    torch.testing.assert_close(features.cls, expected, atol=1e-5, rtol=1e-4)
    clip.visual.output_tokens = True
    tokens = functional.normalize(clip.visual(images)[1] @ clip.visual.proj, dim=-1)
    torch.testing.assert_close(features.stages[:, 0], tokens, atol=1e-5, rtol=1e-4)


@torch.no_grad()
def test_a_cascade_gives_its_tower_back(clip: open_clip.CLIP, images: torch.Tensor) -> None:
    cascade = network_from_clip(clip, network_config(clip, decoder_heads=2))
    ours, theirs = dense_from_cascade(cascade, "dense-fast"), dense_from_clip(clip, "dense-fast")
    assert ours.config == theirs.config
    torch.testing.assert_close(ours.encode(images).stages, theirs.encode(images).stages)
    assert not any(value.requires_grad for value in ours.parameters())
    assert not torch.equal(cascade.encoder.class_embedding, ours.encoder.class_embedding)


@torch.no_grad()
@pytest.mark.parametrize("variant", DENSE)
def test_a_cascade_around_it_sees_what_it_sees(variant: str) -> None:
    network, images = dense(variant), pictures(12, 12)
    cascade = cascade_from_dense(network)
    ours, theirs = cascade.encode(images), network.encode(images)
    torch.testing.assert_close(ours.stages[:, -1], theirs.stages[:, 0], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(ours.cls, theirs.cls, atol=1e-5, rtol=1e-4)
    assert cascade.config.stages == ((0, 1, 2), (3, 4, 5), (6,))
    assert CascadeCLIP(type(cascade.config).from_json(cascade.config.to_json()))


def test_a_tower_that_prompts_move_keeps_its_last_block() -> None:
    with pytest.raises(ValueError, match="nothing moves"):
        NetworkConfig(last_block="dense-fast")


@pytest.mark.parametrize(
    "wrong", [{"variant": "dense"}, {"layers": 1}, {"heads": 5}, {"logit_scale": 0.0}]
)
def test_sizes_that_do_not_fit(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        DenseConfig(**wrong)


class Maps(torch.nn.Module):
    """Give the unit map alone, as an exported tower does."""

    def __init__(self, network: DenseCLIP) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.network.encode(images).stages


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_fast_one_can_be_exported() -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    pytest.importorskip("onnxscript")
    network, images, file = Maps(dense("dense-fast")).eval(), pictures(8, 12), io.BytesIO()
    program = torch.onnx.export(network, (images,), dynamo=True, opset_version=18, verbose=False)
    program.save(file)
    session = onnxruntime.InferenceSession(file.getvalue(), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {session.get_inputs()[0].name: images.numpy()})
    torch.testing.assert_close(torch.from_numpy(found), network(images), atol=1e-5, rtol=1e-4)
