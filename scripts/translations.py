"""Keep `resources/translations`: gather the texts of the window, and compile what is translated.

Usage: translations.py [--missing LANGUAGE]. Texts are the literals given to `tr` and `mark`, and
what the rows of actions and the menus say. A `.ts` keeps what is translated already, loses what
is said no longer, and its `.qm`, which the program reads, is made anew.
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = ("de", "zh_CN")
CONTEXT = "cascadeclip"


def main() -> int:
    """Gather, write and compile; or list what a language lacks as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missing", choices=LANGUAGES, help="only list what it lacks")
    parser.add_argument("--take", type=Path, help="a JSON file {text: {language: translation}}")
    options = parser.parse_args()
    texts = gather()
    if options.missing:
        have = read(FOLDER / f"{options.missing}.ts")
        print(json.dumps([one for one in texts if not have.get(one)], ensure_ascii=False, indent=0))  # noqa: T201
        return 0
    fresh = json.loads(options.take.read_text("utf-8")) if options.take else {}
    for language in LANGUAGES:
        path = FOLDER / f"{language}.ts"
        have = read(path) | {
            text: some[language] for text, some in fresh.items() if language in some
        }
        write(path, language, {text: have.get(text, "") for text in texts})
        compile_ts(path)
    return 0


def gather() -> tuple[str, ...]:
    """List every text of the window once, in order of the alphabet."""
    from cascadeclip.app.window.rows import ACTIONS, LINE, MENUS

    found = {row.text for row in ACTIONS if row.name != LINE} | set(MENUS)
    for path in sorted((ROOT / "app").rglob("*.py")):
        found |= texts_of(path.read_text("utf-8"))
    return tuple(sorted(found))


def texts_of(source: str) -> set[str]:
    """Find the literals that a source gives to `tr` and `mark`; refuse what is not a literal."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id not in ("tr", "mark") or not node.args:
            continue
        said = node.args[0]
        if isinstance(said, ast.Constant) and isinstance(said.value, str):
            found.add(said.value)
        elif node.func.id == "mark" or isinstance(said, ast.JoinedStr | ast.BinOp):
            msg = f"line {node.lineno}: {node.func.id} takes a literal"
            raise ValueError(msg)
    return found


def read(path: Path) -> dict[str, str]:
    """Read the translations of a `.ts`."""
    if not path.is_file():
        return {}
    tree = ElementTree.parse(path)  # noqa: S314 - our own file
    pairs = ((one.findtext("source"), one.findtext("translation")) for one in tree.iter("message"))
    return {source: translation or "" for source, translation in pairs if source}


def write(path: Path, language: str, texts: dict[str, str]) -> None:
    """Write a `.ts` that Qt's own tools read."""
    top = ElementTree.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ElementTree.SubElement(top, "context")
    ElementTree.SubElement(context, "name").text = CONTEXT
    for source, translation in texts.items():
        message = ElementTree.SubElement(context, "message")
        ElementTree.SubElement(message, "source").text = source
        made = ElementTree.SubElement(message, "translation")
        made.text = translation
        if not translation:
            made.set("type", "unfinished")
    ElementTree.indent(top)
    path.parent.mkdir(parents=True, exist_ok=True)
    head = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'
    path.write_text(head + ElementTree.tostring(top, encoding="unicode") + "\n", "utf-8")


def compile_ts(path: Path) -> None:
    """Make the `.qm` beside a `.ts` with Qt's own lrelease."""
    tool = Path(sys.executable).parent / "pyside6-lrelease"
    command = [str(tool), "-silent", str(path), "-qm", str(path.with_suffix(".qm"))]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    sys.exit(main())
