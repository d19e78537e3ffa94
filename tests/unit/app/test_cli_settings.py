"""`settings` shows and changes who signs masks and how many steps can be undone."""

import pytest

from cascadeclip.app import cli
from cascadeclip.core.project import Project


@pytest.fixture
def project(tmp_path, monkeypatch):
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "ann")
    Project.create(tmp_path / "cats").close()
    return str(tmp_path / "cats")


def test_settings_are_shown_and_kept(project, capsys):
    assert cli.run(["settings", project]) == 0
    shown = "Author: ann (the account)\nSteps to undo on each image: 500\n"
    assert capsys.readouterr().out == shown
    assert cli.run(["settings", project, "--author", "Bo", "--undo-steps", "7"]) == 0
    shown = "Author: Bo\nSteps to undo on each image: 7\n"
    assert capsys.readouterr().out == shown
    assert cli.run(["settings", project]) == 0
    assert capsys.readouterr().out == shown
    assert cli.run(["settings", project, "--author", ""]) == 0
    assert capsys.readouterr().out.startswith("Author: ann")


def test_what_cannot_be_is_one_sentence(project, capsys):
    assert cli.run(["settings", project, "--undo-steps", "0"]) == 2
    assert capsys.readouterr().err == "Steps to undo are 1 to 100000, not 0.\n"
    assert cli.run(["settings", project + "x"]) == 2
