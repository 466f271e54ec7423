"""Commands, elements and names, as remedies show them."""

from dataclasses import replace
from typing import Any

import pytest

from tests.checks.interfaces import VF, macvtap
from tests.checks.stub import UNREAD
from vmfex.checks.model.carrier import Carrier
from vmfex.checks.model.fact import Known
from vmfex.checks.model.pci import CISCO, OTHER_VF, PciFunction
from vmfex.checks.rules import remedy
from vmfex.checks.rules.by_name import on_a_vf, on_vmfex_vf, say_which, some

STATIC = PciFunction("0000:06:00.0", CISCO, 0x0043, netdevs=("eth0",))
LATER = PciFunction("0000:06:00.3", CISCO, OTHER_VF, physfn=STATIC.address, netdevs=("eth4",))
INTEL_VF = PciFunction("0000:02:10.0", 0x8086, 0x1520, physfn="0000:02:00.0", netdevs=("em1v0",))
NAMELESS = replace(VF, address="0000:06:00.5", netdevs=())
FREE = replace(VF, address="0000:06:00.6", netdevs=("eth7",))


@pytest.mark.parametrize(
    ("number", "said"), [(1, "0"), (5, "0, 1, 2, 3, 4"), (6, "0, 1, 2, 3, 4 and 1 more")]
)
def test_some(number: int, said: str) -> None:
    """Five, each once and sorted, and how many more."""
    names = [str(n) for n in reversed(range(number))]
    assert some([*names, *names]) == said


@pytest.mark.parametrize(
    ("free", "source"),
    [
        ((FREE,), "<source dev='eth7' mode='passthrough'/> (a free VF)"),
        ((NAMELESS, FREE), "<source dev='eth7' mode='passthrough'/> (a free VF)"),
        ((NAMELESS,), "<source dev='VF' mode='passthrough'/> (VF: the network device of a free VF"),
        ((), "<source dev='VF' mode='passthrough'/> (VF: the network device of a free VF"),
    ],
)
def test_source_on_a_free_vf(free: tuple[PciFunction, ...], source: str) -> None:
    """The first that has a network device."""
    assert on_a_vf(free).startswith(source)


@pytest.mark.parametrize(
    ("free", "hostdev", "said"),
    [
        ((FREE,), False, "eth7 is free."),
        ((FREE,), True, "0000:06:00.6 is free."),
        ((NAMELESS,), True, "0000:06:00.5 is free."),
        ((NAMELESS,), False, "`lspci"),
        ((), False, "`lspci"),
        ((), True, "`lspci"),
    ],
)
def test_which_is_free(free: tuple[PciFunction, ...], hostdev: bool, said: str) -> None:
    """By its name for macvtap, by its address for an assigned device."""
    assert say_which(free, hostdev).startswith(said)


@pytest.mark.parametrize(
    ("changes", "old"),
    [
        ({}, "in place of eth2,"),
        ({"functions": Known((STATIC,))}, "in place of eth0,"),
        ({"functions": Known((STATIC, VF))}, "in place of eth0,"),
        ({"functions": Known((INTEL_VF,))}, "in place of em1v0,"),
        ({"functions": Known(()), "absent": ("eth42",)}, "in place of eth42,"),
        ({"functions": Known(())}, "in place of its device,"),
        ({"functions": UNREAD}, "in place of its device,"),
    ],
)
def test_onto_a_vf(changes: dict[str, Any], old: str) -> None:
    """What is no VM-FEX VF is replaced, by its name."""
    said = on_vmfex_vf(macvtap(**changes), (FREE,))
    assert said.startswith("`virsh edit web01`: ")
    assert old in said
    assert "eth7 is free" in said


@pytest.mark.parametrize("functions", [(LATER,), (LATER, STATIC), (VF, LATER)])
def test_vfs_of_the_later_kind(functions: tuple[PciFunction, ...]) -> None:
    """They come from another policy."""
    said = on_vmfex_vf(macvtap(*functions))
    assert "replace the SR-IOV HPN connection policy" in said
    assert "eth2" not in said


def test_device_that_is_replaced() -> None:
    """Of a pool, what is not VM-FEX alone."""
    assert "in place of eth0, a VM-FEX VF" in on_vmfex_vf(macvtap(VF, STATIC))
    assert "in place of eth2, a VM-FEX VF" in on_vmfex_vf(macvtap(VF))


def test_where_it_is_edited() -> None:
    """In its network, where it has one; an assigned device by its address."""
    networked = macvtap(written={"network": "net"})
    assert on_vmfex_vf(networked).startswith("`virsh net-edit net`:")
    assigned = macvtap(carrier=Carrier.DEVICE)
    assert "0000:06:00.6 is free" in on_vmfex_vf(assigned, (FREE,))


NOTHING = {"dev": None, "mode": None}


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ({}, "<source dev='eth2' mode='passthrough'/>"),
        ({"address": "0000:06:00.1"}, "<source> of PCI address 0000:06:00.1"),
        (NOTHING | {"network": "n", "portgroup": "g"}, "<source network='n' portgroup='g'/>"),
        (NOTHING | {"type": "bridge", "bridge": "br0"}, "<source bridge='br0'/>"),
        (NOTHING | {"type": "user"}, "<interface type='user'/>"),
        ({"dev": "it's"}, "<source dev='it&apos;s' mode='passthrough'/>"),
    ],
)
def test_source_as_it_is_written(written: dict[str, Any], source: str) -> None:
    """Every attribute that there is, and no other."""
    assert remedy.source(macvtap(written=written)) == source


@pytest.mark.parametrize(
    ("written", "which"),
    [
        ({"mac": "52:54:00:00:00:01", "address": "a"}, "the interface 52:54:00:00:00:01"),
        ({"address": "0000:06:00.1"}, "the interface 0000:06:00.1"),
        ({"target": "macvtap0"}, "the interface eth2"),
        (NOTHING | {"target": "macvtap0"}, "the interface macvtap0"),
        (NOTHING, "the interface"),
    ],
)
def test_interface_as_it_is_found(written: dict[str, Any], which: str) -> None:
    """By the first thing that tells it from others."""
    assert remedy.which(macvtap(written=written)) == which


def test_change_of_a_running_vm() -> None:
    """It takes effect with a new start; of one that is off, with the next."""
    running, off = macvtap(), macvtap(state="persistent")
    assert remedy.edit(running, "x").endswith(
        ", x. Then `virsh destroy web01` (or shut it down) and `virsh start web01`."
    )
    assert remedy.edit(off, "x").endswith(", x.")
