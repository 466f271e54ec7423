"""VMs whose topology looks well at first (rules TOP, MTD, EMU, HDV)."""

import pytest

from tests.rules.changes import (
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
from tests.rules.fabric.port_profile_rows import PORT
from tests.rules.table import COMPLIANT, PRIVATE, REFERENCE, UNDETERMINED, VIOLATED, verdict
from tests.rules.topology.domain_rows import WITH_INTEL
from tests.rules.topology.macvtap_direct_rows import LIVE_PRIVATE, PASSTHROUGH
from tests.support.construct.hosts import POOL
from tests.support.construct.netlink import Message
from vmfex.checks.model.plan import Plan

PERSISTENT = f"{WEB01}/persistent.xml"
NETWORK = f"libvirt/networks/{POOL}.xml"
EM1_INDEX = 2
PRIVATE_LINK = REFERENCE.but(netlink("netlink/links.bin", "macvtap0", PASSTHROUGH, LIVE_PRIVATE))
ETHERNET = "<interface type='ethernet'><target dev='macvtap0' managed='no'/></interface>"


def definition(interface: str) -> str:
    """web01 with one interface."""
    uuid = WEB01.rpartition("/")[2]
    devices = f"<devices>{interface}</devices>"
    return f"<domain type='kvm'><name>web01</name><uuid>{uuid}</uuid>{devices}</domain>"


def qemu(*arguments: str) -> str:
    """The end of a definition's devices, and arguments for QEMU behind it."""
    args = "".join(f"<qemu:arg value='{argument}'/>" for argument in arguments)
    name = "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'"
    return f"</devices><qemu:commandline {name}>{args}</qemu:commandline>"


def test_pool_of_a_pf_without_vfs_is_still_on_the_vic() -> None:
    """A network that hands out the VFs of a PF that has none does not take its VMs off VM-FEX."""
    vfs = [remove(f"{function('07:00.0')}/virtfn{n}") for n in range(4)]
    pool = "<network><name>vmfex-pool</name><forward mode='hostdev'><pf dev='eth1'/></forward>"
    host = REFERENCE.but(*vfs, put(NETWORK, f"{pool}</network>"))
    assert verdict(host, "HDV-02") == VIOLATED
    assert verdict(host, "PRF-01") == VIOLATED


def test_devices_without_addresses_tell_no_layout() -> None:
    """A definition to which nobody has assigned slots yet does not show that it fits them."""
    host = REFERENCE.but(without_addresses(f"{WEB02}/persistent.xml"))
    assert verdict(host, "TOP-03") == UNDETERMINED


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


def test_tap_device_that_is_a_private_macvtap_is_macvtap_direct() -> None:
    """An interface of type ethernet on a macvtap link that somebody made is what that link is."""
    host = PRIVATE_LINK.but(
        *(put(f"{WEB01}/{state}.xml", definition(ETHERNET)) for state in ("running", "persistent"))
    )
    assert verdict(host, "MTD-01") == VIOLATED
    assert verdict(host, "PRF-01") == VIOLATED


@pytest.mark.parametrize("mode", ["private", "passthrough"])
def test_macvtap_that_no_domain_accounts_for_is_not_none(mode: str) -> None:
    """A VM outside this libvirt may have it: no rule about VM-FEX interfaces knows them all."""
    stray = Message(50, "macvtap7", "52:54:00:5c:a1:77", kind="macvtap", mode=mode, lower=5)
    host = REFERENCE.but(added_link(stray))
    for rule in ("MTD-01", "PRF-01", "SRV-04", "EMU-03", "HDV-01"):
        assert verdict(host, rule) == UNDETERMINED, rule
    for rule in ("MTD-01", "PRF-01"):
        assert verdict(host.but(unreadable("netlink/links.bin")), rule) == UNDETERMINED, rule


def test_macvtap_on_an_adapter_that_is_no_vic_is_nobodys_concern() -> None:
    """A VM of another kind has it, or a container."""
    other = Message(
        50, "macvtap7", "52:54:00:5c:a1:77", kind="macvtap", mode="bridge", lower=EM1_INDEX
    )
    host = WITH_INTEL.but(added_link(other))
    assert host.judged().verdicts == WITH_INTEL.judged().verdicts


def test_vf_whose_master_the_dump_lacks_is_a_port_all_the_same() -> None:
    """A device has a master or none; that the master is not listed does not free it."""
    assert verdict(REFERENCE.but(with_master("eth2", 77)), "EMU-02") == VIOLATED


def test_running_definition_that_is_lost_leaves_its_state_open() -> None:
    """The live link says that the VM runs, so what it runs with is not known."""
    host = REFERENCE.but(remove(f"{WEB01}/running.xml"))
    for rule in ("EMU-01", "EMU-03", "PRF-01", "PRF-04"):
        assert verdict(host, rule) == UNDETERMINED, rule


def test_definition_that_does_not_name_its_target_accounts_for_the_link() -> None:
    """The one macvtap on its device is its own."""
    host = REFERENCE.but(edit(f"{WEB01}/running.xml", "<target dev='macvtap0'/>", ""))
    assert verdict(host, "EMU-04") == COMPLIANT
    assert verdict(host, "MTD-01") == "not applicable"


@pytest.mark.parametrize(
    "arguments",
    [
        ("-netdev", "tap,id=n9,ifname=tap9,script=no"),
        ("-device", "vfio-pci,host=0000:07:00.1"),
        ("-device", '{"driver":"vfio-pci","host":"0000:07:00.1"}'),
        ("-nic", "tap,ifname=tap9"),
        ("--net", "tap"),
        ("-set", "device.hostdev0.host=0000:07:00.1"),
    ],
)
def test_arguments_for_qemu_may_name_any_function(arguments: tuple[str, str]) -> None:
    """libvirt does not look into them, and so nobody knows which VFs are taken."""
    host = REFERENCE.but(edit(f"{WEB02}/persistent.xml", "</devices>", qemu(*arguments)))
    for rule in ("TOP-01", "SRV-04", "PRF-01", "MTD-01"):
        assert verdict(host, rule) == UNDETERMINED, rule


def test_override_of_a_device_may_name_any_function() -> None:
    """libvirt hands the properties of <qemu:override> on to QEMU, and does not look into them."""
    changed = "<q:property name='host' type='string' value='0000:07:00.1'/>"
    override = (
        "</devices><q:override xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'>"
        f"<q:device alias='hostdev0'><q:frontend>{changed}</q:frontend></q:device></q:override>"
    )
    host = REFERENCE.but(edit(f"{DB01}/persistent.xml", "</devices>", override))
    harmless = override.replace("'host'", "'x-vga'").replace("0000:07:00.1", "on")
    sound = REFERENCE.but(edit(f"{DB01}/persistent.xml", "</devices>", harmless))
    assert verdict(host, "SRV-04") == verdict(host, "TOP-01") == UNDETERMINED
    assert verdict(sound, "SRV-04") == verdict(sound, "TOP-01") == COMPLIANT


@pytest.mark.parametrize("arguments", [("-net", "none"), ("-cpu", "host"), ("-set", "device.x=1")])
def test_arguments_for_qemu_that_give_no_network_change_nothing(arguments: tuple[str, str]) -> None:
    """They concern other things."""
    host = REFERENCE.but(edit(f"{WEB02}/persistent.xml", "</devices>", qemu(*arguments)))
    assert verdict(host, "TOP-01") == COMPLIANT
    assert verdict(host, "SRV-04") == COMPLIANT


def test_interface_that_is_attached_to_nothing_is_on_no_switch() -> None:
    """libvirt's type null."""
    null = "<interface type='null'><mac address='52:54:00:5c:a1:0f'/></interface>"
    host = REFERENCE.but(added_device(PERSISTENT, null))
    assert verdict(host, "TOP-01") == COMPLIANT
    assert verdict(host, "TOP-02") == COMPLIANT


def test_running_definition_of_old_libvirt_is_resolved_by_its_live_link() -> None:
    """libvirt 0.9 and 0.10 leave type network in running XML; the live link names the VF."""
    old = (
        edit(f"{WEB01}/running.xml", "<interface type='direct'>", "<interface type='network'>"),
        edit(
            f"{WEB01}/running.xml",
            "<source dev='eth2' mode='passthrough'/>",
            "<source network='vmfex-pool' portgroup='web'/>",
        ),
        edit(NETWORK, "<interface dev='eth3'/>", "<interface dev='eth2'/><interface dev='eth3'/>"),
    )
    assert verdict(REFERENCE.but(*old), "PRF-04") == COMPLIANT
    assert verdict(REFERENCE.but(*old), "EMU-02") == COMPLIANT


def test_running_interface_is_judged_by_the_port_that_it_started_with() -> None:
    """What its network says since is for the next start."""
    started = (
        edit(f"{WEB01}/running.xml", PORT, ""),
        edit(f"{WEB01}/running.xml", "<source dev", "<source network='vmfex-pool' dev"),
    )
    assert verdict(REFERENCE.but(*started), "PRF-01") == VIOLATED


def test_one_vf_for_macvtap_and_hostdev_of_a_vm() -> None:
    """The host's driver, on which the macvtap link stands, loses what is handed over."""
    hostdev = (
        "<interface type='hostdev' managed='yes'><mac address='52:54:00:5c:a1:44'/>"
        "<source><address type='pci' domain='0' bus='6' slot='0' function='1'/></source>"
        "<virtualport type='802.1Qbh'><parameters profileid='web'/></virtualport></interface>"
    )
    host = REFERENCE.but(added_device(PERSISTENT, hostdev))
    assert verdict(host, "EMU-02") == VIOLATED
    assert "stands on it too" in host.judged().of("EMU-02")
