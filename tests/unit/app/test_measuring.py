"""The process that measures: what it says is heard, and it ends when it shall or dies."""

import os
import sys
import threading
import time

import pytest

from cascadeclip.app.measuring import Chosen, command, measure_in_child
from cascadeclip.core.errors import MeasuringFailed

PROGRAM = "import json, os, time\ndef tell(**said): print(json.dumps(said), flush=True)\n"


def never():
    return False


def written(text):
    return lambda folder, device: [sys.executable, "-c", PROGRAM + text]


def test_lines_are_heard_and_the_last_one_is_the_answer(tmp_path):
    said = []
    program = written(
        "tell(say='Trying torch-cpu ...'); print('noise'); print('[1]')\n"
        "tell(chosen='onnx-cpu', reason='9 ms a window'); tell(say='late')"
    )
    found = measure_in_child(tmp_path, "cpu", never, say=said.append, program=program)
    assert found == Chosen("onnx-cpu", "9 ms a window")
    assert said == ["Trying torch-cpu ..."]


def test_nothing_to_measure_is_no_choice(tmp_path):
    program = written("tell(chosen=None, reason='')")
    assert measure_in_child(tmp_path, "cpu", never, program=program) == Chosen()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tell(failed='The model is damaged.')", "The model is damaged"),
        ("os._exit(3)", "exit code 3"),
        ("tell(say='x'); os.kill(os.getpid(), 9)", "exit code -9"),
    ],
)
def test_a_death_is_one_sentence(tmp_path, text, said):
    with pytest.raises(MeasuringFailed, match=said):
        measure_in_child(tmp_path, "cpu", never, program=written(text))


def test_a_stop_ends_the_process_at_once(tmp_path):
    said = []
    stop = threading.Event()

    def hear(sentence):
        said.append(int(sentence))
        stop.set()

    program = written("tell(say=str(os.getpid())); time.sleep(600)")
    started = time.monotonic()
    assert measure_in_child(tmp_path, "cpu", stop.is_set, say=hear, program=program) is None
    assert time.monotonic() - started < 60
    with pytest.raises(ProcessLookupError):
        os.kill(said[0], 0)


@pytest.mark.skipif(sys.platform == "win32", reason="no niceness there")
def test_it_gives_way_to_the_window(tmp_path):
    said = []
    # its priority is lowered just after it starts
    program = written(
        "end = time.monotonic() + 30\n"
        f"while os.nice(0) <= {os.nice(0)} and time.monotonic() < end: time.sleep(.01)\n"
        "tell(chosen=str(os.nice(0)))"
    )
    found = measure_in_child(tmp_path, "cpu", never, say=said.append, program=program)
    assert int(found.candidate) > os.nice(0)


def test_the_program_measures_the_bundled_model_which_is_small():
    from cascadeclip.core.engine.models import bundled_model

    folder = bundled_model()
    assert command(folder, "cpu")[-3:] == [str(folder), "--device", "cpu"]
    assert measure_in_child(folder, "cpu", never) == Chosen()
