"""A host of which libvirt alone tells: at a URI, on this machine or another."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.lazy import lazy
from vmfex.checks.result.reading import Reading
from vmfex.checks.text import shown
from vmfex.evidence.archive.entries import flaw
from vmfex.evidence.sources.captured import ELSEWHERE
from vmfex.evidence.sources.libvirt_uri import LibvirtUri
from vmfex.evidence.tree import OF_HOST, BaseTree, now, where
from vmfex.evidence.way_in import Kind, WayIn

if TYPE_CHECKING:
    from vmfex.evidence.sources.hypervisor import Hypervisor

FUNCTIONS = "sys/bus/pci"
LIMIT = 30.0  # seconds that a call may take; a connection over SSH logs in first
PROBE_LIMIT = 60.0


class LibvirtTree(BaseTree):
    """libvirt's part of a host's evidence. The rest is unknown, and says what would tell."""

    constructed = False
    digest = None

    def __init__(self, uri: LibvirtUri, notify: Callable[[str], None] = lambda _what: None) -> None:
        self._uri = uri
        self._notify = notify
        self.way = WayIn(Kind.LIBVIRT, uri.text)
        self.readings = (Reading(OF_HOST, "by its libvirt alone", now()),)

    @property
    def name(self) -> str:
        return self._uri.host or self._uri.text

    @property
    def lost(self) -> str:
        """Why libvirt told nothing; empty where it did."""
        return self._hypervisor.failure or ""

    def read(self, path: str) -> Fact[bytes | None]:
        return self._unknown(path) or self._hypervisor.read(path)

    def names(self, path: str) -> Fact[tuple[str, ...] | None]:
        return self._unknown(path) or self._hypervisor.names(path)

    def link(self, path: str) -> Fact[str | None]:
        return self._unknown(path) or Known(None)

    def exists(self, path: str) -> Fact[bool]:
        return self._unknown(path) or self._hypervisor.exists(path)

    def _unknown(self, path: str) -> Unknown | None:
        if flaw(path):
            return Unknown(f"{shown(path)} is not a path inside a host's evidence")
        if path == "libvirt" or path.startswith("libvirt/"):
            return None
        if self.lost:
            return Unknown(self.lost)
        if path.startswith(FUNCTIONS):
            devices = self._hypervisor.names("libvirt/nodedev")
            if isinstance(devices, Unknown):
                return devices
        for elsewhere, reason in ELSEWHERE.items():
            if path.startswith(f"{elsewhere}/") and elsewhere != "netlink":
                return Unknown(reason)
        return Unknown(
            f"libvirt at {self._uri.text} does not report {where(path)}: ssh://HOST reads it, "
            "and a capture made on the host has it"
        )

    @lazy
    def _hypervisor(self) -> "Hypervisor":
        from vmfex.evidence.sources.hypervisor import Hypervisor

        return Hypervisor(self._uri.text, self._notify, LIMIT, PROBE_LIMIT, is_host=True)
