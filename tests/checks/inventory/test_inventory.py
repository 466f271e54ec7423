"""What a host has and how much more fits: recorded hosts, whose makers say what is there."""

from typing import Protocol

import pytest

from tests.support.judging import judge_tree
from vmfex.checks.inventory.capacity import capacity_of
from vmfex.checks.inventory.of_host import inventory_of
from vmfex.checks.inventory.parts import Capacity, Inventory
from vmfex.checks.model.plan import Plan, Topology
from vmfex.checks.model.scope import Scope
from vmfex.checks.result.verdict import Verdict
from vmfex.evidence.embedded import embedded_hosts, load_embedded
from vmfex.evidence.host import ReadHost

JUDGED = (Verdict.VIOLATED, Verdict.COMPLIANT)


def _scope(host: str, plan: Plan | None = None) -> Scope:
    return Scope(ReadHost(load_embedded(host)), plan or Plan())


def _capacity(host: str) -> dict[str, Capacity]:
    return {each.topology: each for each in capacity_of(_scope(host))}


def test_the_reference_host() -> None:
    """Two PFs of four VFs each on one VIC; web01 on macvtap, web02 on a pool, db01 on hostdev."""
    inventory = inventory_of(_scope("reference"))
    assert [a.model for a in inventory.adapters] == ["1340"]
    kinds = [function.kind for function in inventory.functions]
    assert (kinds.count("PF"), kinds.count("VF"), len(kinds)) == (2, 8, 10)
    interfaces = {vm.name: vm.interfaces[0] for vm in inventory.vms}
    assert interfaces["web01"].functions == ("0000:06:00.1",)
    assert interfaces["web01"].topology == Topology.EMULATION
    assert interfaces["web01"].macvtap
    assert interfaces["web02"].pooled
    assert interfaces["web02"].network == "vmfex-pool"
    assert interfaces["db01"].topology == Topology.HOSTDEV
    assert len(inventory.interconnects) == 2
    assert {profile.name for profile in inventory.profiles} == {"web", "db"}
    assert not inventory.unread


def test_vms_that_the_plan_leaves_out_are_shown_as_such() -> None:
    """They are on the host all the same."""
    inventory = inventory_of(_scope("reference", Plan(out_of_scope=("db*",))))
    assert {vm.name: vm.in_scope for vm in inventory.vms} == {
        "web01": True,
        "web02": True,
        "db01": False,
    }


def test_what_could_not_be_read_is_said() -> None:
    """An unreadable host has nothing to show, and says why."""
    inventory = inventory_of(_scope("unreadable"))
    assert inventory.unread
    assert len(inventory.functions) == len(inventory.adapters) == 0


@pytest.mark.parametrize("host", embedded_hosts())
def test_findings_and_inventory_call_things_alike(host: str) -> None:
    """A drawing marks what a finding is about: no PCI function, VIC, domain or network that a rule
    judges is missing from the inventory, or goes by another name there. Of a domain's definition
    and its buses the domain itself is marked."""
    inventory = inventory_of(_scope(host))
    labels = _labels(inventory)
    of_vms = tuple(f"{vm.label} (" for vm in inventory.vms)
    kinds = ("PCI function ", "VIC ", "domain ", "libvirt network ", "fabric interconnect switch")
    subjects = {
        finding.subject
        for findings in judge_tree(load_embedded(host)).findings.values()
        for finding in findings
        if finding.verdict in JUDGED and finding.subject.startswith(kinds)
    }
    assert {s for s in subjects - labels if ", interface" in s or not s.startswith(of_vms)} == set()


class Part(Protocol):
    @property
    def label(self) -> str: ...


def _labels(inventory: Inventory) -> set[str]:
    parts: tuple[Part, ...] = (
        *inventory.adapters,
        *inventory.functions,
        *inventory.networks,
        *inventory.interconnects,
        *inventory.vms,
        *(interface for vm in inventory.vms for interface in vm.interfaces),
    )
    return {part.label for part in parts}


def test_room_is_what_the_tightest_limit_leaves() -> None:
    """Reference: eight VFs, three in use or promised, all carried by Netlink."""
    for topology in (Topology.EMULATION, Topology.HOSTDEV):
        capacity = _capacity("reference")[topology]
        assert (capacity.room, capacity.binds, capacity.sure) == (5, "VFs", True)
    assert _capacity("reference")[Topology.PRIVATE].room == 0


def test_netlink_binds_before_the_vfs_do() -> None:
    """RHEL 6.5 with libvirt 0.10: 30 VFs, 8 in use, and 24 carried (SRV-03 says so too)."""
    capacity = _capacity("rhel65-libvirt010")[Topology.EMULATION]
    assert (capacity.room, capacity.binds) == (16, "Netlink")


def test_dynamic_vnics_serve_macvtap_direct() -> None:
    """Four of them, two in use."""
    capacity = _capacity("rhel61-private-ucs20")[Topology.PRIVATE]
    assert (capacity.room, capacity.binds) == (2, "dynamic vNICs")


def test_what_is_not_known_is_not_room() -> None:
    """Of an unreadable host nothing is known; where nobody asked UCS Manager, there may be less."""
    unknown = _capacity("unreadable")[Topology.HOSTDEV]
    assert (unknown.room, unknown.sure) == (None, False)
    assert not _capacity("lab-compliant")[Topology.HOSTDEV].sure
