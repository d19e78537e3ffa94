"""A project in memory, just large enough to be exported."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from cascadeclip.core import masks
from cascadeclip.core.values import Provenance


@dataclass
class FakeProject:
    """Hold rows in lists; stands for a real project where only reading counts."""

    folder: object
    image_rows: list = field(default_factory=list)
    class_rows: list = field(default_factory=list)
    annotation_rows: list = field(default_factory=list)

    def __post_init__(self):
        self.images = SimpleNamespace(page=self._page)
        self.classes = SimpleNamespace(all=self._classes)
        self.annotations = SimpleNamespace(of_image=self._of_image)

    def add_image(self, path, *, width=8, height=6, status="unreviewed", orientation=1):
        number = 10 * (len(self.image_rows) + 1)
        row = SimpleNamespace(
            id=number, path=path, width=width, height=height, orientation=orientation, status=status
        )
        self.image_rows.append(row)
        return number

    def add_class(self, name, *, negative=False, active=True):
        number = 100 + len(self.class_rows)
        self.class_rows.append(
            SimpleNamespace(id=number, name=name, negative=negative, active=active)
        )
        return number

    def annotate(self, image_id, class_id, mask, *, provenance=None):
        row = SimpleNamespace(
            image_id=image_id,
            class_id=class_id,
            rle=masks.encode(mask),
            provenance=provenance or Provenance(),
        )
        self.annotation_rows.append(row)
        return row

    def _page(self, *, offset=0, limit=200):
        return self.image_rows[offset : offset + limit]

    def _classes(self, *, include_hidden=False):
        return [row for row in self.class_rows if include_hidden or row.active]

    def _of_image(self, image_id):
        return [row for row in self.annotation_rows if row.image_id == image_id]


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    return FakeProject(folder)
