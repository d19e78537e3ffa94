"""What several commands share: options, progress, a stop that leaves all well."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from cascadeclip.core.project import Project, VersionRow

FOLDER = click.Path(path_type=Path, file_okay=True, dir_okay=True)

project_argument = click.argument("project", type=FOLDER)
device_option = click.option(
    "--device",
    type=click.Choice(["auto", "cuda", "cpu"]),
    default="auto",
    show_default=True,
    help="What computes; auto takes a graphics card that works, else the CPU.",
)
activate_option = click.option(
    "--activate",
    type=click.Choice(["auto", "never", "always"]),
    default="auto",
    show_default=True,
    help="Use the new version: auto does when it is better on held-out images.",
)
Activate = Literal["auto", "never", "always"]


class Stopped(click.Abort):
    """End a command that was stopped; the sentence says what is kept."""


@dataclass(slots=True)
class Stop:
    """Answer whether Ctrl+C was pressed; the second press stops at once."""

    asked: bool = False
    actions: list[Callable[[], None]] = field(default_factory=list)

    def __call__(self) -> bool:
        """Tell whether somebody asked."""
        return self.asked

    def ask(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Remember the wish and tell those who must hear it; also serves as a signal handler."""
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        for action in self.actions:
            action()

    def check(self, sentence: str = "") -> None:
        """End the command when a stop was asked for, after saying what is kept."""
        if self.asked:
            raise Stopped(sentence)


@contextmanager
def gentle_stop() -> Iterator[Stop]:
    """Let Ctrl+C finish the step under way: the block asks its `Stop` between steps."""
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop  # only the main thread may take signals
        return
    before = signal.signal(signal.SIGINT, stop.ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def progress_bar(title: str, unit: str = "image") -> Iterator[Callable[[int, int], None]]:
    """Show `report(done, total)` as a bar on standard error, nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from tqdm import tqdm

    with tqdm(desc=title, unit=f" {unit}", dynamic_ncols=True, leave=False) as bar:

        def report(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield report


def open_project(folder: Path, *, writing: bool = False) -> Project:
    """Open a project; raises ProjectError with what to do when there is none.

    With `writing` it is refused while another program has it; else it can be read meanwhile.
    """
    from cascadeclip.core.project import Project

    return Project.open(folder, read_only=False if writing else None)


def say(sentence: str) -> None:
    """Say on standard error what is going on; what a command answers goes to standard output."""
    click.echo(sentence, err=True)


def say_of_files(project: Project) -> None:
    """Say on standard error when image files are missing or no longer the same."""
    from cascadeclip.core.project.files import look, sentence

    told = sentence(look(project, quick=True), project.folder)
    if told:
        click.echo(told, err=True)


def say_version(row: VersionRow, reason: str) -> None:
    """Write whether a new version is better and whether it is used."""
    click.echo(row.metrics.get("reason", reason))
    state = "in use from now on" if row.active else "kept, not in use"
    click.echo(f"Model version {row.name}: {state}.")


def counted(count: int, thing: str) -> str:
    """Return "1 image", "3 images"."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def list_failures(failed: tuple[tuple[str, str], ...]) -> None:
    """Name each file that could not be used, on standard error."""
    for name, reason in failed:
        click.echo(f"Left out {name}: {reason}", err=True)
