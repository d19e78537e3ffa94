"""cascadeclip demo: a project of generated scenes."""

from __future__ import annotations

from pathlib import Path

import click

from cascadeclip.app.commands.common import FOLDER, counted, gentle_stop, progress_bar


@click.command("demo")
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Which ones."
)
@click.option(
    "--count", type=click.IntRange(min=1), default=12, show_default=True, help="How many."
)
@click.option("--truth", is_flag=True, help="Also write the exact masks: DIR/truth/instances.json.")
@click.option("--replace", is_flag=True, help="Replace an earlier demo that holds masks, too.")
@click.option("--size", type=int, default=320, show_default=True, help="Side in pixels.")
def command(folder: Path, seed: int, count: int, truth: bool, replace: bool, size: int) -> None:
    """Make a project of generated scenes in DIR.

    The scenes show things the bundled model knows, in places it has never seen. The same seed
    gives the same scenes. An earlier demo in DIR is replaced as long as it holds no masks;
    any other folder is left alone.
    """
    from cascadeclip.core.scenes.demo import MARK, TRUTH, write_demo

    replaced = (folder / MARK).is_file()
    with gentle_stop() as stop, progress_bar("Drawing", "scene") as report:
        try:
            write_demo(
                folder,
                seed=seed,
                count=count,
                size=size,
                truth=truth,
                replace=replace,
                progress=report,
                stopped=stop,
            )
        finally:
            stop.check("The earlier demo is kept." if replaced else "Nothing was written.")
    click.echo(f"{'Replaced' if replaced else 'Made'} {folder}: {counted(count, 'scene')}.")
    if truth:
        click.echo(f"Truth: {folder / TRUTH}")
    click.echo(f"Next: cascadeclip prelabel {folder}    or: cascadeclip-gui {folder}")
