"""SRV-08: which of a pool's functions libvirt can hand out, and what would give it more."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.checks.stub import UNREAD
from vmfex.checks.model.claims import Claims
from vmfex.checks.model.domain import Network
from vmfex.checks.model.fact import Known, Missing, Unknown
from vmfex.checks.model.link import Link
from vmfex.checks.model.pci import CISCO, DYNAMIC_VNIC, OTHER_VF, VMFEX_VF, PciFunction
from vmfex.checks.model.pool import Pool
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.rules.pool import Links, has_enough

NO_LINKS: Links = Known({})
FREE = (
    PciFunction("0000:07:00.1", CISCO, VMFEX_VF),
    PciFunction("0000:07:00.2", CISCO, VMFEX_VF, netdevs=("eth7",)),
)


def function(number: int, device: int = VMFEX_VF, vendor: int = CISCO, **more: Any) -> PciFunction:
    more = {"netdevs": (f"eth{number}",)} | more
    return PciFunction(f"0000:06:00.{number}", vendor, device, **more)


def pool(*functions: PciFunction, users: int = 1, forward: str = "passthrough", **net: Any) -> Pool:
    """A network with these functions and so many VMs, of one interface each."""
    state = SimpleNamespace(state="running")
    interfaces = [
        SimpleNamespace(domain=SimpleNamespace(name=f"vm{n}", uuid=f"{n}"), definition=state)
        for n in range(users)
    ]
    network = Network("net", forward, **net)
    return Pool(network, Known(functions), (), tuple(cast(VmInterface, i) for i in interfaces))


def judged(there: Pool, links: Links = NO_LINKS, free: tuple[PciFunction, ...] = ()) -> Finding:
    return has_enough(there, links, Claims({}, {}), free)


@pytest.mark.parametrize(
    ("there", "forward", "usable", "why"),
    [
        (function(1), "passthrough", True, ""),
        (function(1, DYNAMIC_VNIC), "passthrough", True, ""),
        (function(1, OTHER_VF), "passthrough", False, "is 1137:02b7, not a VM-FEX VF"),
        (function(1, vendor=0x8086), "passthrough", False, "is 8086:0071, not a VM-FEX VF"),
        (function(1, netdevs=()), "passthrough", False, "has no network device (driver none)"),
        (
            function(1, netdevs=(), driver="vfio-pci"),
            "passthrough",
            False,
            "has no network device (driver vfio-pci)",
        ),
        (function(1), "hostdev", True, ""),
        (function(1, netdevs=(), driver="vfio-pci"), "hostdev", True, ""),
        (function(1, DYNAMIC_VNIC), "hostdev", False, "is 1137:0044, not a VM-FEX VF"),
        (function(1, OTHER_VF), "hostdev", False, "is 1137:02b7, not a VM-FEX VF"),
    ],
)
def test_what_can_be_handed_out(there: PciFunction, forward: str, usable: bool, why: str) -> None:
    """macvtap needs a network device on a VM-FEX VF or a dynamic vNIC; hostdev a VM-FEX VF."""
    finding = judged(pool(there, forward=forward))
    assert finding.verdict is (Verdict.COMPLIANT if usable else Verdict.VIOLATED)
    assert finding.observed.endswith(f" {why}" if why else f"it has 1 VFs for them: {_name(there)}")
    assert bool(finding.remedy) is not usable


def _name(function: PciFunction) -> str:
    return function.netdevs[0] if function.netdevs else function.address


@pytest.mark.parametrize(
    ("network", "usable"),
    [
        ({"devs": ("eth9",)}, True),
        ({"pfs": ("eth0",)}, True),
        ({"pfs": ("eth0",), "devs": ("eth9",), "active": Known(True)}, False),
        ({"pfs": ("eth0",), "devs": ("eth1",), "active": Known(True)}, True),
    ],
)
def test_list_of_a_pf(network: dict[str, Any], usable: bool) -> None:
    """A network of a PF that has listed its VFs hands out those alone."""
    finding = judged(pool(function(1), **network))
    assert (finding.verdict is Verdict.COMPLIANT) is usable
    assert ("is not listed by the network" in finding.observed) is not usable


@pytest.mark.parametrize(
    ("users", "verdict"), [(1, "COMPLIANT"), (2, "COMPLIANT"), (3, "VIOLATED")]
)
def test_a_vf_for_each(users: int, verdict: str) -> None:
    """Two VFs serve two at once, and not three."""
    assert judged(pool(function(1), function(2), users=users)).verdict is Verdict[verdict]


@pytest.mark.parametrize(
    ("links", "master", "verdict"),
    [
        ({}, None, Verdict.COMPLIANT),
        ({"eth1": Link("eth1", 1)}, None, Verdict.COMPLIANT),
        ({"eth1": Link("eth1", 1, master="br0")}, "br0", Verdict.VIOLATED),
        ({"eth2": Link("eth2", 1, master="br0")}, None, Verdict.COMPLIANT),
    ],
)
def test_port_of_another_link_is_busy(
    links: dict[str, Link], master: str | None, verdict: Verdict
) -> None:
    """By its own link alone."""
    finding = judged(pool(function(1)), Known(links))
    assert finding.verdict is verdict
    assert master is None or f"eth1 is a port of {master}" in finding.observed


def test_second_name_of_a_function_may_be_the_port() -> None:
    """A function has as many names as it has network devices."""
    links = {"eth1": Link("eth1", 1), "eth9": Link("eth9", 2, master="br0")}
    finding = judged(pool(function(1, netdevs=("eth1", "eth9"))), Known(links))
    assert finding.verdict is Verdict.VIOLATED


@pytest.mark.parametrize(("forward", "users"), [("hostdev", 1), ("hostdev", 2), ("passthrough", 2)])
def test_unread_links_change_nothing(forward: str, users: int) -> None:
    """Where none is needed, and where the pool is too small anyway."""
    finding = judged(pool(function(1), forward=forward, users=users), UNREAD)
    assert finding.verdict is (Verdict.VIOLATED if users == 2 else Verdict.COMPLIANT)


def test_unread_links_may_hide_a_port() -> None:
    """A macvtap pool that is just large enough is undetermined without them."""
    with pytest.raises(Missing) as missing:
        judged(pool(function(1)), Unknown("no permission"))
    assert missing.value.unknown.reason == "no permission"


@pytest.mark.parametrize(
    ("network", "forward", "free", "remedy"),
    [
        ({"pfs": ("eth0",)}, "hostdev", FREE, "Raise the number in the dynamic vNIC"),
        ({"pfs": ("eth0",), "devs": ("eth1",)}, "passthrough", FREE, "If eth0 has VFs that"),
        ({"pfs": ("eth0",), "addresses": ("0000:06:00.1",)}, "hostdev", FREE, "If eth0 has VFs"),
        ({"devs": ("eth1",)}, "passthrough", FREE, "add <interface dev='eth7'/> to <forward>"),
        ({"devs": ("eth1",)}, "passthrough", FREE[:1], "No other VM-FEX VF is free"),
        ({"devs": ("eth1",)}, "passthrough", (), "No other VM-FEX VF is free"),
        (
            {"addresses": ("0000:06:00.1",)},
            "hostdev",
            FREE,
            "bus='0x07' slot='0x00' function='0x1'",
        ),
    ],
)
def test_what_gives_the_pool_more(
    network: dict[str, Any], forward: str, free: tuple[PciFunction, ...], remedy: str
) -> None:
    """Of a PF's VFs UCS Manager makes more; else one that is free, with a name for macvtap."""
    there = pool(function(1), users=2, forward=forward, **network)
    said = judged(there, free=free).remedy
    assert remedy in said
    assert ("If eth0 has" in said) is remedy.startswith("If eth0")


def test_empty_pool() -> None:
    """It has none to name."""
    assert judged(pool()).observed.endswith("and it has 0 VFs for them")


@pytest.mark.parametrize(
    ("users", "net", "verdict"),
    [
        (2, {"devs": ("eth1",)}, Verdict.VIOLATED),
        (1, {"devs": ("eth1",)}, None),
        (3, {"addresses": ("0000:06:00.1", "0000:06:00.2")}, Verdict.VIOLATED),
        (9, {"pfs": ("eth0",)}, None),
        (9, {"pfs": ("eth0",), "devs": ("eth1",)}, None),
    ],
)
def test_a_list_that_is_too_short_whatever_it_names(
    users: int, net: dict[str, Any], verdict: Verdict | None
) -> None:
    """Nobody read the PCI functions: a list hands out no more devices than it has, and how many
    VFs a PF has is not known. An active network of a PF shows a list too, which it makes anew."""
    there = replace(pool(users=users, **net), functions=UNREAD)
    if verdict is None:
        with pytest.raises(Missing):
            judged(there)
        return
    finding = judged(there)
    assert finding.verdict is verdict
    assert finding.observed.startswith(f"{users} VM interfaces can be on it at once")
    assert "virsh net-edit net" in finding.remedy
