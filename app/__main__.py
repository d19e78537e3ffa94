"""Run the window with `python -m cascadeclip.app`."""

from __future__ import annotations

from cascadeclip.app.main import main

if __name__ == "__main__":
    raise SystemExit(main())
