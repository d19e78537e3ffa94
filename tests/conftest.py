"""What every test gets: one thread, no screen, a home of its own, and Qt only where it may be.

With CASCADECLIP_WITHOUT_QT=1 (and `-p no:pytest-qt`) nothing can import PySide6: so core and train
prove that they need no window.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WITHOUT_QT = os.environ.get("CASCADECLIP_WITHOUT_QT") == "1"
QT_NAMES = ("PySide6", "shiboken6", "PyQt6", "PyQt5", "PySide2")
QT_OPTIONS = {"qt_api": "string", "qt_log_level_fail": "string", "qt_log_ignore": "linelist"}


class QtBlocker(importlib.abc.MetaPathFinder):
    """Refuse every import of Qt, as on a machine where it is not installed."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname.partition(".")[0] in QT_NAMES:
            raise ModuleNotFoundError(f"No module named {fullname!r} (blocked)", name=fullname)


def _prepare_environment() -> None:
    # Two cores: several thread pools at once only wait for each other.
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # The rendered art is kept between runs, settings and models of the person are out of reach.
    os.environ["XDG_CACHE_HOME"] = str(ROOT / "build" / "test-home" / "cache")
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        os.environ[name] = str(ROOT / "build" / "test-home" / name.lower())


_prepare_environment()
if WITHOUT_QT:
    sys.meta_path.insert(0, QtBlocker())


def pytest_addoption(parser: pytest.Parser) -> None:
    if WITHOUT_QT or importlib.util.find_spec("pytestqt") is None:
        for name, kind in QT_OPTIONS.items():
            parser.addini(name, "an option of pytest-qt, which is not loaded", type=kind)


def pytest_report_header() -> str:
    return "PySide6: blocked" if WITHOUT_QT else "PySide6: as installed"


def pytest_sessionstart() -> None:
    if not WITHOUT_QT:
        return
    loaded = [name for name in QT_NAMES if name in sys.modules]
    if loaded:
        pytest.exit(f"Qt was imported before the tests began: {loaded}", returncode=3)


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def make_tiny():
    """Return a function that makes a small random model, with other sizes or another card."""
    return _make_tiny


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory):
    """A small random model on disk, as another process can load it."""
    return _save_tiny(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def save_tiny():
    """Return a function that writes a small random model, with another card, to a folder."""
    return _save_tiny


def _make_tiny(seed=0, *, card=None, **sizes):
    import torch

    from cascadeclip.core.model import (
        CascadeCLIP,
        LoadedModel,
        ModelInfo,
        NetworkConfig,
        TextEncoder,
    )
    from cascadeclip.core.model.config import TextConfig

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    usual = {
        "patch": 8, "width": 16, "layers": 3, "heads": 2, "embed": 16, "grid": 4, "prompts": 2,
        "stages": ((0, 1), (2,)), "decoder_layers": 2, "decoder_heads": 2, "decoder_ff": 32,
    }  # fmt: skip
    network = CascadeCLIP(NetworkConfig(**(usual | sizes))).eval()
    text = TextEncoder(TextConfig(width=16, layers=1, heads=2, context=16, embed=16)).eval()
    told = {"name": "tiny", "version": "tiny-0", "window": 32, "stride": 32} | (card or {})
    return LoadedModel(network=network, text=text, info=ModelInfo(**told))


def _save_tiny(folder, **card):
    from cascadeclip.core.model import save_model

    model = _make_tiny(card=card)
    save_model(folder, model.network, model.text, model.info)
    return folder
