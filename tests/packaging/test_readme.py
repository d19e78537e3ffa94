"""The documents tell the truth: commands exist, links lead somewhere, keys are the window's."""

from __future__ import annotations

import os
import re
import shlex
import tomllib

import click
import pytest

from cascadeclip.app import cli
from cascadeclip.app.main import read_arguments

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")


def _read(root, name):
    return (root / name).read_text(encoding="utf-8")


def _shell_lines(text):
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
    return [line.partition(" #")[0].strip() for block in blocks for line in block.splitlines()]


def _commands(text):
    return [line for line in _shell_lines(text) if line.startswith("cascadeclip ")]


def test_every_command_line_of_the_readme_is_understood(root):
    lines = _commands(_read(root, "README.md"))
    assert len(lines) >= 10
    for line in lines:
        arguments = shlex.split(line)[1:]
        command, name = cli.cli, "cascadeclip"
        context = click.Context(command, info_name=name)
        while isinstance(command, click.Group):
            name, command, arguments = command.resolve_command(context, arguments)
            context = click.Context(command, info_name=name, parent=context)
        # Parses the arguments and runs nothing.
        command.make_context(name, list(arguments), parent=context.parent)


def test_every_training_line_of_the_readme_is_understood(root):
    from cascadeclip.train.__main__ import _parser

    lines = [
        line for line in _shell_lines(_read(root, "README.md")) if " -m cascadeclip.train " in line
    ]
    assert len(lines) >= 4
    for line in lines:
        _parser().parse_args(shlex.split(line.partition(" -m cascadeclip.train ")[2]))


def test_every_command_is_in_the_readme(root):
    shown = {shlex.split(line)[1] for line in _commands(_read(root, "README.md"))}
    assert shown == set(cli.cli.commands)


@pytest.mark.parametrize("command", sorted(cli.cli.commands))
def test_every_command_tells_its_help(command, capsys):
    assert cli.run([command, "--help"]) == 0
    assert "Usage: cascadeclip" in capsys.readouterr().out


def test_the_window_takes_what_the_readme_says():
    assert read_arguments(["--demo"]).demo
    assert read_arguments(["cats"]).place == "cats"


def test_two_commands_set_it_up(root):
    lines = [line for line in _shell_lines(_read(root, "README.md")) if line.startswith("make ")]
    assert lines == ["make run", "make test"]
    targets = re.findall(r"^(\w+):", _read(root, "Makefile"), flags=re.MULTILINE)
    assert {"run", "test", "lint", "types", "shots"} <= set(targets)


def test_keys_are_those_of_the_window(root):
    from cascadeclip.app.window.actions import ACTIONS, HELD

    there = {key for row in ACTIONS for key in row.keys} | {key for key, _ in HELD} | {"1 ... 9, 0"}
    there = {key.replace("Return", "Enter") for key in there}
    table = re.search(r"\| key \|.*?\n\n", _read(root, "README.md"), flags=re.DOTALL).group()
    keys = [row.split("|")[1].strip() for row in table.strip().splitlines()[2:]]
    assert len(keys) > 8
    shown = {key for cell in keys for key in re.split(r", | and ", cell)}
    assert shown <= there


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(root, name):
    targets = re.findall(r"\]\(([^)]+)\)", _read(root, name))
    missing = [
        target
        for target in targets
        if not target.startswith("http") and not (root / target).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_paths_named_in_tables_exist(root, name):
    named = re.findall(r"`((?:app|core|train|resources|tests)/[\w./-]*)`", _read(root, name))
    assert [path for path in named if not (root / path).exists()] == []


def test_the_matrix_of_the_checks_is_what_pyproject_promises(root):
    settings = tomllib.loads(_read(root, "pyproject.toml"))["project"]
    promised = {
        line.rpartition(" ")[2]
        for line in settings["classifiers"]
        if re.fullmatch(r"Programming Language :: Python :: 3\.\d+", line)
    }
    tried = set(re.findall(r'python-version: "([\d.]+)"', _read(root, ".github/workflows/ci.yml")))
    assert tried == promised
    assert settings["requires-python"] == ">=" + min(promised)


def test_the_art_and_the_licence_are_named(root):
    text = _read(root, "README.md")
    for part in ("OpenMoji", "CC BY-SA 4.0", "Apache License 2.0", "cannot read photographs"):
        assert part in text
    assert _read(root, "LICENSE").lstrip().startswith("Apache License")


@pytest.mark.skipif(os.name != "posix", reason="no such right here")
@pytest.mark.parametrize("name", [".ci/run", "scripts/setup_qt.sh", "scripts/run_demo.sh"])
def test_scripts_can_be_run(root, name):
    assert (root / name).stat().st_mode & 0o100


def test_the_model_card_is_made_of_its_template(root):
    template = _read(root, "resources/mini_card.md").splitlines()
    card = _read(root, "resources/mini/README.md").splitlines()
    assert [line for line in template if "{" not in line and line not in card] == []
