"""What the steps of the history are called on the screen."""

from __future__ import annotations

import re

from cascadeclip.app.translation import mark, tr

# As the project writes them into its history.
STEPS = (
    mark("accept suggestion"),
    mark("reject suggestion"),
    mark("add mask"),
    mark("edit mask"),
    mark("split mask"),
    mark("merge masks"),
    mark("change word"),
    mark("delete mask"),
    mark("mark reviewed"),
    mark("mark unreviewed"),
)
MANY = re.compile(r"accept (\d+) suggestions")
OTHER_WORD = re.compile(r"accept suggestion as (.*)")


def step_text(name: str) -> str:
    """Say what a step did; one that is not known here is said as the project wrote it."""
    many, other = MANY.fullmatch(name), OTHER_WORD.fullmatch(name)
    if many:
        return tr("accept {count} suggestions", count=many[1])
    if other:
        return tr("accept suggestion as {word}", word=other[1])
    return tr(name) if name in STEPS else name
