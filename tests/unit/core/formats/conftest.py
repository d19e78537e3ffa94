"""A project in memory, just large enough to be exported."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from cascadeclip.core import masks
from cascadeclip.core.values import Provenance
from cascadeclip.core.vocabulary import colour_for


@dataclass
class FakeProject:
    """Hold rows in lists; stands for a real project where only reading counts."""

    folder: object
    image_rows: list = field(default_factory=list)
    class_rows: list = field(default_factory=list)
    annotation_rows: list = field(default_factory=list)
    suggestion_rows: list = field(default_factory=list)

    def __post_init__(self):
        self.images = SimpleNamespace(page=self._page)
        self.classes = SimpleNamespace(all=self._classes)
        self.annotations = SimpleNamespace(
            of_image=self._of_image,
            used_classes=lambda: {row.class_id for row in self.annotation_rows},
        )
        self.suggestions = SimpleNamespace(
            of_image=lambda image: [row for row in self.suggestion_rows if row.image_id == image]
        )

    def add_image(self, path, *, width=8, height=6, status="unreviewed", orientation=1):
        number = 10 * (len(self.image_rows) + 1)
        row = SimpleNamespace(
            id=number,
            path=path,
            width=width,
            height=height,
            orientation=orientation,
            status=status,
            digest=f"{number:064x}",
        )
        self.image_rows.append(row)
        return number

    def add_class(self, name, *, negative=False, active=True):
        number = 100 + len(self.class_rows)
        self.class_rows.append(
            SimpleNamespace(
                id=number,
                name=name,
                phrases=(name,),
                colour=colour_for(len(self.class_rows)),
                negative=negative,
                active=active,
            )
        )
        return number

    def annotate(self, image_id, class_id, mask, *, provenance=None):
        row = SimpleNamespace(
            image_id=image_id,
            class_id=class_id,
            rle=masks.encode(mask),
            provenance=provenance or Provenance(),
            created="2026-01-02T03:04:05+00:00",
            updated="2026-01-02T03:05:00+00:00",
        )
        self.annotation_rows.append(row)
        return row

    def suggest(self, image_id, class_id, mask, *, score):
        self.suggestion_rows.append(
            SimpleNamespace(
                image_id=image_id, class_id=class_id, rle=masks.encode(mask), score=score
            )
        )

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
