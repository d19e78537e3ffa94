from dataclasses import replace

import numpy as np
import pytest
import torch

from cascadeclip.core.engine import Engine, EngineSettings, bundled_model
from cascadeclip.core.model.checkpoint import load_model


def striped(height=64, width=160):
    """Red, then blue from the middle on."""
    image = np.zeros((height, width, 3), np.uint8)
    image[:, : width // 2, 0] = 200
    image[:, width // 2 :, 2] = 100
    return image


def test_the_patches_of_several_windows_lie_on_one_grid(engine):
    encoded = engine.encode(striped(), "a")
    assert len(encoded.places) > 1
    before = engine.encodes
    patches = engine.patches(encoded)
    assert patches.shape == (1, 3, 8, 20)
    red, blue = np.array([1, 0, 0]), np.array([0, 0, 1])
    np.testing.assert_allclose(
        patches[0, :, :, :10], np.broadcast_to(red[:, None, None], (3, 8, 10)), atol=1e-6
    )
    np.testing.assert_allclose(
        patches[0, :, :, 10:], np.broadcast_to(blue[:, None, None], (3, 8, 10)), atol=1e-6
    )
    assert engine.encodes == before


@pytest.mark.parametrize("scales", [(), (2.0,)])
def test_only_the_main_scale_counts(colour_model, scales):
    engine = Engine(colour_model(), device="cpu", settings=EngineSettings(more_scales=scales))
    assert engine.patches(engine.encode(striped(), "a")).shape == (1, 3, 8, 20)


def test_the_stages_of_the_mini_model_sum_to_its_logits():
    model = load_model(bundled_model())
    one_window = replace(model, info=replace(model.info, short=model.info.window))
    engine = Engine(one_window, device="cpu")
    encoded = engine.encode(striped(128, 128), "a")
    assert len(encoded.features) == 1
    before = engine.encodes
    maps = engine.stage_maps(encoded, "cat")
    assert maps.shape[0] == len(model.network.config.stages) == 3
    assert engine.encodes == before
    with torch.inference_mode():
        words = torch.tensor(engine.embed(["cat"]))
        whole = model.network.decode(encoded.features[0], words)[0, 0].numpy()
    scale = model.network.logit_scale
    factor = 1.0 if scale is None else scale.item()
    bias = 0.0 if model.network.logit_bias is None else model.network.logit_bias.item()
    np.testing.assert_allclose(factor * maps.sum(axis=0) + bias, whole, atol=1e-3)
