"""What a scope makes of a host and its plan: interfaces, domains, topologies, and what is open."""

import pytest

from tests.rules.changes import (
    DB01,
    DEVICES,
    UUID,
    WEB01,
    WEB02,
    edit,
    netlink,
    put,
    remove,
    unreadable,
)
from tests.rules.table import IDLE, NO_VIC, PRIVATE, REFERENCE, Host
from tests.rules.topology.macvtap_direct_rows import LIVE_PRIVATE, PASSTHROUGH
from tests.support.construct.hosts import POOL
from vmfex.checks.model.plan import Plan, Topology
from vmfex.checks.model.scope import Scope


def scope(host: Host) -> Scope:
    return host.judged().scope


def seen(host: Host) -> list[tuple[str, str, str]]:
    """Domain, state and way of each VM-FEX interface."""
    return [(i.domain.name, i.definition.state, i.way) for i in scope(host).interfaces.items]


def test_definitions_that_agree_are_judged_once() -> None:
    """A running VM whose persistent definition says the same shows its interface once."""
    assert seen(REFERENCE) == [
        ("web01", "running", "macvtap"),
        ("web02", "persistent", "macvtap"),
        ("db01", "running", "hostdev"),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("dev='eth2'", "dev='eth9'"),
        ("mode='passthrough'", "mode='bridge'"),
        ("profileid='web'", "profileid='db'"),
        ("<model type='virtio'/>", "<model type='rtl8139'/>"),
        ("<mac address='52:54:00:5c:a1:01'/>", "<mac address='52:54:00:5c:a1:0f'/>"),
    ],
)
def test_definitions_that_differ_are_both_judged(old: str, new: str) -> None:
    """Whatever the next start changes is judged beside what runs."""
    states = [s for d, s, _ in seen(REFERENCE.but(edit(f"{WEB01}/persistent.xml", old, new)))]
    assert states.count("running") == 2
    assert states.count("persistent") == 2


def test_domain_out_of_scope_is_listed_and_not_judged() -> None:
    """It counts for no topology and no rule; only as an owner of VFs is it seen."""
    host = REFERENCE.but(plan=Plan(out_of_scope=("db*",)))
    assert scope(host).out_of_scope == ("db01",)
    assert {name for name, _, _ in seen(host)} == {"web01", "web02"}
    assert scope(host).topologies == {Topology.EMULATION: 2}
    assert host.judged().verdicts["HDV-04"] == "not applicable"
    owners = {i.domain.name for i in scope(host).everyones.items}
    assert owners == {"web01", "web02", "db01"}


def test_vf_of_a_domain_out_of_scope_is_taken() -> None:
    """A VM in scope that names its VF violates SRV-04 all the same."""
    source = "<source dev='eth2' mode='passthrough'/>"
    second = (
        edit(f"{WEB02}/persistent.xml", "type='network'", "type='direct'"),
        edit(f"{WEB02}/persistent.xml", "<source network='vmfex-pool' portgroup='web'/>", source),
    )
    host = REFERENCE.but(*second, plan=Plan(out_of_scope=("web02",)))
    assert host.judged().verdicts["SRV-04"] == "violated"


def test_topologies_count_the_larger_of_plan_and_use() -> None:
    """The plan's number or the VMs' interfaces, whichever is more, for each topology."""
    assert scope(REFERENCE).topologies == {Topology.EMULATION: 2, Topology.HOSTDEV: 1}
    planned = REFERENCE.but(plan=Plan({Topology.EMULATION: 5, Topology.HOSTDEV: 1}))
    assert scope(planned).topologies == {Topology.EMULATION: 5, Topology.HOSTDEV: 1}
    assert scope(PRIVATE).topologies == {Topology.PRIVATE: 2}


def test_host_that_nothing_is_meant_for_is_judged_for_both_sriov_topologies() -> None:
    """Also one whose VMs the plan leaves out, but not one whose VMs could not be read."""
    both = {Topology.EMULATION: 1, Topology.HOSTDEV: 1}
    assert scope(IDLE).topologies == both
    assert scope(REFERENCE.but(plan=Plan(out_of_scope=("*",)))).topologies == both
    assert scope(IDLE.but(unreadable("libvirt"))).topologies == {}
    assert scope(IDLE.but(plan=Plan({Topology.PRIVATE: 1}))).topologies == {Topology.PRIVATE: 1}
    [note] = scope(IDLE).notes()
    assert "judged as meant for both SR-IOV topologies" in note
    assert not scope(REFERENCE).notes()


def test_pattern_of_the_plan_that_matches_no_vm_is_told() -> None:
    """A name with a typing error would leave a VM in, or let one off its migration, in silence."""
    plan = Plan(out_of_scope=("db01", "Infra-*"), must_migrate=("web01", "db-01"))
    assert scope(REFERENCE.but(plan=plan)).notes() == (
        "the plan's live_migration has 'db-01', which matches no VM that was read",
        "the plan's out_of_scope has 'Infra-*', which matches no VM that was read",
    )


def test_moved_interface_counts_once() -> None:
    """A VM that runs on one topology and is defined for another needs each, once."""
    moved = REFERENCE.but(edit(f"{WEB01}/persistent.xml", "dev='eth2'", "dev='eth7'"))
    assert scope(moved).topologies == {Topology.EMULATION: 2, Topology.HOSTDEV: 1}


def test_pool_is_resolved_to_its_functions() -> None:
    """An interface on a network stands on every device of the pool, with the network's port."""
    [pooled] = [i for i in scope(REFERENCE).interfaces.items if i.pooled]
    assert [f.netdevs for f in pooled.functions.need()] == [("eth3",), ("eth4",), ("eth5",)]
    assert (pooled.mode, pooled.virtualport and pooled.virtualport.profile) == (
        "passthrough",
        "web",
    )


@pytest.mark.parametrize(
    ("forward", "way", "addresses"),
    [
        ("<forward mode='hostdev'><pf dev='eth1'/></forward>", "hostdev", 4),
        (
            "<forward mode='hostdev'><address type='pci' domain='0' bus='7' slot='0' function='2'/>"
            "</forward>",
            "hostdev",
            1,
        ),
        ("<forward mode='passthrough'><pf dev='eth0'/></forward>", "macvtap", 4),
        ("<forward mode='bridge' dev='eth3'/>", "macvtap", 1),
    ],
)
def test_every_kind_of_pool(forward: str, way: str, addresses: int) -> None:
    """VFs by their PF, by address, by name."""
    xml = f"<network><name>vmfex-pool</name>{forward}</network>"
    host = REFERENCE.but(put(f"libvirt/networks/{POOL}.xml", xml))
    [pooled] = [i for i in scope(host).interfaces.items if i.pooled]
    assert pooled.way == way
    assert len(pooled.functions.need()) == addresses


@pytest.mark.parametrize(
    "forward", ["", "<forward mode='nat'/>", "<forward mode='route'/>", "<forward mode='open'/>"]
)
def test_network_that_switches_is_no_vmfex(forward: str) -> None:
    """A VM on it alone is no VM-FEX domain."""
    xml = f"<network><name>vmfex-pool</name>{forward}<bridge name='virbr0'/></network>"
    host = REFERENCE.but(put(f"libvirt/networks/{POOL}.xml", xml))
    assert "web02" not in {name for name, _, _ in seen(host)}


def test_live_mode_counts_over_the_written_one() -> None:
    """A link that runs in private mode makes its interface one of MacVTap direct."""
    live = REFERENCE.but(netlink("netlink/links.bin", "macvtap0", PASSTHROUGH, LIVE_PRIVATE))
    assert scope(live).topologies[Topology.PRIVATE] == 1
    [running] = [i for i in scope(live).interfaces.items if i.way == "macvtap" and i.running]
    assert (running.mode, running.live_mode) == ("passthrough", "private")
    assert running.is_private
    assert running.is_emulation


@pytest.mark.parametrize(
    "host",
    [
        REFERENCE.but(remove(f"libvirt/networks/{POOL}.xml"), put("libvirt/networks/none", "")),
        REFERENCE.but(unreadable("libvirt/networks")),
        REFERENCE.but(unreadable(f"{DB01}/running.xml")),
        REFERENCE.but(remove(WEB02), put(f"{WEB02}/note", "it was undefined while being read")),
        REFERENCE.but(put(f"{WEB02}/persistent.xml", "<domain>")),
    ],
    ids=["undefined network", "networks", "running.xml", "vanished", "broken XML"],
)
def test_what_cannot_be_read_stays_open(host: Host) -> None:
    """An interface that might be VM-FEX's leaves a gap in every rule about VMs."""
    judged = host.judged()
    assert len(judged.scope.gaps) == 1
    for rule in ("HST-02", "VIC-05", "PRF-01", "TOP-01", "SRV-04", "EMU-03", "HDV-01", "MTD-01"):
        assert judged.verdicts[rule] == "undetermined", rule


def test_one_unread_function_leaves_all_open() -> None:
    """It may be the VF that two VMs name, or a PF that is down; what XML alone tells is judged."""
    verdicts = REFERENCE.but(unreadable(f"{DEVICES}/0000:07:00.2/vendor")).judged().verdicts
    for rule in ("VIC-01", "VIC-05", "SRV-04", "SRV-06", "TOP-02", "EMU-02", "HDV-02"):
        assert verdicts[rule] == "undetermined", rule
    assert verdicts["PRF-01"] == "compliant"


def test_host_without_a_vic_has_nothing_in_scope() -> None:
    """A VM on a bridge is listed with everyone's and judged by no rule of VM-FEX."""
    assert not scope(NO_VIC).interfaces.items
    assert [i.way for i in scope(NO_VIC).everyones.items] == ["Linux bridge br0"]


def test_bare_device_that_is_no_vnic_is_no_vmfex() -> None:
    """The VIC's FCoE function, given to a VM, is not an interface of VM-FEX."""
    fcoe = (
        "<hostdev mode='subsystem' type='pci'><source><address domain='0x0000' bus='0x05' "
        "slot='0x00' function='0x0'/></source></hostdev></devices>"
    )
    host = REFERENCE.but(edit(f"{WEB02}/persistent.xml", "</devices>", fcoe))
    assert [way for name, _, way in seen(host) if name == "web02"] == ["macvtap"]


def test_uuid_of_the_rows_is_that_of_the_hosts() -> None:
    """The paths that these tests edit are those of the domains that they name."""
    names = {d.uuid: d.name for d in scope(REFERENCE).domains.items}
    assert names == {
        UUID.format(0x101): "web01",
        UUID.format(0x102): "web02",
        UUID.format(0x103): "db01",
    }


def test_functions_are_named_or_handed_out() -> None:
    """An interface that names its function keeps it; one that gets any of a pool names none."""
    claims = scope(REFERENCE).claims
    owners = {a: [i.domain.name for i in found] for a, found in claims.interfaces.items()}
    assert owners == {"0000:06:00.1": ["web01"], "0000:07:00.1": ["db01"]}
    pools = {address: [p.network.name for p in found] for address, found in claims.pools.items()}
    assert pools == {f"0000:06:00.{n}": ["vmfex-pool"] for n in (2, 3, 4)}
    assert [f.netdevs[0] for f in scope(REFERENCE).free_vfs] == ["eth7", "eth8", "eth9"]


def test_interface_on_an_unknown_function_may_stand_on_any() -> None:
    """Where nobody could read the functions, none is known to be named by one VM alone."""
    assert scope(REFERENCE.but(unreadable("sys"))).claims.unknown
