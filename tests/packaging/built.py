"""The wheel of this checkout, and the program as it is unpacked, with nothing else of us there."""

import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_TIMES = re.compile(r'"(started|finished)": "[^"]*"')


def build(folder: Path) -> Path:
    """Builds the wheel by the installed build backend, without a network."""
    options = [
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
        f"--wheel-dir={folder}",
    ]
    command = [sys.executable, "-m", "pip", "wheel", *options, str(ROOT)]
    subprocess.run(command, check=True, cwd=folder)
    [wheel] = folder.glob("*.whl")
    return wheel


def build_from_sources(folder: Path) -> Path:
    """Builds the wheel by way of an archive of the sources, as `uv build` and `build` do."""
    backend = [sys.executable, "-m", "hatchling", "build", "-d", str(folder), "-t"]
    subprocess.run([*backend, "sdist"], check=True, cwd=ROOT, capture_output=True)
    [archive] = folder.glob("*.tar.gz")
    with tarfile.open(archive) as content:
        content.extractall(folder, filter="data")
    sources = folder / archive.name.removesuffix(".tar.gz")
    subprocess.run([*backend, "wheel"], check=True, cwd=sources, capture_output=True)
    [wheel] = folder.glob("*.whl")
    return wheel


@dataclass(frozen=True)
class Installed:
    """An unpacked wheel: what installing a wheel without compiled code comes to. It is found before
    the checkout, since PYTHONPATH comes before what is installed."""

    site: Path

    @classmethod
    def of(cls, wheel: Path, site: Path) -> "Installed":
        with zipfile.ZipFile(wheel) as content:
            content.extractall(site)
        return cls(site)

    def python(
        self, cwd: Path, *arguments: str | Path, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Runs Python in `cwd`, whose own modules come first, as those of a user's project do."""
        known = {**os.environ, "PYTHONPATH": f"{cwd}:{self.site}", **environment}
        return subprocess.run(
            [sys.executable, *arguments], cwd=cwd, env=known, capture_output=True, encoding="utf-8"
        )


def record(folder: Path) -> dict[str, Any]:
    """The record in a folder of reports, without its times."""
    text = (folder / "certification.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(_TIMES.sub(r'"\1": ""', text))
    return found
