import dataclasses
import math

import cv2
import numpy as np
import pytest
import torch

from cascadeclip.train import assess as module
from cascadeclip.train.assess import (
    Assessment,
    Sliding,
    answer,
    assess,
    embed_words,
    probabilities,
)
from cascadeclip.train.data.labelled import Example

VIEW = Sliding(window=32, stride=20, short=40, calibration=0.1)
WORDS = ("sky", "sea", "sand", "shell")


class Few:
    """A handful of images of given sizes with random labels."""

    words = WORDS
    seen = (0, 2)

    def __init__(self, *sizes):
        rng = np.random.default_rng(7)
        self.examples = [
            Example(
                rng.integers(0, 256, (*size, 3)).astype(np.uint8),
                rng.choice([0, 1, 2, 3, 255], size).astype(np.uint8),
                f"image {size}",
            )
            for size in sizes
        ]

    def __len__(self):
        return len(self.examples)

    def load(self, index):
        return self.examples[index]


@pytest.fixture
def network(model):
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for parameter in model.network.parameters():
            parameter += 0.2 * torch.randn(parameter.shape, generator=generator)
    return model.network


@pytest.fixture
def text():
    rows = torch.randn(len(WORDS), 16, generator=torch.Generator().manual_seed(3))
    return torch.nn.functional.normalize(rows, dim=-1)


def literal(network, text, image, view, seen):
    """Slide window by window and pixel by pixel, as the released evaluation is described."""
    height, width = image.shape[:2]
    if height < width:
        scale = (view.short, view.short * width / height)
    else:
        scale = (view.short * height / width, view.short)
    factor = min(max(scale) / max(height, width), min(scale) / min(height, width))
    w, h = int(width * factor + 0.5), int(height * factor + 0.5)
    bgr = cv2.resize(image[..., ::-1].copy(), (w, h), interpolation=cv2.INTER_LINEAR)
    x = (bgr[..., ::-1].astype(np.float64) - view.mean) / view.std
    x = torch.from_numpy(x.transpose(2, 0, 1).astype(np.float32))[None]
    size, step = view.window, view.stride
    total, count = np.zeros((len(text), h, w)), np.zeros((h, w))
    for row in range(max(h - size + step - 1, 0) // step + 1):
        for column in range(max(w - size + step - 1, 0) // step + 1):
            bottom, right = min(row * step + size, h), min(column * step + size, w)
            top, left = max(bottom - size, 0), max(right - size, 0)
            with torch.no_grad():
                masks = network(x[:, :, top:bottom, left:right], text)[0]
            chances = 1 / (1 + np.exp(-masks.double().numpy()))
            for index in seen:
                chances[index] -= view.calibration
            total[:, top:bottom, left:right] += chances
            count[top:bottom, left:right] += 1
    return total / count


def enlarged(maps, height, width):
    """Resize bilinearly with half-pixel centres, one pixel after another."""
    _, h, w = maps.shape
    result = np.zeros((len(maps), height, width))
    for y in range(height):
        v = max((y + 0.5) * h / height - 0.5, 0)
        for x in range(width):
            u = max((x + 0.5) * w / width - 0.5, 0)
            top, left = int(v), int(u)
            bottom, right = min(top + 1, h - 1), min(left + 1, w - 1)
            b, r = v - top, u - left
            result[:, y, x] = (1 - b) * (
                (1 - r) * maps[:, top, left] + r * maps[:, top, right]
            ) + b * ((1 - r) * maps[:, bottom, left] + r * maps[:, bottom, right])
    return result


@pytest.mark.parametrize("size", [(40, 40), (37, 61), (61, 37), (23, 29), (81, 40), (20, 90)])
@pytest.mark.parametrize("batch", [1, 3])
def test_sliding_is_the_slow_one(network, text, size, batch):
    image = Few(size).load(0).image
    view = dataclasses.replace(VIEW, batch=batch)
    expected = literal(network, text, image, VIEW, seen=(0, 2))
    with torch.no_grad():
        found = probabilities(network, text, image, view, seen=(0, 2))
    np.testing.assert_allclose(found.numpy(), expected, atol=2e-5)
    chances = enlarged(expected, *size)
    best = answer(network, text, image, view, seen=(0, 2))
    assert best.shape == size
    clear = np.sort(chances, axis=0)[-1] - np.sort(chances, axis=0)[-2] > 1e-4
    assert clear.mean() > 0.95
    assert (best == chances.argmax(axis=0))[clear].all()


def test_the_calibration_is_taken_from_seen_words_after_the_sigmoid(network, text):
    image = Few((40, 52)).load(0).image
    plain = dataclasses.replace(VIEW, calibration=0.0)
    with torch.no_grad():
        found = probabilities(network, text, image, VIEW, seen=(0, 2))
        before = probabilities(network, text, image, plain, seen=(0, 2))
    difference = (before - found).mean(dim=(1, 2))
    assert difference.tolist() == pytest.approx([0.1, 0, 0.1, 0], abs=1e-6)


def test_many_words_are_compared_in_groups(network, text, monkeypatch):
    image = Few((61, 37)).load(0).image
    expected = answer(network, text, image, VIEW, seen=(0,))
    monkeypatch.setattr(module, "_ENLARGED_AT_ONCE", 61 * 37)  # one word at a time
    assert (answer(network, text, image, VIEW, seen=(0,)) == expected).all()
    assert len(np.unique(expected)) > 1


class Answering(torch.nn.Module):
    """Answer word 0 everywhere."""

    def forward(self, images, text):
        masks = torch.full((len(images), len(text), *images.shape[-2:]), -2.0)
        masks[:, 0] = 2.0
        return masks


def counted(labels, seen, **options):
    few = Few()
    few.examples = [Example(np.zeros((*labels.shape, 3), np.uint8), labels, "a")] * 2
    few.seen = seen
    return assess(Answering(), torch.zeros(4, 2), few, dataclasses.replace(VIEW, **options))


def test_figures_are_those_worked_by_hand():
    labels = np.array([[0, 0, 0, 1], [0, 255, 2, 0]], np.uint8)
    found = counted(labels, (0, 2))
    # word 0: 5 of 7 counted pixels; words 1 and 2 are missed; word 3 never occurs
    assert found.iou[:3] == pytest.approx((5 / 7, 0, 0))
    assert math.isnan(found.iou[3])
    assert (found.seen, found.unseen) == pytest.approx((5 / 14, 0))
    assert found.mean == pytest.approx(5 / 21)
    assert found.harmonic == 0
    assert found.accuracy == pytest.approx(5 / 7)
    assert found.count == 2


def test_harmonic_mean_of_both_sides():
    found = counted(np.array([[0, 0, 0, 1]], np.uint8), (1, 2))
    assert (found.seen, found.unseen) == pytest.approx((0, 3 / 4))
    found = counted(np.array([[0, 0, 0, 1]], np.uint8), (2,))
    assert math.isnan(found.seen)
    assert math.isnan(found.harmonic)


def test_without_a_split_the_plain_mean_is_told_alone():
    found = counted(np.array([[0, 0, 0, 1]], np.uint8), (1, 2), split=False, calibration=0.0)
    assert found.mean == found.seen == pytest.approx(3 / 8)
    assert math.isnan(found.unseen)
    rows = found.rows()
    assert rows == ["mIoU, all words   37.50", "pixel accuracy    75.00"]
    assert found.to_json()["miou_unseen"] is None


def test_rows_and_json_hold_percentages():
    found = Assessment(("a", "b"), (0.5, math.nan), 0.5, 0.25, 1 / 3, 0.4, 0.75, 3)
    assert found.rows(per_word=True) == [
        "mIoU, all words    40.00",
        "mIoU, seen (S)     50.00",
        "mIoU, unseen (U)   25.00",
        "hIoU               33.33",
        "pixel accuracy     75.00",
        "  a                50.00",
        "  b                    -",
    ]
    assert found.to_json() == {
        "images": 3, "words": 2, "miou": 40.0, "miou_seen": 50.0, "miou_unseen": 25.0,
        "hiou": 33.33, "pixel_accuracy": 75.0, "per_word": {"a": 50.0, "b": None},
    }  # fmt: skip


def test_a_limit_takes_the_first_images_and_progress_is_told(network, text):
    few, told = Few((40, 40), (30, 50), (50, 30)), []
    whole = assess(network, text, few, VIEW, limit=9)
    part = assess(network, text, few, VIEW, limit=2, progress=lambda *step: told.append(step))
    assert (whole.count, part.count) == (3, 2)
    assert told == [(1, 2), (2, 2)]
    few.examples = few.examples[:2]
    assert assess(network, text, few, VIEW) == part


def test_the_modes_of_the_parts_are_put_back(network, text):
    network.train()
    network.encoder.eval()
    assess(network, text, Few((40, 40)), VIEW)
    assert network.decoders.training
    assert not network.encoder.training


def test_embeddings_must_fit_the_words(network, text):
    with pytest.raises(ValueError, match="3 embeddings for 4 words"):
        assess(network, text[:3], Few((40, 40)), VIEW)


class Described:
    phrases = ("airplane", "cup")
    templates = ("a photo of a {}.", "a {} in the scene.")


def test_words_are_embedded_by_phrase_and_template(model):
    rows = embed_words(model.text, Described())
    assert torch.equal(rows, model.text.encode(("airplane", "cup"), Described.templates))
    rounded = embed_words(model.text, Described(), half=True)
    assert rounded.dtype == torch.float32
    assert torch.equal(rounded, rows.half().float())
    assert not torch.equal(rounded, rows)


def test_shares_of_a_softmax_have_no_ties_where_sigmoids_are_full(text):
    class Sure(torch.nn.Module):
        def forward(self, crops, words):
            shades = torch.tensor([30.0, 33.0, 31.0, 20.0]).view(1, -1, 1, 1)
            return shades.expand(len(crops), -1, *crops.shape[-2:]).clone()

    image = np.zeros((40, 50, 3), np.uint8)
    view = dataclasses.replace(VIEW, readout="softmax", calibration=0.0)
    found = probabilities(Sure(), text, image, view, seen=())
    torch.testing.assert_close(found.sum(dim=0), torch.ones(found.shape[1:]))
    assert (answer(Sure(), text, image, view, seen=()) == 1).all()
    full = dataclasses.replace(view, readout="sigmoid")
    assert (answer(Sure(), text, image, full, seen=()) == 0).all()
