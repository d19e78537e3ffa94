"""What a person has shown a model, in files beside its weights; older programs read those without.

A description names the SHA-256 of each such file under a key of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cascadeclip.core.model import pixels, prototypes

if TYPE_CHECKING:
    from pathlib import Path

    from cascadeclip.core.model.config import DenseConfig, NetworkConfig

_PROTOTYPES, _PIXELS = "prototypes_sha256", "pixels_sha256"
EXTRAS = (_PROTOTYPES, _PIXELS)
"""The keys that a description may have besides those it must have."""


@dataclass(frozen=True, slots=True, eq=False)
class Extras:
    """Hold what lies beside the weights, None for what does not."""

    prototypes: prototypes.Prototypes | None = None
    pixels: pixels.PixelClassifier | None = None

    def same(self, other: Extras) -> bool:
        """Tell whether the other answers alike, to the last bit."""
        return list(pack(self)) == list(pack(other))


def pack(extras: Extras) -> Iterator[tuple[str, str, bytes]]:
    """Yield the key in the description, the name of the file and its bytes, of all there are."""
    if extras.prototypes is not None:
        yield _PROTOTYPES, prototypes.PROTOTYPES, prototypes.to_bytes(extras.prototypes)
    if extras.pixels is not None:
        yield _PIXELS, pixels.PIXELS, pixels.to_bytes(extras.pixels)


def read_extras(
    folder: Path, description: Mapping[str, object], config: NetworkConfig | DenseConfig
) -> Extras:
    """Read what the description of a model folder names.

    Raise CheckpointError for a file that is missing, damaged or of another network.
    """
    shown, seen = (description.get(key) for key in EXTRAS)
    return Extras(
        None if shown is None else prototypes.read_prototypes(folder, str(shown), config),
        None if seen is None else pixels.read_pixels(folder, str(seen), config),
    )
