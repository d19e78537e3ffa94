"""cascadeclip settings: who works in a project, and how many steps can be undone."""

from __future__ import annotations

from pathlib import Path

import click

from cascadeclip.app.commands.common import open_project, project_argument


@click.command("settings")
@project_argument
@click.option("--author", metavar="NAME", help='Who makes masks here; "" for the account\'s name.')
@click.option("--undo-steps", type=int, metavar="N", help="Steps kept for each image.")
def command(project: Path, author: str | None, undo_steps: int | None) -> None:
    """Show and change the settings of PROJECT.

    What is named is changed first; then all are shown.
    """
    from cascadeclip.core.project.preferences import keep, read

    writing = author is not None or undo_steps is not None
    with open_project(project, writing=writing) as opened:
        if writing:
            keep(opened, author=author, undo_steps=undo_steps)
        chosen = read(opened)
    who = chosen.author or f"{chosen.account or 'nobody'} (the account)"
    click.echo(f"Author: {who}")
    click.echo(f"Steps to undo on each image: {chosen.undo_steps}")
