import pytest
import torch

from cascadeclip.core.engine.devices import choose_device, cuda_works
from cascadeclip.core.errors import DeviceUnavailable


def test_a_listed_card_that_does_not_compute_is_not_chosen(monkeypatch):
    def fail(*_args, **_options):
        raise RuntimeError("driver too old")

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch, "ones", fail)
    assert not cuda_works()
    assert choose_device("auto").type == "cpu"
    with pytest.raises(DeviceUnavailable, match="auto or cpu"):
        choose_device("cuda")


def test_cpu_is_taken_at_its_word():
    assert choose_device("cpu").type == "cpu"


def test_an_unknown_device_is_refused_with_a_sentence():
    with pytest.raises(DeviceUnavailable, match="'tpu'"):
        choose_device("tpu")
