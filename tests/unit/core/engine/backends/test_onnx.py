"""The exported tower is the tower, in every precision that runs without a card."""

import numpy as np
import onnx
import pytest
import torch

from cascadeclip.core.engine.backends.onnx_files import FILE, tower_file
from cascadeclip.core.engine.backends.onnx_tower import OnnxTower
from cascadeclip.core.engine.backends.torch_tower import TorchTower

CPU = torch.device("cpu")


@pytest.fixture
def images():
    return np.random.default_rng(3).normal(size=(3, 3, 32, 32)).astype(np.float32)


def test_the_exported_tower_says_the_same_for_any_number_of_windows(model, images, files):
    file = tower_file(model.network, 32, "fp32", files(model))
    tower = OnnxTower(file, 8, CPU, "fp32")
    exact = TorchTower(model.network, CPU)
    for count in (1, 3):
        got, expected = tower.encode(images[:count]), exact.encode(images[:count])
        torch.testing.assert_close(got.stages, expected.stages, rtol=0, atol=1e-5)
        torch.testing.assert_close(got.cls, expected.cls, rtol=0, atol=1e-5)
        assert got.grid == expected.grid == (4, 4)


@pytest.mark.parametrize(("precision", "bound"), [("int8", 0.95), ("fp16", 0.9999)])
def test_fewer_bits_say_nearly_the_same(model, images, files, precision, bound):
    tower = OnnxTower(tower_file(model.network, 32, precision, files(model)), 8, CPU, precision)
    got = tower.encode(images)
    expected = TorchTower(model.network, CPU).encode(images)
    assert got.stages.dtype == torch.float32
    likeness = torch.cosine_similarity(got.stages, expected.stages, dim=-1)
    assert likeness.mean() > bound
    assert not torch.equal(got.stages, expected.stages)


def test_every_product_with_weights_is_in_int8(cascade, files):
    graph = onnx.load(tower_file(cascade.network, 32, "int8", files(cascade))).graph
    kinds = [node.op_type for node in graph.node]
    weights = {one.name for one in graph.initializer}
    left = [n for n in graph.node if n.op_type == "MatMul" and set(n.input) & weights]
    assert left == []
    # per block: query, key and value (two in prompted blocks), output, two of the feed-forward;
    # then the projections
    assert kinds.count("MatMulInteger") >= 4 * 5


def test_a_file_is_made_once_and_whole(cascade, tmp_path, monkeypatch):
    from cascadeclip.core.engine.backends import onnx_files

    made = []
    real = onnx_files.export_tower
    monkeypatch.setattr(onnx_files, "export_tower", lambda *a: made.append(1) or real(*a))
    file = tower_file(cascade.network, 32, "fp32", tmp_path)
    assert tower_file(cascade.network, 32, "fp32", tmp_path) == file
    tower_file(cascade.network, 32, "int8", tmp_path)
    assert made == [1]

    def torn(_source, folder):
        (folder / FILE).write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setitem(onnx_files._FROM_FOLDED, "fp16", torn)
    with pytest.raises(KeyboardInterrupt):
        tower_file(cascade.network, 32, "fp16", tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fp32", "int8"]
