"""VM interfaces without definitions to read them from."""

from dataclasses import replace
from typing import Any, Literal

from vmfex.checks.model.carrier import Carrier
from vmfex.checks.model.domain import Definition, Domain, Interface
from vmfex.checks.model.fact import Known
from vmfex.checks.model.link import MACVTAP, Link
from vmfex.checks.model.pci import CISCO, VMFEX_VF, PciFunction
from vmfex.checks.model.vm_interface import VmInterface

VF = PciFunction("0000:06:00.1", CISCO, VMFEX_VF, physfn="0000:06:00.0", netdevs=("eth2",))
TAP = Link("macvtap0", 9, kind=MACVTAP, mode="passthru", lower="eth2")
WRITTEN = Interface(type="direct", dev="eth2", mode="passthrough", model="virtio")


def macvtap(
    *functions: PciFunction,
    vm: str = "web01",
    state: Literal["running", "persistent"] = "running",
    written: dict[str, Any] | None = None,
    **changes: Any,
) -> VmInterface:
    """A running macvtap interface on the VF of the name eth2, but for the changes."""
    definition = Definition(state, "kvm")
    good = VmInterface(
        domain=Domain(vm, vm, (definition,)),
        definition=definition,
        written=replace(WRITTEN, **(written or {})),
        carrier=Carrier.MACVTAP,
        way=MACVTAP,
        mode="passthrough",
        virtualport=None,
        contradiction="",
        functions=Known(functions or (VF,)),
        absent=(),
        between=(),
        enslaved=Known(()),
        takers=Known(()),
        elsewhere="",
        pooled=False,
        live=Known(TAP if state == "running" else None),
        evidence=(),
    )
    return replace(good, **changes)
