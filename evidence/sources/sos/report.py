"""A host as a sosreport shows it, in the layouts of sos 3 and 4: a tar or an unpacked directory.

It lacks much that the rules ask for. What it lacks is unknown, with the plugin of sos that would
have collected it; what no plugin collects needs a capture. Nothing is taken for absent but where a
plugin has copied all that there was.
"""

import re
from collections.abc import Mapping
from functools import cached_property
from posixpath import dirname, join, normpath

from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.result.reading import Reading
from vmfex.checks.text import shown
from vmfex.evidence.archive.entries import RecordingError, flaw
from vmfex.evidence.parsers.iommu import CLASS as IOMMUS
from vmfex.evidence.parsers.udevadm import iommu_units, link_names, lists_kvm
from vmfex.evidence.sources.sos.cleaned import CLEANED, is_cleaned
from vmfex.evidence.sources.sos.definitions import Definitions, printed
from vmfex.evidence.sources.sos.layout import COMMANDS, LINKS, PLACES, TOLD_BY, UDEVADM, lacking
from vmfex.evidence.sources.sos.made_at import made_at
from vmfex.evidence.tree import OF_HOST, BaseTree
from vmfex.evidence.way_in import Kind, WayIn


def _readable(files: Mapping[str, bytes], refused: dict[str, str]) -> dict[str, bytes]:
    """All that can be read; why the rest cannot goes into `refused`."""
    held: dict[str, bytes] = {}
    for path in files:
        try:
            held[path] = files[path]
        except OSError as error:
            refused[path] = f"cannot be read: {error.strerror or error}"
    return held


class SosReport(BaseTree):
    """`files` and `links` (names to targets) are what of the report is wanted."""

    constructed = False
    way = WayIn(Kind.SOSREPORT)

    def __init__(
        self,
        files: Mapping[str, bytes],
        links: Mapping[str, str] | None = None,
        digest: str | None = None,
        *,
        refused: Mapping[str, str] | None = None,
        file: str = "",
    ) -> None:
        """`refused` are files that are there and could not be taken, with the reason; `file` is
        what the report was packed as. Raises RecordingError for what has no output of any
        command."""
        if not any(path.startswith(f"{COMMANDS}/") for path in files):
            raise RecordingError("it has no known sos_commands, as a sosreport has")
        self._refused = dict(refused or {})
        held = _readable(files, self._refused)
        linked = {path: normpath(join(dirname(path), to)) for path, to in (links or {}).items()}
        self._files = held | {p: held[to] for p, to in linked.items() if to in held}
        self.digest = digest
        self.readings = (Reading(OF_HOST, "by sos report", made_at(self._files)),)
        self.cleaned = is_cleaned(self._files, file)
        self.notes = (CLEANED,) if self.cleaned else ()

    @property
    def name(self) -> str:
        """The host's, from uname."""
        words = self._files.get(PLACES["uname"][0], b"").decode("utf-8", "replace").split()
        name = words[1] if len(words) > 1 else "sosreport"
        return name if name.isprintable() else ascii(name)

    def place(self, path: str) -> str:
        """What is at `path` in a recording, or tells of it, by its name in the report."""
        told = TOLD_BY.get(path, "")
        return told if told in self._files else self._file(path)

    def _file(self, path: str) -> str:
        places = PLACES.get(path, ())
        found = next((p for p in places if p in self._files or p in self._refused), path)
        return self._definitions.place(path) or found

    def read(self, path: str) -> Fact[bytes | None]:
        if flaw(path):
            return Unknown(f"{shown(path)} is not a path inside a host's evidence")
        if path.startswith(("libvirt/domains/", "libvirt/networks/")):
            return self._definitions.read(path)
        place = self._file(path)
        if place in self._files:
            return printed(self._files, place)
        if place in self._refused:
            return Unknown(f"{place} in the sosreport {self._refused[place]}")
        absent = path.startswith("etc/") and path.endswith("release") and self._copied_releases
        return Known(None) if absent else lacking(path)

    def names(self, path: str) -> Fact[tuple[str, ...] | None]:
        if path == LINKS and (links := link_names(self._files.get(UDEVADM, b""))):
            return Known(links)
        if path == IOMMUS and (units := iommu_units(self._files.get(UDEVADM, b""))):
            return Known(units)
        if path not in ("libvirt/domains", "libvirt/networks"):
            return lacking(path)
        defined = self._definitions
        found = defined.domains if path == "libvirt/domains" else defined.networks
        return found if isinstance(found, Unknown) else Known(tuple(found.value))

    def link(self, path: str) -> Fact[str | None]:
        return lacking(path)

    def exists(self, path: str) -> Fact[bool]:
        held = path in self._files or any(name.startswith(f"{path}/") for name in self._files)
        held |= path == "dev/kvm" and lists_kvm(self._files.get(UDEVADM, b""))
        return Known(True) if held else lacking(path)

    @cached_property
    def _definitions(self) -> Definitions:
        return Definitions(self._files, self._refused)

    @property
    def _copied_releases(self) -> bool:
        """Whether the plugin ran that copies every `/etc/*release`."""
        return any(re.fullmatch(r"etc/[^/]*release", path) for path in self._files)
