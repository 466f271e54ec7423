"""VM-FEX interfaces that look as if they stood on what the guide wants of a VIC (rules VIC)."""

from dataclasses import replace

from tests.rules.changes import (
    WEB01,
    added_link,
    edit,
    unreadable,
    with_master,
)
from tests.rules.table import (
    COMPLIANT,
    REFERENCE,
    UNDETERMINED,
    VIOLATED,
    Host,
    verdict,
)
from tests.support.construct.hosts import REFERENCE as BLADE
from tests.support.construct.hosts import mac, vm
from tests.support.construct.netlink import Message
from tests.support.construct.spec import Nic

PERSISTENT = f"{WEB01}/persistent.xml"
PORT = """<virtualport type='802.1Qbh'>
        <parameters profileid='web'/>
      </virtualport>"""


def test_vlan_is_not_taken_for_an_absent_device() -> None:
    """Without the links nobody knows what a device that PCI does not show stands on."""
    on_vlan = (edit(PERSISTENT, "'eth2'", "'eth2.100'"), edit(PERSISTENT, PORT, ""))
    host = REFERENCE.but(*on_vlan, unreadable("netlink"))
    for rule in ("VIC-05", "TOP-02", "PRF-01", "SRV-04", "SRV-06"):
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


def test_device_that_is_gone_may_have_been_a_vf() -> None:
    """Without a virtual port nothing else tells that the VM was meant for VM-FEX."""
    on_gone = (edit(PERSISTENT, "'eth2'", "'eth42'"), edit(PERSISTENT, PORT, ""))
    host = REFERENCE.but(*on_gone)
    assert verdict(host, "VIC-05") == UNDETERMINED
