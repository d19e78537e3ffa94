"""What the wheel holds: every folder of code, the resources, nothing else."""

from __future__ import annotations

import tomllib

from setuptools import Distribution

TOPS = ("app", "core", "resources", "train")
MINI_BYTES = 16 * 2**20


def _settings(root):
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_list_names_every_folder_with_an_init(root):
    folders = {
        "cascadeclip." + init.parent.relative_to(root).as_posix().replace("/", ".")
        for top in TOPS
        for init in (root / top).rglob("__init__.py")
    }
    assert len(folders) > 10
    assert set(_settings(root)["tool"]["setuptools"]["packages"]) == folders


def test_every_module_lies_in_a_listed_folder(root):
    modules = [path for top in TOPS for path in (root / top).rglob("*.py")]
    assert modules
    assert [path for path in modules if not (path.parent / "__init__.py").is_file()] == []


def test_the_name_stays_a_namespace(root):
    assert not (root / "cascadeclip").exists()


def _wheel_modules(root, monkeypatch):
    monkeypatch.chdir(root)
    distribution = Distribution()
    distribution.script_name = "setup.py"
    distribution.parse_config_files(ignore_option_errors=True)
    command = distribution.get_command_obj("build_py")
    command.ensure_finalized()
    return command


def test_the_wheel_takes_every_module(root, monkeypatch):
    command = _wheel_modules(root, monkeypatch)
    taken = {path for _package, _module, path in command.find_all_modules()}
    assert len(taken) > 15
    there = {
        path.relative_to(root).as_posix() for top in TOPS for path in (root / top).rglob("*.py")
    }
    assert {path.replace("\\", "/") for path in taken} == there


def test_the_wheel_takes_the_resources(root, monkeypatch):
    command = _wheel_modules(root, monkeypatch)
    taken = {
        f"{source}/{name}"
        for package, source, _build, names in command.data_files
        if package == "cascadeclip.resources"
        for name in names
    }
    expected = {
        path.relative_to(root).as_posix()
        for path in (root / "resources").rglob("*")
        if path.is_file() and path.suffix != ".pyc" and path.suffix != ".py"
    }
    assert "resources/py.typed" in expected
    # setuptools gives names relative to the package's own folder
    assert {name.rpartition("resources/")[2] for name in taken} >= {
        name.partition("/")[2] for name in expected
    }


def test_the_bundled_model_is_small(root):
    sizes = [
        path.stat().st_size for path in (root / "resources" / "mini").rglob("*") if path.is_file()
    ]
    assert sum(sizes) <= MINI_BYTES
