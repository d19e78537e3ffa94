"""The one seam to training: a process of its own that speaks one JSON object per line."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from cascadeclip.app.priority import lower_process
from cascadeclip.core.errors import TrainingFailed
from cascadeclip.train.events import (
    Checked,
    Collected,
    Compared,
    Event,
    Failed,
    Finished,
    Measured,
    Phase,
    Step,
    from_json,
    picture_name,
    to_json,
)

if TYPE_CHECKING:
    from cascadeclip.core.project import Project, VersionRow

__all__ = [
    "Checked",
    "Collected",
    "Compared",
    "Event",
    "Failed",
    "Finished",
    "Measured",
    "Phase",
    "Step",
    "TrainingRun",
    "finish",
    "from_json",
    "picture_name",
    "read_finished",
    "run_lines",
    "to_json",
]

Recipe = Literal["calibrate", "prototypes", "pixels", "quick", "self-training", "full"]
GRACE_SECONDS = 8.0
ENDING_SECONDS = 60.0
LOG_NAME = "training.log"
SPLIT_SETTING = "training.split"
OVERTAKEN = "Another version came into use meanwhile; this one was not compared with it."


class TrainingRun:
    """Run one retraining of a project in its own process; knows nothing of Qt.

    With more `processes` than one, torchrun starts them and they share every step.

    Attributes:
        log: the file that holds what the process wrote on standard error.
        cancelled: whether somebody asked it to stop.
    """

    def __init__(
        self,
        project_folder: Path | str,
        *,
        recipe: Recipe = "quick",
        device: str = "auto",
        seed: int = 0,
        steps: int | None = None,
        processes: int = 1,
        grace: float = GRACE_SECONDS,
    ) -> None:
        self._models = Path(project_folder) / "models"
        self._grace, self._processes = grace, processes
        self._process: subprocess.Popen[str] | None = None
        self._stop_file = self._models / f".stop-{os.getpid()}-{id(self):x}"
        self._enough_file = self._stop_file.with_name(f"{self._stop_file.name}-here")
        self.log = self._models / LOG_NAME
        self.cancelled = False
        self._arguments = ["retrain", "--project", str(project_folder), "--recipe", recipe]
        self._arguments += ["--device", device, "--seed", str(seed)]
        self._arguments += ["--stop-file", str(self._stop_file)]
        self._arguments += ["--enough-file", str(self._enough_file)]
        if steps is not None:
            self._arguments += ["--steps", str(steps)]

    def start(self) -> None:
        """Start the process; raises TrainingFailed when the project folder cannot be written."""
        if self._process is not None:
            raise TrainingFailed("This training has already been started.")
        try:
            self._models.mkdir(parents=True, exist_ok=True)
            with self.log.open("w", encoding="utf-8") as log:
                self._process = _spawn(self._arguments, stderr=log, processes=self._processes)
                lower_process(self._process)
        except OSError as error:
            raise TrainingFailed(
                f"Training could not start: {error.strerror or error} ({self._models}). "
                "Check that the project folder can be written."
            ) from error

    def events(self) -> Iterator[Event]:
        """Yield what the run says, blocking between lines; the last one is Finished or Failed.

        A process that dies, or speaks in an unknown tongue, ends in a Failed of one sentence.
        """
        process = self._process
        if process is None or process.stdout is None:
            raise TrainingFailed("Start the training before listening to it.")
        last: Event | None = None
        try:
            for line in process.stdout:
                last = _parsed(line, process)
                if isinstance(last, Finished | Failed):
                    break
                yield last
            yield self._verdict(process, last)
        finally:
            self._close(process, said_all=isinstance(last, Failed | Finished))

    def cancel(self) -> None:
        """Ask the run to stop at its next step, and end it by force some seconds later.

        Returns at once; a run that is over is left alone.
        """
        process = self._process
        if process is None or process.poll() is not None:
            return
        self.cancelled = True
        try:
            self._stop_file.touch()
        except OSError:  # a full or vanished disk must not keep the process alive
            process.terminate()
        timer = threading.Timer(self._grace, _kill, args=(process,))
        timer.daemon = True
        timer.start()

    def stop_here(self) -> None:
        """Ask the run to train no further, and to go on with the best so far; returns at once."""
        if self._process is not None and self._process.poll() is None:
            with suppress(OSError):  # then it trains to its end
                self._enough_file.touch()

    def _verdict(self, process: subprocess.Popen[str], last: Event | None) -> Event:
        if isinstance(last, Failed):
            return last  # `_close` sees the process off
        # a busy machine takes its time to unload torch; the version is already in its place
        code = _wait(process, ENDING_SECONDS)
        if isinstance(last, Finished) and code in (0, None):
            return last
        if self.cancelled:
            return Failed("Training was stopped; the model in use has not changed.")
        return Failed(_crash_sentence("Training", code, _last_line(self.log), self.log))

    def _close(self, process: subprocess.Popen[str], *, said_all: bool) -> None:
        if process.poll() is None and not said_all:  # nobody listens any more
            self.cancel()
        _wait(process, self._grace)
        if process.stdout is not None:
            process.stdout.close()
        self._stop_file.unlink(missing_ok=True)
        self._enough_file.unlink(missing_ok=True)


def finish(
    project: Project,
    finished: Finished,
    *,
    activate: Literal["auto", "never", "always"] = "auto",
) -> VersionRow:
    """Register the version a run has written, and use it when the policy says so.

    "auto" activates what the run itself found better than the version in use, "always" overrules
    it, "never" only keeps the version. Where another version came into use meanwhile nobody knows
    which is better: it is kept, and the row's reason says so. The split of the images is frozen in
    the project's settings, so that an image once held out is never trained on. Raises
    TrainingFailed when the folder holds no version.
    """
    folder = Path(finished.folder)
    if not folder.is_absolute():
        folder = project.folder / folder
    run = _read_run(folder)
    active = project.versions.active()
    overtaken = (None if active is None else active.name) != run["parent"]
    reason = f"{finished.reason} {OVERTAKEN}" if overtaken else finished.reason
    row = project.versions.add(
        folder.name,
        folder=folder,
        parent=run["parent"],
        recipe=run["recipe"],
        metrics={**run["metrics"], "activate": finished.activate, "reason": reason},
        run=run,
    )
    project.settings.set(SPLIT_SETTING, run["split"])
    if activate == "always" or (activate == "auto" and finished.activate and not overtaken):
        return project.versions.activate(row.id)
    return row


def read_finished(folder: Path) -> Finished:
    """Return what the run said that wrote `folder`; raise TrainingFailed where none did."""
    run = _read_run(folder)
    try:
        before, after = (float(run["metrics"][when]["miou"]) for when in ("before", "after"))
        return Finished(str(folder.resolve()), run["activate"], run["reason"], before, after)
    except KeyError as error:
        raise TrainingFailed(f"{folder} was not written by a retraining of a project.") from error


def run_lines(arguments: Sequence[str]) -> Iterator[str]:
    """Run `python -m cascadeclip.train ARGUMENTS` and yield its lines of output, as they come.

    Standard error (progress) is passed through. Raises TrainingFailed with the run's own last
    sentence when it ends with an error; closing the generator early stops the process.
    """
    process = _spawn(arguments, stderr=subprocess.PIPE)
    keeper = _Tee(process.stderr)
    keeper.start()
    try:
        if process.stdout is not None:
            for line in process.stdout:
                yield line.rstrip("\n")
        code = process.wait()
        keeper.join()
        if code == 0:
            keeper.pass_on()
        else:
            raise TrainingFailed(keeper.last or _crash_sentence("The run", code, "", None))
    finally:
        if process.poll() is None:
            process.terminate()
            _wait(process, GRACE_SECONDS)
        keeper.join(GRACE_SECONDS)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


class _Tee(threading.Thread):
    """Pass the error stream of a process on, all but its last line.

    The last line of a run that fails is the sentence of its error, and shown as such, once.
    """

    def __init__(self, stream: IO[str] | None) -> None:
        super().__init__(daemon=True)
        self._stream = stream
        self.last = ""

    def run(self) -> None:
        """Copy line after line until the process closes its end."""
        for line in self._stream or ():
            if line.strip():
                self.pass_on()
                self.last = line.strip()

    def pass_on(self) -> None:
        """Write the line that was held back."""
        if self.last:
            sys.stderr.write(f"{self.last}\n")
            sys.stderr.flush()


def command(arguments: Sequence[str], processes: int = 1) -> list[str]:
    """Return the command line that runs `python -m cascadeclip.train ARGUMENTS`."""
    # -P: a folder of the person's that is named like one of our packages must not shadow it
    python, work = [sys.executable, "-P"], ["-m", "cascadeclip.train", *arguments]
    if processes == 1:
        return [*python, *work]
    torchrun = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
    return [*python, *torchrun, *work]


def _spawn(
    arguments: Sequence[str], *, stderr: IO[str] | int, processes: int = 1
) -> subprocess.Popen[str]:
    # PYTHONSAFEPATH is -P for those that torchrun starts
    settings = {"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "PYTHONSAFEPATH": "1"}
    return subprocess.Popen(
        command(arguments, processes),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, **settings},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _parsed(line: str, process: subprocess.Popen[str]) -> Event:
    try:
        return from_json(line)
    except TrainingFailed as error:
        process.terminate()
        return Failed(str(error))


def _wait(process: subprocess.Popen[str], seconds: float) -> int | None:
    """Return the exit code, or None when the process had to be killed after `seconds`."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return None


def _kill(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.kill()


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return next((line.strip() for line in reversed(lines) if re.search(r"\w", line)), "")


def _crash_sentence(what: str, code: int | None, last: str, log: Path | None) -> str:
    said = f": {last}" if last else ""
    where = f" The details are in {log}." if log is not None else ""
    return f"{what} ended unexpectedly (exit code {code}){said}.{where}"


def _read_run(folder: Path) -> dict[str, Any]:
    try:
        run: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrainingFailed(
            f"{folder} holds no finished model version; please train again."
        ) from error
    return run
