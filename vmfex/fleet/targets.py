"""The hosts that a command line names, each under a label that no other of them has."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vmfex.errors import UsageError
from vmfex.evidence.host_spec import HostKind, HostSpec
from vmfex.fleet.machine import machine
from vmfex.fleet.members import why_none
from vmfex.fleet.settings import PLAIN, Entry, Settings
from vmfex.twice import refuse_twice

LABEL_LIMIT = 80  # characters; a file's name may have 255
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Target:
    """`label` names its folder and its results: ASCII letters, digits, `.`, `_` and `-`; `settings`
    are what an inventory says of it."""

    host: HostSpec
    label: str
    settings: Settings = PLAIN

    @property
    def source(self) -> str:
        """The host as the user names it."""
        return self.host.text


def are_several(hosts: Sequence[HostSpec]) -> bool:
    """Whether this is a run over several hosts: several are named, or a directory of them."""
    return len(hosts) > 1 or any(host.kind is HostKind.DIRECTORY for host in hosts)


def targets(hosts: Iterable[HostSpec]) -> tuple[Target, ...]:
    """The hosts in the order given, those in a directory by name. Raises UsageError for a directory
    without any, and for a host that is named twice."""
    named: list[HostSpec] = []
    for host in hosts:
        if none := why_none(host):
            raise UsageError(none)
        named += host.members or (host,)
    refuse_twice(((machine(host), host.text) for host in named), "host")
    taken: set[str] = set()
    return tuple(Target(host, _label(host.name, taken)) for host in named)


def targets_of(entries: Iterable[Entry]) -> tuple[Target, ...]:
    """The hosts of an inventory, those in a directory by name."""
    taken: set[str] = set()
    return tuple(
        Target(host, _label(entry.name or host.name, taken), entry.settings)
        for entry in entries
        for host in (entry.host.members or (entry.host,))
    )


def _label(name: str, taken: set[str]) -> str:
    """A name that is none of `taken`, in any case of letters, and is added to it; no option and no
    hidden folder."""
    name = _UNSAFE.sub("_", _without_accents(name))[:LABEL_LIMIT]
    name = re.sub(r"^[.-]", "_", name) if name.strip("._-") else "host"
    label, number = name, 1
    while label.casefold() in taken:
        number += 1
        label = f"{name}-{number}"
    taken.add(label.casefold())
    return label


def _without_accents(name: str) -> str:
    """`Zürich` as `Zurich`: who looks for a host finds its folder."""
    if name.isascii():
        return name
    parts = unicodedata.normalize("NFKD", name)
    return "".join(each for each in parts if not unicodedata.combining(each))
