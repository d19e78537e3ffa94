"""Choices that belong to the project, by key, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cascadeclip.core.project.connection import Store, sense

Json = Any  # whatever JSON can hold; who asks for a key knows what is under it


class Settings:
    """Keep values that JSON can hold."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, key: str, default: Json = None) -> Json:
        """Return the value of `key`, or `default` when it was never set."""
        text = self._store.value("SELECT value FROM settings WHERE key = ?", (key,))
        with sense(self._store.path):
            return default if text is None else json.loads(text)

    def set(self, key: str, value: Json) -> None:
        """Keep `value` under `key`; the older value is replaced."""
        self._store.run(
            "INSERT INTO settings (key, value) VALUES (?, ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, json.dumps(value, ensure_ascii=False)),
        )

    def set_many(self, values: Mapping[str, Json]) -> None:
        """Keep several values, all or none."""
        with self._store.transaction():
            for key, value in values.items():
                self.set(key, value)
