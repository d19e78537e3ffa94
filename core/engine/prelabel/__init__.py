"""Suggest regions for all images of a project: planned here, worked out anywhere, written here.

`desk` says which images need it and writes what was found; it alone knows the database. `work` and
`threads` make suggestions of a file and a recipe, in this process, in a child (`process`) or on a
cluster (`cluster`). `run` puts them together.
"""

from cascadeclip.core.engine.prelabel.run import prelabel
from cascadeclip.core.engine.prelabel.values import PrelabelResult

__all__ = ["PrelabelResult", "prelabel"]
