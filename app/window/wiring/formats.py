"""Let masks out of a project and into it."""

from __future__ import annotations

from cascadeclip.app.window.wiring.feature import Calls, Feature


class Formats(Feature):
    """Export and import."""

    def calls(self) -> Calls:
        """Give a function for each row of this feature."""
        return {"export_coco": self.parts.batch.export_coco}
