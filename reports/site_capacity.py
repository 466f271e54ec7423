"""How many more VM interfaces the hosts of a site can serve together, and what binds how often."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vmfex.checks.result.certification import Certification, Decision

if TYPE_CHECKING:
    from vmfex.reports.summary import HostSummary

MAY_GO_LIVE = (Decision.CERTIFIED, Decision.CERTIFIED_WITH_WAIVERS)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Left:
    """What a host's record says of a topology (`Capacity`), without its limits one by one."""

    topology: str
    room: int | None
    sure: bool
    binds: str


@dataclass(slots=True)
class SiteCapacity:
    """A topology on all hosts. `live` is the room on those that may go live, `room` that on all,
    each without the hosts (`unknown`) of which nothing is known; where not `sure` it is at most
    that. `binds` counts hosts by the limit that binds them, `full` those without room."""

    topology: str
    live: int = 0
    room: int = 0
    sure: bool = True
    full: int = 0
    unknown: int = 0
    binds: Counter[str] = field(default_factory=Counter)

    def add(self, left: Left, decision: Decision | None) -> None:
        """A host more."""
        if left.room is None:
            self.unknown += 1
            return
        self.room += left.room
        self.live += left.room if decision in MAY_GO_LIVE else 0
        self.sure &= left.sure
        self.full += left.room == 0
        self.binds[left.binds] += 1


def left_of(certification: Certification) -> tuple[Left, ...]:
    """Of each topology."""
    told = certification.capacity
    return tuple(Left(str(each.topology), each.room, each.sure, each.binds) for each in told)


def site_capacity(hosts: Iterable["HostSummary"]) -> list[SiteCapacity]:
    """Of each topology that a record speaks of, in the order in which they do."""
    by_topology: dict[str, SiteCapacity] = {}
    for host in hosts:
        for left in host.left:
            of = by_topology.setdefault(left.topology, SiteCapacity(left.topology))
            of.add(left, host.decision if host.directory else None)
    return list(by_topology.values())


def dump(capacity: Iterable[SiteCapacity]) -> list[Json]:
    """For `summary.json`."""
    return [
        {
            "topology": of.topology,
            "room": of.room,
            "room_on_certified": of.live,
            "sure": of.sure,
            "full": of.full,
            "unknown": of.unknown,
            "binds": dict(of.binds.most_common()),
        }
        for of in capacity
    ]


def told(of: SiteCapacity) -> Iterator[str]:
    """Which limit binds how often, the most first."""
    for limit, hosts in of.binds.most_common():
        yield f"{limit} on {hosts}"
