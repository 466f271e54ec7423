"""What the lock files promise: everything pinned by digest, and no address."""

import json
import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON_LOCKS = (
    "requirements.lock",
    "requirements-run.lock",
    "requirements-build.lock",
    "requirements-readers.lock",
    "requirements-contrib.lock",
)
NPM_FOLDERS = (
    "reports/allure/generator",
    "tests/reports/formats/readers",
    "tests/reports/junit_reader",
    "tests/contrib/linters",
)
NPM_LOCKS = [f"{folder}/package-lock.json" for folder in NPM_FOLDERS]


@pytest.mark.parametrize("lock", [*PYTHON_LOCKS, *NPM_LOCKS])
def test_lock_has_no_address(lock: str) -> None:
    """Where packages come from is each machine's own configuration."""
    assert not re.search(r"://|resolved|index-url|find-links", (ROOT / lock).read_text())


@pytest.mark.parametrize("lock", PYTHON_LOCKS)
def test_every_python_package_has_a_digest(lock: str) -> None:
    """Every line that is no comment is a pinned name or a SHA-256 digest, and each name has one."""
    lines = [line for line in (ROOT / lock).read_text().splitlines() if line[:1] != "#"]
    names = [line for line in lines if re.fullmatch(r"[a-z0-9-]+==\S+( ; .+)? \\", line)]
    digests = [
        line for line in lines if re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line)
    ]
    assert len(names) + len(digests) == len(lines)
    after_names = [lines[lines.index(name) + 1] for name in names]
    assert set(after_names) <= set(digests)


@pytest.mark.parametrize("folder", NPM_FOLDERS)
def test_every_npm_package_has_a_digest(folder: str) -> None:
    """Each package of a lock is pinned by an integrity digest, and it locks what is asked for."""
    packages = json.loads((ROOT / folder / "package-lock.json").read_text())["packages"]
    asked = json.loads((ROOT / folder / "package.json").read_text())
    assert packages.pop("") == {key: asked[key] for key in ("name", "dependencies")}
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())


def test_locks_hold_what_the_project_asks_for() -> None:
    """No dependency was added to pyproject.toml without `make lock`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = {
        "requirements.lock": [
            *project["project"]["dependencies"],
            *chain.from_iterable(project["project"]["optional-dependencies"].values()),
            *project["dependency-groups"]["dev"],
        ],
        "requirements-build.lock": project["dependency-groups"]["build"],
        "requirements-readers.lock": project["dependency-groups"]["readers"],
        "requirements-contrib.lock": project["dependency-groups"]["contrib"],
    }
    for lock, requirements in asked.items():
        locked = re.findall(r"^([a-z0-9-]+)==", (ROOT / lock).read_text(), re.MULTILINE)
        names = {re.split(r"[<>=;\[]", name)[0].lower() for name in requirements}
        assert names - {"vmfex"} <= set(locked)


def test_what_is_shipped_is_what_is_tested() -> None:
    """The lock of the program alone has no version that the tests do not run with."""
    known, shipped = (
        set(re.findall(r"^([a-z0-9-]+==\S+)", (ROOT / lock).read_text(), re.MULTILINE))
        for lock in ("requirements.lock", "requirements-run.lock")
    )
    assert shipped
    assert shipped <= known
    assert not any(name.startswith(("mypy==", "ruff==", "hypothesis==")) for name in shipped)
