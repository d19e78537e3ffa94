"""Which key does what: the two presets, a person's own changes, and what collides."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cascadeclip.app.window.rows import ACTIONS, LINE, Row

Keys = Mapping[str, tuple[str, ...]]

LABELME, CVAT = "labelme / X-AnyLabeling", "CVAT"

# Held or typed on the image itself, whatever the preset.
RESERVED = ("Space", "M")

# What CVAT's people have in their fingers, where it is not what labelme's have. Alt+0: Ctrl+0 is
# a word there.
CVAT_KEYS: Keys = {
    "previous": ("D",),
    "next": ("F",),
    "accept": ("Return", "Enter", "N"),
    "hide_masks": ("H",),
    "actual": ("Alt+0",),
    "change_keys": ("F2",),
    "merge": ("J",),
    "split": ("Alt+J",),
} | {f"word_{digit}": (f"Ctrl+{digit}",) for digit in range(10)}

# Where two scopes can have the focus at once; the window has it always.
OVERLAPPING = {
    frozenset(("window",)),
    frozenset(("window", "image")),
    frozenset(("window", "canvas")),
    frozenset(("image",)),
    frozenset(("image", "canvas")),
    frozenset(("canvas",)),
}
MODIFIERS = ("Ctrl", "Alt", "Shift", "Meta")
SAME = {"enter": "Return", "return": "Return", "backtab": "Tab", "esc": "Escape", "del": "Delete"}


@dataclass(frozen=True, slots=True)
class Clash:
    """Say that `key` would do two things; `other` is the row, or what is held, that has it."""

    key: str
    name: str
    other: str


def rows() -> tuple[Row, ...]:
    """Give every row that does something."""
    return tuple(row for row in ACTIONS if row.name != LINE)


def preset(name: str) -> dict[str, tuple[str, ...]]:
    """Give the keys of every action in a preset, LABELME for a name nobody knows."""
    changed = {LABELME: {}, CVAT: CVAT_KEYS}.get(name, {})
    return {row.name: changed.get(row.name, row.keys) for row in rows()}


PRESETS = (LABELME, CVAT)


def normal(key: str) -> str:
    """Spell a key one way: modifiers in one order, Enter as Return, Backtab as Shift+Tab.

    The plus key itself is "+", as in "Ctrl++".
    """
    head, _, last = key.rpartition("+") if not key.endswith("+") else (key[:-2], "", "+")
    held = {part.strip().capitalize() for part in head.split("+") if part.strip()}
    if last.casefold() == "backtab":
        held.add("Shift")
    last = SAME.get(last.casefold(), last.upper() if len(last) == 1 else last)
    return "+".join([*(one for one in MODIFIERS if one in held), last])


def clashes(keys: Keys, reserved: Iterable[str] = RESERVED) -> tuple[Clash, ...]:
    """List the keys that mean two things where both could be meant."""
    taken: dict[str, list[Row]] = {}
    found = []
    held = set(reserved)
    for row in rows():
        for key in dict.fromkeys(normal(one) for one in keys.get(row.name, ())):
            if key in held:
                found.append(Clash(key, row.name, "held"))
            for other in taken.get(key, []):
                if frozenset((row.scope, other.scope)) in OVERLAPPING:
                    found.append(Clash(key, row.name, other.name))
            taken.setdefault(key, []).append(row)
    return tuple(found)


def stored(name: str, keys: Keys) -> str:
    """Write a key map as the preset it began with and what differs from it."""
    usual = preset(name)
    own = {action: list(keys[action]) for action in usual if keys[action] != usual[action]}
    return json.dumps({"preset": name, "own": own})


def read(text: str) -> tuple[str, dict[str, tuple[str, ...]]]:
    """Read what `stored` wrote; of what cannot be read, or would clash, the preset's keys stay."""
    try:
        found = json.loads(text)
        name = found["preset"] if found["preset"] in PRESETS else LABELME
        own = {str(one): tuple(map(str, some)) for one, some in found["own"].items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return LABELME, preset(LABELME)
    keys = preset(name)
    for action, some in own.items():
        mixed = keys | {action: some}
        if action in keys and not clashes(mixed):
            keys = mixed
    return name, keys
