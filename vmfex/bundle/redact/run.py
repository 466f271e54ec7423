"""A run's files with pseudonyms. Each is made anew from what was redacted, searched once more for
every name that was found, and not handed on where one is still there."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vmfex.bundle.contents import Run
from vmfex.bundle.redact import allure, of_all, record
from vmfex.bundle.redact.evidence import GONE
from vmfex.bundle.redact.names import Names, Redactor, Table
from vmfex.checks.result.certification import Certification
from vmfex.errors import UsageError
from vmfex.folder.names import (
    CERTIFICATE,
    FINDINGS,
    HOSTS,
    HTML,
    JUNIT,
    RECORD,
    RESULTS,
    SUMMARY,
)

SAID = (
    "Redacted: pseudonyms stand for the names of hosts, VMs, networks, port profiles and people, "
    "for UUIDs, MAC and IP addresses and serial numbers. The same name has the same pseudonym "
    "everywhere."
)
Json = Any


@dataclass(frozen=True, slots=True)
class Redacted:
    """What goes into the bundle; `said` is what a reader has to know; `table` the pseudonyms."""

    files: Mapping[str, bytes]
    hosts: Mapping[str, Certification | None]
    said: tuple[str, ...]
    table: Table


def redact(run: Run, known: Table | None = None) -> Redacted:
    """Raises UsageError for files that cannot be redacted."""
    names = _gathered(run, known)
    hosts = {
        names.name(label): of and record.redacted(of, names) for label, of in run.hosts.items()
    }
    if len(hosts) < len(run.hosts):
        raise UsageError("two hosts would have one pseudonym: bundle them one by one")
    files: dict[str, bytes] = {}
    left: list[str] = []
    for label, of in hosts.items():
        if of is not None:
            files |= _views(f"{HOSTS}/{label}/" if label else "", of, label)
    for below, folder in _results(run):
        place = names.name(below)
        for name, content in _allure(folder, names):
            files[f"{place}{name}"] = content
    if SUMMARY in run.files:
        files |= of_all.files(run, hosts, names)
    for name in sorted(run.files.keys() - {HTML}):
        if RESULTS not in name.split("/") and not _is_made(name):
            left.append(f"a file that is not made of the record alone ({names.text(name)})")
    if HTML in run.files:
        left.append(f"{HTML}: Allure's page; its results are here, and it can be made of them")
    dropped = [name for name in files if _leaks(name, files[name], names, hosts)]
    if wrong := [name for name in dropped if RESULTS not in name.split("/")]:
        raise UsageError(f"{wrong[0]} cannot be redacted surely: nothing is written")
    left += [f"{name}: it could not be redacted surely" for name in dropped]
    kept = {name: content for name, content in files.items() if name not in dropped}
    gone = sum(each == GONE for of in hosts.values() for each in _raws(of))
    if gone:
        left.append(f"{gone} pieces of raw evidence, which say so in the record")
    said = (SAID, *(f"Left out: {each}" for each in left))
    return Redacted(kept, hosts, said, names.table)


def _is_made(name: str) -> bool:
    """Whether `_views` or `of_all.py` makes a file of that name."""
    return name.rpartition("/")[2] in (RECORD, JUNIT, CERTIFICATE, SUMMARY, FINDINGS)


def _gathered(run: Run, known: Table | None) -> Redactor:
    names = Names(known)
    for label, of in run.hosts.items():
        if of is not None:
            record.gather(of, names)
        names.add("host", label)
    if SUMMARY in run.files:
        for text in _strings(json.loads(run.files[SUMMARY].read_bytes())):
            names.look_into(text)
    return names.numbered()


def _strings(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if _is_list(value) else ():
        yield from _strings(each)


def _is_list(value: Json) -> bool:
    return isinstance(value, list)


def _views(place: str, of: Certification, label: str) -> dict[str, bytes]:
    """What a run makes of a record alone (engine/output.py)."""
    from hashlib import sha256

    from vmfex.fleet.allure import host_in_allure
    from vmfex.reports import junit
    from vmfex.reports import record as records
    from vmfex.reports.certificate import page

    text = records.text(of).encode()
    host = host_in_allure(of.host, label) if label else ""
    return {
        f"{place}{RECORD}": text,
        f"{place}{JUNIT}": junit.render(of, host).encode(),
        f"{place}{CERTIFICATE}": page.render(of, sha256(text).hexdigest()).encode(),
    }


def _results(run: Run) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    """Each folder of Allure's results: where it is, and its files."""
    folders: dict[str, dict[str, Path]] = {}
    for name, path in run.files.items():
        below, _, file = name.rpartition("/")
        if below.rpartition("/")[2] == RESULTS:
            folders.setdefault(f"{below}/", {})[file] = path
    for below, files in folders.items():
        yield below, {name: path.read_bytes() for name, path in files.items()}


def _allure(folder: Mapping[str, bytes], names: Redactor) -> list[tuple[str, bytes]]:
    try:
        return list(allure.redacted(folder, names))
    except (ValueError, LookupError, TypeError) as error:
        raise UsageError(f"Allure's results cannot be redacted: {error}") from None


def _leaks(
    name: str, content: bytes, names: Redactor, hosts: Mapping[str, Certification | None]
) -> bool:
    """Whether a name is still in a file, beside the sentences of the rules themselves."""
    text = f"{name}\n{content.decode('utf-8', 'replace')}"
    leak = names.leak(text)
    return bool(leak) and leak not in _said_by_rules(hosts)


def _said_by_rules(hosts: Mapping[str, Certification | None]) -> str:
    rules = {r.rule for of in hosts.values() if of is not None for r in of.results}
    return " ".join(f"{r.title} {r.source} {r.remedy} {r.violation}" for r in rules).lower()


def _raws(of: Certification | None) -> set[str]:
    if of is None:
        return set()
    return {e.raw for r in of.results for f in r.findings for e in f.evidence}
