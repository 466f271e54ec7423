"""What a host is meant for: the plan, as far as the rules use it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from vmfex.checks.model.glob import matches
from vmfex.checks.result.acceptance import Acceptance
from vmfex.errors import UsageError


class Topology(StrEnum):
    """The guide's driver topologies ("Driver Topologies")."""

    PRIVATE = "MacVTap direct"
    EMULATION = "SR-IOV with MacVTap passthrough"
    HOSTDEV = "SR-IOV VF passthrough"


SR_IOV = (Topology.EMULATION, Topology.HOSTDEV)
LONGEST = 1000  # characters of a name pattern; a VM's name is a file's name, of at most 255 bytes
MOST = 1000  # name patterns in a plan


@dataclass(frozen=True, slots=True)
class Plan:
    """`topologies` counts the VM interfaces that each is meant to serve. The others are shell-style
    name patterns, except `destinations`: hypervisors by name or UUID, as UCS Manager has them, and
    `accepted`: the waivers, statements and objections."""

    topologies: Mapping[Topology, int] | Mapping[str, int] = field(default_factory=dict)
    must_migrate: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    out_of_scope: tuple[str, ...] = ()
    accepted: tuple[Acceptance, ...] = ()
    digest: str = field(default="", compare=False)  # the SHA-256 of the file it was read from

    def __post_init__(self) -> None:
        """Takes topologies by name too. Raises UsageError for a name that none has, and for more
        patterns, or longer ones, than names can need."""
        for name in self.topologies:
            if name not in set(Topology):
                known = ", ".join(Topology)
                raise UsageError(f"{str(name)!r} is not a topology: {known} are")
        patterns = (*self.must_migrate, *self.out_of_scope)
        if len(patterns) > MOST:
            raise UsageError(f"a plan has at most {MOST} name patterns, not {len(patterns)}")
        if (longest := max(map(len, patterns), default=0)) > LONGEST:
            raise UsageError(f"a name pattern has at most {LONGEST} characters, not {longest}")

    @property
    def meant(self) -> dict[Topology, int]:
        """How many VM interfaces each topology is meant to serve."""
        return {Topology(name): number for name, number in self.topologies.items()}

    def without_match(self, domains: Iterable[str]) -> Iterator[tuple[str, str]]:
        """The patterns that none of these VMs has, each with its key in the plan's file."""
        names = tuple(domains)
        for key, patterns in (
            ("live_migration", self.must_migrate),
            ("out_of_scope", self.out_of_scope),
        ):
            for pattern in patterns:
                if not any(matches(name, pattern) for name in names):
                    yield key, pattern

    def leaves_out(self, domain: str) -> bool:
        return _matches(domain, self.out_of_scope)

    def must_move(self, domain: str) -> bool:
        return _matches(domain, self.must_migrate)


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(matches(name, pattern) for pattern in patterns)
