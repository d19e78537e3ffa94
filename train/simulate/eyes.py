"""What the window's tools know of an image while somebody works on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cascadeclip.core.shaping.sight import Map, Sight


@dataclass(frozen=True, slots=True, eq=False)
class Eyes:
    """Hold an image's patches and colours, and the map hxw (0..1) of each word that has one."""

    sight: Sight
    words: Mapping[int, Map]
