"""Which VFs count, and who may have each at the same time (rules SRV-04, 05, 07 and 08)."""

import pytest

from tests.rules.changes import (
    WEB01,
    WEB02,
    added_link,
    edit,
    function,
    put,
    unreadable,
    with_master,
)
from tests.rules.sriov.functions_rows import NETWORK, TWO_ON_ONE
from tests.rules.table import (
    COMPLIANT,
    NOT_APPLICABLE,
    REFERENCE,
    UNDETERMINED,
    VIOLATED,
    Change,
    Host,
    verdict,
)
from tests.support.construct.hosts import UUID
from tests.support.construct.netlink import Message
from vmfex.checks.model.plan import Plan, Topology

OTHER = f"libvirt/networks/{UUID.format(0x201)}.xml"
SOURCE = "<source dev='eth2' mode='passthrough'/>"


def network(forward: str, name: str = "vmfex-pool") -> str:
    port = "<virtualport type='802.1Qbh'><parameters profileid='web'/></virtualport>"
    return f"<network><name>{name}</name>{forward}{port}</network>"


def passthrough(*devs: str) -> str:
    listed = "".join(f"<interface dev='{dev}'/>" for dev in devs)
    return f"<forward mode='passthrough'>{listed}</forward>"


def on_network(host: Host, path: str, name: str) -> Host:
    """web01's definition on a network, in place of the VF that it names."""
    named = edit(path, SOURCE, f"<source network='{name}'/>")
    return host.but(edit(path, "<interface type='direct'>", "<interface type='network'>"), named)


@pytest.mark.parametrize(
    "forward",
    [
        passthrough("eth2", "eth3"),
        "<forward mode='passthrough'><pf dev='eth0'/></forward>",
        "<forward mode='hostdev'><pf dev='eth0'/></forward>",
        "<forward mode='hostdev'>"
        "<address type='pci' domain='0' bus='6' slot='0' function='1'/></forward>",
    ],
    ids=["names", "PF, macvtap", "PF, hostdev", "addresses"],
)
@pytest.mark.parametrize("out_of_scope", [(), ("web02",)])
def test_named_vf_in_the_pool_of_another(forward: str, out_of_scope: tuple[str, ...]) -> None:
    """web01 names 06:00.1, which each of these hands out to web02, in scope or not."""
    host = REFERENCE.but(put(NETWORK, network(forward)), plan=Plan(out_of_scope=out_of_scope))
    assert verdict(host, "SRV-04") == VIOLATED
    [found] = [f for f in host.judged().findings["SRV-04"] if f.verdict is VIOLATED]
    assert "web01" in found.observed
    assert "vmfex-pool" in found.remedy


def test_two_networks_with_one_vf() -> None:
    """A start fails only where VMs use both; a network that no VM uses is shown."""
    unused = REFERENCE.but(put(OTHER, network(passthrough("eth3", "eth6"), "second")))
    assert verdict(unused, "SRV-04") == COMPLIANT
    assert "also in libvirt network second" in unused.judged().of("SRV-04")
    used = on_network(unused, f"{WEB01}/persistent.xml", "second")
    assert verdict(used, "SRV-04") == VIOLATED
    remedies = {f.remedy for f in used.judged().findings["SRV-04"]}
    assert any("virsh net-edit second" in r and "<interface dev='eth3'/>" in r for r in remedies)


def test_next_start_of_one_vm_is_beside_no_run_of_it() -> None:
    """web01 runs on eth2 and gets it, or another, from a network next time: one VM."""
    pool = REFERENCE.but(put(OTHER, network(passthrough("eth2", "eth7"), "second")))
    host = on_network(pool, f"{WEB01}/persistent.xml", "second")
    assert verdict(host, "SRV-04") == COMPLIANT


def test_pool_of_a_domain_out_of_scope_that_is_unread() -> None:
    """Its network may hold any VF."""
    plan = Plan(out_of_scope=("web02",))
    host = REFERENCE.but(unreadable(NETWORK), plan=plan)
    assert verdict(host, "SRV-04") == UNDETERMINED
    full = REFERENCE.but(plan=Plan({Topology.EMULATION: 7}, out_of_scope=("web02",)))
    assert verdict(full, "SRV-05") == VIOLATED
    assert verdict(full.but(unreadable(NETWORK)), "SRV-05") == UNDETERMINED


@pytest.mark.parametrize(
    ("forward", "expected"),
    [
        (passthrough("eth3", "eth4"), COMPLIANT),
        (passthrough("eth3", "gone"), VIOLATED),
        ("<forward mode='passthrough'><pf dev='eth0'/></forward>", COMPLIANT),
        ("<forward mode='hostdev'><pf dev='eth1'/></forward>", COMPLIANT),
        ("<forward mode='hostdev'><pf dev='eth3'/></forward>", VIOLATED),
        ("<forward mode='vepa'><interface dev='eth3'/></forward>", NOT_APPLICABLE),
    ],
    ids=["enough", "one is gone", "PF", "PF, hostdev", "one VF", "shared"],
)
def test_pool_for_two_interfaces(forward: str, expected: str) -> None:
    """Devices that are there count; in mode vepa libvirt shares them, and SRV-04 is violated."""
    host = TWO_ON_ONE.but(put(NETWORK, network(forward)))
    assert verdict(host, "SRV-08") == expected
    if expected == NOT_APPLICABLE:
        assert verdict(host, "SRV-04") == VIOLATED


def test_vf_that_the_host_uses_cannot_be_given() -> None:
    """libvirt finds a port of a bridge busy, and a device under a macvlan too."""
    host = TWO_ON_ONE.but(put(NETWORK, network(passthrough("eth3", "eth4"))))
    held = host.but(with_master("eth4", 2))
    under = host.but(added_link(Message(60, "own7", "52:54:00:5c:a1:60", kind="macvlan", lower=6)))
    assert verdict(host, "SRV-08") == COMPLIANT
    assert verdict(held, "SRV-08") == VIOLATED
    assert verdict(under, "SRV-08") == VIOLATED


def test_remedy_names_the_network_and_a_free_vf() -> None:
    """eth7 is the first VF that nobody names or hands out."""
    host = TWO_ON_ONE.but(put(NETWORK, network(passthrough("eth3"))))
    [found] = host.judged().findings["SRV-08"]
    assert "`virsh net-edit vmfex-pool`: add <interface dev='eth" in found.remedy


def test_next_start_on_the_other_topology_needs_one_vf() -> None:
    """web01 on macvtap now, as hostdev next time: three VM interfaces, and not four."""
    address = "<address type='pci' domain='0' bus='6' slot='0' function='1'/>"
    path = f"{WEB01}/persistent.xml"
    host = REFERENCE.but(
        edit(path, "<interface type='direct'>", "<interface type='hostdev' managed='yes'>"),
        edit(path, SOURCE, f"<source>{address}</source>"),
    )
    assert host.judged().scope.vfs_needed == 3
    for planned, needed in ((0, 3), (2, 4), (7, 9)):
        plan = Plan({Topology.EMULATION: planned})
        assert host.but(plan=plan).judged().scope.vfs_needed == needed


def test_unused_vf_of_another_kind_is_shown() -> None:
    """Beside enough VM-FEX VFs it violates nothing; unread domains may use it."""
    host = REFERENCE.but(edit(f"{function('07:00.4')}/device", "0x0071", "0x02b7"))
    assert {r for r, v in host.judged().verdicts.items() if v is VIOLATED} == set()
    assert "1137:02b7" in host.judged().of("SRV-07")
    assert verdict(host.but(unreadable(WEB02)), "SRV-07") == UNDETERMINED
    assert verdict(REFERENCE.but(unreadable(WEB02)), "SRV-07") == COMPLIANT


@pytest.mark.parametrize(("rule", "vf"), [("EMU-02", "06:00.1"), ("HDV-02", "07:00.1")])
def test_vm_on_a_vf_of_another_kind(rule: str, vf: str) -> None:
    """Whatever it is called, 1137:02b7 is not VM-FEX."""
    host = REFERENCE.but(edit(f"{function(vf)}/device", "0x0071", "0x02b7"))
    assert verdict(host, rule) == VIOLATED
    assert verdict(host, "SRV-07") == VIOLATED


@pytest.mark.parametrize(
    ("mode", "listed"),
    [
        ("passthrough", "<interface dev='eth3'/>"),
        ("hostdev", "<address type='pci' domain='0' bus='6' slot='0' function='2'/>"),
    ],
)
def test_active_network_of_a_pf_hands_out_what_it_lists(mode: str, listed: str) -> None:
    """It shows its PF, and the VFs that it found when it started; those alone it hands out, however
    many the PF has by now. When it is started again it lists them all, with web01's (SRV-04)."""
    pool = network(f"<forward mode='{mode}'><pf dev='eth0'/>{listed}</forward>")
    host = TWO_ON_ONE.but(put(NETWORK, pool))
    assert verdict(host, "SRV-04") == verdict(host, "SRV-08") == VIOLATED
    [found] = host.judged().findings["SRV-08"]
    assert "has 1 VFs" in found.observed
    assert "virsh net-destroy vmfex-pool" in found.remedy
    assert "dynamic vNIC connection policy of eth0" in found.remedy
    every = network(f"<forward mode='{mode}'><pf dev='eth1'/></forward>")
    assert verdict(TWO_ON_ONE.but(put(NETWORK, every)), "SRV-08") == COMPLIANT


def stray(lower: int, mac: str = "52:54:00:00:00:99") -> Change:
    """A live macvtap link that is no domain's, on the link of that index."""
    return added_link(Message(90, "macvtap9", mac, kind="macvtap", mode="passthrough", lower=lower))


ETH3, ETH9 = 5, 10  # their indexes; eth3 is in the network's list, eth9 in none


def test_vf_under_a_macvtap_that_is_no_vms_is_not_free_in_a_pool() -> None:
    """Three VFs for two interfaces, then two with one of them taken, then one."""
    for devs, expected in ((("eth3", "eth4", "eth5"), UNDETERMINED), (("eth3", "eth4"), VIOLATED)):
        host = TWO_ON_ONE.but(put(NETWORK, network(passthrough(*devs))), stray(ETH3))
        assert verdict(host, "SRV-08") == expected
        assert "is under macvtap link macvtap9" in host.judged().of("SRV-08")


def test_macvtap_of_a_vm_that_seems_shut_off_takes_no_second_vf() -> None:
    """By its MAC address it is web02's, which is on the network, and is counted already."""
    mac = "52:54:00:5c:a1:33"
    host = TWO_ON_ONE.but(put(NETWORK, network(passthrough("eth3", "eth4"))), stray(ETH3, mac))
    assert verdict(host, "SRV-08") == UNDETERMINED


def test_vf_under_a_macvtap_that_is_no_vms_counts_as_taken() -> None:
    """8 VFs serve 7 interfaces beside the one that is taken, of VMs or of a plan."""
    for planned, expected in ((6, UNDETERMINED), (7, VIOLATED)):
        plan = Plan({Topology.EMULATION: planned})
        host = REFERENCE.but(stray(ETH9), plan=plan)
        assert verdict(host, "SRV-05") == expected


def test_no_remedy_names_a_vf_that_is_taken() -> None:
    """Nor does the list of those that are free for a VM that comes."""
    host = REFERENCE.but(stray(ETH9))
    before = {name for f in REFERENCE.judged().scope.free_vfs for name in f.netdevs}
    after = {name for f in host.judged().scope.free_vfs for name in f.netdevs}
    assert before - after == {"eth9"}


def test_unread_domain_may_name_any_vf() -> None:
    """What is known of a VF's other owners says nothing then."""
    host = REFERENCE.but(unreadable(WEB02))
    said = {f.verdict for f in host.judged().findings["SRV-04"]}
    assert said == {UNDETERMINED}
