"""The files that are linted, read whole before anything is judged."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from vmfex.checks.model.domain import Domain, Network
from vmfex.checks.model.fact import Missing
from vmfex.checks.text import shown_path
from vmfex.errors import UsageError
from vmfex.evidence.parsers import limits
from vmfex.evidence.parsers.written import is_another_programs, lines, written
from vmfex.evidence.parsers.xml import MAX_BYTES
from vmfex.twice import refuse_twice

MOST = limits.DOMAINS + limits.NETWORKS


@dataclass(frozen=True, slots=True)
class Written:
    """A file's domain or network; `lines` has where each piece of its evidence begins."""

    path: str
    value: Domain | Network
    lines: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Found:
    """`aside` counts the XML of other programs that lies in a folder beside definitions."""

    files: tuple[Written, ...]
    aside: int = 0


def read(paths: Iterable[Path]) -> tuple[Written, ...]:
    """What is in the files, and in the *.xml of folders, as `find` says."""
    return find(paths).files


def find(paths: Iterable[Path]) -> Found:
    """What is in the files, and in the *.xml of folders. In a folder what is no domain or network
    is left aside; a file that is named has to be one. Raises UsageError, in one sentence, for what
    is not, and for two that are one and the same."""
    files = [*_files(paths)]
    found: list[Written] = []
    size = aside = 0
    for path, named in files:
        raw = _bytes(path)
        if not named and is_another_programs(raw):
            aside += 1
            continue
        size += len(raw)
        if len(found) >= MOST or size > limits.DEFINITIONS:
            most = f"{MOST:,} files, or more than {limits.DEFINITIONS >> 20} MiB"
            raise UsageError(f"there are more than {most}: lint those of one host at a time")
        found.append(_written(raw, str(path)))
    refuse_twice(((os.path.realpath(path), path) for path, _ in files), "file")
    if aside and not found:
        raise UsageError(f"none of the {aside} XML files there is a domain or a network")
    _refuse_twins(found)
    return Found(tuple(found), aside)


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Each file, and whether it was named."""
    for path in paths:
        if not path.is_dir():
            yield path, True
            continue
        inside = sorted(_definitions(path))
        if not inside:
            raise UsageError(f"{shown_path(path)} has no file that ends in .xml")
        for file in inside:
            if _is_no_file(file):
                raise UsageError(f"{shown_path(file)} is no file: take it out of the folder")
            if not _is_seen_anyway(file, path):
                yield file, False


def _is_no_file(path: Path) -> bool:
    """As a pipe, which would be waited for. Of what cannot be looked at its reader says why."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _definitions(folder: Path) -> Iterator[Path]:
    """The *.xml below a folder. Raises UsageError for a folder that cannot be looked into: what is
    in it would look well."""

    def refuse(error: OSError) -> None:
        raise UsageError(f"{shown_path(error.filename)} cannot be read: {error.strerror}")

    for place, _, names in os.walk(folder, onerror=refuse):
        yield from (Path(place, name) for name in names if name.endswith(".xml"))


def _is_seen_anyway(file: Path, folder: Path) -> bool:
    """A link to another file in the folder, as libvirt has them for what starts with the host."""
    try:
        if not file.is_symlink():
            return False
        target, top = file.resolve(), folder.resolve()
        return target.suffix == ".xml" and target.is_file() and target.is_relative_to(top)
    except OSError:  # whoever reads it says why
        return False


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(f"{shown_path(path)} cannot be read: {reason}") from error


def _written(raw: bytes, path: str) -> Written:
    try:
        return Written(path, written(raw, path).need(), lines(raw, path))
    except Missing as missing:
        raise UsageError(f"{missing.unknown.reason}: nothing was judged") from None


def _refuse_twins(found: Iterable[Written]) -> None:
    """libvirt has one domain or network of a name; two are those of two hosts."""
    places: dict[tuple[type, str], str] = {}
    for each in found:
        value = each.value
        names = (value.name, value.uuid) if isinstance(value, Domain) else (value.name,)
        for name in names:
            other = places.setdefault((type(value), name), each.path)
            if other != each.path:
                kind = "domain" if isinstance(value, Domain) else "network"
                raise UsageError(
                    f"{shown_path(other)} and {shown_path(each.path)} are one {kind}, "
                    f"{shown_path(name)}: lint the files of one host at a time"
                )
