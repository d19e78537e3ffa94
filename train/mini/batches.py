"""Batches of fresh scenes: nothing is ever shown twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset

from cascadeclip.core.scenes import INDEX, WORDS, SceneSettings, draw_scene, load_art

# Training seeds stay below 2**31; demo scenes and benchmarks start above (core/scenes/demo.py).
MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)


@dataclass(frozen=True, slots=True)
class Batch:
    """Hold `images` Bx3xHxW normalised, `labels` BxHxW into WORDS, captions, `present` BxC bool."""

    images: Tensor
    labels: Tensor
    captions: list[str]
    present: Tensor


@dataclass(frozen=True, slots=True)
class Stream:
    """Describe an endless stream of batches; `words` limits what may stand in the scenes."""

    size: int
    batch: int
    seed: int
    settings: SceneSettings
    words: tuple[str, ...] | None = None
    coarse: float = 0.3  # share of scenes drawn larger and shrunk, as a person's images are


class _Scenes(IterableDataset[Batch]):
    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[Batch]:
        cv2.setNumThreads(0)
        torch.set_num_threads(1)
        art = load_art()
        stream = self._stream
        number = stream.seed
        while True:
            scenes = []
            for _ in range(stream.batch):
                larger = np.random.default_rng(number).random() < stream.coarse
                size = stream.size * 2 if larger else stream.size
                scene = draw_scene(
                    art, number, size=size, words=stream.words, settings=stream.settings
                )
                scenes.append(
                    (
                        _shrink(scene.image, stream.size),
                        _half(scene.labels, stream.size),
                        scene.captions[0],
                    )
                )
                number += 1
            yield _collate(scenes)


def _shrink(image: np.ndarray, size: int) -> np.ndarray:
    return image if image.shape[0] == size else cv2.resize(image, (size, size))


def _half(labels: np.ndarray, size: int) -> np.ndarray:
    return labels if labels.shape[0] == size else labels[1::2, 1::2]


def _collate(scenes: list[tuple[np.ndarray, np.ndarray, str]]) -> Batch:
    pixels = torch.from_numpy(np.stack([scene[0] for scene in scenes]))
    labels = torch.from_numpy(np.stack([scene[1] for scene in scenes]).astype(np.int64))
    present = torch.zeros(len(scenes), len(WORDS), dtype=torch.bool)
    present.scatter_(1, labels.flatten(1), 1)
    return Batch(normalise(pixels), labels, [scene[2] for scene in scenes], present)


def normalise(pixels: Tensor) -> Tensor:
    """Turn BxHxWx3 uint8 into Bx3xHxW float32 with the model's mean and deviation."""
    scaled = pixels.permute(0, 3, 1, 2).float() / 255
    return (scaled - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1)


def batches(stream: Stream) -> Iterator[Batch]:
    """Yield batches for ever, drawn by one worker process ahead of the training."""
    return iter(DataLoader(_Scenes(stream), batch_size=None, num_workers=1, prefetch_factor=3))


SEEN: tuple[str, ...] = tuple(word.name for word in WORDS if word.seen)
UNSEEN: tuple[str, ...] = tuple(word.name for word in WORDS if not word.seen)
SEEN_INDEX = torch.tensor([INDEX[name] for name in SEEN])
