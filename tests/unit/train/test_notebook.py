import torch

from cascadeclip.train.data.corrections import collect
from cascadeclip.train.notebook import NAME, Notebook, key_of


def test_only_the_run_that_wrote_it_reads_it(tmp_path):
    Notebook(tmp_path, "mine", 0.0)(lambda: {"losses": [1.0], "weights": {"a": torch.ones(2)}})
    assert Notebook(tmp_path, "other").read() is None
    state = Notebook(tmp_path, "mine").read()
    assert state["losses"] == [1.0]
    assert torch.equal(state["weights"]["a"], torch.ones(2))
    Notebook(tmp_path, "mine").close()
    assert list(tmp_path.iterdir()) == []


def test_damage_and_absence_mean_to_begin_anew(tmp_path):
    book = Notebook(tmp_path, "mine")
    assert book.read() is None
    (tmp_path / NAME).write_bytes(b"half a file")
    assert book.read() is None


def test_it_writes_no_more_often_than_asked_and_survives_a_missing_disk(tmp_path):
    asked = []
    book = Notebook(tmp_path, "mine", 60.0)
    book(lambda: asked.append(1) or {})
    assert asked == []
    book(lambda: asked.append(1) or {"losses": []}, last=True)
    assert asked == [1]
    assert Notebook(tmp_path, "mine").read() == {"losses": []}
    (tmp_path / "file").touch()
    Notebook(tmp_path / "file", "mine", 0.0)(lambda: {"losses": []})


def test_another_word_of_the_person_is_another_run(fill_project):
    project = fill_project(3)
    first = key_of({"seed": 0}, collect(project).images)
    assert key_of({"seed": 0}, collect(project).images) == first
    assert key_of({"seed": 1}, collect(project).images) != first
    row = project.annotations.of_image(1)[0]
    project.annotations.delete(row.id)
    assert key_of({"seed": 0}, collect(project).images) != first
