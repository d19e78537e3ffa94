"""Who is at work on the project, and how long a person has been at an image."""

from __future__ import annotations

import getpass
import json
import time
from collections.abc import Callable
from dataclasses import replace

from cascadeclip.core.project.connection import Store, sense
from cascadeclip.core.values import Provenance

AUTHOR_SETTING = "author"
# What accepts without anybody looking: not a person.
PROGRAM = "cascadeclip"
# A longer time without a change is a pause; no more than this counts.
PAUSE_SECONDS = 120.0


class Hand:
    """Sign what people make: with a name, and with the seconds spent since their last change."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._looking: tuple[int, float] | None = None

    def look(self, image_id: int) -> None:
        """Start the time of an image: somebody has it before their eyes from now on."""
        self._looking = (image_id, self._clock())

    def seconds(self, image_id: int) -> float | None:
        """Return the seconds since the last change of the image, and count from here on.

        At most `PAUSE_SECONDS`; None of an image that nobody looks at.
        """
        looking, now = self._looking, self._clock()
        if looking is None or looking[0] != image_id:
            return None
        self._looking = (image_id, now)
        return round(min(now - looking[1], PAUSE_SECONDS), 2)

    def author(self) -> str | None:
        """Return who works here: the setting "author", or else the name of the account."""
        chosen = self._store.value("SELECT value FROM settings WHERE key = ?", (AUTHOR_SETTING,))
        with sense(self._store.path):
            name = json.loads(chosen) if chosen is not None else None
        if isinstance(name, str) and name.strip():
            return name.strip()
        return account()

    def signed(self, provenance: Provenance, image_id: int, *, share: int = 1) -> Provenance:
        """Return the provenance with who and how long, where it does not say; `share` masks share.

        What came from a file is left as it says.
        """
        if provenance.origin == "imported":
            return provenance
        seconds = provenance.seconds
        if seconds is None and provenance.author is None:
            spent = self.seconds(image_id)
            seconds = None if spent is None else round(spent / share, 2)
        return replace(provenance, author=provenance.author or self.author(), seconds=seconds)


def account() -> str | None:
    """Return the name of the account, None when it has none."""
    try:
        return getpass.getuser() or None
    except (OSError, KeyError, ImportError):
        return None
