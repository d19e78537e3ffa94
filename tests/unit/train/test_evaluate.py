import io
import json

import numpy as np
import pytest

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.regions import ScoreMaps
from cascadeclip.core.values import Word
from cascadeclip.train.data.corrections import collect
from cascadeclip.train.evaluate import measure, model_folder, threshold_of


class Oracle:
    """Answer with given label maps, one image after the other, as an engine would."""

    version = "oracle"

    def __init__(self, answers):
        self._answers = list(answers)

    def encode(self, image, digest):
        return self._answers.pop(0)

    def scores(self, answer, words):
        maps = np.stack([(answer == index).astype(np.float32) for index in range(len(words))])
        return ScoreMaps(tuple(words), maps, *answer.shape)


def test_perfect_answers_score_one(fill_project):
    corrections = collect(fill_project(3))
    engine = Oracle(image.truth().labels for image in corrections.images)
    quality = measure(engine, corrections.images, corrections.words, threshold=0.5)
    assert quality.miou == 1
    assert quality.per_word == {"red thing": 1.0, "blue thing": 1.0}
    assert quality.accuracy == 1


def test_background_taken_by_a_word_costs_that_word(fill_project):
    corrections = collect(fill_project(1))
    labels = corrections.images[0].truth().labels
    flooded = np.where(labels == -1, 0, labels)
    quality = measure(Oracle([flooded]), corrections.images, corrections.words, threshold=0.5)
    area = (labels == 0).sum()
    assert quality.per_word["red thing"] == pytest.approx(area / (area + (labels == -1).sum()))
    assert quality.per_word["blue thing"] == 1


def test_pixels_nobody_spoke_about_cost_nothing(fill_project):
    corrections = collect(fill_project(1, reviewed=False))
    labels = corrections.images[0].truth().labels
    flooded = np.where(labels < 0, 0, labels)
    quality = measure(Oracle([flooded]), corrections.images, corrections.words, threshold=0.5)
    assert quality.miou == 1


def test_a_negative_word_that_wins_a_pixel_means_background(fill_project):
    corrections = collect(fill_project(1))
    shadow = Word("shadow", ("shadow",), "#000000", negative=True)
    labels = corrections.images[0].truth().labels
    answer = np.where(labels == -1, 2, labels)
    words = (*corrections.words, shadow)
    quality = measure(Oracle([answer]), corrections.images, words, threshold=0.5)
    assert quality.accuracy == 1
    assert set(quality.per_word) == {"red thing", "blue thing"}


def test_the_threshold_is_the_projects_own(fill_project):
    project = fill_project(1)
    assert threshold_of(project) == 0.5
    project.settings.set("threshold", 0.3)
    assert threshold_of(project) == 0.3


def test_an_unknown_version_is_refused_by_naming_the_known_ones(fill_project):
    with pytest.raises(TrainingFailed, match="no model version 'v7'; choose one of mini"):
        model_folder(fill_project(1), "v7")


def test_evaluate_prints_a_table_and_one_line_of_json(fill_project, use_model, model, capsys):
    from cascadeclip.train.__main__ import main

    project = fill_project(3)
    use_model(model)
    out = io.StringIO()
    arguments = ["evaluate", "--project", str(project.folder), "--device", "cpu"]
    assert main(arguments, out) == 0
    *table, line = out.getvalue().splitlines()
    row = json.loads(line)
    assert row["version"] == "tiny-0"
    assert row["images"] == 3
    assert any(text.startswith("red thing") for text in table)
    assert f"{100 * row['miou']:.1f}" in out.getvalue()
    assert "3/3 images" in capsys.readouterr().err


def test_evaluate_without_a_project_says_so_on_standard_error(tmp_path, capsys):
    from cascadeclip.train.__main__ import main

    assert main(["evaluate", "--project", str(tmp_path / "none")], io.StringIO()) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
