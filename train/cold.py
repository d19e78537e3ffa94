"""A project that has CLIP's weights alone: a cascade that answers as they do, to be learnt from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.model import CascadeCLIP, LoadedModel
from cascadeclip.core.model.dense import cascade_from_dense
from cascadeclip.train.fit.start import start_zero_shot


def learner(model: LoadedModel, phrases: Sequence[str], *, seed: int, prompts: bool) -> LoadedModel:
    """Return a model that can be trained: a cascade itself, or one around CLIP's tower.

    That one answers for `phrases` and for the model's background as `model` does, within 1e-4 of
    the cosine where they are fewer than the numbers of a vector. Raise TrainingFailed where
    `prompts` are to learn and the tower has none.
    """
    found = model
    if not isinstance(model.network, CascadeCLIP):
        found = _around(model, phrases, seed)
    if prompts and not found.cascade.config.prompts:
        raise TrainingFailed(
            "This model grew from CLIP's weights alone and has no prompts to train; choose the "
            "recipe quick."
        )
    return found


def _around(model: LoadedModel, phrases: Sequence[str], seed: int) -> LoadedModel:
    if model.text is None or isinstance(model.network, CascadeCLIP):
        raise ValueError("CLIP alone has two towers")
    torch.manual_seed(seed)
    cascade = cascade_from_dense(model.network)
    known = tuple(dict.fromkeys((*phrases, *model.info.background)))
    words = model.text.encode(known, model.info.templates)
    start_zero_shot(cascade, words, gain=model.network.config.logit_scale)
    return replace(model, network=cascade, info=replace(model.info, note=""))
