"""The records that a user names: one, or those of a run over several hosts."""

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from vmfex.checks.text import one_line, shown_path
from vmfex.errors import UsageError
from vmfex.folder.names import PREVIOUS, RECORD, SUMMARY
from vmfex.presence import may_be
from vmfex.twice import refuse_twice

if TYPE_CHECKING:
    from vmfex.checks.result.certification import Certification

SIZE_LIMIT = 256 * 2**20  # bytes of a summary; that of a thousand hosts has a few MiB


def record_at(path: Path) -> Path:
    """The file of the one record that a path names. Raises UsageError where that is none."""
    if not path.is_dir() or may_be(path / RECORD):
        return path / RECORD if path.is_dir() else path
    if may_be(path / SUMMARY):
        raise UsageError(f"{path} has several hosts: name the folder of one, {path}/hosts/...")
    if (path / PREVIOUS / RECORD).exists():
        raise UsageError(
            f"{path} has no record, since the last run did not come to its end; that of the run "
            f"before is in {path / PREVIOUS}"
        )
    return path / RECORD


def load_all(*paths: Path) -> "Sequence[Certification]":
    """All that `streamed` gives. Raises UsageError and ReportError."""
    return list(streamed(*paths))


def streamed(*paths: Path) -> "Iterator[Certification]":
    """The record that each path names, or all: of the folder of a run over several hosts (or its
    summary), or of a folder of such folders; one at a time is held. Hosts of one name get that of
    their folder beside it. Raises UsageError, for one that is named twice too, and ReportError."""
    return (
        replace(of, host=f"{of.host} ({label})") if shares_its_name else of
        for label, of, shares_its_name in _labelled(_all_files(paths))
    )


def for_allure(*paths: Path) -> "Iterator[tuple[str, str, Certification]]":
    """The same with their labels, and with what Allure calls them: in the hosts of one run, what
    that run called them."""
    from vmfex.fleet.allure import host_in_allure

    of_runs = {_summary_of(path) for path in paths} - {None}
    return (
        (label, host_in_allure(of.host, label) if of_runs or shares_its_name else of.host, of)
        for label, of, shares_its_name in _labelled(_all_files(paths))
    )


def _all_files(paths: "Sequence[Path]") -> list[Path]:
    """The files of their records: found before the first is shown, for one that is not there must
    not be missing in silence, and none may be counted twice."""
    files = [file for path in paths for file in _files(path)]
    refuse_twice(((os.path.realpath(file), file) for file in files), "record")
    return files


def _labelled(files: "Sequence[Path]") -> "Iterator[tuple[str, Certification, bool]]":
    """Each record with its folder's name, and whether another host has the host's name too."""
    from vmfex.reports.loading import load

    names = Counter(map(_host_in, files)) if len(files) > 1 else Counter[str]()
    for file in files:
        of = load(file)
        yield one_line(file.absolute().parent.name), of, names[of.host] > 1


def _host_in(file: Path) -> str:
    """What a record calls its host; whatever is wrong with it is said when it is loaded."""
    try:
        return str(json.loads(file.read_bytes())["host"])
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return ""


def _summary_of(path: Path) -> Path | None:
    """The summary that a path names, where it names that of several hosts."""
    summary = path / SUMMARY if path.is_dir() else path
    several = summary.name == SUMMARY and may_be(summary) and not may_be(path / RECORD)
    return summary if several else None


def _files(path: Path) -> list[Path]:
    summary = _summary_of(path)
    if summary is not None:
        return [summary.parent / folder / RECORD for folder in _folders(summary)]
    if path.is_dir() and not may_be(path / RECORD):
        below = sorted(filter(may_be, (folder / RECORD for folder in path.iterdir())))
        others = [file for file in below if file.parent.name != PREVIOUS]
        if others:
            return others
    return [record_at(path)]


def _folders(summary: Path) -> Iterator[str]:
    """Of every host in a summary. One that left no record must not be missing in a report."""
    try:
        with summary.open("rb") as stream:
            listed = json.loads(stream.read(SIZE_LIMIT))["hosts"]
        hosts = [(str(host["label"]), host["directory"]) for host in listed]
    except OSError as error:
        raise UsageError(f"{shown_path(summary)} cannot be read: {error.strerror}") from error
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise UsageError(f"{shown_path(summary)} is not a summary of several hosts") from error
    for label, folder in hosts:
        if not isinstance(folder, str) or Path(folder).is_absolute() or ".." in Path(folder).parts:
            raise UsageError(
                f"{one_line(label)} has no record in {shown_path(summary)}: "
                "name the folders of the other hosts, one by one"
            )
        yield folder
