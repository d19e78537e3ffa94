"""How image and masks look, and where in the image one is."""

from __future__ import annotations

from cascadeclip.app.translation import mark
from cascadeclip.app.window.rows.row import Row

ROWS = (
    Row("fit_width", "View", mark("Fit width"), ("Ctrl+Shift+W",)),
    Row("navigator", "View", mark("Navigator"), ("F9",), needs="", checkable=True),
    Row("look", "View", mark("Opacity, brightness, contrast"), needs="", checkable=True),
    Row("outlines", "View", mark("Outlines of masks"), ("Shift+H",), needs="", checkable=True),
    Row("reduce_motion", "View", mark("Reduce motion"), needs="", checkable=True),
    Row("unreviewed_area", "View", mark("Shade unreviewed area"), ("U",), needs="", checkable=True),
)
