"""How much memory this program has."""

import sys

import numpy as np
import pytest

from cascadeclip.app.memory import card_bytes, own_bytes


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not say")
def test_what_is_taken_is_counted():
    before = own_bytes()
    taken = np.ones(8_000_000)  # 64 MB, written to
    assert own_bytes() - before > 50_000_000
    assert taken.nbytes == 64_000_000


def test_a_card_nobody_uses_holds_nothing(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    assert card_bytes() is None
