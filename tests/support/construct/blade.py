"""A host's whole evidence, from its description."""

import json

from tests.support.construct import libvirt_host, libvirt_xml
from tests.support.construct.layout import functions
from tests.support.construct.links import write_links
from tests.support.construct.raw import RawTree
from tests.support.construct.spec import Blade, Vm
from tests.support.construct.sysfs import write_pci
from tests.support.construct.system import write_guest, write_system
from tests.support.construct.ucsm import write_ucsm
from vmfex.evidence.archive.entries import KEEP


def construct(blade: Blade) -> RawTree:
    """The raw evidence of the host that `blade` describes."""
    tree = RawTree()
    tree.describe(blade.name, blade.note)
    present = functions(blade)
    write_system(tree, blade)
    write_pci(tree, blade, present)
    write_links(tree, blade, present)
    _write_libvirt(tree, blade)
    for vm in blade.vms:
        if vm.name in blade.guests:
            write_guest(tree, vm)
        if vm.name in blade.asked_to_migrate:
            _write_migration(tree, vm)
    if blade.ucs:
        write_ucsm(tree, blade, blade.ucs)
    return tree


def _write_libvirt(tree: RawTree, blade: Blade) -> None:
    connection = {
        "uri": "qemu:///system",
        "outcome": "connected",
        "driver": "QEMU",
        "version": blade.system.libvirt,
        "hypervisor_version": blade.system.hypervisor,
        "message": "",
    }
    tree.put("libvirt/connection.json", json.dumps(connection, indent=2) + "\n")
    tree.put("libvirt/capabilities.xml", libvirt_host.capabilities(blade))
    for listed, there in (("domains", blade.vms), ("networks", blade.pools)):
        if not there:  # a list that was read and is empty
            tree.put(f"libvirt/{listed}/{KEEP}", b"")
    for pool in blade.pools:
        tree.put(f"libvirt/networks/{pool.uuid}.xml", libvirt_host.network(pool))
    states = {p.name: {"active": p.active, "autostart": p.autostart} for p in blade.pools}
    tree.put("libvirt/network-states.json", json.dumps(states, indent=2) + "\n")
    for vm in blade.vms:
        home = f"libvirt/domains/{vm.uuid}"
        tree.put(f"{home}/persistent.xml", libvirt_xml.domain(blade, vm, live=False))
        if vm.running:
            tree.put(f"{home}/running.xml", libvirt_xml.domain(blade, vm, live=True))


def _write_migration(tree: RawTree, vm: Vm) -> None:
    """libvirt's answer: it moves no VM that has a PCI device of the host (qemuMigrationSrcIsAllowed
    up to libvirt 5.x; since then it names the interface)."""
    refused = "Requested operation is not valid: domain has assigned non-USB host devices"
    blocked = any(nic.kind == "hostdev" for nic in vm.nics)
    answer = {
        "command": f"virsh migrate --live {vm.name} qemu+ssh://blade-2/system",
        "status": 1 if blocked else 0,
        "stderr": f"error: {refused}\n" if blocked else "",
    }
    tree.put(f"libvirt/migration/{vm.uuid}.json", json.dumps(answer, indent=2) + "\n")
