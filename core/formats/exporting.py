"""From a project to files: one way for every format."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cascadeclip.core.errors import FormatError
from cascadeclip.core.formats.options import ExportOptions, ExportResult, Notes
from cascadeclip.core.formats.plan import Plan
from cascadeclip.core.formats.profiles import profile

if TYPE_CHECKING:
    from cascadeclip.core.project import Project


def export(
    project: Project,
    out: Path,
    kind: str,
    *,
    options: ExportOptions | None = None,
    progress: Callable[[int, int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
) -> ExportResult:
    """Write the annotations of `project` in the format `kind` (see PROFILES) to `out`.

    The file or folder is replaced whole when all of it is written; an error or a stop leaves what
    was there. One image with its masks is in memory at a time. `progress(done, total)` is called
    after every image, `stopped()` asked before each. Raise FormatError, ImageUnreadable.
    """
    chosen, options = profile(kind), options or ExportOptions()
    if options.suggestions and not chosen.suggestions:
        raise FormatError(f"Suggestions have no place in {kind}; export them with coco.")
    if options.stuff and not chosen.stuff:
        raise FormatError(f"Every word has objects in {kind}; coco-panoptic knows others.")
    plan = Plan(project, options)
    images = options.images or chosen.images
    _check_place(plan, out)
    turned, parts = 0, Counter(dict.fromkeys(plan.splits, 0))
    with chosen.open(plan, out, images) as writer:
        for done, image in enumerate(plan.images(), 1):
            if stopped is not None and stopped():
                writer.discard()
                return ExportResult(0, 0, None)
            writer.add(image)
            turned += image.row.orientation != 1
            parts[image.split] += 1
            if progress is not None:
                progress(done, len(plan.rows))
    if options.shares:
        _tell_parts(parts, plan.notes)
    sentences = plan.notes.sentences()
    return ExportResult(len(plan.rows), writer.annotations, out, turned, sentences)


def _tell_parts(parts: Mapping[str, int], notes: Notes) -> None:
    """Say how many images each part has; chance may leave one without any."""
    notes.say(f"Images by part: {', '.join(f'{name} {count}' for name, count in parts.items())}.")
    empty = [name for name, count in parts.items() if not count]
    if empty:
        notes.say(
            f"No image fell into {' or '.join(empty)}: there are too few images or folders for this"
            " split; choose other shares, or what stays together."
        )


def _check_place(plan: Plan, out: Path) -> None:
    """Refuse a place that holds images of the project: an export replaces it whole."""
    place = os.path.normpath(out.absolute()) + os.sep
    for row in plan.rows:
        if os.path.normpath(plan.project.folder / row.path).startswith(place):
            raise FormatError(f"{out} holds images of the project; choose another folder.")
