"""What a person has shown of words: mean patches of corrected regions, a cache beside the text.

Nothing is trained. It is Tip-Adapter (Zhang et al., ECCV 2022) asked of every patch: there an
image's logits are f W^T + alpha * exp(-beta * (1 - f F^T)) L, with the text W, the few labelled
images F and their labels L. Here f is a patch, F holds corrected regions, and L is 1 for the words
they are and -1 for those they are not; the nearest region of each kind counts instead of all, so
that a word does not grow louder with every region.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from cascadeclip.core.model.beside import About, Tensors, read_beside, write_beside
from cascadeclip.core.model.config import DenseConfig, NetworkConfig
from cascadeclip.core.vocabulary import phrase_key

PROTOTYPES = "prototypes.safetensors"
_DTYPES = {"keys": torch.float16, "owner": torch.int32, "positive": torch.bool}

Phrases = tuple[str, ...]


def index_of(words: Sequence[Phrases], phrase: str) -> int | None:
    """Return the index of the word that has this phrase, whatever its case; None: no word."""
    wanted = phrase_key(phrase)
    return next((at for at, some in enumerate(words) if wanted in map(phrase_key, some)), None)


def patch_vectors(stages: Tensor) -> Tensor:
    """Return patches BxNx(S*E) of the stages BxSxNxE; a product of two is their mean cosine."""
    unit = functional.normalize(stages.float(), dim=-1) / math.sqrt(stages.shape[1])
    return unit.transpose(1, 2).flatten(2)


def vectors_of(patches: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the patches SxExrxc of an image as rxcxD, as `patch_vectors` orders them."""
    count, size, high, wide = patches.shape
    rows = torch.from_numpy(patches.reshape(1, count, size, high * wide)).transpose(2, 3)
    return np.asarray(patch_vectors(rows)[0].numpy()).reshape(high, wide, count * size)


@dataclass(frozen=True, slots=True, eq=False)
class Prototypes:
    """Hold mean patches of corrected regions, and how much they count.

    `keys` is MxD float32, rows as `patch_vectors` gives them and of length 1. `words` holds the
    phrases of each word; key m belongs to the word `owner[m]`, which it is (`positive[m]`) or was
    taken for by mistake. `alpha` (logits, at least 0) weighs them, `beta` (above 0) says how alike
    a patch must be. Raise ValueError where this does not fit together or a word has no positive.
    """

    words: tuple[Phrases, ...]
    keys: Tensor
    owner: Tensor
    positive: Tensor
    alpha: float
    beta: float

    def __post_init__(self) -> None:
        shape = self.keys.shape[:1]
        if self.keys.dim() != 2 or self.owner.shape != shape or self.positive.shape != shape:
            raise ValueError("prototypes need keys MxD, and an owner and a sign for each")
        if not (math.isfinite(self.alpha) and self.alpha >= 0):
            raise ValueError("alpha must not be below zero")
        if not (math.isfinite(self.beta) and self.beta > 0):
            raise ValueError("beta must be above zero")
        if set(self.owner[self.positive].tolist()) != set(range(len(self.words))):
            raise ValueError("every word needs a region that is it")
        if not set(self.owner.tolist()) <= set(range(len(self.words))):
            raise ValueError("a prototype belongs to no word")

    @property
    def width(self) -> int:
        """Return how many numbers a patch has, D."""
        return self.keys.shape[1]

    def word(self, phrase: str) -> int | None:
        """Return the index of the word that has this phrase, whatever its case; None: no word."""
        return index_of(self.words, phrase)

    def scores(self, stages: Tensor, words: Sequence[int]) -> Tensor:
        """Return what is added to the logits of words, BxKxN for stages BxSxNxE.

        alpha * (max over regions that are the word - max over regions that are not) of
        exp(-beta * (1 - cosine)), so -alpha..alpha. Regions that are not the word are those
        refused for it and those that are another word of these.
        """
        keys = self.keys.to(stages.device)
        cosines = patch_vectors(stages) @ keys.T
        owner, positive = self.owner.to(keys.device), self.positive.to(keys.device)
        added = []
        for word in words:
            own = owner == word
            is_it, is_not = cosines[..., own & positive], cosines[..., own ^ positive]
            added.append(self._nearest(is_it) - self._nearest(is_not))
        return self.alpha * torch.stack(added, dim=1)

    def _nearest(self, cosines: Tensor) -> Tensor:
        """Return how near the nearest of some regions is, 0..1, BxN for BxNxM; M may be 0."""
        if not cosines.shape[-1]:
            return cosines.new_zeros(cosines.shape[:-1])
        return torch.exp(self.beta * (cosines.amax(dim=-1) - 1))

    def to_json(self) -> dict[str, object]:
        """Return what a person may want to know: alpha, beta, regions for and against each word."""
        counts = {}
        for at, phrases in enumerate(self.words):
            signs = self.positive[self.owner == at]
            counts[phrases[0]] = [int(signs.sum()), int((~signs).sum())]
        return {"alpha": self.alpha, "beta": self.beta, "regions": counts}


def to_bytes(prototypes: Prototypes) -> bytes:
    """Return the content of the file; keys in half precision, equal prototypes as equal bytes."""
    about = {"words": prototypes.words, "alpha": prototypes.alpha, "beta": prototypes.beta}
    tensors = {name: getattr(prototypes, name).to(dtype) for name, dtype in _DTYPES.items()}
    return write_beside(about, tensors)


def read_prototypes(folder: Path, digest: str, config: NetworkConfig | DenseConfig) -> Prototypes:
    """Read the prototypes of a model folder whose file has this SHA-256.

    Raise CheckpointError for a file that is missing, damaged or of another network.
    """
    return read_beside(folder / PROTOTYPES, digest, config, _made)


def _made(about: About, tensors: Tensors) -> Prototypes:
    if any(tensors[name].dtype != dtype for name, dtype in _DTYPES.items()):
        raise ValueError("numbers of another precision are expected")
    if not bool(torch.isfinite(tensors["keys"]).all()):
        raise ValueError("finite numbers are expected")
    return Prototypes(
        words=tuple(tuple(map(str, some)) for some in about["words"]),
        keys=tensors["keys"].float(),
        owner=tensors["owner"].long(),
        positive=tensors["positive"],
        alpha=float(about["alpha"]),
        beta=float(about["beta"]),
    )
