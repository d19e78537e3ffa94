"""The sentences words are put into, chosen on the command line."""

import numpy as np
import pytest
from PIL import Image

from cascadeclip.app import cli
from cascadeclip.core.project import Project
from cascadeclip.core.templates import SINGLE, project_templates


@pytest.fixture
def init(tmp_path, capsys):
    images = tmp_path / "images"
    images.mkdir()
    Image.fromarray(np.zeros((24, 32, 3), np.uint8)).save(images / "one.png")

    def init(*more):
        project = tmp_path / "project"
        options = ("--images", images, "--vocabulary", "cat", *more)
        code = cli.run([str(one) for one in ("init", project, *options)])
        return code, capsys.readouterr().err.strip(), project

    return init


@pytest.fixture
def lines(tmp_path):
    def lines(text):
        file = tmp_path / "lines.txt"
        file.write_text(text, encoding="utf-8")
        return file

    return lines


def test_without_a_word_about_it_the_model_has_its_own(init):
    code, _, project = init()
    assert code == 0
    with Project.open(project) as opened:
        assert project_templates(opened) == ()


def test_a_set_is_chosen_by_name(init):
    _, _, project = init("--templates", "single")
    with Project.open(project) as opened:
        assert project_templates(opened) == SINGLE


def test_own_sentences_come_from_a_file(init, lines):
    _, _, project = init("--templates", lines("\ufeffa drawing of a {}\n\nthe {}\n"))
    with Project.open(project) as opened:
        assert project_templates(opened) == ("a drawing of a {}", "the {}")


@pytest.mark.parametrize(
    ("text", "said"), [("the cat\n", "Every sentence needs {} once"), ("\n", "holds no sentence")]
)
def test_a_file_that_will_not_do_is_refused_and_nothing_made(init, lines, text, said):
    code, error, project = init("--templates", lines(text))
    assert (code, error.count("\n")) == (2, 0)
    assert said in error
    assert not project.exists()


def test_a_name_that_is_none_is_refused(init):
    code, error, project = init("--templates", "thirty")
    assert code == 2
    assert error.endswith("model, single, fifteen.")
    assert not project.exists()
