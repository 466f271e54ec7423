"""Which VMs could move where: each VM of many hosts against all of them.

Hosts that no VM can tell apart are judged once, and so are VMs that ask for the same: the cost
follows from how many different ones there are. Of many hosts the first are named, and all counted.
"""

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from itertools import chain
from typing import NamedTuple

from vmfex.checks.model.fabric import uuid_key
from vmfex.checks.model.fact import Fact, Unknown
from vmfex.checks.rules.equal import Equal
from vmfex.checks.rules.move import Answer, Move, Mover, Said, Site, by_fabric, by_host, decided

ALL_NAMED = 100  # hosts: of no more of them each is named
FIRST = 10  # of more hosts those named for a VM and a move


@dataclass(frozen=True, slots=True)
class Hosts:
    """`first` are labels, in the order of the run; all `count` of them in a run of few hosts."""

    count: int
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One VM of one host, and where it could go: the other hosts by the move to them."""

    label: str
    mover: Mover
    moves: Mapping[Move, Hosts]

    def number(self, answer: Answer) -> int:
        """How many hosts have that answer."""
        return sum(hosts.count for move, hosts in self.moves.items() if move.answer is answer)


@dataclass(frozen=True, slots=True)
class Matrix:
    """The hosts by label, in their order; the VMs; and why a host may have more of them."""

    labels: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()


def matrix(sites: Sequence[Site]) -> Matrix:
    """Every VM-FEX domain against every host."""
    hosts = _Hosts(sites)
    kinds: dict[str, list[_Vm]] = {}
    for place, site in enumerate(sites):
        for which, mover in enumerate(site.movers):
            vm = _Vm(place, which, mover)
            kinds.setdefault(repr(replace(mover, name="", uuid="")), []).append(vm)
    rows = {vm[:2]: row for alike in kinds.values() for vm, row in _rows(alike, hosts)}
    unread = ((site.label, reason) for site in sites for reason in site.unread)
    ordered = tuple(rows[where] for where in sorted(rows))
    return Matrix(tuple(site.label for site in sites), ordered, tuple(unread))


def sharing(site: Site, equal: Equal) -> Site:
    """The host, with what is the same as of another in memory once."""
    return replace(
        site,
        clusters=equal.first(site.clusters),
        clients=equal.first(site.clients),
        release=equal.first(site.release),
        room=equal.first(site.room),
    )


class _Vm(NamedTuple):
    place: int  # of its host
    which: int  # of that host's VMs
    mover: Mover


class _Seen(NamedTuple):
    """A host as a UCS Manager has it: what of it is known, and its UUID where several have it."""

    uuid: str  # its cluster, or why that is not known
    twin: str


class _Host(NamedTuple):
    """A host as far as a VM can tell it from others: by number, what it has left."""

    seen: _Seen
    room: int


class _Hosts:
    """All of them, and which are alike."""

    def __init__(self, sites: Sequence[Site]) -> None:
        self.equal = Equal()
        self.sites = [sharing(site, self.equal) for site in sites]
        self.named = len(sites) if len(sites) <= ALL_NAMED else FIRST
        self.said: dict[object, Said] = {}  # by UCS Managers
        self.views: dict[object, int] = {}
        self._rooms = [self.equal.number(site.room) for site in self.sites]
        uuids = ["" if isinstance(s.uuid, Unknown) else uuid_key(s.uuid.value) for s in sites]
        counted = Counter(uuids)
        self._uuids = [(uuid, uuid if counted[uuid] > 1 else "") for uuid in uuids]
        self._different: dict[_Host, _Host] = {}
        self._alike: dict[int, Mapping[_Host, Sequence[int]]] = {}

    def seen(self, place: int, there: int) -> _Host:
        """A host as the UCS Manager of another has it; equal ones are kept once."""
        clusters = self.sites[place].clusters
        known = {} if isinstance(clusters, Unknown) else clusters.value
        uuid, twin = self._uuids[there]
        seen = _Seen(_told(self.sites[there].uuid, uuid, known), twin)
        host = _Host(seen, self._rooms[there])
        return self._different.setdefault(host, host)

    def alike(self, place: int) -> Mapping[_Host, Sequence[int]]:
        """The places of those that its UCS Manager does not tell apart, in arrays: of many UCS
        Managers each has all hosts."""
        number = self.equal.number(self.sites[place].clusters)
        if number not in self._alike:
            groups: dict[_Host, array[int]] = {}
            for there in range(len(self.sites)):
                host = self.seen(place, there)
                if host not in groups:
                    groups[host] = array("I")
                groups[host].append(there)
            self._alike[number] = groups
        return self._alike[number]


def _told(uuid: Fact[str], key: str, clusters: Mapping[str, str]) -> str:
    if isinstance(uuid, Unknown):
        return f"not read: {uuid.reason}"
    return f"in {clusters[key]}" if key and key in clusters else "not known"


def _rows(alike: Sequence[_Vm], hosts: _Hosts) -> Iterator[tuple[_Vm, Row]]:
    """Those of VMs that ask for the same. What hosts say to them is kept no longer."""
    asking = _Asking(alike[0].mover, hosts)
    for vm in alike:
        yield vm, Row(hosts.sites[vm.place].label, vm.mover, asking.moves(vm.place))


Found = dict[Move, tuple[int, list[int]]]  # how many hosts, and the places of the first


class _Asking:
    """A VM asking where it may go, from wherever it is."""

    def __init__(self, mover: Mover, hosts: _Hosts) -> None:
        self._mover = mover
        self._hosts = hosts
        self._by_host: dict[tuple[int, int], Said] = {}
        self._said: dict[Said, Said] = {}
        self._found: dict[int, Found] = {}

    def moves(self, place: int) -> Mapping[Move, Hosts]:
        """The hosts but its own by the move to them."""
        hosts, source = self._hosts, self._hosts.sites[place]
        mine = hosts.seen(place, place)
        facts = (source.clusters, source.clients, source.release)
        written = mine.seen.twin and repr(source.uuid)  # as the reason shows it
        facts_seen = (*map(hosts.equal.number, facts), mine.seen, written)
        view = hosts.views.setdefault(facts_seen, len(hosts.views))
        if view not in self._found:
            self._found[view] = self._all(place, view)
        own = decided(*self._told(place, mine, place, view))
        told = {}
        for move, (count, first) in self._found[view].items():
            others = [there for there in first if there != place or move != own]
            if number := count - (move == own):
                labels = (hosts.sites[there].label for there in others[: hosts.named])
                told[move] = Hosts(number, tuple(labels))
        return told

    def _all(self, place: int, view: int) -> Found:
        by_said: dict[tuple[Said, Said], list[Sequence[int]]] = {}
        for host, there in self._hosts.alike(place).items():
            by_said.setdefault(self._told(place, host, there[0], view), []).append(there)
        groups: dict[Move, list[Sequence[int]]] = {}
        for said, found in by_said.items():
            groups.setdefault(decided(*said), []).extend(found)
        most = self._hosts.named + 1  # one of them may be the VM's own
        return {
            move: (sum(map(len, found)), nsmallest(most, chain.from_iterable(found)))
            for move, found in groups.items()
        }

    def _told(self, place: int, host: _Host, example: int, view: int) -> tuple[Said, Said]:
        """What UCS Manager and the host say, as `move` has it, but that it may be the VM's own."""
        source, there = self._hosts.sites[place], self._hosts.sites[example]
        by = (view, host.seen, self._mover.profiles)
        fabric = self._hosts.said.get(by)
        if fabric is None:
            twins = self._hosts.seen(place, place).seen.twin == host.seen.twin != ""
            fabric = by_fabric(self._mover, source, there.uuid, twins)
            self._hosts.said[by] = fabric
        at = (self._hosts.equal.number(source.release), host.room)
        said = self._by_host.get(at)
        if said is None:
            said = by_host(self._mover, source.release, there.room)
            said = self._by_host[at] = self._said.setdefault(said, said)
        return fabric, said
