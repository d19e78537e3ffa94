import io
import json
from dataclasses import replace

import numpy as np
import pytest

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.masks import encode
from cascadeclip.core.values import Suggestion
from cascadeclip.train import cutting, teaching
from cascadeclip.train.data.corrections import collect
from cascadeclip.train.events import (
    Checked,
    Collected,
    Compared,
    Finished,
    Measured,
    Phase,
    Step,
    StoppedByRequest,
    from_json,
    picture_name,
)
from cascadeclip.train.job import Job
from cascadeclip.train.notebook import NAME
from cascadeclip.train.recipes import find_recipe
from cascadeclip.train.retrain import retrain

QUICK = replace(find_recipe("quick", steps=60), rate=5e-3, views=6)
WEIGHTS = ("weights",)


def never():
    return False


def run(project, *, recipe=QUICK, stopped=never, **options):
    events = []
    job = Job(recipe=recipe, device="cpu", **options)
    events.append(retrain(project, job, events.append, stopped))
    return events


def of(events, kind):
    return [event for event in events if isinstance(event, kind)]


def report(finished):
    from pathlib import Path

    return json.loads((Path(finished.folder) / "run.json").read_text())


def test_retraining_learns_the_two_colours_and_says_what_it_does(fill_project, use_model, model):
    project = fill_project(8)
    use_model(model)
    events = run(project)
    finished = events[-1]
    assert isinstance(finished, Finished)
    before, after = of(events, Measured)
    assert (before.when, after.when) == ("before", "after")
    assert set(before.per_word) == set(after.per_word) == {"red thing", "blue thing"}
    assert after.miou > before.miou + 0.2
    assert finished.activate
    assert (finished.before, finished.after) == (before.miou, after.miou)
    checked = of(events, Checked)
    assert [one.step for one in checked] == list(range(0, 61, 3))
    assert checked[-1].loss < 0.7 * checked[0].loss
    names = [event.name.split()[0] for event in of(events, Phase)]
    assert names == [
        "collecting", "splitting", "loading", "measuring", "caching", "training", "choosing",
        "learning", "measuring", "writing",
    ]  # fmt: skip
    steps = of(events, Step)
    assert [event.step for event in steps] == list(range(1, 61))
    assert np.mean([s.loss for s in steps[-10:]]) < np.mean([s.loss for s in steps[:10]])
    assert project.versions.all() == []


def test_the_version_is_whole_and_can_be_used(fill_project, use_model, model):
    from cascadeclip.core.model import load_model

    project = fill_project(8)
    use_model(model)
    events = run(project)
    finished = events[-1]
    folder = project.folder / "models" / "v1"
    assert finished.folder == str(folder)
    files = sorted(path.name for path in folder.iterdir())
    whole = ["model.json", "model.safetensors", "pixels.safetensors", "run.json"]
    assert files[:4] == whole
    worst = [int(number) for number, _, _ in of(events, Compared)[0].worst]
    assert files[4:] == [picture_name(one) for one in sorted(worst)]
    info = load_model(folder).info
    assert (info.version, info.parent) == ("v1", "tiny-0")
    assert info.trained_words == ("tree", "red thing", "blue thing")
    wrote = report(finished)
    assert wrote["recipe"] == "quick"
    assert wrote["seed"] == 0
    assert wrote["parent"] is None
    assert wrote["metrics"]["after"]["miou"] == finished.after
    assert run(project)[-1].folder.endswith("v2")


def test_the_same_seed_gives_the_same_losses_and_another_seed_others(
    fill_project, use_model, model
):
    project = fill_project(6)
    use_model(model)
    short = replace(QUICK, steps=5)
    first, again, other = (
        [event.loss for event in of(run(project, recipe=short, seed=seed), Step)]
        for seed in (0, 0, 1)
    )
    assert first == again
    assert first != other


def test_quick_encodes_each_view_exactly_once(fill_project, use_model, model, monkeypatch):
    from cascadeclip.core.model.encoder import PromptedEncoder

    project = fill_project(6)
    use_model(model)
    shown = []
    forward = PromptedEncoder.forward

    def counting(self, pixels):
        if of(events, Phase) and events_phase() in ("caching", "training"):
            shown.append(len(pixels))
        return forward(self, pixels)

    events = []

    def events_phase():
        return of(events, Phase)[-1].name.split()[0]

    monkeypatch.setattr(PromptedEncoder, "forward", counting)
    finished = retrain(project, Job(recipe=QUICK, device="cpu"), events.append, never)
    metrics = report(finished)["metrics"]
    own = 2  # the one window of such an image, plain and mirrored
    watched = (own + QUICK.views) * len(report(finished)["images"]["chosen_on"])
    assert sum(shown) == metrics["encoder_passes"] == metrics["views"] + watched
    assert metrics["views"] > watched > 0


def test_held_out_images_are_never_cut_into_views(fill_project, use_model, model, monkeypatch):
    project = fill_project(8)
    use_model(model)
    opened = {"measure": set(), "learn": set()}
    real = cutting.open_image

    def watched(path):
        opened["learn"].add(path)
        return real(path)

    monkeypatch.setattr(cutting, "open_image", watched)
    images = report(run(project)[-1])["images"]
    held = {project.images.absolute(one) for one in images["held_out"]}
    chosen = {project.images.absolute(one) for one in images["chosen_on"]}
    fitted = {project.images.absolute(one) for one in images["fitted"]}
    assert opened["learn"] == fitted | chosen  # those that choose draw a curve, and teach nothing
    assert len(held) >= 2
    assert not fitted & (held | chosen)
    assert not held & chosen


def test_a_frozen_split_is_kept(fill_project, use_model, model):
    project = fill_project(6)
    use_model(model)
    digests = [row.digest for row in project.images.page()]
    frozen = {"train": digests[:4], "held_out": digests[4:]}
    project.settings.set("training.split", frozen)
    split = report(run(project, recipe=replace(QUICK, steps=1))[-1])["split"]
    assert {side: sorted(split[side]) for side in frozen} == {
        side: sorted(some) for side, some in frozen.items()
    }
    assert set(split["prints"]) == set(digests)


def test_full_trains_the_prompts_and_quick_leaves_the_tower_alone(fill_project, use_model, model):
    import torch

    from cascadeclip.core.model import load_model

    project = fill_project(6)
    parent = load_model(use_model(model)).network.state_dict()
    changed = {}
    for name in ("quick", "full"):
        recipe = replace(find_recipe(name, steps=3), rate=5e-3, views=2)
        folder = run(project, recipe=recipe)[-1].folder
        state = load_model(folder).network.state_dict()
        changed[name] = {key for key in state if not torch.equal(state[key], parent[key])}
    assert not any(key.startswith("encoder.") for key in changed["quick"])
    assert any(key.startswith("aggregation.") for key in changed["quick"])
    assert any(key.startswith("decoders.") for key in changed["quick"])
    tower = {key for key in changed["full"] if key.startswith("encoder.")}
    assert tower
    assert all("prompt" in key for key in tower)


@pytest.mark.parametrize(
    ("count", "reviewed", "annotated", "sentence"),
    [
        (4, True, True, "4 images are corrected so far; review at least 5"),
        (1, True, True, "1 image is corrected so far; review at least 5"),
        (6, True, False, "no mask to learn from"),
        (0, False, False, "no mask to learn from"),
    ],
)
def test_too_little_to_learn_from_is_said_in_one_sentence(
    fill_project, use_model, model, count, reviewed, annotated, sentence
):
    project = fill_project(count, reviewed=reviewed, annotated=annotated)
    use_model(model)
    with pytest.raises(TrainingFailed, match=sentence):
        run(project)
    assert not (project.folder / "models").exists() or not any(
        path.is_dir() for path in (project.folder / "models").iterdir()
    )


@pytest.mark.parametrize("moment", ["loading", "measuring", "caching", "training", "writing"])
def test_a_stop_leaves_no_version(fill_project, use_model, model, moment):
    project = fill_project(6)
    use_model(model)
    events = []

    def stopped():
        return any(event.name.startswith(moment) for event in of(events, Phase))

    with pytest.raises(StoppedByRequest):
        retrain(project, Job(recipe=QUICK, device="cpu"), events.append, stopped)
    assert of(events, Finished) == []
    models = project.folder / "models"
    left = [path.name for path in models.iterdir()] if models.exists() else []
    assert left == ([NAME] if moment == "writing" else [])  # to go on from


def test_a_version_is_never_overwritten(fill_project, use_model, model, tmp_path):
    project = fill_project(6)
    use_model(model)
    (tmp_path / "mine").mkdir()
    with pytest.raises(TrainingFailed, match="exists already"):
        run(project, recipe=replace(QUICK, steps=1), out=tmp_path / "mine")
    assert list((tmp_path / "mine").iterdir()) == []


def test_without_reviewed_images_annotated_ones_teach_only_what_was_marked(fill_project):
    corrections = collect(fill_project(6, reviewed=False))
    assert corrections.source == "images (0 complete, 6 partly marked)"
    labels = corrections.images[0].truth().labels
    assert set(np.unique(labels)) == {-2, 0, 1}


def test_reviewed_images_teach_background_too(fill_project):
    corrections = collect(fill_project(6))
    assert corrections.source == "complete images"
    assert set(np.unique(corrections.images[0].truth().labels)) == {-1, 0, 1}


def test_rejected_suggestions_are_collected_for_their_word(fill_project):
    project = fill_project(5, reviewed=False)
    image = project.images.page()[0]
    word = project.classes.all()[1]
    mask = np.zeros((image.height, image.width), dtype=bool)
    mask[:4, :4] = True
    project.suggestions.replace(image.id, [Suggestion(word.id, encode(mask), 0.9, 0.5)], "v0")
    (row,) = project.suggestions.of_image(image.id)
    project.suggestions.reject(row.id)
    truth = collect(project).images[0].truth()
    ((index, rejected),) = truth.rejected
    assert index == 1
    assert np.array_equal(rejected, mask)


def test_main_speaks_events_and_ends_with_the_right_code(fill_project, use_model, model):
    from cascadeclip.train.__main__ import main

    project = fill_project(4)
    use_model(model)
    out = io.StringIO()
    assert main(["retrain", "--project", str(project.folder)], out) == 2
    events = [from_json(line) for line in out.getvalue().splitlines()]
    assert events[0] == Phase("starting")
    assert "review at least 5" in events[-1].sentence
    out = io.StringIO()
    assert main(["retrain", "--project", str(project.folder), "--steps", "0"], out) == 2
    assert "at least one step" in from_json(out.getvalue().splitlines()[-1]).sentence


def test_a_stop_file_ends_the_run_with_its_own_code(fill_project, use_model, model, tmp_path):
    from cascadeclip.train.__main__ import main

    project = fill_project(6)
    use_model(model)
    (tmp_path / "stop").touch()
    out = io.StringIO()
    arguments = ["retrain", "--project", str(project.folder), "--stop-file", str(tmp_path / "stop")]
    assert main(arguments, out) == 130
    assert "was stopped" in from_json(out.getvalue().splitlines()[-1]).sentence


def test_a_child_that_is_not_better_is_written_but_not_recommended(fill_project, use_model, model):
    project = fill_project(6)
    use_model(model)
    finished = run(project, recipe=replace(QUICK, steps=1, rate=1e-9, does=WEIGHTS))[-1]
    assert not finished.activate
    assert "Not better enough" in finished.reason
    assert report(finished)["activate"] is False


def test_the_papers_loss_can_be_chosen_and_learns_too(fill_project, use_model, model):
    project = fill_project(6)
    use_model(model)
    losses = {}
    for name in ("partial", "paper"):
        events = run(project, recipe=replace(QUICK, steps=20, loss=name))
        losses[name] = [event.loss for event in of(events, Step)]
        assert np.mean(losses[name][-5:]) < np.mean(losses[name][:5])
    assert losses["partial"] == pytest.approx(losses["paper"], rel=1e-3)  # every pixel is known
    with pytest.raises(TrainingFailed, match="no loss"):
        replace(QUICK, loss="another")


@pytest.fixture
def clip_alone(use_model):
    """Let a small random CLIP speak, by a softmax over words and two of its own."""
    from cascadeclip.core.model import DenseCLIP, LoadedModel
    from cascadeclip.core.model.config import DenseConfig

    def use(model):
        network = DenseCLIP(
            DenseConfig(
                patch=8, width=16, layers=7, heads=2, embed=16, grid=4, variant="dense-value"
            )
        )
        card = {"readout": "softmax", "background": ("sky", "wall"), "none": 0.1, "note": "Coarse."}
        info = replace(model.info, trained_words=(), **card)
        return use_model(LoadedModel(network.eval(), model.text, info))

    return use


def test_from_clip_alone_step_0_answers_as_it_does_and_a_version_is_learnt(
    fill_project, clip_alone, model
):
    from cascadeclip.core.engine import Engine
    from cascadeclip.core.images import open_image
    from cascadeclip.core.model import CascadeCLIP, load_model
    from cascadeclip.train.cold import learner

    project = fill_project(8)
    parent = load_model(clip_alone(model))
    words = [one.word for one in project.classes.all()]
    began = learner(parent, [word.name for word in words], seed=0, prompts=False)
    path = project.images.absolute(project.images.page()[0].id)
    first, second = (
        engine.scores(engine.encode(open_image(path), "x"), words)
        for engine in (Engine(parent, device="cpu"), Engine(began, device="cpu"))
    )
    assert np.abs(first.probabilities - second.probabilities).max() < 1e-3
    assert np.abs(first.nobody - second.nobody).max() < 1e-3
    events = run(project)
    finished = events[-1]
    child = load_model(finished.folder)
    assert isinstance(child.network, CascadeCLIP)
    assert (child.info.parent, child.info.readout, child.info.note) == ("tiny-0", "softmax", "")
    assert set(child.info.trained_words) == {"red thing", "blue thing"}
    assert finished.after > finished.before + 0.2
    assert finished.activate


def test_what_grew_from_clip_alone_has_no_prompts_to_train(fill_project, clip_alone, model):
    project, events = fill_project(8), []
    clip_alone(model)
    job = Job(recipe=find_recipe("full", steps=1), device="cpu")
    with pytest.raises(TrainingFailed, match="no prompts to train; choose the recipe quick"):
        retrain(project, job, events.append, never)
    assert of(events, Measured) == []


def test_calibrating_changes_no_weight_and_lifts_a_timid_word(fill_project, use_model, model):
    import torch

    from cascadeclip.core.model import load_model

    project = fill_project(8)
    use_model(model)
    trained = replace(project_model(project), info=replace(model.info, version="timid"))
    with torch.no_grad():
        trained.network.logit_bias -= 2.5
    folder = use_model(trained)
    finished = run(project, recipe=find_recipe("calibrate"))[-1]
    assert finished.after > finished.before + 0.2
    child, parent = load_model(finished.folder), load_model(folder)
    theirs = parent.network.state_dict()
    assert all(torch.equal(one, theirs[key]) for key, one in child.network.state_dict().items())
    assert {word for word, _, _ in child.info.adjusted} == {"red thing", "blue thing"}
    assert child.info.trained_words == parent.info.trained_words
    assert report(finished)["metrics"]["encoder_passes"] == 0


def project_model(project):
    """Train once and return the model."""
    from cascadeclip.core.model import load_model

    return load_model(run(project)[-1].folder)


def test_calibration_after_training_keeps_what_the_threshold_means(fill_project, use_model, model):
    project = fill_project(10)
    use_model(model)
    metrics = report(run(project, recipe=replace(QUICK, does=WEIGHTS))[-1])["metrics"]
    assert metrics["after"]["miou"] > metrics["before"]["miou"] + 0.2
    assert {word for word, _, _ in metrics["adjusted"]} == {"red thing", "blue thing"}


def test_what_is_learnt_from_and_the_table_are_said(fill_project, use_model, model):
    project = fill_project(10)
    use_model(model)
    project.classes.add("green thing", phrases=("green thing",))
    first = project.images.page()[0]
    project.images.set_status(first.id, "unreviewed")
    events = run(project)
    (collected,), (compared,) = of(events, Collected), of(events, Compared)
    assert collected.held_out == 4
    assert collected.complete + collected.partial == 6
    assert collected.words == {"red thing": 6.0, "blue thing": 6.0}
    assert collected.protected == ["green thing"]
    before, after = of(events, Measured)
    assert compared.words == {
        word: [iou, after.per_word[word]] for word, iou in before.per_word.items()
    }
    assert compared.boundary[1] > compared.boundary[0]
    assert len(compared.worst) == 4
    assert compared.agreement > 0.9


def test_while_the_tower_is_frozen_it_sees_a_window_once_to_train_and_once_for_all_else(
    fill_project, use_model, model, monkeypatch
):
    from cascadeclip.core.model.encoder import PromptedEncoder

    project = fill_project(10)
    use_model(model)
    seen = []
    forward = PromptedEncoder.forward

    def counting(self, pixels):
        seen.extend(one.numpy().tobytes() for one in pixels)
        return forward(self, pixels)

    monkeypatch.setattr(PromptedEncoder, "forward", counting)
    finished = run(project)[-1]
    measured = len(seen) - report(finished)["metrics"]["encoder_passes"]
    assert measured == 4 + 1 + 5  # held out, chosen on and fitted, one window each


def test_a_killed_run_goes_on_where_it_was_and_ends_as_it_would_have(
    fill_project, use_model, model, monkeypatch
):
    from cascadeclip.train import notebook

    monkeypatch.setattr(notebook, "SECONDS", 0.0)
    monkeypatch.setattr(notebook.Notebook.__init__, "__defaults__", (0.0,))
    project = fill_project(6)
    use_model(model)
    short, events = replace(QUICK, steps=12), []

    def killed(event):
        events.append(event)
        if isinstance(event, Step) and event.step == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        retrain(project, Job(recipe=short, device="cpu"), killed, never)
    assert [path.name for path in (project.folder / "models").iterdir()] == [notebook.NAME]
    resumed = run(project, recipe=short)
    assert [event.step for event in of(resumed, Step)] == list(range(8, 13))
    assert any("going on from step 7" in event.name for event in of(resumed, Phase))
    again = run(project, recipe=short)
    assert len(of(again, Step)) == 12
    assert report(resumed[-1])["losses"] == report(again[-1])["losses"]
    assert resumed[-1].after == again[-1].after


def test_a_deleted_parent_and_one_image_are_one_sentence_each(fill_project, use_model, model):
    import shutil

    from cascadeclip.core.errors import CheckpointError

    project = fill_project(6)
    folder = use_model(model)
    place = project.folder / "models" / "gone"
    shutil.copytree(folder, place)
    row = project.versions.add("gone", folder=place, recipe="quick", metrics={})
    project.versions.activate(row.id)
    shutil.rmtree(place)
    with pytest.raises(CheckpointError, match="active model version gone is missing"):
        run(project)
    with pytest.raises(TrainingFailed, match="1 image is corrected so far"):
        run(fill_project(1))


@pytest.mark.parametrize("reads", [True, False])
def test_words_that_could_not_be_read_may_be_all_that_is_learnt(
    fill_project, use_model, model, monkeypatch, reads
):
    import torch

    from cascadeclip.core.model import load_model
    from cascadeclip.train.gate import SHARES, choose_share

    asked = []

    def parents_weights(tried, shares, *, least):
        asked.extend(shares)
        return choose_share(tried, shares[-1:], least=least)

    monkeypatch.setattr(teaching, "choose_share", parents_weights)
    if not reads:
        with torch.no_grad():
            model.text.token_embedding.weight.zero_()
    parent = load_model(use_model(model))
    child = load_model(run(fill_project(6), recipe=replace(QUICK, steps=4))[-1].folder)
    assert tuple(asked) == (SHARES if reads else (*SHARES, 0.0))
    old, new = parent.network.state_dict(), child.network.state_dict()
    assert all(torch.equal(old[name], new[name]) for name in old) is not reads
    table = "token_embedding.weight"
    same = torch.equal(parent.text.state_dict()[table], child.text.state_dict()[table])
    assert same is reads


def test_memory_that_runs_out_is_found_before_the_first_step_and_halves_the_batch(
    fill_project, use_model, model, monkeypatch
):
    import torch

    from cascadeclip.train.objective import Objective

    real, seen = Objective.loss, []

    def scarce(self, batch, *some, **more):
        seen.append((len(batch), len(of(events, Step))))
        if len(batch) > 4:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return real(self, batch, *some, **more)

    use_model(model)
    project, short = fill_project(6), replace(QUICK, steps=3)
    whole = [event.loss for event in of(run(project, recipe=short), Step)]
    monkeypatch.setattr(Objective, "loss", scarce)
    events = []
    finished = retrain(project, Job(recipe=short, device="cpu"), events.append, never)
    assert isinstance(finished, Finished)
    assert [event.loss for event in of(events, Step)] == pytest.approx(whole, rel=1e-5)
    assert [size for size, step in seen if step == 0][:3] == [8, 4, 4]
    assert all(size <= 4 for size, step in seen if step)
    assert "training 4 views at a time, for memory ran out" in [e.name for e in of(events, Phase)]


def test_where_it_is_enough_the_best_so_far_is_measured_and_written(fill_project, use_model, model):
    use_model(model)
    events = []

    def enough():
        return len(of(events, Step)) >= 40

    job = Job(recipe=QUICK, device="cpu", enough=enough)
    finished = retrain(fill_project(8), job, events.append, never)
    assert len(of(events, Step)) == 40
    assert len(report(finished)["losses"]) == 40
    assert finished.after > finished.before + 0.1
    assert finished.activate


def test_it_is_never_enough_before_the_first_step(fill_project, use_model, model):
    use_model(model)
    events = []
    job = Job(recipe=QUICK, device="cpu", enough=lambda: True)
    retrain(fill_project(6), job, events.append, never)
    assert len(of(events, Step)) == 1


def test_self_training_guesses_from_half_of_the_steps_on(
    fill_project, use_model, model, monkeypatch
):
    from cascadeclip.train import objective

    seen = []
    real = objective.guessed

    def counting(truths, maps, words, corrected, *, least):
        seen.append(len(of(events, Step)))
        return real(truths, maps, words, corrected, least=least)

    monkeypatch.setattr(objective, "guessed", counting)
    use_model(model)
    events = []
    recipe = replace(find_recipe("self-training", steps=6), rate=5e-3, views=6)
    finished = retrain(fill_project(8), Job(recipe=recipe, device="cpu"), events.append, never)
    assert seen == [3, 4, 5]
    assert report(finished)["recipe"] == "self-training"


def test_a_parent_whose_folder_is_gone_is_one_sentence_before_anything_is_measured(
    fill_project, use_model, model
):
    import shutil

    from cascadeclip.core.errors import CascadeClipError

    project = fill_project(6)
    use_model(model)
    folder = run(project, recipe=replace(QUICK, steps=1))[-1].folder
    row = project.versions.add("v1", folder=folder, recipe="quick", metrics={})
    project.versions.activate(row.id)
    shutil.rmtree(folder)
    events = []
    with pytest.raises(CascadeClipError, match="version v1 is missing; put it back or roll back"):
        retrain(project, Job(recipe=QUICK, device="cpu"), events.append, never)
    assert of(events, Measured) == []
    assert project.versions.active().name == "v1"


def test_a_word_without_a_pixel_is_watched_and_not_learnt(fill_project, use_model, model):
    project = fill_project(6)
    project.classes.add("green thing", phrases=("green thing",))
    use_model(model)
    events = run(project, recipe=replace(QUICK, steps=2))
    assert of(events, Collected)[0].protected == ["green thing"]
    assert "green thing" not in report(events[-1])["corrected"]


def test_a_child_has_the_parent_it_began_with_whatever_is_in_use_at_its_end(
    fill_project, use_model, model
):
    project, folder = fill_project(6), use_model(model)

    def emit(event):
        if isinstance(event, Step):
            other = project.versions.add("other", folder=folder, recipe="import", metrics={})
            project.versions.activate(other.id)

    finished = retrain(project, Job(recipe=replace(QUICK, steps=1), device="cpu"), emit, never)
    assert report(finished)["parent"] is None
