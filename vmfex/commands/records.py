"""The records that a user names: one, or those of a run over several hosts."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from vmfex.checks.text import one_line, shown_path
from vmfex.errors import UsageError
from vmfex.folder.names import PREVIOUS, RECORD, SUMMARY

if TYPE_CHECKING:
    from vmfex.checks.result.certification import Certification

SIZE_LIMIT = 256 * 2**20  # bytes of a summary; that of a thousand hosts has a few MiB


def record_at(path: Path) -> Path:
    """The file of the one record that a path names. Raises UsageError where that is none."""
    if not path.is_dir() or (path / RECORD).exists():
        return path / RECORD if path.is_dir() else path
    if (path / SUMMARY).exists():
        raise UsageError(f"{path} has several hosts: name the folder of one, {path}/hosts/...")
    if (path / PREVIOUS / RECORD).exists():
        raise UsageError(
            f"{path} has no record, since the last run did not come to its end; that of the run "
            f"before is in {path / PREVIOUS}"
        )
    return path / RECORD


def load_all(path: Path) -> "Sequence[Certification]":
    """The record that a path names, or all: of the folder of a run over several hosts (or its
    summary), or of a folder of such folders. Hosts of one name get that of their folder beside it.
    Raises UsageError and ReportError."""
    from vmfex.reports.loading import load

    files = _files(path)
    hosts = [load(file) for file in files]
    names = Counter(host.host for host in hosts)
    labels = [one_line(file.parent.name) for file in files]
    return [
        replace(host, host=f"{host.host} ({label})") if names[host.host] > 1 else host
        for host, label in zip(hosts, labels, strict=True)
    ]


def _files(path: Path) -> list[Path]:
    summary = path / SUMMARY if path.is_dir() else path
    if summary.name == SUMMARY and summary.exists() and not (path / RECORD).exists():
        return [summary.parent / folder / RECORD for folder in _folders(summary)]
    if path.is_dir() and not (path / RECORD).exists():
        below = sorted(path.glob(f"*/{RECORD}"))
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
