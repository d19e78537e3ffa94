"""Networks without memory, and what a model takes to open."""

import subprocess
import sys

import pytest

from cascadeclip.core.model.config import NetworkConfig, TextConfig
from cascadeclip.core.model.network import CascadeCLIP
from cascadeclip.core.model.shells import shells
from cascadeclip.core.model.text import TextEncoder

SMALL = {"patch": 8, "width": 32, "layers": 12, "heads": 2, "embed": 32, "grid": 4, "prompts": 2,
         "decoder_heads": 2, "decoder_ff": 64}  # fmt: skip


@pytest.mark.parametrize("decoder", ["query", "spectral"])
def test_a_shell_has_the_shapes_and_no_memory(decoder):
    config = NetworkConfig(**SMALL, decoder=decoder)
    words = TextConfig(width=16, layers=1, heads=2, embed=32)
    real = [CascadeCLIP(config), TextEncoder(words)]
    with shells():
        made = [CascadeCLIP(config), TextEncoder(words)]
    for one, other in zip(real, made, strict=True):
        shapes = {key: value.shape for key, value in one.state_dict().items()}
        assert {key: value.shape for key, value in other.state_dict().items()} == shapes
        assert all(value.is_meta for value in other.state_dict().values())


def test_opening_a_model_and_reading_a_word_imports_no_compiler_and_no_foreign_models():
    # 400 MB of memory and seconds that nobody who opens the program needs.
    code = (
        "import sys; from cascadeclip.core.engine import open_engine; open_engine(None, 'cpu')"
        ".embed(['cat']); heavy = ('torch._dynamo', 'open_clip', 'torchvision', 'timm');"
        "print([name for name in heavy if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
