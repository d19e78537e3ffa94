"""Link the four top folders under one name for type checkers, which cannot follow import hooks."""

from __future__ import annotations

from pathlib import Path


def main() -> None:
    """Make build/typing/cascadeclip with one link per top folder; links there are kept."""
    root = Path(__file__).resolve().parent.parent
    tree = root / "build" / "typing" / "cascadeclip"
    tree.mkdir(parents=True, exist_ok=True)
    for name in ("app", "core", "train", "resources"):
        link = tree / name
        if not link.is_symlink():
            link.symlink_to(Path("..") / ".." / ".." / name, target_is_directory=True)


if __name__ == "__main__":
    main()
