"""cascadeclip doctor: what works on this machine, and what to do where it does not."""

from __future__ import annotations

from pathlib import Path

import click

from cascadeclip.app.commands.common import FOLDER

BROKEN = 2


@click.command("doctor")
@click.argument("project", type=FOLDER, required=False)
@click.pass_context
def command(context: click.Context, project: Path | None) -> None:
    """Try what the program needs on this machine.

    Every line is ok or says what to do; what is only nice to have is marked with "-". With
    PROJECT, its folder is looked at too. Exit code 2 when something needed does not work.
    """
    from cascadeclip.app.checkup import State, checks, examine

    marks = {State.OK: "ok", State.MISSING: "- ", State.BROKEN: "!!"}
    broken = False
    for check in checks(project):
        finding = examine(check)
        broken = broken or finding.state is State.BROKEN
        advice = f" {finding.advice}" if finding.advice else ""
        click.echo(f"{marks[finding.state]}  {finding.name}: {finding.detail}{advice}")
    if broken:
        context.exit(BROKEN)
