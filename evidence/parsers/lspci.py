"""The PCI tree from what `lspci -nnvv` and `udevadm info --export-db` print, where nobody can read
the host's sysfs.

lspci tells the ids, the driver, the IOMMU group (since 3.7) and the SR-IOV capability, udevadm the
place in the tree and the network devices (docs/sources.md). Both are for people: what is not as
they print it makes the tree unknown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NoReturn

from vmfex.checks.model.fact import Evidence, Fact, Known, Unknown
from vmfex.checks.model.pci import PciFunction, PciTree
from vmfex.checks.text import shown
from vmfex.evidence.parsers import fact, give_up
from vmfex.evidence.parsers.pci import vic_models, vic_pids
from vmfex.evidence.parsers.udevadm import FUNCTION_LIMIT, UDEVADM, Place, places_of_functions
from vmfex.evidence.tree import Tree

LSPCI = "pci/lspci.txt"
HEAD = re.compile(
    r"(?P<address>(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[01][0-9a-f]\.[0-7]) .*\[[0-9a-f]{4}\]: .*"
    r"\[(?P<vendor>[0-9a-f]{4}):(?P<device>[0-9a-f]{4})\]"
    r"(?: \(rev [0-9a-f]{2}\))?(?: \(prog-if [0-9a-f]{2}(?: \[.*\])?\))?"
)
HEAD_LIMIT = 1000  # characters; it has names of pci.ids
START = re.compile(r"^[^\t\n]", re.M)  # of a function's first line; the others are indented
# Some lspci end a function's label, which comes before, by no line feed.
SUBSYSTEM = re.compile(
    r"^(?:\tDeviceName: .*)?\tSubsystem: .*\[([0-9a-f]{4}):([0-9a-f]{4})\]$", re.M
)
DRIVER = re.compile(r"^\tKernel driver in use: (\S+)$", re.M)
# Where a text was cut off in one of these lines, its last word may be half of one.
TOLD = ("\tSubsystem:", "\tKernel driver in use:", "\tIOMMU group:")
GROUP = re.compile(r"^\tIOMMU group: (\d{1,9})$", re.M)
SRIOV = re.compile(
    r"^\tCapabilities: \[[0-9a-f]+ v\d+\] Single Root I/O Virtualization \(SR-IOV\)\n"
    r"\t\tIOVCap:.*\n\t\tIOVCtl:\tEnable(?P<enabled>[+-]) .*\n\t\tIOVSta:.*\n"
    r"\t\tInitial VFs: \d+, Total VFs: (?P<total>\d{1,5}), Number of VFs: (?P<number>\d{1,5}),.*\n"
    r"\t\tVF offset: (?P<offset>\d{1,5}), stride: (?P<stride>\d{1,5}),",
    re.M,
)
OF_SRIOV = "Single Root I/O Virtualization"
# lspci and its library begin so what they say of themselves, in the same output.
SAID = re.compile(r"^(?:lspci|pcilib): .*\n?", re.M)
# The same within a line of the other output, and what stands for config space that was not read.
UNREAD = re.compile(
    "lspci: |pcilib: |<access denied|!!! Unknown header|<chain broken|<chain looped"
)


def printed_functions(tree: Tree) -> Fact[PciTree] | None:
    """Every function, as `pci_tree` has it; None where no lspci was asked."""
    printed = tree.read(LSPCI)
    if isinstance(printed, Unknown) or printed.value is None:
        return None
    return _functions(printed.value.decode("utf-8", "backslashreplace"), tree)


@fact
def _functions(printed: str, tree: Tree) -> Fact[PciTree]:
    listed = tree.read(UDEVADM).need()
    if listed is None:
        give_up(f"{UDEVADM} is missing: nobody asked udev for the devices' places and names")
    places = places_of_functions(listed)
    blocks = {block.address: block for block in _blocks(printed)}
    if other := sorted(blocks.keys() ^ places.keys()):
        give_up(f"lspci and udevadm do not show the same PCI functions: {', '.join(other[:5])}")
    functions = {address: blocks[address].function(places[address]) for address in sorted(blocks)}
    for address in blocks:
        _link_vfs(functions, functions[address], blocks[address])
    if orphans := [f.address for f in functions.values() if f.is_vf and f.physfn is None]:
        give_up(f"lspci shows no SR-IOV capability of the PF of {', '.join(orphans[:5])}")
    listing = Evidence(LSPCI, "\n".join(block.text.split("\n", 1)[0] for block in blocks.values()))
    return Known(PciTree(functions, vic_models(), vic_pids()), (listing,))


@dataclass(frozen=True)
class _Block:
    """What lspci prints of one function. Methods raise Missing."""

    address: str
    ids: tuple[int, int]
    text: str

    def function(self, place: Place) -> PciFunction:
        subsystem, sriov = self._told(SUBSYSTEM), self.sriov
        total = int(sriov["total"]) if sriov else None
        return PciFunction(
            address=self.address,
            vendor=self.ids[0],
            device=self.ids[1],
            subsystem=(int(subsystem[1], 16), int(subsystem[2], 16)) if subsystem else (0, 0),
            driver=driver[1] if (driver := self._told(DRIVER)) else None,
            netdevs=place.netdevs,
            total_vfs=total,
            of_capability=sriov is not None,
            num_vfs=self.vfs if sriov else None,
            iommu_group=group[1] if (group := self._told(GROUP)) else None,
            upstream=place.upstream,
            evidence=(Evidence(LSPCI, self.text), place.evidence),
        )

    @property
    def vfs(self) -> int:
        """How many are enabled."""
        sriov = self.sriov
        return int(sriov["number"]) if sriov and sriov["enabled"] == "+" else 0

    @cached_property
    def sriov(self) -> re.Match[str] | None:
        found = SRIOV.search(self.text)
        if found is None and OF_SRIOV in self.text:
            self.garbled("its SR-IOV capability")
        return found

    def virtfns(self) -> Iterator[str]:
        """The VFs' addresses, by their routing ids: the PF's, the offset, and a stride for each."""
        sriov = self.sriov
        if sriov is None:
            return
        domain, bus, rest = self.address.split(":")
        slot, _, own = rest.partition(".")
        first = (int(bus, 16) << 8 | int(slot, 16) << 3 | int(own)) + int(sriov["offset"])
        for number in range(self.vfs):
            id_ = first + int(sriov["stride"]) * number
            yield f"{domain}:{id_ >> 8:02x}:{id_ >> 3 & 31:02x}.{id_ & 7}"

    def garbled(self, what: str) -> NoReturn:
        give_up(f"lspci does not show all of {self.address}: {what} cannot be understood")

    def _told(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        told = pattern.search(self.text)
        if told and (again := pattern.search(self.text, told.end())):
            self.garbled(shown(again[0].strip()))
        return told


def _blocks(printed: str) -> Iterator[_Block]:
    """One for each function; what lspci says of itself is between lines, or makes it unknown."""
    text = SAID.sub("", printed).strip("\n")
    if not printed.endswith("\n") and text.rpartition("\n")[2].startswith(TOLD):
        give_up("lspci's text ends in the middle of a line")
    if unread := UNREAD.search(text):
        line = text[text.rfind("\n", 0, unread.start()) + 1 :].split("\n", 1)[0]
        give_up(f"lspci could not read all: {shown(line.strip())}")
    starts = (match.start() for match in START.finditer(text))
    start = next(starts, len(text))
    if start:
        give_up(f"{LSPCI} begins with {shown(text[:80])}")
    seen: set[str] = set()
    while start < len(text):
        end = next(starts, len(text))
        block = _block(text[start:end].rstrip())
        if block.address in seen or len(seen) == FUNCTION_LIMIT:
            give_up(f"{LSPCI} shows {block.address} twice, or more functions than there can be")
        seen.add(block.address)
        yield block
        start = end


def _block(text: str) -> _Block:
    line = text.split("\n", 1)[0]
    head = HEAD.fullmatch(line) if len(line) <= HEAD_LIMIT else None
    if head is None:
        give_up(f"{LSPCI} has a line that belongs to no PCI function: {shown(line)}")
    address = head["address"] if head["address"].count(":") == 2 else f"0000:{head['address']}"
    return _Block(address, (int(head["vendor"], 16), int(head["device"], 16)), text)


def _link_vfs(functions: dict[str, PciFunction], pf: PciFunction, block: _Block) -> None:
    virtfns: list[str] = []
    for address in block.virtfns():
        vf = functions.get(address)
        if vf is None or vf.physfn or address == pf.address:
            give_up(f"lspci shows VFs of {pf.address}, and not {address} as one of them")
        functions[address] = replace(vf, physfn=pf.address)
        virtfns.append(address)
    functions[pf.address] = replace(functions[pf.address], virtfns=tuple(virtfns))
