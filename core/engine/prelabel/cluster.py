"""Look at images on a Ray cluster: one model per actor, what it finds in parts beside the project.

A worker writes a part for every handful of images; the driver, which alone has the database,
writes the parts that are complete into it, as they come, and removes them. A run that was broken
off leaves parts behind: the next one with the same recipe takes them first. Workers read the images
by the driver's paths, and write beside the project: both must be on a shared file system.
"""

from __future__ import annotations

import logging
import os
import shutil
import socket
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Later
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cascadeclip.core.engine.prelabel.parts import complete_parts, read_part, write_part
from cascadeclip.core.engine.prelabel.threads import Threads
from cascadeclip.core.engine.prelabel.values import Item
from cascadeclip.core.errors import CascadeClipError, CheckpointError, PrelabelFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from numpy.typing import NDArray

    from cascadeclip.core.engine.prelabel.choice import ModelChoice
    from cascadeclip.core.engine.prelabel.desk import Desk
    from cascadeclip.core.engine.prelabel.values import PrelabelResult, Recipe

    Columns = dict[str, NDArray[Any]]

PART_IMAGES: Final = 16
CPUS_PER_WORKER: Final = 4
LOOK_SECONDS: Final = 0.1


def prelabel_on_cluster(
    desk: Desk,
    choice: ModelChoice,
    *,
    device: str = "auto",
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
) -> PrelabelResult:
    """Do what `run` does, the looking on a Ray cluster.

    The cluster is that of RAY_ADDRESS, else one that runs on this machine, else one is started
    here. `workers` is how many models look at once; None: one per graphics card, or, where there
    are none, one for four cores. Raises PrelabelFailed without Ray, and when the cluster breaks
    the run off; what was written until then is kept.
    """
    stopping, tally = stopped or (lambda: False), desk.tally
    folder = choice.folder / "cache" / "prelabel" / desk.recipe.mark
    with _cluster() as ray:
        _make(folder)
        for part in complete_parts(folder):
            _merge(desk, part, leftover=True)
        total = desk.count() + tally.done
        items = list(desk.items())
        work = Actors(choice, desk.recipe, folder, device=device, workers=workers)
        for part in work.parts(ray, items, stopping):
            _merge(desk, part)
            if progress is not None:
                progress(tally.done, max(total, tally.done))
    # the workers are gone: what others of them had finished when it was stopped
    for part in complete_parts(folder):
        _merge(desk, part)
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        folder.parent.rmdir()
    return tally.result(cancelled=stopping() and tally.done < total)


class Actors:
    """Spread items over actors that each hold the model, and say which parts they have written."""

    def __init__(
        self,
        choice: ModelChoice,
        recipe: Recipe,
        folder: Path,
        *,
        device: str = "auto",
        workers: int | None = None,
    ) -> None:
        self._arguments = (choice, recipe, folder, device)
        self._device, self._workers = device, workers

    def parts(
        self, ray: ModuleType, items: list[Item], stopped: Callable[[], bool]
    ) -> Iterator[Path]:
        """Yield each part when it is complete; ends soon when `stopped()` turns true."""
        from ray.data import ActorPoolStrategy, from_items

        if not items:
            return
        rows = [
            {"image_id": one.image_id, "name": one.name, "file": str(one.file),
             "height": one.height, "width": one.width}
            for one in items
        ]  # fmt: skip
        workers, resources = self._share(ray.cluster_resources())
        # one block is one part: it is written, and told, as soon as it is done
        found = from_items(rows, override_num_blocks=-(-len(rows) // PART_IMAGES)).map_batches(
            _Actor,
            fn_constructor_args=self._arguments,
            batch_size=None,
            compute=ActorPoolStrategy(size=workers),
            **resources,
        )
        for row in _until(stopped, iter(found.iter_rows())):
            yield Path(row["part"])

    def _share(self, cluster: dict[str, float]) -> tuple[int, dict[str, float]]:
        """Return how many workers there are, and what each of them gets of the cluster."""
        cards, cores = int(cluster.get("GPU", 0)), int(cluster.get("CPU", 1))
        if cards and self._device != "cpu":
            return self._workers or cards, {"num_gpus": 1}
        workers = self._workers or max(1, cores // CPUS_PER_WORKER)
        return workers, {"num_cpus": max(1, cores // workers)}


class _Actor:
    """Be a worker: one model, kept from part to part."""

    def __init__(self, choice: ModelChoice, recipe: Recipe, folder: Path, device: str) -> None:
        self._folder, self._recipe = folder, recipe
        self._name = f"{socket.gethostname()}-{os.getpid()}"
        self._engine = choice.open(device, recipe.settings)
        if self._engine.version != recipe.version:
            msg = (
                f"A worker found the model {self._engine.version} where {recipe.version} should "
                "be; install the same program everywhere and share the project's folder."
            )
            raise CheckpointError(msg)

    def __call__(self, columns: Columns) -> Columns:
        """Look at a part's images, write what was found, and say where."""
        items = iter(
            [
                Item(int(image_id), str(name), Path(str(file)), int(height), int(width))
                for image_id, name, file, height, width in zip(
                    *(columns[key] for key in ("image_id", "name", "file", "height", "width")),
                    strict=True,
                )
            ]
        )
        found = Threads(self._engine, self._recipe).outcomes(items, lambda: False)
        part = write_part(self._folder, self._name, found)
        return {"part": np.array([str(part)])}


@contextmanager
def _cluster() -> Iterator[ModuleType]:
    """Connect to a cluster, or start one here; leave it at the end."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing leaves the machine unasked
    try:
        import ray
        from ray.data import DataContext
    except ImportError as error:
        msg = "Ray is not installed; install it with: pip install 'cascadeclip[cluster]'"
        raise PrelabelFailed(msg) from error
    logging.getLogger("ray").setLevel(logging.ERROR)
    try:
        ray.init(logging_level="error", log_to_driver=False, include_dashboard=False)
        DataContext.get_current().enable_progress_bars = False
        yield ray
    except (ray.exceptions.RayError, ConnectionError, ValueError) as error:
        raise _reason(error) from error
    finally:
        ray.shutdown()


def _reason(error: BaseException) -> CascadeClipError:
    """Return our own error where a worker raised one, else a sentence about the cluster."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, CascadeClipError):
            return cause
        cause = getattr(cause, "cause", None) or cause.__cause__
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = lines[-1].rstrip(".") if lines else type(error).__name__
    return PrelabelFailed(
        f"The cluster broke off ({said}); what it had found is kept: pre-label again, and it "
        "goes on from there."
    )


def _until(stopped: Callable[[], bool], rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield rows as they come, and end soon after `stopped()` turned true."""
    waiting = ThreadPoolExecutor(1, thread_name_prefix="cluster")
    try:
        while not stopped():
            coming = waiting.submit(next, rows, None)
            while not coming.done() and not stopped():
                try:
                    coming.result(LOOK_SECONDS)
                except Later:
                    continue
            if not coming.done() or (row := coming.result()) is None:
                return
            yield row
    finally:
        waiting.shutdown(wait=False, cancel_futures=True)


def _make(folder: Path) -> None:
    """Make the folder of this recipe's parts, and remove those of others: nobody wants them."""
    folder.mkdir(parents=True, exist_ok=True)
    for other in folder.parent.iterdir():
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)


def _merge(desk: Desk, part: Path, *, leftover: bool = False) -> None:
    """Write a part into the project, then remove it; what is there already is left alone.

    It may be there: a part can be written twice by a worker that was started anew, and the driver
    can be killed between writing and removing. Failures of an earlier run are tried again.
    """
    for outcome in read_part(part):
        if outcome.failure:
            if not leftover:
                desk.take(outcome)
        elif not desk.has(outcome.image_id):
            desk.take(outcome)
    part.unlink(missing_ok=True)
