"""CLIP that scores every patch without any training: the start when only its weights are there.

The variants run the tower as CLIP trained it and change its last block alone (`last_block`).
"""

from __future__ import annotations

import math
from dataclasses import fields
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from cascadeclip.core.model.clip import (
    default_stages,
    network_config,
    start_projections,
    vision_state,
)
from cascadeclip.core.model.config import DenseConfig, NetworkConfig
from cascadeclip.core.model.last_block import LAST_BLOCKS, Passed, class_token
from cascadeclip.core.model.network import CascadeCLIP, Features, Prepared, Projected
from cascadeclip.core.model.tower import VisionTower
from cascadeclip.core.model.transformer import Block

if TYPE_CHECKING:
    import open_clip

_PAPER_HEADS = 8
_LIVELY = 724.0
"""A step that moves every weight by r moves a logit by about .64 r E s / sqrt(heads), s being the
scale of what enters: this is E s / sqrt(heads) of the bundled model, which the recipes fit."""


def resize_bicubic(positions: Tensor, height: int, width: int) -> Tensor:
    """Resize a (1+GG)xD positional embedding to (1+height*width)xD, the first row kept."""
    side = math.isqrt(positions.shape[0] - 1)
    if (height, width) == (side, side):
        return positions
    plane = positions[1:].T.reshape(1, -1, side, side)
    plane = functional.interpolate(plane, (height, width), mode="bicubic", align_corners=False)
    return torch.cat((positions[:1], plane[0].flatten(1).T))


class PlainTower(VisionTower):
    """Run CLIP's vision transformer as CLIP was trained, for any grid; all of it is frozen."""

    def __init__(self, config: DenseConfig) -> None:
        super().__init__(config)
        self.requires_grad_(False)

    @property
    def last(self) -> Block:
        """Return the last block."""
        return cast("Block", self.blocks[-1])

    def forward(self, images: Tensor) -> Passed:
        """Run all blocks but the last on images Bx3xHxW whose sides are multiples of the patch."""
        patches = self.conv1(images)
        grid = (int(patches.shape[-2]), int(patches.shape[-1]))
        first = self.class_embedding.expand(images.shape[0], 1, -1)
        x = torch.cat((first, patches.flatten(2).transpose(1, 2)), dim=1)
        x = self.ln_pre(x + resize_bicubic(self.positional_embedding, *grid))
        outputs = []
        for block in self.blocks[:-1]:
            x = block(x)
            outputs.append(x)
        return Passed(tuple(outputs), grid)

    def embed(self, tokens: Tensor) -> Tensor:
        """Map tokens BxLxD to unit vectors BxLxE beside those of the words."""
        return functional.normalize(self.ln_post(tokens) @ self.proj, dim=-1)


class DenseCLIP(nn.Module):
    """Answer as CascadeCLIP does, from CLIP's weights alone.

    A patch's logit is the scaled cosine between its vector and the word's: no word changes what
    another gets. Probabilities are a softmax over words (ModelInfo.readout).
    """

    def __init__(self, config: DenseConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = PlainTower(config)

    def encode(self, images: Tensor) -> Features:
        """Encode normalised images Bx3xHxW of any size; sides are padded to whole patches.

        `stages` has one map, of unit vectors; `cls` is what plain CLIP makes of the image.
        """
        patch = self.config.patch
        bottom, right = -images.shape[-2] % patch, -images.shape[-1] % patch
        passed = self.encoder(functional.pad(images, (0, right, 0, bottom)))
        dense = LAST_BLOCKS[self.config.variant](self.encoder.last, passed)
        return Features(
            stages=self.encoder.embed(dense).unsqueeze(1),
            cls=self.encoder.embed(class_token(self.encoder.last, passed.outputs[-1]))[:, 0],
            grid=passed.grid,
        )

    def prepare(self, features: Features) -> Prepared:
        """Return the features: words are compared with them as they are."""
        return Prepared(features=features, known=())

    def project(self, text: Tensor) -> Projected:
        """Scale unit text embeddings CxE as they are compared with patches."""
        return Projected(text * self.config.logit_scale)

    def decode(self, features: Features | Prepared, text: Tensor | Projected) -> Tensor:
        """Score unit text embeddings CxE; return scaled cosines BxCxhxw, h and w the grid's."""
        source = features.features if isinstance(features, Prepared) else features
        projected = text if isinstance(text, Projected) else self.project(text.to(source.stages))
        logits = projected.words @ source.stages[:, 0].transpose(1, 2)
        return logits.view(*logits.shape[:2], *source.grid)

    def stage_maps(self, features: Features | Prepared, text: Tensor | Projected) -> Tensor:
        """Return the only map there is, 1xBxCxhxw: one stage, as nothing is cascaded here."""
        return self.decode(features, text)[None]

    def forward(self, images: Tensor, text: Tensor) -> Tensor:
        """Return logits BxCxHxW for images Bx3xHxW and unit text embeddings CxE."""
        logits = self.decode(self.encode(images), text)
        patch = self.config.patch
        size = (logits.shape[-2] * patch, logits.shape[-1] * patch)
        masks = functional.interpolate(logits, size, mode="bilinear", align_corners=False)
        return masks[..., : images.shape[-2], : images.shape[-1]]


def dense_from_clip(clip: open_clip.CLIP, variant: str) -> DenseCLIP:
    """Build a network around the vision tower of `clip`, in eval mode; nothing is changed."""
    network = DenseCLIP(DenseConfig.like(network_config(clip), variant))
    state = {name: value.detach().float().clone() for name, value in vision_state(clip).items()}
    network.encoder.load_state_dict(state)
    return network.eval()


def dense_from_cascade(cascade: CascadeCLIP, variant: str) -> DenseCLIP:
    """Build a network around the frozen tower of `cascade`, without its prompts, in eval mode.

    The cascade adds the class embedding twice: what it holds is taken double here, which is what
    CLIP was trained with where the tower was imported so (network_from_clip).
    """
    network = DenseCLIP(DenseConfig.like(cascade.config, variant))
    theirs = cascade.encoder.state_dict()
    state = {name: theirs[name].detach().clone() for name in network.encoder.state_dict()}
    state["class_embedding"] *= 2
    network.encoder.load_state_dict(state)
    return network.eval()


def cascade_from_dense(dense: DenseCLIP) -> CascadeCLIP:
    """Build a cascade around the tower of `dense`, its last block as there, in eval mode.

    Decoders and stages are of the paper's shape and fresh; nothing in the tower can learn, so no
    prompt moves its answer. What enters the decoders is scaled so that a step of a given rate moves
    a wide network's logits no further than a narrow one's.
    """
    tower = dense.config
    heads = math.gcd(tower.embed, _PAPER_HEADS)
    own = {one.name for one in fields(NetworkConfig)} & {one.name for one in fields(DenseConfig)}
    sizes: dict[str, Any] = {name: getattr(tower, name) for name in own - {"logit_scale"}}
    cascade = CascadeCLIP(
        NetworkConfig(
            **sizes,
            prompts=0,
            stages=default_stages(tower.layers),
            last_block=tower.variant,
            decoder_heads=heads,
            decoder_ff=4 * tower.embed,
            input_scale=min(tower.embed**0.5, _LIVELY * heads**0.5 / tower.embed),
            logit_scale=1.0,
            logit_bias=0.0,
            train_stage_projections=True,
        )
    )
    state = {name: value.detach().clone() for name, value in dense.encoder.state_dict().items()}
    state["class_embedding"] /= 2
    cascade.encoder.load_state_dict(state, strict=False)
    if cascade.encoder.stage_norms:
        start_projections(cascade)
    return cascade.eval()
