import json

import pytest

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.train.events import (
    Collected,
    Compared,
    Failed,
    Finished,
    Measured,
    Phase,
    Step,
    from_json,
    to_json,
)

EVENTS = (
    Phase("collecting"),
    Collected(3, 2, 4, 17, 1, {"cat": 12.0, "dog": 5.0}, ["sheep"]),
    Step(step=1, total=20, loss=0.5),
    Compared(
        words={"cat": [0.5, 0.75]},
        protected=["sheep"],
        boundary=[0.25, 0.5],
        confused=[["cat", "dog", 0.25]],
        worst=[[7.0, 0.5, 0.75]],
        share=0.75,
        agreement=0.995,
    ),
    Measured("before", 0.25, {"cat": 0.5, "gruene Wiese ü": 0.0}),
    Finished(folder="models/v1", activate=True, reason="Better.", before=0.25, after=0.5),
    Failed("No image is reviewed; review five first."),
)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_survives_its_line(event):
    line = to_json(event)
    assert "\n" not in line
    assert from_json(line + "\n") == event


@pytest.mark.parametrize(
    "line",
    [
        "",
        "hello",
        "[]",
        "{}",
        '{"event": "party"}',
        '{"event": "phase"}',
        '{"event": "phase", "name": 3}',
        '{"event": "phase", "name": "x", "more": 1}',
        '{"event": "step", "step": true, "total": 2, "loss": 0.1}',
        '{"event": "measured", "when": "during", "miou": 0.1, "per_word": {}}',
    ],
)
def test_an_unknown_line_is_refused_with_a_sentence(line):
    with pytest.raises(TrainingFailed, match="said something unknown"):
        from_json(line)


def test_a_line_is_one_object_that_names_its_kind():
    assert json.loads(to_json(Phase("training"))) == {"event": "phase", "name": "training"}
