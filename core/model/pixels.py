"""A small classifier of pixels, taught by corrected masks: what a word looks like in this project.

The tower answers patch by patch, and what it makes of a patch is rich but coarse; how a pixel looks
in its neighbourhood is fine but poor. A perceptron of three layers sees both and says yes or no to
each word it was taught, as interactive pixel classification does (ilastik, Berg et al., Nature
Methods 2019) on hand-made features alone. What it says is averaged with the logits of the network
where patches look like those it was taught by: anything else it would call one of its words, too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from cascadeclip.core.model.beside import About, Tensors, read_beside, write_beside
from cascadeclip.core.model.config import DenseConfig, NetworkConfig
from cascadeclip.core.model.prototypes import Phrases, index_of
from cascadeclip.core.texture import CHANNELS

PIXELS = "pixels.safetensors"
AXES = 16
"""So many numbers are left of a patch."""
LARGEST = 6.0
"""No logit is surer than this, either way."""
AT_ONCE = 1 << 15  # rows
_LAYERS = 3
_DTYPES = {"keys": torch.float16}

Layer = tuple[Tensor, Tensor]


@dataclass(frozen=True, slots=True, eq=False)
class Familiar:
    """Hold patches that somebody spoke about, and how like them a patch must be.

    `keys` is MxD, rows as `patch_vectors` gives them and of length 1. A patch whose cosine to the
    nearest is `strange` or less is not familiar at all, one of `usual` or more is in full. Raise
    ValueError where this does not fit together.
    """

    keys: Tensor
    strange: float
    usual: float

    def __post_init__(self) -> None:
        if self.keys.dim() != 2 or not len(self.keys):
            raise ValueError("at least one patch must be known")
        if not (math.isfinite(self.usual) and self.strange < self.usual):
            raise ValueError("what is strange is less alike than what is usual")

    def share(self, patches: Tensor) -> Tensor:
        """Return how familiar patches rxcxD are, rxc, 0..1."""
        nearest = (patches @ self.keys.T).amax(dim=-1)
        return ((nearest - self.strange) / (self.usual - self.strange)).clamp(0, 1)


@dataclass(frozen=True, slots=True, eq=False)
class PixelClassifier:
    """Hold what the pixels of taught words look like.

    A patch x of D numbers (`patch_vectors`) becomes (x - `mean`) @ `axes`, AXES numbers. Weights
    and biases of `layers` take these and the texture of a pixel to one logit per word; `words`
    holds the phrases of each. `share` (above 0, at most 1) is how much they count beside the
    network's own, where patches are `familiar`. Raise ValueError where this does not fit together.
    """

    words: tuple[Phrases, ...]
    mean: Tensor
    axes: Tensor
    layers: tuple[Layer, ...]
    familiar: Familiar
    share: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.share) and 0 < self.share <= 1):
            raise ValueError("a share lies above 0 and is at most 1")
        if self.mean.dim() != 1 or self.axes.shape != (len(self.mean), AXES):
            raise ValueError(f"patches need a mean and {AXES} axes")
        if self.familiar.keys.shape[1] != len(self.mean):
            raise ValueError("known patches must be as long as the others")
        wide = CHANNELS + AXES
        for weight, bias in self.layers:
            if weight.dim() != 2 or weight.shape[1] != wide or bias.shape != weight.shape[:1]:
                raise ValueError("each layer must take what the one before gives")
            wide = len(weight)
        if not self.layers or not self.words or wide != len(self.words):
            raise ValueError("every word needs a logit")

    @property
    def width(self) -> int:
        """Return how many numbers a patch has, D."""
        return len(self.mean)

    def word(self, phrase: str) -> int | None:
        """Return the index of the word that has this phrase, whatever its case; None: no word."""
        return index_of(self.words, phrase)

    def rows(self, texture: Tensor, patches: Tensor) -> Tensor:
        """Return what is known of each pixel, (h*w)xC, row by row.

        `texture` is hxwxCHANNELS, `patches` rxcxD lie over the same image.
        """
        flat = ((patches - self.mean) @ self.axes).permute(2, 0, 1)[None]
        size = (texture.shape[0], texture.shape[1])
        fine = functional.interpolate(flat, size, mode="bicubic", align_corners=False)
        return torch.cat((texture, fine[0].permute(1, 2, 0)), dim=2).flatten(0, 1)

    @torch.inference_mode()
    def logits(self, texture: Tensor, patches: Tensor) -> Tensor:
        """Return the logit of each word at each pixel of `texture`, hxwxK, cut to +-LARGEST."""
        rows = self.rows(texture, patches)
        found = torch.cat([perceive(self.layers, some) for some in torch.split(rows, AT_ONCE)])
        return found.clamp(-LARGEST, LARGEST).reshape(*texture.shape[:2], len(self.words))

    def to_json(self) -> dict[str, object]:
        """Return what a person may want to know: the share and the words."""
        return {"share": self.share, "words": [phrases[0] for phrases in self.words]}


def perceive(layers: tuple[Layer, ...], rows: Tensor) -> Tensor:
    """Return the logits NxK of rows NxC, rectified between the layers."""
    *inner, (weight, bias) = layers
    for one, offset in inner:
        rows = functional.relu(functional.linear(rows, one, offset))
    return functional.linear(rows, weight, bias)


def to_bytes(pixels: PixelClassifier) -> bytes:
    """Return the content of the file: known patches in half precision, the rest in single."""
    tensors = {"mean": pixels.mean, "axes": pixels.axes, "keys": pixels.familiar.keys}
    for at, (weight, bias) in enumerate(pixels.layers):
        tensors |= {f"weight{at}": weight, f"bias{at}": bias}
    about = {
        "words": pixels.words,
        "share": pixels.share,
        "familiar": [pixels.familiar.strange, pixels.familiar.usual],
    }
    stored = {name: one.to(_DTYPES.get(name, torch.float32)) for name, one in tensors.items()}
    return write_beside(about, stored)


def read_pixels(folder: Path, digest: str, config: NetworkConfig | DenseConfig) -> PixelClassifier:
    """Read the pixel classifier of a model folder whose file has this SHA-256.

    Raise CheckpointError for a file that is missing, damaged or of another network.
    """
    return read_beside(folder / PIXELS, digest, config, _made)


def _made(about: About, tensors: Tensors) -> PixelClassifier:
    for name, one in tensors.items():
        if one.dtype != _DTYPES.get(name, torch.float32) or not one.isfinite().all():
            raise ValueError("finite numbers of another precision are expected")
    strange, usual = map(float, about["familiar"])
    return PixelClassifier(
        words=tuple(tuple(map(str, some)) for some in about["words"]),
        mean=tensors["mean"],
        axes=tensors["axes"],
        layers=tuple((tensors[f"weight{at}"], tensors[f"bias{at}"]) for at in range(_LAYERS)),
        familiar=Familiar(tensors["keys"].float(), strange, usual),
        share=float(about["share"]),
    )
