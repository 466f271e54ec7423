"""What a run left in a folder: the record of its host, or of each of its hosts."""

import json
from collections.abc import Mapping
from pathlib import Path

from vmfex.checks.result.certification import Certification
from vmfex.presence import may_be
from vmfex.reports import ReportError
from vmfex.reports.loading import load

RECORD, SUMMARY = "certification.json", "summary.json"


def records_of(path: Path) -> Mapping[str, Path | None]:
    """The record's file of each host by its label; `path` is a record, a summary, or a folder
    with one of them. None for a host without a record. Raises ReportError."""
    if path.name == SUMMARY:
        path = path.parent
    if not path.is_dir():
        return {path.name: path}
    if may_be(path / RECORD):
        return {path.name: path / RECORD}
    if not may_be(path / SUMMARY):
        raise ReportError(f"{path} has neither {RECORD} nor {SUMMARY}: name the folder of a run")
    return {
        label: None if directory is None else path / directory / RECORD
        for label, directory in directories(path / SUMMARY).items()
    }


def directories(summary: Path) -> Mapping[str, str | None]:
    """Where each host's reports are below the summary, by label; None where there are none."""
    try:
        document = json.loads(summary.read_bytes())
        hosts = {host["label"]: host["directory"] for host in document["hosts"]}
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise ReportError(f"{summary} cannot be read as the summary of a run: {error}") from error
    for directory in hosts.values():
        if directory is not None and not _inside(directory):
            raise ReportError(f"{summary} names a folder outside: {ascii(directory)[:80]}")
    return hosts


def _inside(directory: object) -> bool:
    plain = isinstance(directory, str) and not directory.startswith("/")
    return plain and ".." not in str(directory).split("/")


def certifications(path: Path) -> Mapping[str, Certification | None]:
    """The certification of each host, by its own name for a single one, else by label. Raises
    ReportError."""
    records = records_of(path).items()
    path = path.parent if path.name == SUMMARY else path
    found = {label: load(record) if record else None for label, record in records}
    if not path.is_dir() or may_be(path / RECORD):
        return {each.host: each for each in found.values() if each}
    return found
