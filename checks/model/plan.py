"""What a host is meant for: the plan, as far as the rules use it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase


class Topology(StrEnum):
    """The guide's driver topologies ("Driver Topologies")."""

    PRIVATE = "MacVTap direct"
    EMULATION = "SR-IOV with MacVTap passthrough"
    HOSTDEV = "SR-IOV VF passthrough"


SR_IOV = (Topology.EMULATION, Topology.HOSTDEV)


@dataclass(frozen=True, slots=True)
class Plan:
    """`topologies` counts the VM interfaces that each is meant to serve. The others are shell-style
    name patterns, except `destinations`: hypervisors by name or UUID, as UCS Manager has them."""

    topologies: Mapping[Topology, int] = field(default_factory=dict)
    must_migrate: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    out_of_scope: tuple[str, ...] = ()

    def leaves_out(self, domain: str) -> bool:
        return _matches(domain, self.out_of_scope)

    def must_move(self, domain: str) -> bool:
        return _matches(domain, self.must_migrate)


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
