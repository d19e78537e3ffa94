"""The image tower as an ONNX file: exported, folded, and in fewer bits.

Each file is made once per model in a folder of its own, and stands there whole or not at all.
"""

from __future__ import annotations

import logging
import tempfile
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from cascadeclip.core.replacing import draft_of, put_folder, remove

if TYPE_CHECKING:
    from cascadeclip.core.model.checkpoint import Network

OPSET = 18
FILE = "tower.onnx"
_MOST_WINDOWS = 64
_INSIDE = "1024"  # bytes; larger weights lie in a file beside the graph, which can be mapped


class _Tower(nn.Module):
    """Give features as plain tensors, which a graph can name."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Return the stages BxSxNxE and the global vectors BxE."""
        features = self.network.encode(images)
        return features.stages, features.cls


def export_tower(network: Network, side: int, folder: Path) -> None:
    """Write the tower for windows of `side` x `side` pixels, any number at once, to `folder`.

    The graph is opset 18; its input is `images` Bx3xHxW (normalised float32), its outputs are
    `stages` BxSxNxE and `cls` BxE.
    """
    example = torch.zeros(2, 3, side, side, dtype=next(network.parameters()).dtype)
    windows = torch.export.Dim("windows", min=1, max=_MOST_WINDOWS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's own deprecations are not the person's
        program = torch.onnx.export(
            _Tower(network).eval(),
            (example,),
            dynamo=True,
            opset_version=OPSET,
            verbose=False,
            input_names=["images"],
            output_names=["stages", "cls"],
            dynamic_shapes=({0: windows},),
        )
    if program is None:  # the signature allows it, dynamo=True does not
        raise RuntimeError("the exporter returned nothing")
    program.save(str(folder / FILE), external_data=True)


def fold(source: Path, folder: Path) -> None:
    """Write the graph with everything computed that no image changes.

    The tower slices its joint projections: only folded weights are seen as weights afterwards.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(folder / FILE)
    prefix = "session.optimized_model_external_initializers"
    options.add_session_config_entry(f"{prefix}_file_name", f"{FILE}.data")
    options.add_session_config_entry(f"{prefix}_min_size_in_bytes", _INSIDE)
    onnxruntime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])


def quantise(source: Path, folder: Path) -> None:
    """Write the graph with int8 weights, activations measured as they come (dynamic)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quiet = logging.getLogger()
    level = quiet.level
    quiet.setLevel(logging.ERROR)  # it recommends the folding that was done
    try:
        quantize_dynamic(
            str(source),
            str(folder / FILE),
            weight_type=QuantType.QInt8,
            per_channel=True,
            # Seven bits: processors without VNNI add products of eight in sixteen and overflow.
            reduce_range=True,
            op_types_to_quantize=["MatMul", "Gemm"],
        )
    finally:
        quiet.setLevel(level)


def halve(source: Path, folder: Path) -> None:
    """Write the graph in float16, inputs and outputs still float32."""
    import onnx
    from onnxruntime.transformers.float16 import convert_float_to_float16

    model = onnx.load(str(source))
    halved = convert_float_to_float16(model, keep_io_types=True, disable_shape_infer=True)
    onnx.save(halved, str(folder / FILE), save_as_external_data=True, location=f"{FILE}.data")


_FROM_FOLDED: Mapping[str, Callable[[Path, Path], None]] = {"int8": quantise, "fp16": halve}


def tower_file(network: Network, side: int, precision: str, folder: Path) -> Path:
    """Return the file of the tower in "fp32", "int8" or "fp16" below `folder`, made if need be."""
    file = folder / precision / FILE
    if file.is_file():
        return file
    if precision == "fp32":

        def make(target: Path) -> None:
            with tempfile.TemporaryDirectory(dir=folder) as raw:
                export_tower(network, side, Path(raw))
                fold(Path(raw, FILE), target)
    else:
        exact = tower_file(network, side, "fp32", folder)

        def make(target: Path) -> None:
            _FROM_FOLDED[precision](exact, target)

    draft = draft_of(folder / precision)
    draft.mkdir()
    try:
        make(draft)
        put_folder(draft, folder / precision)
    finally:
        remove(draft)
    return file
