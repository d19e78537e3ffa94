import shutil

import pytest
import torch

from cascadeclip.core.engine.backends.choice import place
from cascadeclip.core.engine.backends.onnx_files import tower_file
from cascadeclip.core.model.checkpoint import LoadedModel
from cascadeclip.core.model.config import DenseConfig, ModelInfo, NetworkConfig
from cascadeclip.core.model.dense import DenseCLIP
from cascadeclip.core.model.network import CascadeCLIP

CASCADE = NetworkConfig(
    patch=8, width=32, layers=4, heads=2, embed=16, grid=4, prompts=2,
    stages=((0, 1), (2,), (3,)), decoder_heads=2, decoder_ff=32,
)  # fmt: skip
DENSE = DenseConfig(patch=8, width=32, layers=3, heads=2, embed=16, grid=4, variant="dense-fast")


def make(kind):
    torch.manual_seed(7)
    network = CascadeCLIP(CASCADE) if kind == "cascade" else DenseCLIP(DENSE)
    info = ModelInfo(name="tiny", version="1", window=32, stride=24)
    return LoadedModel(network.eval(), None, info, digest=kind * 4)


@pytest.fixture(params=["cascade", "dense"], scope="session")
def model(request):
    return make(request.param)


@pytest.fixture(scope="session")
def cascade():
    return make("cascade")


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    """Give a folder of exported towers per model: exporting takes seconds, however small it is."""
    return lambda model: tmp_path_factory.getbasetemp() / "towers" / model.digest


@pytest.fixture
def cache(tmp_path, cascade, files):
    """Give a cache in which the tower of `cascade` was exported already."""
    tower_file(cascade.network, 32, "fp32", files(cascade))
    shutil.copytree(files(cascade) / "fp32", place(cascade, tmp_path) / "fp32")
    return tmp_path
