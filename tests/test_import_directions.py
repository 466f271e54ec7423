"""Imports point down, as CONTRIBUTING.md draws it: `checks/` imports no other room, and no room the
front door. A room is imported by its one name, below `vmfex` (decision 0031)."""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BELOW = {  # each room, and the rooms that it may import besides itself
    "checks": set[str](),
    "evidence": {"checks"},
    "steps": {"checks"},
    "reports": {"checks"},
}
FLOOR = {"background", "children", "errors", "extras", "presence"}  # every room stands on them
FRONT_DOOR = ("commands", "engine", "fleet", "lint", "pytest_plugin")
BARE = {*BELOW, *FRONT_DOOR, "features"}
CODE = [*BELOW, "vmfex"]
IN_TEXT = re.compile(rf"\b(?:from|import) (?:{'|'.join(BELOW)})\.[a-z]")  # code for a process


def python_files(folder: str) -> Iterator[Path]:
    """Those that are ours: of `vmfex/` not what its links show of the rooms, nor Node's modules."""
    for place, folders, names in os.walk(ROOT / folder):  # follows no link
        folders[:] = [name for name in folders if name != "node_modules"]
        yield from (Path(place, name) for name in names if name.endswith(".py"))


def imported(path: Path) -> Iterator[str]:
    """The full name of every module that a file imports, wherever in it, and of what it takes from
    one (which may be a module too)."""
    package = path.relative_to(ROOT).parent.parts
    package = ("vmfex", *package) if package[0] in BELOW else package
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*above, *filter(None, [node.module])))
            yield from (f"{module}.{alias.name}" for alias in node.names)


def rooms(path: Path) -> set[str]:
    """The parts of `vmfex` that a file imports: `checks` of `vmfex.checks.model.plan`; `vmfex`
    itself for what stands in its own `__init__.py`."""
    names = [name.split(".") for name in imported(path)]
    parts = {name[1] if len(name) > 1 else name[0] for name in names if name[0] == "vmfex"}
    there = {*BELOW, *FRONT_DOOR, *(module.stem for module in (ROOT / "vmfex").glob("*.py"))}
    return {part if part in there else "vmfex" for part in parts}


@pytest.mark.parametrize("room", BELOW)
def test_room_imports_only_what_is_below_it(room: str) -> None:
    """Where `checks/` read a file, or a report a host, the next reader could trust no verdict."""
    allowed = {room, *BELOW[room], *FLOOR}
    wrong = {
        str(path.relative_to(ROOT)): above
        for path in python_files(room)
        if (above := rooms(path) - allowed)
    }
    assert wrong == {}


@pytest.mark.parametrize("module", sorted(FLOOR))
def test_floor_stands_on_nothing(module: str) -> None:
    """Else a room would import the front door through it."""
    assert rooms(ROOT / "vmfex" / f"{module}.py") == set()


@pytest.mark.parametrize("folder", [*CODE, "tests", "benchmarks"])
def test_no_room_is_imported_by_its_bare_name(folder: str) -> None:
    """`checks` beside `vmfex.checks` would be a second copy of every class and table."""
    wrong = {
        str(path.relative_to(ROOT)): bare
        for path in python_files(folder)
        if (bare := {name for name in imported(path) if name.split(".")[0] in BARE})
        or (bare := set(IN_TEXT.findall(path.read_text("utf-8"))))
    }
    assert wrong == {}


@pytest.mark.parametrize("folder", CODE)
def test_product_code_imports_no_tests(folder: str) -> None:
    """What is installed has no tests beside it."""
    wrong = {
        str(path.relative_to(ROOT))
        for path in python_files(folder)
        if any(name.split(".")[0] in ("tests", "benchmarks") for name in imported(path))
    }
    assert wrong == set()


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("import vmfex.engine.run as run", {"vmfex.engine.run"}),
        ("from vmfex import evidence", {"vmfex.evidence"}),
        ("def f():\n    from vmfex.checks.model import plan", {"vmfex.checks.model.plan"}),
        ("from . import host", {"vmfex.checks.model.host"}),
        ("from ..rules.adapter import has_vic", {"vmfex.checks.rules.adapter.has_vic"}),
    ],
)
def test_every_kind_of_import_is_seen(
    line: str, names: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the top or in a function, by name or relative: the tests above miss none."""
    monkeypatch.setattr("tests.test_import_directions.ROOT", tmp_path)
    file = tmp_path / "checks/model/some.py"
    file.parent.mkdir(parents=True)
    file.write_text(line)
    assert set(imported(file)) == names
