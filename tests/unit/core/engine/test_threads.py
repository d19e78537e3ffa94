"""On how many threads of torch a model runs: a narrow one on one, whoever asks it."""

import threading

import numpy as np
import pytest
import torch

from cascadeclip.core.engine import Engine
from cascadeclip.core.engine.threads import on_threads, threads_for
from cascadeclip.core.values import Word

RED = (Word("red", ("red",), "#ff0000"),)


@pytest.fixture
def two():
    """Let torch use two threads, as it does on a machine of two cores."""
    with on_threads(2):
        yield


@pytest.fixture
def seen(colour_model):
    """Return a function that makes an engine of a `width`, and the threads each of its parts had.

    The engine is made in another thread, as the window does.
    """

    def make(width):
        model, threads, made = colour_model(), {}, []
        model.network.config.width = width

        def spied(owner, name):
            plain = getattr(owner, name)

            def call(*values):
                threads[name] = torch.get_num_threads()
                return plain(*values)

            setattr(owner, name, call)

        for name in ("encode", "prepare", "project", "decode"):
            spied(model.network, name)
        maker = threading.Thread(target=lambda: made.append(Engine(model, device="cpu")))
        maker.start()
        maker.join()
        return made[0], threads

    return make


@pytest.mark.parametrize(("width", "expected"), [(128, 1), (768, 2)])
def test_a_narrow_model_runs_on_one_thread_and_a_wide_one_on_all(two, seen, width, expected):
    engine, threads = seen(width)
    engine.scores(engine.encode(np.zeros((64, 64, 3), np.uint8), "a"), RED)
    assert threads == dict.fromkeys(("encode", "prepare", "project", "decode"), expected)
    assert torch.get_num_threads() == 2


def fail():
    raise KeyError(torch.get_num_threads())


def test_what_others_ask_of_torch_keeps_its_threads(two, colour_model):
    with pytest.raises(KeyError, match="1"), on_threads(1):
        fail()
    assert torch.get_num_threads() == 2
    assert threads_for(colour_model()) == 2
