"""What a host has left for a VM that comes to it."""

from collections.abc import Iterable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.checks.interfaces import VF, macvtap
from tests.checks.stub import UNREAD
from vmfex.checks.model.carrier import Carrier
from vmfex.checks.model.domain import Network, VirtualPort
from vmfex.checks.model.fact import Fact, Known, Unknown
from vmfex.checks.model.link import Link
from vmfex.checks.model.pci import CISCO, OTHER_VF, PciFunction, PciTree
from vmfex.checks.model.plan import Topology
from vmfex.checks.model.scope import Scope
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.rules.free_functions import Free, Offer, Room, room_of

PF = PciFunction("0000:06:00.0", CISCO, 0x0043, netdevs=("eth0",))
SECOND = replace(VF, address="0000:06:00.2", netdevs=("eth3",))
LATER = replace(VF, address="0000:06:00.3", device=OTHER_VF, netdevs=("eth4",))
VNIC = PciFunction("0000:06:00.4", CISCO, 0x0044, netdevs=("eth5",))
INTEL = replace(VF, address="0000:02:10.0", vendor=0x8086, netdevs=("eth7",))
FUNCTIONS = (PF, VF, SECOND, LATER, VNIC, INTEL)
TREE = PciTree({f.address: f for f in FUNCTIONS})


def room(
    interfaces: Iterable[VmInterface] = (),
    networks: Fact[Any] | None = None,
    strays: Iterable[str] = (),
    unknown: tuple[Unknown, ...] = (),
) -> Fact[Room]:
    """Of a host with two VF of VM-FEX, a dynamic vNIC, and functions that are neither."""
    return room_of(
        cast(
            Scope,
            SimpleNamespace(
                host=SimpleNamespace(pci=Known(TREE), links=UNREAD, networks=networks or Known({})),
                everyones=SimpleNamespace(items=tuple(interfaces)),
                domains=SimpleNamespace(unknown=unknown),
                strays={address: Link("macvtap9", 9) for address in strays},
            ),
        )
    )


def offer(network: Network) -> Offer:
    known = room(networks=Known({"n": Known(network)}))
    assert isinstance(known, Known)
    networks = known.value.networks
    assert isinstance(networks, Known)
    offered = networks.value["n"]
    assert isinstance(offered, Known)
    return offered.value


def free(known: Fact[Room]) -> tuple[Free, Free, set[str]]:
    """VFs, dynamic vNICs, and the devices by name."""
    assert isinstance(known, Known)
    by_topology = known.value.by_topology
    return (
        by_topology[Topology.EMULATION],
        by_topology[Topology.PRIVATE],
        set(known.value.devices),
    )


def test_idle_host() -> None:
    """VFs of the other kind and those of other cards are none."""
    assert free(room()) == (Free(2, 2), Free(1, 1), {"eth2", "eth3", "eth5"})


def test_function_that_is_used() -> None:
    """A running VM has it; one that is shut off takes it when it starts. One that a pool gives
    may be any of the pool: each stays as a name."""
    off = macvtap(SECOND, vm="web02", state="persistent")
    assert free(room([macvtap(VF), off])) == (
        Free(1, 0),
        Free(1, 1),
        {"eth3", "eth5"},
    )
    assert free(room([macvtap(VF, SECOND)]))[::2] == (Free(1, 1), {"eth2", "eth3", "eth5"})
    assert free(room([macvtap(VNIC)])) == (Free(2, 2), Free(0, 0), {"eth2", "eth3"})


def test_stray_macvtap_takes_its_function() -> None:
    """Whoever it is."""
    assert free(room(strays=[VF.address])) == (Free(1, 1), Free(1, 1), {"eth3", "eth5"})


def test_what_stands_on_nobody_knows() -> None:
    """Nothing is known then; what is on a switch stands on no function."""
    assert room([macvtap(functions=UNREAD)]) == UNREAD
    assert room([macvtap(functions=UNREAD, carrier=Carrier.DEVICE, way="hostdev")]) == UNREAD
    switched = macvtap(functions=UNREAD, carrier=Carrier.SWITCH, way="bridge")
    assert free(room([switched]))[0] == Free(2, 2)


@pytest.mark.parametrize("unknown", [(), (UNREAD,)])
def test_vm_that_nobody_could_read(unknown: tuple[Unknown, ...]) -> None:
    """It may have any of them."""
    known = room(unknown=unknown)
    assert isinstance(known, Known)
    assert known.value.sure is not bool(unknown)


def test_networks_that_nobody_could_read() -> None:
    """All, or one."""
    known = room(networks=UNREAD)
    assert isinstance(known, Known)
    assert known.value.networks == UNREAD
    known = room(networks=Known({"n": UNREAD}))
    assert isinstance(known, Known)
    assert known.value.networks == Known({"n": UNREAD})


WEB, DB = VirtualPort("802.1Qbh", "web"), VirtualPort("802.1Qbh", "db")


@pytest.mark.parametrize(
    ("changes", "profiles"),
    [
        ({}, {"": None}),
        ({"virtualport": WEB}, {"": "web"}),
        ({"portgroups": {"a": DB, "b": None}}, {"": None, "a": "db", "b": None}),
        (
            {"virtualport": WEB, "portgroups": {"a": DB, "b": None}},
            {"": "web", "a": "db", "b": "web"},
        ),
        ({"portgroups": {"a": DB}, "default_portgroup": "a"}, {"": "db", "a": "db"}),
        ({"virtualport": WEB, "default_portgroup": "gone"}, {"": "web"}),
    ],
)
def test_profiles_of_a_network(changes: dict[str, Any], profiles: dict[str, str | None]) -> None:
    """Its own, that of each port group, and that of the default one for whoever names none."""
    offered = offer(Network("n", "passthrough", **changes))
    assert (offered.profiles, offered.groups) == (
        profiles,
        frozenset(changes.get("portgroups", ())),
    )


@pytest.mark.parametrize(
    ("active", "told"), [(Known(True), True), (Known(False), False), (UNREAD, None)]
)
def test_state_of_a_network(active: Fact[bool], told: bool | None) -> None:
    """None where nobody knows it."""
    assert offer(Network("n", "passthrough", active=active)).active is told


def test_functions_of_a_network() -> None:
    """VFs of VM-FEX and dynamic vNICs, none else."""
    devs = tuple(name for f in FUNCTIONS for name in f.netdevs)
    assert offer(Network("n", "passthrough", devs=devs)).free == Free(3, 3)
