"""Hosts on which the guide says no, or which could not be read, and which look well at first."""

from dataclasses import replace

import pytest

from tests.matrix.changes import (
    APP02,
    DB01,
    WEB01,
    WEB02,
    added_device,
    added_link,
    edit,
    function,
    netlink,
    put,
    remove,
    unreadable,
    with_master,
    without_addresses,
)
from tests.matrix.table import (
    COMPLIANT,
    NOT_APPLICABLE,
    PRIVATE,
    REFERENCE,
    UNDETERMINED,
    VIOLATED,
    Host,
)
from tests.support.construct.hosts import POOL, mac, vm
from tests.support.construct.hosts import REFERENCE as BLADE
from tests.support.construct.netlink import PORT_PROFILE, Message, attribute
from tests.support.construct.spec import Nic
from vmfex.checks.model.plan import Plan, Topology

PERSISTENT = f"{WEB01}/persistent.xml"
NETWORK = f"libvirt/networks/{POOL}.xml"
PORT = """<virtualport type='802.1Qbh'>
        <parameters profileid='web'/>
      </virtualport>"""


def verdict(host: Host, rule: str) -> str:
    return host.judged().verdicts[rule]


def test_unread_domain_may_need_the_iommu() -> None:
    """A host with a VM on MacVTap direct and another that nobody could read may need SR-IOV."""
    assert verdict(PRIVATE.but(unreadable(APP02)), "HST-06") == UNDETERMINED


def test_vlan_is_not_taken_for_an_absent_device() -> None:
    """Without the links nobody knows what a device that PCI does not show stands on."""
    on_vlan = (edit(PERSISTENT, "'eth2'", "'eth2.100'"), edit(PERSISTENT, PORT, ""))
    host = REFERENCE.but(*on_vlan, unreadable("netlink"))
    for rule in ("VIC-05", "TOP-02", "PRF-01", "SRV-04", "SRV-06"):
        assert verdict(host, rule) == UNDETERMINED, rule


def test_unknown_functions_of_a_vmfex_interface_may_be_any_vf() -> None:
    """A virtual port on a device that cannot be resolved may be the VF of another VM."""
    host = REFERENCE.but(edit(PERSISTENT, "'eth2'", "'eth2.100'"), unreadable("netlink"))
    for rule in ("SRV-04", "SRV-06", "SRV-02", "EMU-02"):
        assert verdict(host, rule) == UNDETERMINED, rule


def test_macvtap_on_a_bond_stands_on_its_slaves() -> None:
    """A bond of static vNICs is no way around VIC-05, with or without a virtual port."""
    bond = (
        added_link(Message(70, "bond0", "00:25:b5:00:00:01", kind="bond")),
        added_link(Message(71, "bond0.9", "00:25:b5:00:00:01", kind="vlan", lower=70)),
        *(with_master(name, 70) for name in ("eth0", "eth1")),
    )
    for device in ("bond0", "bond0.9"):
        on_bond = edit(PERSISTENT, "'eth2'", f"'{device}'")
        host = REFERENCE.but(*bond, on_bond, edit(PERSISTENT, PORT, ""))
        assert verdict(host, "VIC-05") == VIOLATED
        assert verdict(host, "PRF-01") == VIOLATED


def test_pool_of_a_pf_without_vfs_is_still_on_the_vic() -> None:
    """A network that hands out the VFs of a PF that has none does not take its VMs off VM-FEX."""
    vfs = [remove(f"{function('07:00.0')}/virtfn{n}") for n in range(4)]
    pool = "<network><name>vmfex-pool</name><forward mode='hostdev'><pf dev='eth1'/></forward>"
    host = REFERENCE.but(*vfs, put(NETWORK, f"{pool}</network>"))
    assert verdict(host, "HDV-02") == VIOLATED
    assert verdict(host, "PRF-01") == VIOLATED


def test_running_vm_does_not_hide_its_pool() -> None:
    """A VM that was given a good VF may be given the static vNIC of the same pool next time."""
    running = replace(
        BLADE,
        vms=(vm(1, "web01", Nic("network", "vmfex-pool", mac(1), "web", given="eth2")),),
        pools=(replace(BLADE.pools[0], devs=("eth2", "eth3", "eth0")),),
    )
    for rule in ("VIC-05", "EMU-02"):
        assert verdict(Host(running), rule) == VIOLATED, rule
    good = replace(running, pools=(replace(BLADE.pools[0], devs=("eth2", "eth3")),))
    assert verdict(Host(good), "VIC-05") == COMPLIANT
    assert len(Host(good).judged().findings["EMU-02"]) == 1


def test_association_with_another_port_profile_is_none() -> None:
    """A VF that is associated with what the VM does not name is not associated for it."""
    names = [attribute(PORT_PROFILE, name.ljust(40, b"\0")) for name in (b"web", b"old")]
    host = REFERENCE.but(netlink("netlink/pf/eth0.bin", "eth0", *names))
    assert verdict(host, "PRF-04") == VIOLATED


@pytest.mark.parametrize("release", ["6.12.0-55.9.1.el10_0.x86_64", "6.14.0-63.fc42.x86_64"])
def test_silent_changelog_of_a_newer_kernel_tells_nothing(release: str) -> None:
    """A kernel that started from a source with the change need not name it in its changelog."""
    host = REFERENCE.but(
        edit("uname", "3.10.0-1160.el7.x86_64", release),
        edit("uname", "EDT 2020", "EDT 2025"),
        put("kernel-changelog", "* Mon Mar 10 2025\n- net: something else\n"),
    )
    assert verdict(host, "PRF-05") == UNDETERMINED


@pytest.mark.parametrize("model", ["UCS-FI-6454-U", "ucs-fi-6454", " UCS-FI-6454"])
def test_spelling_of_a_model_makes_no_other_model(model: str) -> None:
    """A 6454 is one however UCS Manager spells it."""
    old = '"A" model="UCS-FI-6332"'
    host = REFERENCE.but(edit("ucsm/networkElement.xml", old, f'"A" model="{model}"'))
    assert verdict(host, "FAB-01") == VIOLATED
    assert verdict(host, "FAB-02") == VIOLATED


@pytest.mark.parametrize("uri", ["qemu:///session", "qemu+ssh://root@other.example/system"])
def test_another_daemon_is_not_this_hosts_libvirtd(uri: str) -> None:
    """A user's own daemon, or another machine's, says nothing about libvirtd on this host."""
    host = REFERENCE.but(edit("libvirt/connection.json", "qemu:///system", uri))
    assert verdict(host, "HST-05") == UNDETERMINED


@pytest.mark.parametrize(
    "uri", ["qemu+unix:///system?socket=/run/libvirt/sock-ro", "qemu+tcp://localhost/system"]
)
def test_this_hosts_libvirtd_is_known_by_any_way_to_it(uri: str) -> None:
    """The transport and its parameters make no other daemon."""
    host = REFERENCE.but(edit("libvirt/connection.json", "qemu:///system", uri))
    assert verdict(host, "HST-05") == COMPLIANT


def test_vm_out_of_scope_takes_its_vfs_all_the_same() -> None:
    """8 VFs, one of them a VM's that is out of scope, serve 7 VM interfaces and not 8."""
    for planned, expected in ((7, COMPLIANT), (8, VIOLATED)):
        plan = Plan({Topology.EMULATION: planned}, out_of_scope=("db01",))
        assert verdict(REFERENCE.but(plan=plan), "SRV-05") == expected


def test_devices_without_addresses_tell_no_layout() -> None:
    """A definition to which nobody has assigned slots yet does not show that it fits them."""
    host = REFERENCE.but(without_addresses(f"{WEB02}/persistent.xml"))
    assert verdict(host, "TOP-03") == UNDETERMINED


def test_device_that_is_gone_may_have_been_a_vf() -> None:
    """Without a virtual port nothing else tells that the VM was meant for VM-FEX."""
    on_gone = (edit(PERSISTENT, "'eth2'", "'eth42'"), edit(PERSISTENT, PORT, ""))
    host = REFERENCE.but(*on_gone)
    assert verdict(host, "VIC-05") == UNDETERMINED


def test_usb_device_blocks_no_migration() -> None:
    """libvirt lets USB devices pass, and no other kind."""
    usb = (
        "<hostdev mode='subsystem' type='usb'><source><vendor id='0x0951'/>"
        "<product id='0x1625'/></source></hostdev>"
    )
    moving = REFERENCE.but(plan=Plan(must_migrate=("web01",), destinations=("blade-2",)))
    assert verdict(moving.but(added_device(PERSISTENT, usb)), "EMU-05") == COMPLIANT


def test_failed_attempt_is_not_a_refusal() -> None:
    """A command that could not reach the hypervisor says nothing of migration."""
    answer = f"libvirt/migration/{DB01.rpartition('/')[2]}.json"
    told = '{"command": "virsh save db01 x", "status": 1, "stderr": "error: failed to connect"}'
    assert verdict(REFERENCE.but(put(answer, told)), "HDV-06") == UNDETERMINED


def test_vm_on_two_topologies_that_both_migrate_is_judged() -> None:
    """A VM in passthrough mode with one interface in private mode must still be free to move."""
    card = (
        "<hostdev mode='subsystem' type='pci' managed='yes'><source>"
        "<address domain='0x0000' bus='0x05' slot='0x00' function='0x0'/></source></hostdev>"
    )
    both = PRIVATE.but(
        edit(f"{APP02}/persistent.xml", "mode='private'", "mode='passthrough'"),
        plan=Plan(must_migrate=("app*",), destinations=("blade-2",)),
    )
    assert verdict(both.but(added_device(f"{APP02}/persistent.xml", card)), "EMU-05") == VIOLATED


def test_private_interface_on_a_missing_device_asks_for_no_vf() -> None:
    """MacVTap direct has no VFs: what is missing there is TOP-02's."""
    gone = PRIVATE.but(edit(f"{APP02}/persistent.xml", "dev='eth", "dev='none"))
    assert verdict(gone, "SRV-02") == NOT_APPLICABLE
    assert verdict(gone, "TOP-02") == VIOLATED


@pytest.mark.parametrize(
    ("old", "new"), [('"QEMU"', '"Test"'), ("qemu:///system", "qemu+ssh://blade-2/system")]
)
def test_another_libvirt_says_nothing_of_kvm_here(old: str, new: str) -> None:
    """Neither the test driver nor another machine's daemon knows what this host offers."""
    host = REFERENCE.but(edit("libvirt/connection.json", old, new))
    assert verdict(host, "HST-04") == UNDETERMINED
