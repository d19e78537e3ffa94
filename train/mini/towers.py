"""The mini CLIP: a small open_clip model, its compact token table, how its towers are driven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import open_clip
import torch
from open_clip.model import CLIP
from torch import Tensor, nn

from cascadeclip.core.scenes import WORDS
from cascadeclip.core.scenes.captions import FRAMES

PATCH = 8
SIDE = 96
CONTEXT = 32
VISION = {"layers": 12, "width": 128, "head_width": 32, "patch_size": PATCH, "image_size": SIDE}
TEXT = {"context_length": CONTEXT, "width": 128, "heads": 4, "layers": 3}
EMBED = 128
TEMPLATES = ("{}", "a photo of a {}.", "a {} in the scene.", "this is a {} in the scene.")
# Layers (0-based) whose patches are asked for the caption's words besides the last one: the
# cascade reads them, and without this they say nothing that text understands.
MIDDLE = (5, 6, 7, 8, 9, 10)


@dataclass(frozen=True, slots=True)
class Towers:
    """Hold the two outputs of the image tower: `cls` BxE unit, `patches` BxNxE unit."""

    cls: Tensor
    patches: Tensor


class Tokens:
    """Map open_clip's token numbers to the few hundred that the toy world's language uses.

    The order is kept, so that the end-of-text token stays the largest number.
    """

    def __init__(self) -> None:
        """Collect the tokens of every spelling in every frame and template."""
        self._tokenize = open_clip.SimpleTokenizer(context_length=CONTEXT)
        spellings = [phrase for word in WORDS for phrase in word.phrases]
        frames = [*FRAMES, *TEMPLATES, "a photo of a {} and a {} on {}"]
        texts = [frame.replace("{}", "x") for frame in frames] + spellings + ["photo, drawing"]
        self.ids = torch.unique(self._tokenize(texts))
        self._compact = torch.zeros(49408, dtype=torch.long)
        self._compact[self.ids] = torch.arange(len(self.ids))

    def __call__(self, texts: Sequence[str]) -> Tensor:
        """Tokenize into TxL compact numbers, L the longest text's length."""
        tokens = self._tokenize(list(texts))
        longest = int((tokens != 0).sum(1).max())
        return self._compact[tokens[:, :longest]]


def build_clip(tokens: Tokens) -> CLIP:
    """Build the untrained mini CLIP on the compact token table."""
    clip = CLIP(
        embed_dim=EMBED,
        vision_cfg=dict(VISION),
        text_cfg={**TEXT, "vocab_size": len(tokens.ids)},
    )
    _start_vision(clip)
    return clip


def _start_vision(clip: CLIP) -> None:
    """Start the image tower as open_clip starts its text tower, with 2-D sine positions."""
    width, layers = VISION["width"], VISION["layers"]
    for block in clip.visual.transformer.resblocks:
        nn.init.normal_(block.attn.in_proj_weight, std=width**-0.5)
        nn.init.normal_(block.attn.out_proj.weight, std=width**-0.5 * (2 * layers) ** -0.5)
        nn.init.normal_(block.mlp.c_fc.weight, std=(2 * width) ** -0.5)
        nn.init.normal_(block.mlp.c_proj.weight, std=width**-0.5 * (2 * layers) ** -0.5)
    with torch.no_grad():
        clip.visual.positional_embedding[1:] = 0.3 * _sine_positions(SIDE // PATCH, width)


def _sine_positions(grid: int, width: int) -> Tensor:
    quarter = width // 4
    rates = grid ** (-torch.arange(quarter) / quarter) * 2.0
    place = torch.arange(grid)[:, None] * rates
    waves = torch.cat([place.sin(), place.cos()], 1)
    down = waves[:, None].expand(grid, grid, -1)
    across = waves[None].expand(grid, grid, -1)
    return torch.cat([down, across], 2).reshape(grid * grid, width)


def see(
    clip: CLIP, images: Tensor, corner: tuple[int, int] = (0, 0)
) -> tuple[Towers, list[Tensor]]:
    """Run the image tower on Bx3xHxW; also return the middle layers' tokens (BxLxW each).

    A crop smaller than the nominal side takes the positions of the grid's window at `corner`,
    so that every position is learnt before the full grid is ever shown.
    """
    visual = clip.visual
    grid = images.shape[-1] // PATCH
    tokens = visual.conv1(images).flatten(2).transpose(1, 2)
    full = visual.positional_embedding[1:].view(SIDE // PATCH, SIDE // PATCH, -1)
    window = full[corner[0] : corner[0] + grid, corner[1] : corner[1] + grid].flatten(0, 1)
    start = visual.class_embedding + visual.positional_embedding[0]
    tokens = torch.cat([start.expand(len(images), 1, -1), tokens + window], 1)
    tokens = visual.ln_pre(tokens)
    middle = []
    for number, block in enumerate(visual.transformer.resblocks):
        tokens = block(tokens)
        if number in MIDDLE:
            middle.append(tokens)
    seen = project(clip, tokens)
    return Towers(seen[:, 0], seen[:, 1:]), middle


def project(clip: CLIP, tokens: Tensor) -> Tensor:
    """Project tokens of the image tower (…xW) to unit vectors beside text (…xE)."""
    return nn.functional.normalize(clip.visual.ln_post(tokens) @ clip.visual.proj, dim=-1)


def read(clip: CLIP, tokens: Tensor) -> Tensor:
    """Run the text tower on TxL compact tokens; return TxE unit vectors.

    The tower is causal, so what follows the end of the text need not be computed.
    """
    length = tokens.shape[1]
    states = clip.token_embedding(tokens) + clip.positional_embedding[:length]
    states = clip.transformer(states, attn_mask=clip.attn_mask[:length, :length])
    states = clip.ln_final(states)
    ends = states[torch.arange(len(tokens)), tokens.argmax(1)]
    return nn.functional.normalize(ends @ clip.text_projection, dim=-1)
