"""SRV-04: who may have a VF at the same time, and what to do about it."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.checks.stub import UNREAD
from vmfex.checks.model.claims import Claims
from vmfex.checks.model.domain import Network
from vmfex.checks.model.fact import Known, Missing, Unknown
from vmfex.checks.model.pci import CISCO, VMFEX_VF, PciFunction
from vmfex.checks.model.pool import Pool
from vmfex.checks.model.vm_interface import VmInterface
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.rules.vf_owner import belongs_to_one_vm

VF = PciFunction("0000:06:00.1", CISCO, VMFEX_VF, netdevs=("eth2",))
FREE = (
    PciFunction("0000:07:00.1", CISCO, VMFEX_VF),
    PciFunction("0000:07:00.2", CISCO, VMFEX_VF, netdevs=("eth7",)),
)
COMPLIANT, VIOLATED = Verdict.COMPLIANT, Verdict.VIOLATED


def interface(
    vm: str,
    state: str = "running",
    network: str | None = None,
    *,
    hostdev: bool = False,
    qbh: bool = True,
) -> VmInterface:
    stub = SimpleNamespace(
        domain=SimpleNamespace(name=vm, uuid=vm),
        definition=SimpleNamespace(state=state),
        written=SimpleNamespace(network=network),
        is_hostdev=hostdev,
        elsewhere="",
        names_qbh=qbh,
        evidence=(),
    )
    return cast(VmInterface, stub)


def pool(
    *users: VmInterface, name: str = "net", forward: str = "passthrough", size: int = 4, **net: Any
) -> Pool:
    return Pool(Network(name, forward, **net), Known((VF,) * size), (), users)


def judged(
    *claimed: VmInterface | Pool,
    free: tuple[PciFunction, ...] = (),
    unknown: tuple[Unknown, ...] = (),
) -> Finding:
    interfaces = [c for c in claimed if not isinstance(c, Pool)]
    pools = [c for c in claimed if isinstance(c, Pool)]
    claims = Claims({VF.address: interfaces}, {VF.address: pools}, unknown)
    return belongs_to_one_vm(VF, claims, free)


A, B = interface("a"), interface("b")
A_NEXT = interface("a", "persistent")


@pytest.mark.parametrize(
    ("claimed", "verdict"),
    [
        ((A,), COMPLIANT),
        ((A, A_NEXT), COMPLIANT),
        ((A, B), VIOLATED),
        ((A, pool()), COMPLIANT),
        ((A, pool(B)), VIOLATED),
        ((A, pool(A)), VIOLATED),
        ((A, pool(A_NEXT)), COMPLIANT),
        ((interface("a", network="net"), pool(A, B)), COMPLIANT),
        ((interface("a", network="net"), pool(A, B, name="other")), VIOLATED),
        ((pool(A),), COMPLIANT),
        ((pool(A), pool(name="other")), COMPLIANT),
        ((pool(A), pool(B, name="other")), VIOLATED),
        ((pool(A), pool(A_NEXT, name="other")), COMPLIANT),
        ((pool(A), pool(A, name="other")), VIOLATED),
        ((pool(A, B, size=1),), COMPLIANT),  # SRV-08's: libvirt refuses the second
        ((pool(A, B, size=2, forward="vepa"),), COMPLIANT),
        ((pool(A, B, size=1, forward="vepa"),), VIOLATED),
        ((pool(A, size=1, forward="vepa"),), COMPLIANT),
        ((pool(A, B, size=1, forward="private"),), COMPLIANT),
    ],
)
def test_who_may_have_it_at_once(claimed: tuple[VmInterface | Pool, ...], verdict: Verdict) -> None:
    """Two VMs, by name or by pool; a VM's next start is not beside its run, and an interface that
    its network gave the VF is not beside that network."""
    assert judged(*claimed).verdict is verdict


def test_unread_claims_hide_no_clash() -> None:
    """They may only add to those that are known."""
    assert judged(A, B, unknown=(UNREAD,)).verdict is VIOLATED
    with pytest.raises(Missing):
        judged(A, unknown=(UNREAD,))


def test_function_that_nobody_claims_is_not_told_of() -> None:
    """Somebody uses it, or it would not be judged."""
    with pytest.raises(Missing):
        judged()


@pytest.mark.parametrize(
    ("claimed", "observed"),
    [
        ((A, B), "named by a, b"),
        ((A, interface("b", hostdev=True)), "named by a, b"),
        ((A, interface("a", hostdev=True)), "named twice by a"),
        ((A, A), "named by a"),  # twice on macvtap: EMU-02's
        ((pool(A),), "handed out by libvirt network net to a"),
        ((A, pool()), "named by a; also in libvirt network net, which no VM uses"),
    ],
)
def test_claims_in_words(claimed: tuple[VmInterface | Pool, ...], observed: str) -> None:
    """Each, and no other."""
    assert judged(*claimed).observed == observed


ADDRESS = "bus='0x06' slot='0x00' function='0x1'/>"


@pytest.mark.parametrize(
    ("claimed", "free", "remedy"),
    [
        (
            (A, B),
            FREE,
            "`virsh edit b`: in place of <source dev='eth2'/>, <source dev='eth7'/>, say",
        ),
        (
            (A, B),
            FREE[:1],
            "in place of <source dev='eth2'/>, a VF that is free (there is none now)",
        ),
        ((A, B), (), "a VF that is free (there is none now)"),
        ((A, interface("b", hostdev=True)), FREE, f"{ADDRESS}, <address type='pci'"),
        ((A, interface("b", hostdev=True)), (), f"{ADDRESS}, a VF that is free"),
        ((A, pool(B, devs=("eth2",))), (), "net-edit net`: remove <interface dev='eth2'/>."),
        ((A, pool(B, devs=("eth3",), pfs=("eth0",))), (), "in place of <pf dev='eth0'/>, list"),
        ((A, pool(B, devs=("eth2",), pfs=("eth0",))), (), "in place of <pf dev='eth0'/>, list"),
        ((A, pool(B, addresses=(VF.address,))), (), f"{ADDRESS}. Then `virsh net-destroy net`"),
        ((A, pool(B, addresses=("0000:07:00.1",))), (), "in place of its device, list its VFs"),
        ((pool(A), pool(B, name="other", devs=("eth2",))), (), "`virsh net-edit other`: remove"),
    ],
)
def test_what_separates_them(
    claimed: tuple[VmInterface | Pool, ...], free: tuple[PciFunction, ...], remedy: str
) -> None:
    """Another VF for one that is named, as its kind names it; or the pool without the VF."""
    assert remedy in judged(*claimed, free=free).remedy
