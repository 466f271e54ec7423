"""What goes into a bundle: the files of a run, and the file that its evidence was in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from vmfex.bundle import keys, statement, sums
from vmfex.checks.result.certification import Certification
from vmfex.checks.text import shown_path
from vmfex.errors import UsageError
from vmfex.folder.marker import marker_of
from vmfex.folder.names import RECORD, SUMMARY
from vmfex.reports.loading import load
from vmfex.reports.runs import directories

EVIDENCE = "evidence"
README = "README.txt"
RESERVED = (README, sums.NAME, statement.NAME, keys.NAME)
Files = Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class Run:
    """The files that a run left in a folder, by name, and its hosts by label: the empty one for
    a run of one host, None for a host without a record."""

    folder: Path
    files: Files
    hosts: Mapping[str, Certification | None]


def run_in(folder: Path) -> Run:
    """Raises UsageError for a folder without a run that came to its end, or in which something was
    changed since, ReportError for a record that cannot be used."""
    if not folder.is_dir():
        raise UsageError(f"{shown_path(folder)} is not a folder of reports")
    try:
        marker = marker_of(folder)
        files = {name: folder / name for name in sorted(marker.files if marker else ())}
        changed = next(
            (n for n, p in files.items() if not (marker and marker.has(n, str(p)))), None
        )
    except OSError as error:
        raise UsageError(f"{shown_path(folder)} cannot be read: {error.strerror}") from None
    if not {RECORD, SUMMARY} & files.keys():
        raise UsageError(
            f"{shown_path(folder)} has no list of what a run left, or that run did not come to "
            "its end: certify the host anew"
        )
    gone = next((name for name, path in files.items() if not path.is_file()), None)
    if wrong := changed or gone:
        raise UsageError(
            f"{shown_path(folder / wrong)} is not as the run left it: certify the host anew"
        )
    return Run(folder, files, _hosts(folder))


def _hosts(folder: Path) -> Mapping[str, Certification | None]:
    if (folder / RECORD).exists():
        return {"": load(folder / RECORD)}
    places = directories(folder / SUMMARY)
    return {
        label: load(folder / place / RECORD) if place is not None else None
        for label, place in places.items()
    }


def evidence_files(paths: Iterable[Path], hosts: Iterable[Certification | None]) -> Files:
    """The files by their name in the bundle. Raises UsageError for one that no host of the run was
    judged by."""
    judged = {of.digest for of in hosts if of is not None and of.digest}
    found: dict[str, Path] = {}
    for path in paths:
        try:
            with path.open("rb") as stream:
                digest = file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise UsageError(f"{shown_path(path)} cannot be read: {error.strerror}") from None
        if digest not in judged:
            raise UsageError(
                f"{shown_path(path)} is not what a host of this run was judged by: its SHA-256 is "
                "in no record (a directory, or a host that was read live, is in no one file)"
            )
        name = f"{EVIDENCE}/{path.name}"
        if name in found:
            raise UsageError(f"two files of evidence are named {path.name}: rename one")
        found[name] = path
    return found
