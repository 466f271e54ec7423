"""The live libvirt as part of a tree of evidence: `libvirt/...` (docs/recordings.md)."""

import json
from collections.abc import Callable

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.lazy import lazy
from vmfex.evidence.sources.libvirt_connection import CallLimits, LibvirtConnection
from vmfex.evidence.sources.libvirt_session import Definition, LibvirtSession

ROOT = "libvirt"
STATES = "network-states.json"
CONTENTS = ("capabilities.xml", "connection.json", "domains", STATES, "networks", "nodedev")


class Hypervisor:
    """libvirt at `uri`, by nothing but reads, each asked for once and only when needed.

    A call may take `limit` seconds, the ones that make libvirt probe its emulators
    `probe_limit`: the first of them takes 5 to 25 s. Once a call has not been answered, no other
    one is tried. `notify` is told what is about to be asked. `is_host`: the host that is certified
    is the one that the URI leads to.
    """

    def __init__(
        self,
        uri: str = "qemu:///system",
        notify: Callable[[str], None] = lambda _what: None,
        limit: float = 10,
        probe_limit: float = 40,
        is_host: bool = False,
    ) -> None:
        self._connection = LibvirtConnection(uri, CallLimits(limit, probe_limit), notify, is_host)
        self._cache: dict[str, Fact[bytes | None]] = {}

    def read(self, path: str) -> Fact[bytes | None]:
        if path not in self._cache:
            self._cache[path] = self._read(path)
        return self._cache[path]

    def names(self, path: str) -> Fact[tuple[str, ...] | None]:
        match path.split("/"):
            case ["libvirt"]:
                return Known(CONTENTS)
            case ["libvirt", "domains"]:
                domains = self._domains
                return domains if isinstance(domains, Unknown) else Known(tuple(domains.value))
            case ["libvirt", "domains", uuid]:
                return self._definitions(uuid)
            case ["libvirt", "networks"]:
                return self._networks
            case ["libvirt", "nodedev"]:
                return self._devices
            case _:
                return Known(None)

    def exists(self, path: str) -> Fact[bool]:
        if path == ROOT:
            return Known(True)
        above, _, name = path.rpartition("/")
        if above == ROOT:
            content = self.read(path) if "." in name else self.names(path)
            return content if isinstance(content, Unknown) else Known(content.value is not None)
        listing = self.names(above)
        return listing if isinstance(listing, Unknown) else Known(name in (listing.value or ()))

    @property
    def failure(self) -> str | None:
        """Why libvirt tells nothing; None where it answers."""
        opened = self._connection.opened
        if isinstance(opened, Unknown):
            return opened.reason
        outcome, message = opened.value
        return None if outcome == "connected" else message

    def close(self) -> None:
        """Ends the connection. A process that exits need not call this."""
        self._connection.close()

    def _read(self, path: str) -> Fact[bytes | None]:
        match path.split("/"):
            case ["libvirt", "connection.json"]:
                return self._connection.description()
            case ["libvirt", "capabilities.xml"]:
                return self._connection.ask(
                    "capabilities", LibvirtSession.capabilities, probes=True
                )
            case ["libvirt", "domains", uuid, "running.xml"]:
                return self._domain(uuid, "running")
            case ["libvirt", "domains", uuid, "persistent.xml"]:
                return self._domain(uuid, "persistent")
            case ["libvirt", "networks", file]:
                return self._network(file)
            case ["libvirt", name] if name == STATES:
                return self._network_states()
            case ["libvirt", "nodedev", file]:
                return self._device(file)
            case ["libvirt", "migration", *_]:
                return Unknown("no VM of a live host is saved or migrated to see if it can be")
            case _:
                return Known(None)

    @lazy
    def _domains(self) -> Fact[dict[str, tuple[str, ...]]]:
        """Each domain's files."""
        found = self._connection.ask("domains", LibvirtSession.domains)
        if isinstance(found, Unknown):
            return found
        listed = sorted(found.value.items())
        return Known({uuid: tuple(f"{d}.xml" for d in sorted(kinds)) for uuid, kinds in listed})

    def _definitions(self, uuid: str) -> Fact[tuple[str, ...] | None]:
        domains = self._domains
        return domains if isinstance(domains, Unknown) else Known(domains.value.get(uuid))

    def _domain(self, uuid: str, definition: Definition) -> Fact[bytes | None]:
        files = self._definitions(uuid)
        if isinstance(files, Unknown):
            return files
        if f"{definition}.xml" not in (files.value or ()):
            return Known(None)
        what = f"the {definition} definition of domain {uuid}"
        return self._connection.ask(
            what, lambda session: session.domain(uuid, definition), announce=False
        )

    @lazy
    def _networks(self) -> Fact[tuple[str, ...]]:
        found = self._connection.ask("networks", LibvirtSession.networks)
        if isinstance(found, Unknown):
            return found
        return Known(tuple(f"{uuid}.xml" for uuid in sorted(found.value)))

    def _network(self, file: str) -> Fact[bytes | None]:
        networks = self._networks
        if isinstance(networks, Unknown):
            return networks
        if file not in networks.value:
            return Known(None)
        uuid = file.removesuffix(".xml")
        return self._connection.ask(
            f"network {uuid}", lambda session: session.network(uuid), announce=False
        )

    def _network_states(self) -> Fact[bytes | None]:
        if isinstance(self._networks, Unknown):  # they are listed before they are asked
            return self._networks
        found = self._connection.ask("networks' states", LibvirtSession.network_states)
        if isinstance(found, Unknown):
            return found
        return Known(json.dumps(found.value, indent=1, sort_keys=True).encode())

    @lazy
    def _devices(self) -> Fact[tuple[str, ...]]:
        found = self._connection.ask("host devices", LibvirtSession.devices)
        if isinstance(found, Unknown):
            return found
        return Known(tuple(f"{name}.xml" for name in sorted(found.value)))

    def _device(self, file: str) -> Fact[bytes | None]:
        devices = self._devices
        if isinstance(devices, Unknown):
            return devices
        if file not in devices.value:
            return Known(None)
        name = file.removesuffix(".xml")
        return self._connection.ask(
            f"host device {name}", lambda session: session.device(name), announce=False
        )
