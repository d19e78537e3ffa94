"""Parts carry outcomes exactly, and are seen whole or not at all."""

import numpy as np
import pytest

from cascadeclip.core.engine.prelabel.parts import complete_parts, read_part, write_part
from cascadeclip.core.engine.prelabel.values import Outcome
from cascadeclip.core.errors import PrelabelFailed
from cascadeclip.core.project.looks import Look
from cascadeclip.core.values import Rle, Suggestion

FOUND = Suggestion(3, Rle(4, 5, b"12`0"), 1 / 3, 0.1, ("Katze", "Kätzchen"), ("a {}.",))


def test_what_is_written_is_read_again(tmp_path):
    outcomes = [
        Outcome(1, "a b.png", (FOUND, FOUND)),
        Outcome(2, "ü.png"),
        Outcome(9, "c.png", failure="c.png cannot be opened: it is a folder."),
    ]
    path = write_part(tmp_path, "w1", iter(outcomes))
    assert complete_parts(tmp_path) == (path,)
    assert list(read_part(path)) == outcomes


def test_a_look_travels_too(tmp_path):
    look = Look("v1", np.array([0.6, 0.8], np.float32), 0.25)
    path = write_part(tmp_path, "w1", [Outcome(1, "a.png", (FOUND,), look=look)])
    (read,) = read_part(path)
    assert read.suggestions == (FOUND,)
    assert (read.look.model_version, read.look.uncertainty) == ("v1", 0.25)
    np.testing.assert_array_equal(read.look.embedding, look.embedding)


def test_a_part_that_breaks_off_is_never_seen(tmp_path):
    def breaking():
        yield Outcome(1, "a.png")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_part(tmp_path, "w1", breaking())
    assert list(tmp_path.iterdir()) == []
    (tmp_path / ".w1-0.jsonl.new-1234").write_text("half")
    (tmp_path / ".half.jsonl").write_text("half")
    assert complete_parts(tmp_path) == ()
    assert complete_parts(tmp_path / "nowhere") == ()


@pytest.mark.parametrize("text", ["{", "[]", '{"image_id": 1}', "7"])
def test_a_part_somebody_changed_is_refused(tmp_path, text):
    (tmp_path / "w.jsonl").write_text(text)
    with pytest.raises(PrelabelFailed, match=r"w\.jsonl cannot be read"):
        list(read_part(tmp_path / "w.jsonl"))
