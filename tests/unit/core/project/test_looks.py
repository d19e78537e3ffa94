"""What models made of whole images."""

import numpy as np
import pytest

from cascadeclip.core.errors import ProjectError
from cascadeclip.core.project.looks import Look


def vector(*values):
    made = np.array(values, np.float32)
    return made / np.linalg.norm(made)


def test_the_last_look_counts(world):
    looks = world.project.looks
    assert looks.get(1) is None
    looks.put(1, Look("a", vector(1, 2), 0.25))
    looks.put(1, Look("b", vector(3, 4, 0), 0.5, 0.75))
    found = world.reopen().looks.get(1)
    assert (found.model_version, found.uncertainty, found.agreement) == ("b", 0.5, 0.75)
    np.testing.assert_allclose(found.embedding, [0.6, 0.8, 0], atol=1e-3)


def test_no_image_no_look(world):
    with pytest.raises(Exception, match="FOREIGN KEY"):
        world.project.looks.put(99, Look("a", vector(1), 0.5))


def test_candidates_are_the_unreviewed_the_most_uncertain_first(world, make_image):
    project = world.project
    third = project.images.add(make_image("images/c.png"))
    project.looks.put(world.first.id, Look("a", vector(1, 0), 0.2))
    project.looks.put(world.second.id, Look("a", vector(0, 1), 0.6))
    project.looks.put(third.id, Look("a", vector(1, 1), 0.9))
    project.images.set_status(third.id, "reviewed")
    found = project.looks.candidates(version="a")
    assert found.ids.tolist() == [world.second.id, world.first.id]
    assert found.uncertainty.tolist() == pytest.approx([0.6, 0.2])
    np.testing.assert_allclose(found.embeddings, [[0, 1], [1, 0]], atol=1e-3)
    np.testing.assert_allclose(found.reviewed, [[0.7071, 0.7071]], atol=1e-3)
    few = project.looks.candidates(version="a", limit=1, reviewed=0)
    assert (few.ids.tolist(), few.reviewed.shape, few.known) == ([world.second.id], (0, 0), 2)


def test_vectors_of_other_models_do_not_count(world):
    project = world.project
    project.looks.put(world.first.id, Look("old", vector(1, 0, 0), 0.2))
    project.looks.put(world.second.id, Look("new", vector(0, 1), 0.6))
    assert project.looks.candidates(version="old").ids.tolist() == [world.first.id]
    # a model that has looked at nothing: the last one that has
    assert len(project.looks.candidates(version="none").ids) == 1
    assert project.looks.candidates().known == 1


def test_no_looks_no_candidates(world):
    found = world.project.looks.candidates(version="a")
    assert (len(found.ids), found.embeddings.shape, found.known) == (0, (0, 0), 0)


def test_nonsense_is_a_sentence(world):
    project = world.project
    project.looks.put(world.first.id, Look("a", vector(1, 0), 0.2))
    project._store.run("UPDATE looks SET embedding = 'abc'")
    with pytest.raises(ProjectError, match="nonsense"):
        project.looks.get(world.first.id)
    with pytest.raises(ProjectError, match="nonsense"):
        project.looks.candidates(version="a")
