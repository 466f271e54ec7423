"""This machine: its files, its kernel's links and its libvirt, all only read."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.lazy import lazy
from vmfex.checks.result.reading import Reading
from vmfex.checks.text import shown
from vmfex.evidence.archive.entries import flaw
from vmfex.evidence.sources.local_files import LocalFiles
from vmfex.evidence.tree import HOST_FILES, OF_HOST, BaseTree, now
from vmfex.evidence.way_in import Kind, WayIn

if TYPE_CHECKING:
    from vmfex.evidence.sources.hypervisor import Hypervisor
    from vmfex.evidence.sources.netlink import NetlinkEvidence

_ADD = "record this host, add {} to the recording and certify that (docs/recordings.md)"
_ELSEWHERE = {
    "guests": f"what a guest sees is not read from its host: {_ADD.format('guests')}",
    "ucsm": "UCS Manager's answers are not on the host: ask it with --ucsm (docs/fabric.md)",
    "libvirt/migration": "no VM is migrated to see whether it can be: "
    + _ADD.format("libvirt/migration"),
}


class LocalTree(BaseTree):
    """Evidence as it is now. `notify` is told in a sentence what takes long; `root` is where the
    host's files are looked up."""

    def __init__(
        self,
        libvirt_uri: str = "qemu:///system",
        notify: Callable[[str], None] | None = None,
        root: str | Path = "/",
    ) -> None:
        self._libvirt_uri = libvirt_uri
        self._notify = notify or (lambda _sentence: None)
        self._root = Path(root)
        self._files = LocalFiles(self._root)
        self.way = WayIn(Kind.LOCAL, "local", root=os.geteuid() == 0)
        self.readings = (Reading(OF_HOST, "on the host itself", now()),)

    @property
    def name(self) -> str:
        return os.uname().nodename

    @property
    def constructed(self) -> bool:
        return False

    @property
    def digest(self) -> None:
        return None

    def read(self, path: str) -> Fact[bytes | None]:
        part = self._part(path)
        return part if isinstance(part, Unknown) else part.read(path)

    def names(self, path: str) -> Fact[tuple[str, ...] | None]:
        part = self._part(path)
        return part if isinstance(part, Unknown) else part.names(path)

    def link(self, path: str) -> Fact[str | None]:
        part = self._part(path)
        if isinstance(part, LocalFiles):
            return part.link(path)
        return part if isinstance(part, Unknown) else Known(None)

    def exists(self, path: str) -> Fact[bool]:
        part = self._part(path)
        if isinstance(part, LocalFiles):
            return part.exists(path)
        if isinstance(part, Unknown):
            return part
        listing = part.names(path)
        if isinstance(listing, Unknown) or listing.value is not None:
            return listing if isinstance(listing, Unknown) else Known(True)
        content = part.read(path)
        return content if isinstance(content, Unknown) else Known(content.value is not None)

    def _part(self, path: str) -> "_Part | Unknown":
        """What answers for `path`; Unknown where nothing on this machine can."""
        if flaw(path):
            return Unknown(f"{shown(path)} is not a path inside a host's evidence")
        for elsewhere, reason in _ELSEWHERE.items():
            if path == elsewhere or path.startswith(f"{elsewhere}/"):
                return Unknown(reason)
        area = path.partition("/")[0]
        if area in HOST_FILES:
            return self._files
        if area == "netlink":
            return self._netlink
        if area == "libvirt":
            return self._hypervisor
        if area in ("uname", "kernel-changelog"):
            return self._kernel
        return Unknown(f"{shown(area)} is not part of a host's evidence")

    @lazy
    def _netlink(self) -> "NetlinkEvidence":
        from vmfex.evidence.sources.netlink import NetlinkEvidence

        return NetlinkEvidence()

    @lazy
    def _hypervisor(self) -> "Hypervisor | Unknown":
        try:
            from vmfex.evidence.sources.hypervisor import Hypervisor
        except ImportError as error:
            return Unknown(f"libvirt cannot be asked: {error}")
        return Hypervisor(self._libvirt_uri, self._notify)

    @lazy
    def _kernel(self) -> "_Kernel":
        return _Kernel(self._root, self._notify)


class _Part(Protocol):
    """What answers for an area, without links."""

    def read(self, path: str) -> Fact[bytes | None]: ...
    def names(self, path: str) -> Fact[tuple[str, ...] | None]: ...


class _Kernel:
    """What the running kernel is, and its package's changelog, which is asked for once."""

    def __init__(self, root: Path, notify: Callable[[str], None]) -> None:
        self._root = root
        self._notify = notify

    def read(self, path: str) -> Fact[bytes | None]:
        if path == "uname":
            return Known(f"{' '.join(os.uname())}\n".encode("utf-8", "surrogateescape"))
        return self._changelog if path == "kernel-changelog" else Known(None)

    def names(self, path: str) -> Fact[tuple[str, ...] | None]:
        return Known(None)

    @lazy
    def _changelog(self) -> Fact[bytes | None]:
        from vmfex.evidence.sources.kernel_changelog import kernel_changelog

        return kernel_changelog(self._root, os.uname().release)
