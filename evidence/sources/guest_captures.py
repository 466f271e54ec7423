"""Captures taken inside guests, laid under their host's evidence as `guests/<uuid>/...`."""

from collections.abc import Mapping
from dataclasses import replace

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.result.reading import Reading
from vmfex.checks.text import shown
from vmfex.evidence.archive.entries import RecordingError
from vmfex.evidence.host import ReadHost
from vmfex.evidence.tree import Tree, WrappingTree

AREA = "guests"
INTERFACES = "sys/class/net"


class WithGuests(WrappingTree):
    """A host's tree with guests' trees in it, by the UUID of the domain that each is of. What the
    host's own tree holds of those guests is not looked at."""

    def __init__(self, host: Tree, guests: Mapping[str, Tree]) -> None:
        super().__init__(host)
        self._guests = guests

    @property
    def constructed(self) -> bool:
        """Also where a guest's evidence was made up."""
        return self._tree.constructed or any(g.constructed for g in self._guests.values())

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The host's, and one for each reading of a guest."""
        of_guests = [
            replace(reading, what=f"guest {uuid}")
            for uuid, guest in self._guests.items()
            for reading in guest.readings
        ]
        return (*self._tree.readings, *of_guests)

    def place(self, path: str) -> str:
        """As the host or the guest has it; a guest's stays below `guests/<uuid>/`."""
        tree, below = self._of(path)
        prefix = path.removesuffix(below)
        return f"{prefix}{tree.place(below)}" if below else path

    def read(self, path: str) -> Fact[bytes | None]:
        tree, below = self._of(path)
        return tree.read(below) if below else Known(None)

    def names(self, path: str) -> Fact[tuple[str, ...] | None]:
        if path == AREA:
            return Known(tuple(sorted(self._guests)))
        tree, below = self._of(path)
        return tree.names(below) if below else Known((INTERFACES.partition("/")[0],))

    def link(self, path: str) -> Fact[str | None]:
        tree, below = self._of(path)
        return tree.link(below) if below else Known(None)

    def exists(self, path: str) -> Fact[bool]:
        tree, below = self._of(path)
        return tree.exists(below) if below else Known(True)

    def _of(self, path: str) -> tuple[Tree, str]:
        """Whose evidence it is, and how that calls it; empty for the guest itself."""
        area, _, rest = path.partition("/")
        uuid, _, below = rest.partition("/")
        if area == AREA and uuid in self._guests:
            return self._guests[uuid], below
        return self._tree, path


def with_guests(host: Tree, captures: Mapping[str, Tree]) -> Tree:
    """The host's tree with the captures in it, by the name or UUID of the domain. Raises
    RecordingError, in one sentence: no such domain, two captures of one, no interface in it."""
    if not captures:
        return host
    domains = ReadHost(host).domains
    if isinstance(domains, Unknown):
        raise RecordingError(f"No guest can be added to {shown(host.name)}: {domains.reason}.")
    known = [domain.value for domain in domains.value if isinstance(domain, Known)]
    guests: dict[str, Tree] = {}
    for name, tree in captures.items():
        uuids = {domain.uuid for domain in known if name in (domain.name, domain.uuid)}
        if len(uuids) != 1:
            names = ", ".join(sorted(shown(domain.name) for domain in known)) or "none"
            raise RecordingError(f"{shown(host.name)} has no domain {shown(name)}: it has {names}.")
        [uuid] = uuids
        if uuid in guests:
            raise RecordingError(f"The guest {shown(name)} is given twice.")
        interfaces = tree.names(INTERFACES)
        if isinstance(interfaces, Unknown) or not interfaces.value:
            reason = interfaces.reason if isinstance(interfaces, Unknown) else "it lists none"
            raise RecordingError(f"The capture of {shown(name)} shows no interface: {reason}.")
        guests[uuid] = tree
    return WithGuests(host, guests)
