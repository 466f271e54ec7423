"""The hosts that a command line names, each under a label that no other of them has."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import urlsplit

from vmfex.errors import UsageError
from vmfex.evidence import opening as sources
from vmfex.evidence.sources.ssh import Address

LABEL_LIMIT = 80  # characters; a file's name may have 255
_ARCHIVE = re.compile(r"\.(tar|tgz|txz|tbz2|tar\.[a-z0-9]{2,4})$", re.IGNORECASE)
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Target:
    """`source` is the host as the user names it; `label` names its folder and its results: ASCII
    letters, digits, `.`, `_` and `-`."""

    source: str
    label: str


def are_several(hosts: tuple[str, ...]) -> bool:
    """Whether this is a run over several hosts: several are named, or a directory of them."""
    return len(hosts) > 1 or any(sources.members(host) is not None for host in hosts)


def targets(hosts: Iterable[str]) -> tuple[Target, ...]:
    """Every host once, in the order given, those in a directory by name. Raises RecordingError or
    UsageError for a name that names none."""
    named: dict[str, None] = {}
    for host in hosts:
        below = sources.members(host)
        if below is None:
            sources.refuse_unknown(host)
        elif not below:
            raise UsageError(f"{host!a} is a directory without a recording in it")
        named.update(dict.fromkeys((host,) if below is None else below))
    taken: set[str] = set()
    return tuple(Target(source, _label(source, taken)) for source in named)


def _label(source: str, taken: set[str]) -> str:
    """A name that is none of `taken`, in any case of letters, and is added to it."""
    name = _UNSAFE.sub("_", _last_part(source))
    name = name.lstrip("._-")[:LABEL_LIMIT] or "host"
    label, number = name, 1
    while label.casefold() in taken:
        number += 1
        label = f"{name}-{number}"
    taken.add(label.casefold())
    return label


def _last_part(source: str) -> str:
    if source.startswith(sources.SSH):
        return Address.parse(source).host
    if "://" in source:
        return urlsplit(source).hostname or source
    return _ARCHIVE.sub("", PurePath(source).name)
