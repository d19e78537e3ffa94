"""cascadeclip init: a project from a folder of images and words."""

from __future__ import annotations

from pathlib import Path

import click

from cascadeclip.app.commands.common import (
    FOLDER,
    counted,
    gentle_stop,
    list_failures,
    progress_bar,
)


@click.command("init")
@click.argument("project", type=FOLDER)
@click.option("--images", type=FOLDER, required=True, help="Folder of images; they stay there.")
@click.option(
    "--vocabulary",
    required=True,
    help='The words: "cat | kitten, grass, -shadow" (| another spelling, - a word to leave out).',
)
@click.option(
    "--templates",
    default="model",
    show_default=True,
    metavar="model|single|fifteen|FILE",
    help="Sentences words are put into; a FILE holds one per line, each with {} for the word.",
)
def command(project: Path, images: Path, vocabulary: str, templates: str) -> None:
    """Make a project from your images and words.

    The images stay where they are, PROJECT holds only what is known about them.
    """
    from cascadeclip.core.errors import ProjectError
    from cascadeclip.core.images import find_images
    from cascadeclip.core.project import Project
    from cascadeclip.core.templates import named_templates, set_project_templates
    from cascadeclip.core.vocabulary import parse_vocabulary

    # All that can be refused is looked at before anything is made.
    words, sentences = parse_vocabulary(vocabulary), named_templates(templates)
    paths = find_images(images)
    if not paths:
        raise ProjectError(f"The folder {images} holds no images; choose another one.")
    with Project.create(project) as made, gentle_stop() as stop:
        made.classes.set_vocabulary(words)
        set_project_templates(made, sentences)
        with progress_bar("Reading") as report:
            result = made.images.add_many(paths, progress=report, stopped=stop)
        list_failures(result.failed)
        for _, note in result.notes:
            click.echo(note, err=True)
        stop.check(f"{counted(len(result.added), 'image')} added to {project} so far.")
    if not result.added:
        raise ProjectError(f"None of the images in {images} could be read; see the list above.")
    click.echo(
        f"Made {project}: {counted(len(result.added), 'image')}, {counted(len(words), 'word')}."
    )
    click.echo(f"Next: cascadeclip prelabel {project}    or: cascadeclip-gui {project}")
