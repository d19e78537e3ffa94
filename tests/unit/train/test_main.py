import io
import os
import signal
import subprocess
import sys

from cascadeclip.train.__main__ import Mouth, Stopper, main
from cascadeclip.train.events import Phase


def test_a_signal_asks_to_stop_and_does_not_break_off():
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    stopper = Stopper(None)
    try:
        stopper.listen()
        assert not stopper()
        os.kill(os.getpid(), signal.SIGTERM)
        assert stopper()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_a_file_asks_to_stop(tmp_path):
    stopper = Stopper(tmp_path / "stop")
    assert not stopper()
    (tmp_path / "stop").touch()
    assert stopper()


def test_without_torchrun_its_processes_stop(monkeypatch):
    alone = Stopper(None)
    monkeypatch.setenv("TORCHELASTIC_RUN_ID", "7")
    stopper = Stopper(None)
    assert not stopper()
    monkeypatch.setattr(os, "getppid", lambda: 1)
    assert stopper()
    assert not alone()


def test_of_several_processes_one_speaks(monkeypatch, capsys):
    out = io.StringIO()
    words = ["fit", "--data", "ade20k", "--out", "nowhere"]
    assert main(words, out) == 2
    assert "starting" in out.getvalue()
    monkeypatch.setenv("RANK", "1")
    out = io.StringIO()
    assert main(words, out) == 2
    assert out.getvalue() == ""
    assert capsys.readouterr().err.startswith("process 1: ")


def test_a_reader_that_has_seen_enough_is_no_fault():
    command = [sys.executable, "-m", "cascadeclip.train", "presets", "cascade"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdout.close()
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait() == 0


def test_when_nobody_listens_the_run_is_asked_to_stop():
    class Broken(io.StringIO):
        def write(self, text):
            raise BrokenPipeError

    stopper = Stopper(None)
    Mouth(Broken(), stopper)(Phase("training"))
    assert stopper()


def test_a_retraining_has_collected_before_torch_is_loaded():
    asked = (
        "import sys; import cascadeclip.train.retrain, cascadeclip.train.recipes; "
        "print([name for name in ('torch', 'open_clip', 'PySide6') if name in sys.modules])"
    )
    command = [sys.executable, "-P", "-c", asked]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
