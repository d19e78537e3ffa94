"""The `cascadeclip` command: everything the window can do, without Qt.

The modules of the commands import what is heavy inside their functions, so that `--help` answers
at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from cascadeclip.app.commands import (
    analyse,
    backup,
    benchmark,
    check,
    demo,
    doctor,
    evaluate,
    export,
    import_annotations,
    init,
    models,
    prelabel,
    render,
    settings,
    simulate,
    train,
)
from cascadeclip.core.errors import CascadeClipError

STOPPED, REFUSED = 130, 2
_KEPT = "Stopped; what was finished before is kept."


# The \b line keeps click from joining the lines below it.
_EXAMPLE = """\b
Example:
  cascadeclip init cats --images shots --vocabulary "cat | kitten, dog, grass"
  cascadeclip prelabel cats
  cascadeclip-gui cats
  cascadeclip export cats --format coco --out cats.json
"""


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_EXAMPLE,
)
@click.version_option(message="%(prog)s %(version)s", package_name="cascadeclip")
def cli() -> None:
    """Segment the images of a folder by words, correct, export and retrain.

    A PROJECT is a folder with the file project.db; it is made by `init` (your images) or `demo`
    (generated ones). The window for all of this is `cascadeclip-gui`.
    """


for _module in (
    demo,
    init,
    prelabel,
    export,
    import_annotations,
    render,
    train,
    evaluate,
    simulate,
    benchmark,
    analyse,
    models,
    check,
    backup,
    settings,
    doctor,
):
    cli.add_command(_module.command)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code.

    0 is success, 2 a request that cannot be met (one sentence on standard error says why), 130 a
    stop by Ctrl+C.
    """
    try:
        code = cli.main(args=list(arguments), prog_name="cascadeclip", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return REFUSED
    except (click.Abort, KeyboardInterrupt) as stop:
        kept = str(stop)
        click.echo(f"Stopped. {kept}" if kept else _KEPT, err=True)
        return STOPPED
    except CascadeClipError as error:
        click.echo(str(error), err=True)
        return REFUSED
    except BrokenPipeError:  # `cascadeclip models list | head -1` is no fault
        _silence_output()
        return 0
    except OSError as error:
        click.echo(_disk_sentence(error), err=True)
        return REFUSED
    return code if isinstance(code, int) else 0


def main() -> None:
    """Run the command line of this process."""
    if sys.platform == "win32":
        for stream in (sys.stdout, sys.stderr):  # a console of an old code page lacks letters
            getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    sys.exit(run(sys.argv[1:]))


def _disk_sentence(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}; check the path, its rights and the free space."


def _silence_output() -> None:
    # The interpreter flushes at its end and would complain about the closed pipe once more.
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


if __name__ == "__main__":
    main()
