import numpy as np
import torch

from cascadeclip.train.analysis.files import squares, without_prompts


def test_squares_are_the_middle_at_the_models_window(model):
    rgb = np.zeros((32, 96, 3), np.uint8)
    rgb[:, 32:64] = 255
    (square,) = squares([rgb], model.info)
    assert square.shape == (3, 32, 32)
    assert (square > 1.9).all()


def test_the_bare_tower_is_the_same_tower(model):
    bare = without_prompts(model.network)
    assert bare.config.prompts == 0
    own = model.network.encoder.state_dict()
    for name, value in bare.encoder.state_dict().items():
        assert torch.equal(value, own[name]), name
