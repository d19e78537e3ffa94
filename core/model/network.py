"""Cascade-CLIP: image tower, aggregation and cascaded decoders behind encode and decode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from cascadeclip.core.model.aggregation import build_aggregation
from cascadeclip.core.model.config import NetworkConfig
from cascadeclip.core.model.decoder import Decoder, Known, project_text, relate
from cascadeclip.core.model.encoder import PromptedEncoder
from cascadeclip.core.model.spectral import SpectralDecoder

DECODERS: dict[str, type[Decoder] | type[SpectralDecoder]] = {
    "query": Decoder,
    "spectral": SpectralDecoder,
}


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Hold what the decoders need of a batch of images, whatever the words.

    `stages` is BxSxNxE (the maps after aggregation, patches row by row), `cls` the unit global
    vector BxE, `grid` the height and width in patches, N = height * width.
    """

    stages: Tensor
    cls: Tensor
    grid: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Hold features together with what every decoder makes of them before any word comes."""

    features: Features
    known: tuple[Known, ...]

    @property
    def nbytes(self) -> int:
        """Count the bytes of all tensors."""
        tensors = [tensor for stage in self.known for layer in stage for tensor in layer]
        return sum(one.nbytes for one in (self.features.stages, self.features.cls, *tensors))


@dataclass(frozen=True, slots=True, eq=False)
class Projected:
    """Hold words CxE together with what every decoder makes of them before any image comes.

    `words` are as the decoders take them in; `plain` has one CxD per decoder, or nothing.
    """

    words: Tensor
    plain: tuple[Tensor, ...] = ()

    @property
    def nbytes(self) -> int:
        """Count the bytes of all tensors."""
        return sum(one.nbytes for one in (self.words, *self.plain))

    def row(self, index: int) -> Projected:
        """Return one word by itself, in memory of its own."""
        some = slice(index, index + 1)
        return Projected(self.words[some].clone(), tuple(one[some].clone() for one in self.plain))

    @staticmethod
    def together(rows: Sequence[Projected]) -> Projected:
        """Join words in the order given."""
        return Projected(
            torch.cat([row.words for row in rows]),
            tuple(torch.cat(parts) for parts in zip(*(row.plain for row in rows), strict=True)),
        )


class CascadeCLIP(nn.Module):
    """Segment images by words (Cascade-CLIP, ICML 2024)."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = PromptedEncoder(config)
        self.aggregation = build_aggregation(config)
        kind = DECODERS[config.decoder]
        self.decoders = nn.ModuleList(
            kind(config, shares=config.shared_text and stage > 0)
            for stage in range(len(config.stages))
        )
        self.logit_scale: nn.Parameter | None = None
        self.logit_bias: nn.Parameter | None = None
        if config.logit_scale is not None:
            self.logit_scale = nn.Parameter(torch.tensor(float(config.logit_scale)))
        if config.logit_bias is not None:
            self.logit_bias = nn.Parameter(torch.tensor(float(config.logit_bias)))

    def _padded(self, images: Tensor) -> Tensor:
        patch = self.config.patch
        bottom, right = -images.shape[-2] % patch, -images.shape[-1] % patch
        # Zero is the mean colour; the paper pads training crops with it on the same sides.
        return functional.pad(images, (0, right, 0, bottom)) if bottom or right else images

    def encode(self, images: Tensor) -> Features:
        """Encode normalised images Bx3xHxW of any size; sides are padded to whole patches."""
        encoding = self.encoder(self._padded(images))
        return Features(
            stages=self.aggregation(encoding.maps), cls=encoding.cls, grid=encoding.grid
        )

    def _memory(self, features: Features, stage: int) -> Tensor:
        memory, scale = features.stages[:, stage], self.config.input_scale
        return memory if scale == 1 else memory * scale

    def prepare(self, features: Features) -> Prepared:
        """Compute once what the decoders need of the images, for decoding again and again."""
        # In one piece per head: words that come one at a time are as fast as memory is read.
        known = tuple(
            tuple(
                tuple(part.contiguous() for part in layer)
                for layer in decoder.read(self._memory(features, stage), features.grid)  # type: ignore[operator]
            )
            for stage, decoder in enumerate(self.decoders)
        )
        return Prepared(features=features, known=known)

    def project(self, text: Tensor) -> Projected:
        """Compute once what the decoders need of unit text embeddings CxE, whatever the image."""
        scale = self.config.input_scale
        words = text if scale == 1 else text * scale
        first = self.decoders[0].query
        plain = tuple(
            project_text(decoder.query or first, words)  # type: ignore[arg-type]
            for decoder in self.decoders
        )
        return Projected(words, plain)

    def decode(self, features: Features | Prepared, text: Tensor | Projected) -> Tensor:
        """Score words, unit text embeddings CxE or what `project` made of them.

        Return logits BxCxhxw, h and w are the grid. A word's map depends on the image and that
        word alone, so words can be decoded in any grouping. The stages' maps are summed before
        any sigmoid.
        """
        scores = self._stage_scores(features, text)
        total: Tensor = sum(scores[1:], start=scores[0])
        if self.logit_scale is not None:
            total = total * self.logit_scale
        if self.logit_bias is not None:
            total = total + self.logit_bias
        source = features.features if isinstance(features, Prepared) else features
        return total.view(*total.shape[:2], *source.grid)

    def stage_maps(self, features: Features | Prepared, text: Tensor | Projected) -> Tensor:
        """Return what each decoder makes of the words, SxBxCxhxw: M_1 to M_S of Fig. 6.

        Their sum, times the scale and plus the bias where the network has them, is what `decode`
        returns.
        """
        maps = torch.stack(self._stage_scores(features, text))
        source = features.features if isinstance(features, Prepared) else features
        return maps.view(*maps.shape[:3], *source.grid)

    def _stage_scores(
        self, features: Features | Prepared, text: Tensor | Projected
    ) -> list[Tensor]:
        source = features.features if isinstance(features, Prepared) else features
        known = features.known if isinstance(features, Prepared) else None
        projected = text if isinstance(text, Projected) else self.project(text.to(source.cls))
        scale = self.config.input_scale
        cls = source.cls if scale == 1 else source.cls * scale
        first = self.decoders[0].query
        scores = []
        for stage, decoder in enumerate(self.decoders):
            queries = relate(
                decoder.query or first,  # type: ignore[arg-type]
                cls,
                projected.words,
                projected.plain[stage],
            )
            memory = self._memory(source, stage)
            scores.append(
                decoder.once(queries, memory, source.grid)  # type: ignore[operator]
                if known is None
                else decoder(queries, memory, known[stage])
            )
        return scores

    def forward(self, images: Tensor, text: Tensor) -> Tensor:
        """Return mask logits BxCxHxW for images Bx3xHxW and unit text embeddings CxE."""
        logits = self.decode(self.encode(images), text)
        patch = self.config.patch
        size = (logits.shape[-2] * patch, logits.shape[-1] * patch)
        masks = functional.interpolate(logits, size, mode="bilinear", align_corners=False)
        return masks[..., : images.shape[-2], : images.shape[-1]]
