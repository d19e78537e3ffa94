"""What is kept from one time to the next."""

from __future__ import annotations

from cascadeclip.app.translation import mark
from cascadeclip.app.window.rows.row import Row

ROWS = (Row("keep_zoom", "View", mark("Keep zoom from image to image"), needs="", checkable=True),)
