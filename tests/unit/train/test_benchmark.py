import io
import json

import numpy as np
import pytest

from cascadeclip.core.errors import TrainingFailed
from cascadeclip.core.regions import ScoreMaps
from cascadeclip.core.scenes import DEMO_WORDS, WORDS, Art
from cascadeclip.train import benchmark as module
from cascadeclip.train.benchmark import FIRST_SEED, BenchmarkJob, benchmark, measure_scenes


@pytest.fixture
def art():
    """Plain discs, each word a colour of its own; no font or package is needed."""
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[:160, :160]
    disc = (rows - 80) ** 2 + (columns - 80) ** 2 < 78**2
    sprites = {}
    for word in WORDS:
        if word.kind == "thing":
            sprite = np.zeros((160, 160, 4), dtype=np.uint8)
            sprite[disc] = (*rng.integers(0, 255, 3), 255)
            sprites[word.name] = sprite
    return Art("discs", sprites)


class Knowing:
    """Answer each scene with its own labels, wrong about one word; counts vocabularies."""

    name, version = "knowing", "1"

    def __init__(self, monkeypatch, blind=None):
        self.seeds = []
        self._blind = blind
        real = module.draw_scene

        def drawn(art, seed):
            scene = real(art, seed, size=64)
            self.seeds.append(seed)
            self._labels = scene.labels
            return scene

        monkeypatch.setattr(module, "draw_scene", drawn)

    def encode(self, image, digest):
        return self._labels

    def scores(self, labels, words):
        maps = np.full((len(words), *labels.shape), -0.1, dtype=np.float32)
        for index in np.unique(labels):
            if index != self._blind:
                maps[index][labels == index] = 0.2
        return ScoreMaps(tuple(words), maps, *labels.shape)


def test_right_answers_score_a_hundred_in_both_vocabularies(monkeypatch, art):
    engine = Knowing(monkeypatch)
    job = BenchmarkJob(count=12, seed=3)
    figures = measure_scenes(engine, art, job, io.StringIO())
    full, small = figures["full_plain"], figures["small_plain"]
    assert (full.seen, full.unseen, full.harmonic, full.pixels) == (100, 100, 100, 100)
    assert small.pixels == 100
    assert (full.words, small.words) == (len(WORDS), len(DEMO_WORDS))
    assert engine.seeds == [FIRST_SEED + 3_000_000 + index for index in range(12)]


def test_a_word_it_is_blind_to_costs_only_its_side(monkeypatch, art):
    grass = next(index for index, word in enumerate(WORDS) if word.name == "grass")
    engine = Knowing(monkeypatch, blind=grass)
    job = BenchmarkJob(count=20, seed=0)
    full = measure_scenes(engine, art, job, io.StringIO())["full_plain"]
    hurt, whole = (full.seen, full.unseen) if WORDS[grass].seen else (full.unseen, full.seen)
    assert hurt < 100
    assert full.pixels < 100
    assert whole <= 100


@pytest.mark.parametrize("count", [0, 1_000_001])
def test_an_impossible_count_is_refused(count):
    with pytest.raises(TrainingFailed, match="--count must be"):
        BenchmarkJob(count=count)


def test_the_same_job_prints_the_same_table_and_line(monkeypatch, art, use_model, model, tmp_path):
    monkeypatch.setattr(module, "load_art", lambda folder: art)
    folder = use_model(model)
    job = BenchmarkJob(count=2, model=folder, device="cpu")
    first, again = io.StringIO(), io.StringIO()
    row = benchmark(job, out=first, progress=io.StringIO())
    benchmark(job, out=again, progress=io.StringIO())
    assert first.getvalue() == again.getvalue()
    assert json.loads(first.getvalue().splitlines()[-1]) == row
    assert row["seed"] == 0
    assert "seed 0" in first.getvalue().splitlines()[0]
