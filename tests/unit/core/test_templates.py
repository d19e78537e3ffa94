import pytest

from cascadeclip.core.errors import VocabularyError
from cascadeclip.core.project import Project
from cascadeclip.core.templates import (
    FIFTEEN,
    MOST,
    NAMED,
    SETTING,
    SINGLE,
    checked_templates,
    name_of,
    project_templates,
    set_project_templates,
)


@pytest.fixture
def project(tmp_path):
    with Project.create(tmp_path / "project") as project:
        yield project


def test_the_named_sets_are_whole():
    assert len(set(FIFTEEN)) == 15
    for lines in NAMED.values():
        assert checked_templates(lines) == lines


def test_lines_are_trimmed_and_come_once():
    assert checked_templates((" a {} ", "", "the {}", "a {}", "\n")) == ("a {}", "the {}")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a photo", "has none."),
        ("a {} and a {}", "has 2."),
        ("a {0}", "has none."),
        ("a {} {x}", "other braces"),
    ],
)
def test_a_sentence_without_exactly_one_place_is_refused(line, said):
    with pytest.raises(VocabularyError, match="Every sentence needs {} once") as caught:
        checked_templates(("a {}", line))
    assert line in str(caught.value)
    assert said in str(caught.value)


def test_too_many_sentences_are_refused():
    lines = [f"a {{}} {number}" for number in range(MOST + 1)]
    assert len(checked_templates(lines[:-1])) == MOST
    with pytest.raises(VocabularyError, match="too many"):
        checked_templates(lines)


def test_a_set_has_a_name_or_is_the_persons_own():
    assert name_of(()) == "model"
    assert name_of(list(SINGLE)) == "single"
    assert name_of(FIFTEEN) == "fifteen"
    assert name_of(("the {}",)) is None


def test_a_project_keeps_its_choice(project):
    assert project_templates(project) == ()
    assert set_project_templates(project, [" the {} "]) == ("the {}",)
    assert project_templates(project) == ("the {}",)
    with pytest.raises(VocabularyError):
        set_project_templates(project, ["nothing"])
    assert project_templates(project) == ("the {}",)
    set_project_templates(project, ())
    assert project_templates(project) == ()


@pytest.mark.parametrize("value", ["a {}", [1], ["no place"], {"a {}": 1}, 7])
def test_what_nobody_could_have_chosen_counts_as_no_choice(project, value):
    project.settings.set(SETTING, value)
    assert project_templates(project) == ()
