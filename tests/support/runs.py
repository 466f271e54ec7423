"""Small runs that leave files in a folder, to try what becomes of them."""

import os
from pathlib import Path

from vmfex.folder.folder import folder_at

VIEWS = {"certification.json", "certificate.html", "junit.xml"}  # what a run makes of its record
NAMES = ("certification.json", "junit.xml", "report.html", "allure-results/a", "allure-results/b")
Files = dict[str, str]


def leave(out: Path, label: str) -> None:
    """A run that writes its label into each of its files."""
    with folder_at(out).run() as folder:
        make(folder.new, label)
        folder.publish()


def make(new: Path, label: str) -> None:
    for name in NAMES:
        (new / name).parent.mkdir(exist_ok=True)
        (new / name).write_text(f"{label} {name}")


def whole(label: str) -> Files:
    """What such a run leaves."""
    return {name: f"{label} {name}" for name in NAMES}


def found(folder: Path) -> Files:
    """The files of a run in the folder, but for the list of them, and for the run before."""
    return {
        path: text
        for path, text in every(folder).items()
        if not path.startswith((".vmfex/", ".written-by-vmfex", "previous/"))
    }


def every(folder: Path) -> Files:
    """Every file in the folder with its text; a link with where it leads."""
    files = {}
    for place, _, names in os.walk(folder):
        for path in (Path(place, name) for name in names):
            text = f"-> {path.readlink()}" if path.is_symlink() else path.read_text("utf-8")
            files[str(path.relative_to(folder))] = text
    return files
