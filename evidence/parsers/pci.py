"""The PCI tree from sysfs, and the table of VIC models."""

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from posixpath import basename
from typing import NoReturn

from vmfex.checks.model.fact import Evidence, Fact, Known
from vmfex.checks.model.pci import PciFunction, PciTree
from vmfex.checks.text import shown
from vmfex.evidence.parsers import PCI_ADDRESS, fact, give_up, limits
from vmfex.evidence.tree import Tree, where

DEVICES = "sys/bus/pci/devices"
MODELS = Path(__file__).parent.parent / "vic_models.csv"
NUMBER = re.compile(r"\d{1,5}", re.ASCII)
HEX = re.compile(r"0x[0-9a-f]{4}", re.ASCII)


@fact
def pci_tree(tree: Tree) -> Fact[PciTree]:
    """Every function. One that cannot be understood makes the tree unknown: it might be the one
    that violates a rule."""
    addresses = tree.names(DEVICES).need()
    if addresses and len(addresses) > limits.FUNCTIONS:
        most = f"{limits.FUNCTIONS:,} PCI functions that are read"
        give_up(f"{where(DEVICES)} lists more than the {most}")
    listing = "(no such directory)" if addresses is None else "\n".join(addresses) or "(empty)"
    functions = {address: _Reader(tree, address).function() for address in addresses or ()}
    return Known(PciTree(functions, vic_models(), vic_pids()), (Evidence(where(DEVICES), listing),))


@cache
def vic_models() -> Mapping[int, str]:
    """A VIC's model by its subsystem device id (evidence/vic_models.csv names the sources)."""
    return {int(row["subsystem"], 16): row["model"] for row in _vics()}


@cache
def vic_pids() -> Mapping[str, str]:
    """A VIC's model by its product id, for those whose product id is known."""
    return {pid: row["model"] for row in _vics() for pid in row["pid"].split()}


@cache
def _vics() -> tuple[Mapping[str, str], ...]:
    with MODELS.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(line for line in file if not line.startswith("#")))


class _Reader:
    """Reads one function's directory, keeping what it read as `name: value` lines."""

    def __init__(self, tree: Tree, address: str) -> None:
        self.tree, self.address = tree, address
        self.path = f"{DEVICES}/{address}"
        self.lines: list[str] = []

    def function(self) -> PciFunction:
        if not PCI_ADDRESS.fullmatch(self.address):
            give_up(f"{where(DEVICES)} lists {shown(self.address)}, which is not a PCI address")
        entries = self.tree.names(self.path).need()
        if entries is None:
            give_up(f"{where(self.path)} is listed but is not a directory")
        upstream = self._upstream()
        vendor, device = self._id("vendor"), self._id("device")
        subsystem = (self._id("subsystem_vendor"), self._id("subsystem_device"))
        links = {name: self._link(name) for name in ("driver", "iommu_group") if name in entries}
        physfn = self._function_link("physfn") if "physfn" in entries else None
        numbers = [name[6:] for name in entries if name.startswith("virtfn")]
        virtfns = sorted(int(number) for number in numbers if NUMBER.fullmatch(number))
        return PciFunction(
            address=self.address,
            vendor=vendor,
            device=device,
            subsystem=subsystem,
            driver=links.get("driver"),
            netdevs=self._netdevs() if "net" in entries else (),
            physfn=physfn,
            virtfns=tuple(self._function_link(f"virtfn{number}") for number in virtfns),
            virtfn_numbers=() if virtfns == list(range(len(virtfns))) else tuple(virtfns),
            total_vfs=self._count("sriov_totalvfs") if "sriov_totalvfs" in entries else None,
            num_vfs=self._count("sriov_numvfs") if "sriov_numvfs" in entries else None,
            iommu_group=links.get("iommu_group"),
            upstream=upstream,
            evidence=(Evidence(where(self.path), "\n".join(self.lines)),),
        )

    def _upstream(self) -> tuple[str, ...]:
        """The bridges above: the addresses in the path that the bus's link leads to."""
        target = self.tree.link(self.path).need() or ""
        self.lines.append(f"path: {target}")
        *above, own = target.split("/")
        if own != self.address:
            give_up(f"{where(self.path)} is not a link to its place in the tree: {shown(target)}")
        return tuple(name for name in above if PCI_ADDRESS.fullmatch(name))

    def _text(self, name: str) -> str:
        raw = self.tree.read(f"{self.path}/{name}").need() or b""
        value = raw.decode("ascii", "backslashreplace").strip()
        self.lines.append(f"{name}: {value}")
        return value

    def _id(self, name: str) -> int:
        value = self._text(name)
        return int(value, 16) if HEX.fullmatch(value) else self._garbled(name, value)

    def _count(self, name: str) -> int:
        value = self._text(name)
        return int(value) if NUMBER.fullmatch(value) else self._garbled(name, value)

    def _link(self, name: str) -> str:
        target = basename(self.tree.link(f"{self.path}/{name}").need() or "")
        self.lines.append(f"{name}: {target}")
        return target if target and target.isprintable() else self._garbled(name, target)

    def _function_link(self, name: str) -> str:
        target = self._link(name)
        return target if PCI_ADDRESS.fullmatch(target) else self._garbled(name, target)

    def _netdevs(self) -> tuple[str, ...]:
        names = self.tree.names(f"{self.path}/net").need() or ()
        self.lines += [f"net: {name}" for name in names]
        bad = next((name for name in names if not name.isprintable()), None)
        return names if bad is None else self._garbled("net", bad)

    def _garbled(self, name: str, value: str) -> NoReturn:
        give_up(f"{where(self.path)}/{name} cannot be understood: {shown(value)}")
