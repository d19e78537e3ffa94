"""How the cascade begins: at random, as the paper does, or as word against patch, or exactly so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import cast

import torch
from torch import Tensor, nn

from cascadeclip.core.model import CascadeCLIP
from cascadeclip.core.model.aggregation import Aggregation, Concatenation, SelfAttention
from cascadeclip.core.model.decoder import Decoder, PostNorm
from cascadeclip.core.model.spectral import SpectralDecoder
from cascadeclip.core.model.transformer import Attention


def start_random(network: CascadeCLIP) -> None:
    """Leave the decoders as they were built: PyTorch's defaults, as the released code."""


@torch.no_grad()
def start_from_text(network: CascadeCLIP) -> None:
    """Let every decoder begin as the training-free answer: identity paths, small residuals.

    Decoders that split frequencies have no path from a patch to its score that could be an
    identity; there only the word's side begins so. Aggregations that could be any linear map of
    a stage's blocks begin as their mean.
    """
    size = network.config.embed
    _mean_blocks(network.aggregation)
    for decoder in network.decoders:
        query = cast("nn.Linear | None", decoder.query)
        if query is not None:
            query.weight.mul_(0.1)
            query.weight[:, size:] += torch.eye(size)
            query.bias.zero_()
        for layer in cast("nn.ModuleList", decoder.layers):
            _quieten(cast("PostNorm", layer))
        _LAST[type(decoder)](decoder)


def _mean_blocks(aggregation: Aggregation) -> None:
    if isinstance(aggregation, Concatenation):
        for linear in cast("Iterable[nn.Linear]", aggregation.projections.values()):
            blocks = linear.in_features // linear.out_features
            linear.weight.copy_(torch.eye(linear.out_features).repeat(1, blocks) / blocks)
            linear.bias.zero_()
    if isinstance(aggregation, SelfAttention):
        for attention in cast("Iterable[Attention]", aggregation.attentions.values()):
            attention.out_proj.weight.mul_(0.2)


def _quieten(layer: PostNorm) -> None:
    for part in (layer.out, layer.linear2):
        part.weight.mul_(0.2)
        part.bias.zero_()


def _identity_scores(decoder: Decoder) -> None:
    for part in (decoder.last.q, decoder.last.k):
        part.weight.mul_(0.1).add_(torch.eye(part.out_features))
        part.bias.zero_()


def _mixed_scores(decoder: SpectralDecoder) -> None:
    """Change nothing: the score is the raw product with the mixed map."""


_LAST: dict[type, Callable[..., None]] = {
    Decoder: _identity_scores,
    SpectralDecoder: _mixed_scores,
}


_WORDS_FIRST = 1e4
"""What a word's share of a direction counts against that of the patches."""


@torch.no_grad()
def start_zero_shot(
    network: CascadeCLIP, words: Tensor | None = None, *, gain: float = 1.0
) -> None:
    """Let the cascade begin as CLIP without training: `gain` times the cosine of word and patch.

    The last stage's decoder passes the word through unchanged (paths of the query and the key are
    one reflection, what its layers add is zero) and all other stages add nothing yet; scale and
    bias of the logits stay as they are. The layers' norms take a word's mean away, so the
    reflection lays there a direction that none of `words` has (unit embeddings CxE), and, of those,
    the one that the tower's patches have least of. For fewer words than E nothing is lost of them
    (1e-4 of the cosine, tested); of other words 0.03 at most. Aggregations begin as in
    `start_from_text`. Raise ValueError where a decoder has no such path.
    """
    if any(type(decoder) is not Decoder for decoder in network.decoders):
        raise ValueError("only decoders of queries and keys can begin as CLIP's own answer")
    size, mirror = network.config.embed, _reflection(network.encoder.proj, words)
    _mean_blocks(network.aggregation)
    for stage, decoder in enumerate(cast("Iterable[Decoder]", network.decoders)):
        if decoder.query is not None:
            decoder.query.weight.zero_()[:, size:] += mirror
            decoder.query.bias.zero_()
        for layer in cast("Iterable[PostNorm]", decoder.layers):
            for part in (layer.out, layer.linear2):
                part.weight.zero_()
                part.bias.zero_()
        last = stage == len(network.decoders) - 1
        _set_scores(decoder, mirror, network.config.input_scale, gain=gain if last else 0.0)


def _reflection(projection: Tensor, words: Tensor | None) -> Tensor:
    """Return the reflection ExE that lays the direction least needed upon the mean.

    That is the one `words` CxE have least of, and, among equals, `projection` WxE reaches least.
    The mean's direction is (1, ..., 1), which a norm over the numbers of a vector removes.
    """
    size = projection.shape[1]
    rows = projection.double() / torch.linalg.matrix_norm(projection.double())
    if words is not None:
        rows = torch.cat((rows, _WORDS_FIRST * words.double()))
    least = torch.linalg.svd(rows, full_matrices=True).Vh[-1].float()
    across = least - torch.full((size,), size**-0.5)
    if float(across.norm()) == 0:
        return torch.eye(size)
    mirror: Tensor = torch.eye(size) - 2 * torch.outer(across, across) / across.square().sum()
    return mirror


def _set_scores(decoder: Decoder, mirror: Tensor, input_scale: float, *, gain: float) -> None:
    """Make a decoder's score `gain` times the cosine; at 0 it has a gradient all the same."""
    last, size = decoder.last, decoder.last.q.out_features
    # the norms leave a word as long as the root of its size
    length = size**0.5 if len(decoder.layers) else input_scale
    last.q.weight.copy_(torch.eye(size))
    last.k.weight.copy_(mirror * (gain / (last.scale * length * input_scale)))
    for part in (last.q, last.k):
        part.bias.zero_()


STARTS: dict[str, Callable[..., None]] = {
    "random": start_random,
    "text": start_from_text,
    "zero-shot": start_zero_shot,
}


@torch.no_grad()
def fit_logits(network: CascadeCLIP, text: Tensor, images: Tensor, labels: Tensor) -> None:
    """Set scale and bias so that right words start near +1 and wrong ones near -4.

    `text` is CxE, `images` Bx3xSxS, `labels` BxSxS places in `text` (anything else is ignored).
    A network without a learnable scale and bias is left alone.
    """
    if network.logit_scale is None or network.logit_bias is None:
        return
    network.eval()
    logits = network.decode(network.encode(images), text)
    step = labels.shape[-1] // logits.shape[-1]
    centre = labels[:, step // 2 :: step, step // 2 :: step]
    centre = centre[:, : logits.shape[-2], : logits.shape[-1]].long()
    known = (centre >= 0) & (centre < len(text))
    right = logits.gather(1, centre.where(known, 0).unsqueeze(1)).squeeze(1)[known].mean()
    wrong = logits.mean()
    scale = 5 / (right - wrong).clamp(min=0.1)
    network.logit_scale.fill_(scale)
    network.logit_bias.fill_(-4 - float(scale * wrong))
