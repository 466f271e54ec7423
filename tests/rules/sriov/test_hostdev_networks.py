"""VMs with a VF of a libvirt network in forward mode hostdev, and what shows of those that run."""

import re

from tests.rules.changes import DB01, UUID, put
from tests.rules.table import (
    COMPLIANT,
    REFERENCE,
    UNDETERMINED,
    VIOLATED,
    Change,
    Host,
    verdict,
)
from tests.support.construct import RawTree

NETWORK = (
    "<network><name>hd</name><forward mode='hostdev' managed='yes'><pf dev='eth1'/></forward>"
    "<virtualport type='802.1Qbh'><parameters profileid='db'/></virtualport></network>"
)
STATES = (
    '{"hd": {"active": true, "autostart": true}, "vmfex-pool": {"active": true, "autostart": true}}'
)
DB02 = f"libvirt/domains/{UUID.format(0x104)}"


def _on_the_network(mac: str) -> str:
    source = "<source network='hd'/><model type='virtio'/>"
    return f"<interface type='network'><mac address='{mac}'/>{source}</interface>"


def _with_interface(xml: str, interface: str) -> str:
    return re.sub("<interface.*?</interface>", interface, xml, flags=re.DOTALL)


def _kept_on_the_network(tree: RawTree) -> None:
    """db01's own definition names the network; while it runs libvirt shows the VF alone
    (virDomainActualNetDefContentsFormat)."""
    xml = tree.files[f"{DB01}/persistent.xml"].decode()
    mine = _with_interface(xml, _on_the_network("52:54:00:5c:a1:03"))
    tree.put(f"{DB01}/persistent.xml", mine)


def _another_on_it(tree: RawTree) -> None:
    xml = tree.files[f"{DB01}/persistent.xml"].decode()
    xml = xml.replace("db01", "db02").replace(DB01.rpartition("/")[2], DB02.rpartition("/")[2])
    xml = _with_interface(xml, _on_the_network("52:54:00:5c:a1:04"))
    tree.put(f"{DB02}/persistent.xml", xml)


def _host(*changes: Change) -> Host:
    network = put("libvirt/networks/hd.xml", NETWORK)
    return REFERENCE.but(network, put("libvirt/network-states.json", STATES), *changes)


def test_vf_that_its_network_gave_a_vm_is_given_to_no_other() -> None:
    """libvirt knows which of a network's devices it has given away."""
    host = _host(_kept_on_the_network, _another_on_it)
    for rule in ("SRV-04", "SRV-05", "SRV-08", "HDV-03"):
        assert verdict(host, rule) == COMPLIANT, rule


def test_vf_that_a_running_vm_names_is_given_to_another_all_the_same() -> None:
    """Its own definition names the VF too: the network does not know that it is taken."""
    assert verdict(_host(_another_on_it), "SRV-04") == VIOLATED


def test_vf_that_the_network_does_not_have_is_not_from_it() -> None:
    """The definition was changed since the VM was started on a VF of its own."""

    def of_other_vfs(tree: RawTree) -> None:
        tree.edit("libvirt/networks/hd.xml", "eth1", "eth0")

    host = _host(_kept_on_the_network, _another_on_it, of_other_vfs)
    judged = {f.subject: f for f in host.judged().findings["SRV-04"]}
    [named] = [f for subject, f in judged.items() if "07:00.1" in subject]
    assert named.observed == "named by db01"


def test_profile_of_a_running_vm_is_mended_where_its_own_definition_has_it() -> None:
    """While it runs libvirt shows the merged port; `virsh edit` shows none."""
    host = _host(
        _kept_on_the_network, lambda tree: tree.edit("ucsm/vnicProfile.xml", '"db"', '"d"')
    )
    said = " ".join(f.remedy for f in host.judged().findings["PRF-02"] if f.verdict == VIOLATED)
    assert "`virsh net-edit hd`" in said
    assert "virsh edit" not in said


def test_device_that_is_not_there_has_no_group() -> None:
    """A hostdev interface on an address that the host lacks: nothing breaks, nothing is told."""
    host = REFERENCE.but(
        lambda tree: tree.edit(f"{DB01}/persistent.xml", "bus='0x07'", "bus='0x77'"),
        lambda tree: tree.edit(f"{DB01}/running.xml", "bus='0x07'", "bus='0x77'"),
    )
    assert verdict(host, "HDV-07") == UNDETERMINED
    assert verdict(host, "HDV-02") == VIOLATED
