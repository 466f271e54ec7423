"""Sosreports that were cleaned (`sos report --clean`, `sos clean`) before they were handed on.

sos 4 writes MAC addresses of its own, 53:4f:53:xx:xx:xx, for the real ones (sos/cleaner), and names
like host0 and obfuscateddomain0 for the host's; releases 4.0 to 4.3 replace a host's name within
words too, so that a VM's or a profile's name may be another. What is packed ends in -obfuscated.
"""

import re
from collections.abc import Mapping

from vmfex.checks.model.fact import Fact, Unknown
from vmfex.evidence.tree import Tree, WrappingTree

CLEANED_MAC = re.compile(rb"\b53:4f:53:[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}\b", re.I)
CLEANED_NAME = re.compile(rb"\bobfuscateddomain\d+\b")
FILE = re.compile(r"-obfuscated(\.|$)")
LOOKED_AT = ("sos_commands/", "etc/libvirt/")
CLEANED = (
    "the sosreport was cleaned (sos report --clean): MAC addresses and names in it are not the "
    "host's, and what rests on them is undetermined"
)
REMEDY = (
    "Make the report without --clean, or read the host itself (ssh://HOST, the capture script)."
)
# The classes of UCS Manager that are about the fabric alone, and name nothing of a host.
OF_THE_FABRIC = (
    "connection",
    "networkElement",
    "equipmentSwitchCap",
    "topSystem",
    "firmwareRunning",
)


def is_cleaned(files: Mapping[str, bytes], file: str) -> bool:
    """By what the report was packed as, or by the addresses and names that sos makes up."""
    if FILE.search(file):
        return True
    looked_at = (raw for path, raw in files.items() if path.startswith(LOOKED_AT))
    return any(CLEANED_MAC.search(raw) or CLEANED_NAME.search(raw) for raw in looked_at)


class WithoutNames(WrappingTree):
    """A cleaned report with UCS Manager's answers: those that name hosts, VMs and profiles cannot
    be held against it."""

    def __init__(self, tree: Tree) -> None:
        super().__init__(tree)

    def read(self, path: str) -> Fact[bytes | None]:
        return _not_comparable(path) or self._tree.read(path)

    def names(self, path: str) -> Fact[tuple[str, ...] | None]:
        return self._tree.names(path)

    def link(self, path: str) -> Fact[str | None]:
        return self._tree.link(path)

    def exists(self, path: str) -> Fact[bool]:
        return self._tree.exists(path)


def _not_comparable(path: str) -> Unknown | None:
    area, _, name = path.partition("/")
    if area != "ucsm" or name.partition(".")[0] in OF_THE_FABRIC:
        return None
    reason = f"{path} cannot be held against the host: {CLEANED}"
    return Unknown(reason, remedy=REMEDY)
